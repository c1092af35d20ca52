// The other three subgraphs as orders meets them: what they say to an order of a given fate, and nothing they could not say.
import { type FactData, type Facts, partitionOf, type Source } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import type { Fact, OtherSide, OwnEvent, Random } from '@crossdock/testing';

type Lines = readonly Readonly<{ sku: string; quantity: number }>[];

/** What will become of an order. */
export type Life = Readonly<{
  orderId: string;
  partnerId: string;
  placed: Lines;
  /** Null where all of it is. */
  reserved: Lines | null;
  /** What waits of the rest: never to come, or to come once all that was there has left. Empty where the rest is cancelled. */
  waiting: Lines;
  comesLater: boolean;
  /** Nothing was there at first. */
  waitsFirst: boolean;
  fate: 'SHORT' | 'DECLINED' | 'CONFIRMED';
  /** What each shipment holds, in the order in which they leave; the last may stay behind. */
  shipments: readonly Lines[];
  leaving: number;
  /** Its first plan is refused. */
  replanned: boolean;
  /** Fulfillment is heard of it before its confirmation is decided here, as after a restore. */
  hasty: boolean;
  /** Units of its first shipment are found missing before it leaves. */
  misses: boolean;
  /** Calls to the provider that wait for a person: the authorisation, the first capture, or that one for good. */
  calls: readonly ('AUTHORISATION' | 'CAPTURE' | 'CAPTURE_FOR_GOOD')[];
}>;

const SKUS = ['A', 'B', 'C', 'D'] as const;
const CURRENCY = 'GBP';

function someLines(random: Random): Lines {
  const lines = SKUS.filter(() => random.chance(0.6)).map((sku) => ({ sku, quantity: 1 + random.below(9) }));
  return lines.length > 0 ? lines : [{ sku: 'A', quantity: 3 }];
}

/** Less of the lines, but not nothing. */
function fewer(lines: Lines, random: Random): Lines {
  return lines
    .slice(0, 1 + random.below(lines.length))
    .map(({ sku, quantity }) => ({ sku, quantity: 1 + random.below(quantity) }));
}

function without(lines: Lines, less: Lines): Lines {
  return lines.flatMap(({ sku, quantity }) => {
    const left = quantity - (less.find((each) => each.sku === sku)?.quantity ?? 0);
    return left > 0 ? [{ sku, quantity: left }] : [];
  });
}

function split(lines: Lines, random: Random): readonly Lines[] {
  const at = random.below(lines.length);
  return at === 0 ? [lines] : [lines.slice(0, at), lines.slice(at)];
}

export function someLife(orderId: string, partnerId: string, random: Random): Life {
  const placed = someLines(random);
  const reserved = random.chance(0.4) ? fewer(placed, random) : null;
  const waiting = reserved !== null && random.chance(0.6) ? without(placed, reserved) : [];
  const shipments = split(reserved ?? placed, random);
  const fate = random.pick(['SHORT', 'DECLINED', 'CONFIRMED', 'CONFIRMED', 'CONFIRMED'] as const);
  return {
    ...{ orderId, partnerId, placed, reserved, waiting, shipments, fate },
    comesLater: waiting.length > 0 && random.chance(0.6),
    waitsFirst: waiting.length > 0 && fate === 'CONFIRMED' && random.chance(0.3),
    leaving: random.below(shipments.length + 1),
    replanned: random.chance(0.3),
    hasty: random.chance(0.2),
    misses: false,
    calls: [],
  };
}

/** One fact of an order, in the line of that order. */
function saying({ orderId, partnerId }: Life) {
  return <S extends Source, T extends keyof Facts[S] & string>(
    source: S,
    type: T,
    more: Omit<FactData<S, T> & object, 'orderId' | 'partnerId'>,
    step = '',
  ): Fact => ({
    ...{ source, type, partition: partitionOf(partnerId), stream: orderId, line: orderId },
    id: derivedId(orderId, type + step),
    data: { orderId, partnerId, ...more },
  });
}

const CARD = { amountMinor: 10, currencyCode: CURRENCY, method: 'CARD' as const };
type Operation = FactData<'payments', 'PaymentResumed'>['operation'];

function heldCall(life: Life, operation: Operation, instance: string): Fact {
  const held = { operation, instance, reason: 'No answer.', owner: 'finance' };
  return saying(life)('payments', 'PaymentHeld', { ...CARD, ...held }, instance);
}

function resumedCall(life: Life, operation: Operation, instance: string): Fact {
  return saying(life)('payments', 'PaymentResumed', { ...CARD, operation, instance }, instance);
}

/** What is said of the capture for the first shipment that left, before it is captured. */
function toCapture(life: Life, shipmentId: string): Fact[] {
  const isForGood = life.calls.includes('CAPTURE_FOR_GOOD');
  if (!isForGood && !life.calls.includes('CAPTURE')) return [];
  const held = heldCall(life, 'capture', shipmentId);
  return isForGood ? [held] : [held, resumedCall(life, 'capture', shipmentId)];
}

function toPlaced(life: Life): Fact[] {
  const { fate, reserved, waiting } = life;
  const say = saying(life);
  if (fate === 'SHORT')
    return [say('inventory', 'StockShort', { short: [{ sku: 'A', requested: 3, available: 0 }] })];
  const money = { amountMinor: 100, currencyCode: CURRENCY, method: 'TERMS' as const };
  const backordered = waiting.length === 0 ? {} : { backordered: [...waiting] };
  const some = reserved === null ? {} : { lines: [...reserved], ...backordered };
  const isHeld = life.calls.includes('AUTHORISATION');
  return [
    ...(isHeld ? [heldCall(life, 'authorise', '1'), resumedCall(life, 'authorise', '1')] : []),
    ...(life.waitsFirst ? [say('inventory', 'StockBackordered', { lines: [...life.placed] })] : []),
    say('inventory', 'StockReserved', { reservedValueMinor: 100, currencyCode: CURRENCY, ...some }),
    fate === 'CONFIRMED'
      ? say('payments', 'PaymentAuthorised', money)
      : say('payments', 'PaymentDeclined', { ...money, reason: 'CREDIT_LIMIT' }),
  ];
}

const secondShipment = ({ orderId }: Life) => derivedId(orderId, 'second shipment');
const firstLeaving = ({ orderId, leaving }: Life) => derivedId(orderId, 'shipment', leaving - 1);

/** What waited is there, and paid for. */
function toFirstLeft(life: Life): Fact[] {
  const say = saying(life);
  const claim = { reservedValueMinor: 50, currencyCode: CURRENCY, wave: 2, lines: [...life.waiting] };
  const money = { amountMinor: 50, currencyCode: CURRENCY, method: 'TERMS' as const, wave: 2 };
  return [
    say('inventory', 'StockReserved', claim, 'later'),
    say('payments', 'PaymentAuthorised', money, 'later'),
  ];
}

function toReplenished(life: Life): Fact[] {
  const say = saying(life);
  const shipment = { shipmentId: secondShipment(life), warehouseId: 'W9', releaseEpoch: 1 };
  const left = { ...shipment, valueMinor: 10, currencyCode: CURRENCY, lines: [...life.waiting] };
  return [
    say('fulfillment', 'ShipmentReleased', shipment, 'later'),
    say('fulfillment', 'ShipmentConfirmed', left, 'later'),
  ];
}

function toRejected(life: Life): Fact[] {
  const say = saying(life);
  return life.fate === 'DECLINED'
    ? [say('inventory', 'ReservationReleased', { cause: 'PAYMENT_DECLINED' })]
    : [];
}

function toConfirmed(life: Life): Fact[] {
  const say = saying(life);
  const shipments = life.shipments.map((lines, index) => ({
    ...{ shipmentId: derivedId(life.orderId, 'shipment', index), warehouseId: `W${index}` },
    lines: [...lines],
  }));
  const left = shipments.slice(0, life.leaving);
  const planId = derivedId(life.orderId, 'plan');
  const plan = (attempt: number) =>
    say('fulfillment', 'ShipmentsPlanned', { planId, attempt, shipments }, String(attempt));
  const money = { amountMinor: 10, currencyCode: CURRENCY, method: 'TERMS' as const };
  return [
    plan(1),
    ...(life.replanned ? [say('inventory', 'AllocationRefused', { planId, available: [] }), plan(2)] : []),
    say('inventory', 'StockAllocated', { planId, shipmentIds: shipments.map((each) => each.shipmentId) }),
    ...(life.misses
      ? [
          say('inventory', 'AllocationBroken', {
            warehouseId: 'W0',
            cause: 'COUNT',
            shipments: shipments.slice(0, 1),
          }),
        ]
      : []),
    ...shipments.map(({ shipmentId, warehouseId }) =>
      say('fulfillment', 'ShipmentReleased', { shipmentId, warehouseId, releaseEpoch: 1 }, warehouseId),
    ),
    ...left.flatMap(({ shipmentId, warehouseId, lines }, index) => {
      const leaves = {
        shipmentId,
        warehouseId,
        releaseEpoch: 1,
        valueMinor: 10,
        currencyCode: CURRENCY,
        lines,
      };
      return [
        say('fulfillment', 'ShipmentConfirmed', leaves, warehouseId),
        say('inventory', 'StockShipped', { shipmentId, warehouseId }, warehouseId),
        ...(index === 0 ? toCapture(life, shipmentId) : []),
        say('payments', 'PaymentCaptured', { shipmentId, ...money }, warehouseId),
      ];
    }),
  ];
}

function productSaid(sku: string, revision: number, run: number): Fact {
  const figures = { casePack: 1, minOrderQuantity: 1, weightGrams: 1 };
  return {
    ...{ source: 'inventory', partition: partitionOf(sku), stream: sku, line: sku },
    id: derivedId(`product ${sku}`, String(run), revision),
    type: run === 0 && revision === 0 ? 'ProductRegistered' : 'ProductRevised',
    data: { sku, name: `${sku} ${run}`, listPriceMinor: 100 + revision, currencyCode: CURRENCY, ...figures },
  };
}

/** All that was there at first has left with this shipment. */
function hasAllLeft(life: Life, { shipmentId }: OwnEvent['data']): boolean {
  return life.leaving === life.shipments.length && shipmentId === firstLeaving(life);
}

/** Knows the given orders and answers to nobody else's; products are revised meanwhile. */
export function otherSideOf(lives: readonly Life[], run: number): OtherSide {
  const known = new Map(lives.map((life) => [life.orderId, life]));
  return {
    opening: SKUS.flatMap((sku) => [0, 1, 2].map((revision) => productSaid(sku, revision, run))),
    answer: ({ type, stream, data }: OwnEvent) => {
      const life = known.get(stream);
      if (life === undefined) return [];
      if (type === 'OrderPlaced') return [...toPlaced(life), ...(life.hasty ? toConfirmed(life) : [])];
      if (type === 'OrderRejected') return toRejected(life);
      if (type === 'OrderReplenished') return toReplenished(life);
      if (type === 'OrderPartiallyShipped' && life.comesLater && hasAllLeft(life, data))
        return toFirstLeft(life);
      return type === 'OrderConfirmed' && !life.hasty ? toConfirmed(life) : [];
    },
  };
}
