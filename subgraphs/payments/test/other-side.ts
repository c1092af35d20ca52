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
  /** SHORT: nothing is reserved. EXPIRED: orders rejects it by itself, at some moment. */
  fate: 'SHORT' | 'EXPIRED' | 'STAYS' | 'SHIPPED';
  reservedMinor: number;
  shipments: readonly number[];
  /** Goods leave before anything was authorised, as they never should: they are booked even so. */
  hasty: boolean;
}>;

export function someLife(orderId: string, partnerId: string, random: Random): Life {
  const shipments = Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(3_000));
  const reservedMinor = shipments.reduce((sum, value) => sum + value, 0);
  const method = random.chance(0.2) ? 'CARD' : 'TERMS';
  return {
    ...{
      orderId,
      partnerId,
      method,
      reservedMinor,
      shipments,
      totalMinor: reservedMinor + random.below(500),
    },
    fate:
      method === 'CARD'
        ? 'STAYS'
        : random.pick(['SHORT', 'EXPIRED', 'STAYS', 'SHIPPED', 'SHIPPED', 'SHIPPED']),
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
  const reserved = fact(life, 'inventory', 'StockReserved', {
    reservedValueMinor: reservedMinor,
    currencyCode: 'GBP',
  });
  if (fate === 'EXPIRED') return [placed, rejected(life, 'EXPIRED'), reserved];
  return [placed, reserved, ...(life.hasty ? leaving(life) : [])];
}

function leaving(life: Life): Fact[] {
  if (life.fate !== 'SHIPPED') return [];
  return life.shipments.map((valueMinor, index) => {
    const shipmentId = derivedId(life.orderId, 'shipment', index);
    const left = { shipmentId, warehouseId: 'N', releaseEpoch: 1, valueMinor, currencyCode: 'GBP' };
    const lines = [{ sku: 'A', quantity: 1 }];
    // Each leaves when its warehouse says so.
    return {
      ...fact(life, 'fulfillment', 'ShipmentConfirmed', { ...left, lines }, shipmentId),
      line: shipmentId,
    };
  });
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
    answer: ({ type, stream }: OwnEvent) => {
      const life = known.get(stream);
      if (life === undefined) return [];
      if (type === 'PaymentAuthorised' && !life.hasty) return leaving(life);
      return type === 'PaymentDeclined' && life.fate !== 'EXPIRED'
        ? [rejected(life, 'PAYMENT_DECLINED')]
        : [];
    },
  };
}
