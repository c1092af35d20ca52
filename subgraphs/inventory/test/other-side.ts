// Orders and fulfillment as inventory meets them: what they say of an order of a given fate, and nothing they could not say.
import { type FactData, type Facts, inventoryFacts, partitionOf } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import type { Fact, OtherSide, OwnEvent, Random } from '@crossdock/testing';

type Lines = readonly Readonly<{ sku: string; quantity: number }>[];
type Shelves = Readonly<Record<string, Readonly<Record<string, number>>>>;
type Policy = 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';

/** A warehouse that has nothing: plans on it are refused. One that is never planned on, and opens and shuts meanwhile. */
export const BARE = 'BARE';
export const SPARE = 'SPARE';
export const WAREHOUSES = ['N', 'S', BARE, SPARE] as const;

/** Plans of an order at most; the next refusal is left to a person. */
const ATTEMPTS_MAX = 3;

/** What will become of an order. EXPIRED: orders rejects or cancels it by itself, at some moment. */
export type Life = Readonly<{
  orderId: string;
  partnerId: string;
  placed: Lines;
  policy: Policy;
  fate: 'EXPIRED' | 'DECLINED' | 'CONFIRMED' | 'SHIPPED';
  /** Units cancelled before it is confirmed, less than all of any line. */
  cancelled: Lines;
  /** Its first plan asks a warehouse that has nothing. */
  refusedFirst: boolean;
  /** Orders rejects it at any moment although its life goes on, as no order's life goes: `closed` must absorb even so. */
  unruly: boolean;
}>;

export function someLife(orderId: string, skus: readonly string[], random: Random): Life {
  const lines = skus.filter(() => random.chance(0.6)).map((sku) => ({ sku, quantity: 1 + random.below(5) }));
  const [first = ''] = skus;
  const fate = random.pick(['EXPIRED', 'DECLINED', 'CONFIRMED', 'SHIPPED', 'SHIPPED', 'SHIPPED'] as const);
  const isCut = (fate === 'CONFIRMED' || fate === 'SHIPPED') && random.chance(0.4);
  const cut = lines.filter(({ quantity }) => quantity > 1);
  return {
    orderId,
    partnerId: random.pick(['P-1', 'P-2', 'P-3']),
    placed: lines.length > 0 ? lines : [{ sku: first, quantity: 2 }],
    policy: random.pick(['REJECT', 'SHIP_AVAILABLE', 'BACKORDER']),
    fate,
    cancelled: isCut
      ? cut.map(({ sku, quantity }) => ({ sku, quantity: 1 + random.below(quantity - 1) }))
      : [],
    refusedFirst: random.chance(0.3),
    unruly: false,
  };
}

function fact<S extends 'orders' | 'fulfillment', T extends keyof Facts[S] & string>(
  { orderId, partnerId }: Pick<Life, 'orderId' | 'partnerId'>,
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

/** Fulfillment's word on a warehouse; `revision` tells its words apart. */
export function warehouseSaid(
  warehouseId: string,
  status: 'OPEN' | 'PAUSED' | 'DOWN',
  revision: string,
): Fact {
  return {
    ...{ source: 'fulfillment', partition: partitionOf(warehouseId), stream: warehouseId, line: warehouseId },
    ...{ id: derivedId(`warehouse ${warehouseId}`, revision), type: 'WarehouseRevised' },
    data: { warehouseId, name: warehouseId, status },
  };
}

function placed(life: Life): Fact[] {
  const { placed: lines, policy: shortagePolicy } = life;
  const order = { number: 'N', currencyCode: 'GBP', totalMinor: 0, placedBy: 'somebody' };
  const said = fact(life, 'orders', 'OrderPlaced', {
    ...{ ...order, shortagePolicy, paymentMethod: 'TERMS' },
    lines: lines.map((line) => ({ ...line, unitPriceMinor: 100 })),
  });
  if (life.unruly) return [said, { ...rejected(life, 'EXPIRED'), line: `${life.orderId} rejected` }];
  if (life.fate === 'EXPIRED') return [said, life.refusedFirst ? cancelled(life) : rejected(life, 'EXPIRED')];
  if (life.cancelled.length === 0) return [said];
  return [
    said,
    fact(life, 'orders', 'OrderLinesCancelled', {
      ...{ number: 'N', status: 'PLACED', reason: 'a change of mind', lines: [...life.cancelled] },
    }),
  ];
}

const cancelled = (life: Life): Fact =>
  fact(life, 'orders', 'OrderCancelled', { number: 'N', reason: 'a change of mind' });

/** What orders confirms of what was reserved: no more than is still wanted. */
function confirmed({ placed: lines, cancelled: cut }: Life, reserved: Lines): Lines {
  const gone = new Map(cut.map(({ sku, quantity }) => [sku, quantity]));
  const wanted = new Map(lines.map(({ sku, quantity }) => [sku, quantity - (gone.get(sku) ?? 0)]));
  return reserved
    .map(({ sku, quantity }) => ({ sku, quantity: Math.min(quantity, wanted.get(sku) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

function rejected(life: Life, reason: 'EXPIRED' | 'PAYMENT_DECLINED' | 'STOCK_SHORT'): Fact {
  return fact(life, 'orders', 'OrderRejected', { number: 'N', reason });
}

/** Takes what the lines want from N, then S: what a planner would find in these figures. */
function consignments(
  lines: Lines,
  shelves: Shelves,
): { warehouseId: string; lines: { sku: string; quantity: number }[] }[] {
  const wanted = new Map<string, number>();
  for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  const made = ['N', 'S'].map((warehouseId) => {
    const taken = [...wanted].flatMap(([sku, quantity]) => {
      const given = warehouseId === 'S' ? quantity : Math.min(quantity, shelves[sku]?.[warehouseId] ?? 0);
      wanted.set(sku, quantity - given);
      return given > 0 ? [{ sku, quantity: given }] : [];
    });
    return { warehouseId, lines: taken };
  });
  return made.filter((each) => each.lines.length > 0);
}

function planned(life: Life, lines: Lines, shelves: Shelves, attempt: number): Fact {
  const bare = [{ warehouseId: BARE, lines: [...lines] }];
  const made = life.refusedFirst && attempt === 1 ? bare : consignments(lines, shelves);
  const planId = derivedId(life.orderId, 'plan', attempt);
  const shipments = made.map((each, index) => ({
    ...each,
    shipmentId: derivedId(planId, 'shipment', index),
  }));
  return fact(life, 'fulfillment', 'ShipmentsPlanned', { planId, attempt, shipments }, String(attempt));
}

function leaving(life: Life, plan: Fact, shipmentIds: readonly string[]): Fact[] {
  const { shipments } = fulfillmentPlan(plan);
  const left = shipments.filter((each) => shipmentIds.includes(each.shipmentId));
  return left.map((each) => ({
    ...fact(
      life,
      'fulfillment',
      'ShipmentConfirmed',
      { ...each, releaseEpoch: 1, valueMinor: 0, currencyCode: 'GBP' },
      each.shipmentId,
    ),
    // Each leaves when its warehouse says so.
    line: each.shipmentId,
  }));
}

/** The plan as it was built above. */
const fulfillmentPlan = (plan: Fact) => plan.data as FactData<'fulfillment', 'ShipmentsPlanned'>;

/** Knows the given orders and answers to nobody else's. `shelves` is what fulfillment believes of the stock. */
export function otherSideOf(
  lives: readonly Life[],
  shelves: Shelves,
  warehouses: readonly Fact[],
): OtherSide {
  const known = new Map(lives.map((life) => [life.orderId, life]));
  const reserved = new Map<string, Lines>();
  const plans = new Map<string, Fact[]>();

  function plan(life: Life): Fact[] {
    const before = plans.get(life.orderId) ?? [];
    if (before.length === ATTEMPTS_MAX) return [];
    const lines = confirmed(life, reserved.get(life.orderId) ?? life.placed);
    const next = planned(life, lines, shelves, before.length + 1);
    plans.set(life.orderId, [...before, next]);
    return [next];
  }

  function answer({ type, stream, data }: OwnEvent): Fact[] {
    const life = known.get(stream);
    if (life === undefined) return [];
    if (type === 'StockShort' && !life.unruly && life.fate !== 'EXPIRED')
      return [rejected(life, 'STOCK_SHORT')];
    if (type === 'StockReserved') {
      const { lines } = inventoryFacts.StockReserved.parse(data);
      if (lines != null) reserved.set(stream, lines);
      if (life.fate === 'DECLINED' && !life.unruly) return [rejected(life, 'PAYMENT_DECLINED')];
      return life.fate === 'EXPIRED' ? [] : plan(life);
    }
    if (type === 'AllocationRefused') return plan(life);
    const standing = plans.get(stream)?.at(-1);
    if (type !== 'StockAllocated' || standing === undefined || life.fate !== 'SHIPPED') return [];
    return leaving(life, standing, inventoryFacts.StockAllocated.parse(data).shipmentIds);
  }

  return { opening: [...lives.flatMap(placed), ...warehouses], answer };
}
