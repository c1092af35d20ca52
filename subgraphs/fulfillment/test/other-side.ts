// Orders and inventory as fulfillment meets them: what they say of an order of a given fate, and nothing they could not say.
import { type FactData, type Facts, fulfillmentFacts, partitionOf } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import type { Fact, OtherSide, Random } from '@crossdock/testing';

type Lines = readonly Readonly<{ sku: string; quantity: number }>[];

/** What will become of an order. */
export type Life = Readonly<{
  orderId: string;
  partnerId: string;
  placed: Lines;
  /** The reservation that is confirmed: the second where all of the first broke before. */
  firstWave: 1 | 2;
  /** Null where all of it was reserved; empty where all of it waits first. */
  confirmed: Lines | null;
  /** What comes later of units that wait. */
  later: readonly Lines[];
  /** Units of the first wave that break before inventory hears of a plan. */
  broken: Lines;
  /** Orders heard of the break before it gave the wave free, and left the units out. */
  isLeftOut: boolean;
  /** A unit of what a warehouse was assigned is not there. */
  isMissed: boolean;
  fate: 'REJECTED' | 'CANCELLED' | 'CONFIRMED';
  /** Plans of the first wave that inventory refuses before it allocates; with three it never does. ENDED: there is no claim. */
  refusals: number | 'ENDED';
  /** Orders ends it after it was confirmed, as no order's life goes: nothing may be released that was not before. */
  unruly: 'REJECTED' | 'CANCELLED' | false;
}>;

export function someLife(orderId: string, skus: readonly string[], random: Random): Life {
  const lines = skus.filter(() => random.chance(0.6)).map((sku) => ({ sku, quantity: 1 + random.below(5) }));
  const [first = ''] = skus;
  const placed = lines.length > 0 ? lines : [{ sku: first, quantity: 2 }];
  const life = {
    ...{
      orderId,
      placed,
      firstWave: 1 as const,
      unruly: false as const,
      partnerId: random.pick(['P-1', 'P-2', 'P-3']),
    },
    ...{ confirmed: null, later: [], broken: [], isLeftOut: false, isMissed: random.chance(0.2) },
    fate: random.pick(['REJECTED', 'CANCELLED', ...Array<'CONFIRMED'>(8).fill('CONFIRMED')] as const),
    refusals: random.pick([0, 0, 0, 0, 1, 2, 3, 'ENDED'] as const),
  };
  const fewer = placed.slice(0, 1 + random.below(placed.length));
  return random.pick([
    life,
    { ...life, confirmed: fewer },
    { ...life, confirmed: fewer, firstWave: 2 },
    { ...life, ...inWaves(life, random) },
    { ...life, refusals: 0, ...breaking(placed, random) },
  ]);
}

/** Each unit of the first line comes in a wave of its own, the other lines with the first or none. */
function inWaves({ placed, refusals }: Pick<Life, 'placed' | 'refusals'>, random: Random) {
  const [line = { sku: '', quantity: 1 }, ...others] = placed;
  const single = [{ ...line, quantity: 1 }];
  const later = Array<Lines>(Math.max(1, line.quantity - 1)).fill(single);
  const confirmed = line.quantity === 1 || random.chance(0.3) ? [] : [...single, ...others];
  return { confirmed, later, refusals: refusals === 'ENDED' ? 0 : refusals };
}

function breaking(placed: Lines, random: Random) {
  const broken = placed.map((line) => ({ ...line, quantity: 1 + random.below(line.quantity) }));
  const isLeftOut = random.chance(0.5) && unitsOf(broken) < unitsOf(placed);
  return { broken, isLeftOut, confirmed: isLeftOut ? less(placed, broken) : null };
}

export const unitsOf = (lines: Lines): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

function less(lines: Lines, broken: Lines): Lines {
  const gone = new Map(broken.map(({ sku, quantity }) => [sku, quantity]));
  const rest = lines.map(({ sku, quantity }) => ({ sku, quantity: quantity - (gone.get(sku) ?? 0) }));
  return rest.filter(({ quantity }) => quantity > 0);
}

/** What is claimed of each wave by the order's number of it, breaks taken off. */
export function claimedWaves({
  placed,
  confirmed,
  firstWave,
  later,
  broken,
  isLeftOut,
}: Life): Map<number, Lines> {
  const first = confirmed ?? placed;
  const claimed = isLeftOut ? first : less(first, broken);
  const waves = [...(first.length === 0 ? [] : [claimed]), ...later];
  return new Map(waves.map((lines, index) => [index + firstWave, lines]));
}

/** Units of each SKU that stand with warehouses when all was said of an order that did not end. */
export function standingUnits(life: Life): Map<string, number> {
  const units = new Map<string, number>();
  for (const [wave, lines] of claimedWaves(life)) {
    if (wave === life.firstWave && life.refusals === 3) continue;
    for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return units;
}

/** How an order stands when all was said of it. */
export function endOf(life: Life): 'CLOSED' | 'ON_HOLD' | 'PLANNED' | 'PLACED' {
  const { fate, refusals, confirmed, later } = life;
  if (fate !== 'CONFIRMED' || refusals === 'ENDED') return 'CLOSED';
  if (confirmed?.length === 0 && later.length === 0) return 'PLACED';
  const isMissed = life.isMissed && unitsOf(claimedWaves(life).get(life.firstWave) ?? []) > 0;
  return refusals === 3 || isMissed ? 'ON_HOLD' : 'PLANNED';
}

function fact<S extends 'orders' | 'inventory', T extends keyof Facts[S] & string>(
  { orderId, partnerId }: Life,
  source: S,
  type: T,
  more: Omit<FactData<S, T> & object, 'orderId' | 'partnerId'>,
  step = '',
): Fact {
  return {
    ...{ source, type, partition: partitionOf(partnerId), stream: orderId, line: orderId },
    id: derivedId(orderId, type + step),
    data: { orderId, partnerId, ...more },
  };
}

function opening(life: Life): Fact[] {
  const order = {
    number: 'N',
    currencyCode: 'GBP',
    totalMinor: 0,
    placedBy: 'buyer',
    shortagePolicy: 'REJECT',
  } as const;
  const placed = fact(life, 'orders', 'OrderPlaced', {
    ...{ ...order, paymentMethod: 'TERMS' },
    lines: life.placed.map((line) => ({ ...line, unitPriceMinor: 10 })),
  });
  if (life.fate !== 'CONFIRMED') return [placed, ended(life, life.fate)];
  const lines = life.confirmed === null ? {} : { lines: [...life.confirmed] };
  const which = life.firstWave === 1 ? {} : { wave: life.firstWave };
  const confirmed = fact(life, 'orders', 'OrderConfirmed', { number: 'N', ...lines, ...which });
  const before = life.confirmed?.length === 0 ? 1 : 2;
  const later = life.later.map((wave, index) =>
    fact(
      life,
      'orders',
      'OrderReplenished',
      { number: 'N', status: 'CONFIRMED', wave: before + index, lines: [...wave] },
      String(index),
    ),
  );
  const unruly = life.unruly === false ? [] : [ended(life, life.unruly)];
  return [placed, confirmed, ...later, ...unruly];
}

function ended(life: Life, how: 'REJECTED' | 'CANCELLED'): Fact {
  return how === 'REJECTED'
    ? fact(life, 'orders', 'OrderRejected', { number: 'N', reason: 'EXPIRED' })
    : fact(life, 'orders', 'OrderCancelled', { number: 'N', reason: 'no longer wanted' });
}

type Plan = FactData<'fulfillment', 'ShipmentsPlanned'>;

/** Refuses what it was told to, and what asks for more units than are claimed; `nth` counts the wave's plans from 1. */
function answerPlan(life: Life, plan: Plan, nth: number): Fact[] {
  const { planId, shipments, wave } = plan;
  const claimed = claimedWaves(life).get(wave ?? 1) ?? [];
  const refuse = (why: { closed: true } | { open: FactData<'inventory', 'AllocationRefused'>['open'] }) => [
    fact(life, 'inventory', 'AllocationRefused', { planId, available: [], ...why }, planId),
  ];
  if (life.refusals === 'ENDED') return refuse({ closed: true });
  const isFirst = (wave ?? 1) === life.firstWave;
  const asked = unitsOf(shipments.flatMap(({ lines }) => lines));
  if ((isFirst && nth <= life.refusals) || asked > unitsOf(claimed)) return refuse({ open: [...claimed] });
  const shipmentIds = shipments.map((each) => each.shipmentId);
  const allocated = fact(life, 'inventory', 'StockAllocated', { planId, shipmentIds }, planId);
  return life.isMissed && isFirst ? [allocated, missed(life, plan)] : [allocated];
}

function missed(life: Life, { shipments }: Plan): Fact {
  const [{ shipmentId = '', warehouseId = '', lines = [] } = {}] = shipments;
  const units = lines.slice(0, 1).map(({ sku }) => ({ sku, quantity: 1 }));
  const broken = [{ shipmentId, lines: units }];
  return fact(life, 'inventory', 'AllocationBroken', { warehouseId, cause: 'COUNT', shipments: broken });
}

/** A receipt; its log's partition is that of its own id. */
export function received(receipt: string, lines: FactData<'inventory', 'StockReceived'>['lines']): Fact {
  const receiptId = derivedId(receipt, 'receipt');
  return {
    ...{ source: 'inventory', partition: partitionOf(receiptId), stream: receiptId, line: receiptId },
    ...{ id: derivedId(receiptId, 'received'), type: 'StockReceived', data: { receiptId, lines } },
  };
}

/** Knows the given orders and answers to nobody else's; remembers which plans of a wave it was asked before. */
export function otherSideOf(lives: readonly Life[], receipts: readonly Fact[]): OtherSide {
  const known = new Map(lives.map((life) => [life.orderId, life]));
  const plans = new Map<string, string[]>();
  return {
    opening: [...lives.flatMap(opening), ...receipts],
    answer: ({ type, stream, data }) => {
      const life = known.get(stream);
      if (life === undefined || type !== 'ShipmentsPlanned') return [];
      const plan = fulfillmentFacts.ShipmentsPlanned.parse(data);
      const wave = `${stream} ${plan.wave ?? 1}`;
      const before = plans.get(wave) ?? [];
      if (!before.includes(plan.planId)) plans.set(wave, [...before, plan.planId]);
      return answerPlan(life, plan, (plans.get(wave) ?? []).indexOf(plan.planId) + 1);
    },
  };
}
