// Orders, inventory and fulfillment as payments meets them: what they say of an order of a given fate, and nothing else.
import { type FactData, type Facts, partitionOf } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import type { Fact, OtherSide, OwnEvent, Random } from '@crossdock/testing';

/** What will become of an order. */
export type Life = Readonly<{
  orderId: string;
  partnerId: string;
  /** A card stays REQUESTED: nobody asks the provider here. */
  method: 'TERMS' | 'CARD';
  totalMinor: number;
  /**
   * SHORT: nothing is reserved. EXPIRED: orders rejects it by itself, at some moment. LESS: some is given back before the rest
   * leaves. WAVES: another wave comes and leaves. CANCELLED: it never comes, and the order is cancelled.
   */
  fate: 'SHORT' | 'EXPIRED' | 'STAYS' | 'SHIPPED' | 'LESS' | 'WAVES' | 'CANCELLED';
  /** Of the first wave. */
  reservedMinor: number;
  /** What leaves of it. */
  shipments: readonly number[];
  /** Of the first wave with LESS, all of the second with WAVES. */
  laterMinor: number;
  /** Goods leave before anything was authorised, as they never should: they are booked even so. */
  hasty: boolean;
}>;

const FATES = [
  ...(['SHORT', 'EXPIRED', 'STAYS', 'SHIPPED', 'SHIPPED', 'SHIPPED'] as const),
  ...(['LESS', 'LESS', 'WAVES', 'WAVES', 'CANCELLED'] as const),
] satisfies Life['fate'][];
/** What of these leaves. */
const LEAVES: readonly Life['fate'][] = ['SHIPPED', 'LESS', 'WAVES', 'CANCELLED'];

export function someLife(orderId: string, partnerId: string, random: Random): Life {
  const shipments = Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(3_000));
  const method = random.chance(0.2) ? 'CARD' : 'TERMS';
  const fate = method === 'CARD' ? 'STAYS' : random.pick(FATES);
  const laterMinor = 1 + random.below(1_000);
  const reservedMinor = shipments.reduce((sum, value) => sum + value, 0) + (fate === 'LESS' ? laterMinor : 0);
  return {
    ...{
      orderId,
      partnerId,
      method,
      reservedMinor,
      shipments,
      totalMinor: reservedMinor + random.below(500),
    },
    fate,
    laterMinor,
    hasty: random.chance(0.2),
  };
}

type Heard = 'orders' | 'inventory' | 'fulfillment';

function fact<S extends Heard, T extends keyof Facts[S] & string>(
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

function rejected(life: Life, reason: FactData<'orders', 'OrderRejected'>['reason']): Fact {
  return fact(life, 'orders', 'OrderRejected', { number: 'N', reason });
}

function opening(life: Life): Fact[] {
  const { method, totalMinor, fate, reservedMinor } = life;
  const order = { number: 'N', currencyCode: 'GBP', placedBy: 'buyer', shortagePolicy: 'REJECT' } as const;
  const placed = fact(life, 'orders', 'OrderPlaced', {
    ...{ ...order, totalMinor, paymentMethod: method },
    sealedCardToken: method === 'CARD' ? 'sealed' : null,
    lines: [{ sku: 'A', quantity: 1, unitPriceMinor: totalMinor }],
  });
  if (fate === 'SHORT') return [placed, rejected(life, 'STOCK_SHORT')];
  const waits = fate === 'WAVES' || fate === 'CANCELLED';
  const reserved = fact(life, 'inventory', 'StockReserved', {
    ...{ reservedValueMinor: reservedMinor, currencyCode: 'GBP' },
    ...(waits ? { lines: UNIT, backordered: UNIT } : {}),
  });
  if (fate === 'EXPIRED') return [placed, rejected(life, 'EXPIRED'), reserved];
  const less = fate === 'LESS' ? [lessened(life)] : [];
  return [placed, reserved, ...less, ...(life.hasty ? leaving(life) : [])];
}

const UNIT = [{ sku: 'A', quantity: 1 }];

function lessened(life: Life): Fact {
  const given = { valueMinor: life.laterMinor, currencyCode: 'GBP', cause: 'LINES_CANCELLED' };
  return fact(life, 'inventory', 'ReservationReduced', { ...given, lines: UNIT, backordered: [] });
}

/** What follows once the first wave is paid for, beside what leaves. */
function afterFirst(life: Life): Fact[] {
  if (life.fate === 'WAVES') {
    const value = { reservedValueMinor: life.laterMinor, currencyCode: 'GBP' };
    return [fact(life, 'inventory', 'StockReserved', { ...value, lines: UNIT, wave: 2 }, '2')];
  }
  if (life.fate !== 'CANCELLED') return [];
  const cancelled = fact(life, 'orders', 'OrderCancelled', { number: 'N', reason: 'REQUESTED' });
  const told = shipmentsOf(life).map(({ shipmentId }) =>
    fact(life, 'orders', 'OrderPartiallyShipped', { number: 'N', shipmentId, lines: UNIT }, shipmentId),
  );
  return [...told, cancelled];
}

function shipmentsOf({ orderId, shipments }: Life) {
  return shipments.map((valueMinor, index) => ({
    shipmentId: derivedId(orderId, 'shipment', index),
    valueMinor,
  }));
}

/** A shipment leaves when its warehouse says so. */
function left(life: Life, shipmentId: string, valueMinor: number): Fact {
  const shipment = { shipmentId, warehouseId: 'N', releaseEpoch: 1, valueMinor, currencyCode: 'GBP' };
  const said = fact(life, 'fulfillment', 'ShipmentConfirmed', { ...shipment, lines: UNIT }, shipmentId);
  return { ...said, line: shipmentId };
}

function leavingLater(life: Life): Fact[] {
  return [left(life, derivedId(life.orderId, 'later shipment'), life.laterMinor)];
}

function leaving(life: Life): Fact[] {
  if (!LEAVES.includes(life.fate)) return [];
  return shipmentsOf(life).map(({ shipmentId, valueMinor }) => left(life, shipmentId, valueMinor));
}

/** Orders' word on a partner. */
export function partnerSaid(partnerId: string, revision: string): Fact {
  const data = { partnerId, name: revision, currencyCode: 'GBP', paymentMethods: ['TERMS', 'CARD'] };
  return {
    ...{ source: 'orders', partition: partitionOf(partnerId), stream: partnerId, line: partnerId },
    ...{ id: derivedId(`partner ${partnerId}`, revision), type: 'PartnerRevised', data },
  };
}

/** Knows the given orders and answers to nobody else's. */
export function otherSideOf(lives: readonly Life[], partners: readonly Fact[]): OtherSide {
  const known = new Map(lives.map((life) => [life.orderId, life]));
  return {
    opening: [...lives.flatMap(opening), ...partners],
    answer: ({ type, stream, data }: OwnEvent) => {
      const life = known.get(stream);
      if (life === undefined) return [];
      const isFirst = data.wave === undefined;
      if (type === 'PaymentAuthorised')
        return isFirst ? [...(life.hasty ? [] : leaving(life)), ...afterFirst(life)] : leavingLater(life);
      if (type !== 'PaymentDeclined' || life.fate === 'EXPIRED') return [];
      return [isFirst ? rejected(life, 'PAYMENT_DECLINED') : lessened(life)];
    },
  };
}
