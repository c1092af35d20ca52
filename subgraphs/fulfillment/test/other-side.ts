// Orders and inventory as fulfillment meets them: what they say of an order of a given fate, and nothing they could not say.
import { type FactData, type Facts, fulfillmentFacts, partitionOf } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import type { Fact, OtherSide, OwnEvent, Random } from '@crossdock/testing';

type Lines = readonly Readonly<{ sku: string; quantity: number }>[];

/** What will become of an order. */
export type Life = Readonly<{
  orderId: string;
  partnerId: string;
  placed: Lines;
  /** Null where all of it was reserved. */
  confirmed: Lines | null;
  fate: 'REJECTED' | 'CONFIRMED';
  /** Plans that inventory refuses before it allocates; with three it never does. ENDED: it says that the order has no claim. */
  refusals: number | 'ENDED';
  /** Orders rejects it after it was confirmed, as no order's life goes: nothing may be released that was not before. */
  unruly: boolean;
}>;

export function someLife(orderId: string, skus: readonly string[], random: Random): Life {
  const lines = skus.filter(() => random.chance(0.6)).map((sku) => ({ sku, quantity: 1 + random.below(5) }));
  const [first = ''] = skus;
  const placed = lines.length > 0 ? lines : [{ sku: first, quantity: 2 }];
  const fewer = placed.slice(0, 1 + random.below(placed.length));
  return {
    ...{ orderId, placed, unruly: false, partnerId: random.pick(['P-1', 'P-2', 'P-3']) },
    confirmed: random.chance(0.3) ? fewer : null,
    fate: random.chance(0.2) ? 'REJECTED' : 'CONFIRMED',
    refusals: random.pick([0, 0, 0, 0, 1, 2, 3, 'ENDED']),
  };
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
  const rejected = fact(life, 'orders', 'OrderRejected', { number: 'N', reason: 'EXPIRED' });
  if (life.fate === 'REJECTED') return [placed, rejected];
  const lines = life.confirmed === null ? {} : { lines: [...life.confirmed] };
  const confirmed = fact(life, 'orders', 'OrderConfirmed', { number: 'N', ...lines });
  return life.unruly ? [placed, confirmed, rejected] : [placed, confirmed];
}

function answerPlan(life: Life, data: OwnEvent['data']): Fact[] {
  const { planId, attempt, shipments } = fulfillmentFacts.ShipmentsPlanned.parse(data);
  if (life.refusals === 'ENDED')
    return [fact(life, 'inventory', 'AllocationRefused', { planId, available: [], closed: true })];
  if (attempt <= life.refusals)
    return [fact(life, 'inventory', 'AllocationRefused', { planId, available: [] }, String(attempt))];
  const shipmentIds = shipments.map((each) => each.shipmentId);
  return [fact(life, 'inventory', 'StockAllocated', { planId, shipmentIds })];
}

/** A receipt; its log's partition is that of its own id. */
export function received(receipt: string, lines: FactData<'inventory', 'StockReceived'>['lines']): Fact {
  const receiptId = derivedId(receipt, 'receipt');
  return {
    ...{ source: 'inventory', partition: partitionOf(receiptId), stream: receiptId, line: receiptId },
    ...{ id: derivedId(receiptId, 'received'), type: 'StockReceived', data: { receiptId, lines } },
  };
}

/** Knows the given orders and answers to nobody else's. */
export function otherSideOf(lives: readonly Life[], receipts: readonly Fact[]): OtherSide {
  const known = new Map(lives.map((life) => [life.orderId, life]));
  return {
    opening: [...lives.flatMap(opening), ...receipts],
    answer: ({ type, stream, data }) => {
      const life = known.get(stream);
      return life === undefined || type !== 'ShipmentsPlanned' ? [] : answerPlan(life, data);
    },
  };
}
