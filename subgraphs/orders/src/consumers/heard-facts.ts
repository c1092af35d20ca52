// What orders hears of the others, as far as it is nothing but reading: commands to orders, entries of timelines, products.
import { type ReadFact, readFact, type Source } from '@crossdock/contracts';
import type { ArrivedEvent } from '@crossdock/messaging';
import { formatMoney } from '@crossdock/values';
import { unitsOf } from '../domain/order-book.ts';
import type { OrderCommand } from '../domain/order-state.ts';
import type { ProductChange, TimelineEntry } from '../store/progress.ts';

export type Heard = ReadFact<'inventory'> | ReadFact<'payments'> | ReadFact<'fulfillment'>;
export type Arrived = Readonly<{ arrived: ArrivedEvent; fact: Heard }>;

const TIMELINE_OF: Readonly<Record<string, ReadonlySet<string>>> = {
  inventory: new Set([
    'StockReserved',
    'StockBackordered',
    'StockShort',
    'ReservationReduced',
    'ReservationBroken',
    'ReservationReleased',
    'StockAllocated',
    'AllocationBroken',
    'AllocationRefused',
    'StockShipped',
  ]),
  payments: new Set([
    'PaymentAuthorised',
    'PaymentReduced',
    'PaymentDeclined',
    'PaymentVoided',
    'PaymentCaptured',
    'PaymentRefunded',
    'PaymentHeld',
    'PaymentResumed',
  ]),
  fulfillment: new Set(['ShipmentsPlanned', 'FulfillmentHeld', 'ShipmentReleased', 'ShipmentConfirmed']),
};
const PRODUCT_FACTS = new Set(['ProductRegistered', 'ProductRevised']);

export const HEARD_SOURCES: readonly Source[] = ['inventory', 'payments', 'fulfillment'];

/** True for what stands in the timeline or tells of a product. */
export function wants(source: Source, type: string): boolean {
  return TIMELINE_OF[source]?.has(type) === true || PRODUCT_FACTS.has(type);
}

function read(arrived: ArrivedEvent): Heard | null {
  const { source, event } = arrived;
  if (source === 'inventory' || source === 'payments' || source === 'fulfillment')
    return readFact(source, event) as Heard | null;
  return null;
}

/** Reads what arrived by the contract; throws on what breaks it. */
export function readHeard(arrivals: readonly ArrivedEvent[]): Arrived[] {
  return arrivals.flatMap((arrived): Arrived[] => {
    const fact = read(arrived);
    return fact === null ? [] : [{ arrived, fact }];
  });
}

const FIRST_WAVE = 1;
const WAREHOUSE_OPERATIONS = 'warehouse operations';

/** The command a fact amounts to; null for facts that only stand in the timeline. */
export function commandOf(fact: Heard): OrderCommand | null {
  switch (fact.type) {
    case 'StockReserved': {
      const { wave, lines, backordered } = fact.data;
      const told = { wave: wave ?? FIRST_WAVE, lines: lines ?? null, backordered: backordered ?? null };
      return { type: 'NoteStockReserved', data: told };
    }
    case 'StockBackordered':
      return { type: 'NoteStockBackordered', data: {} };
    case 'StockShort':
      return { type: 'NoteStockShort', data: { detail: shortDetail(fact.data.short) } };
    case 'ReservationReduced':
      return { type: 'NoteClaimsReduced', data: { lines: fact.data.lines } };
    case 'ReservationBroken': {
      const { lines, rest, cause } = fact.data;
      return { type: 'NoteClaimsBroken', data: { lines, rest, cause } };
    }
    case 'AllocationBroken': {
      const hold = { reason: brokenReason(fact.data), owner: WAREHOUSE_OPERATIONS };
      const shipmentIds = fact.data.shipments.map(({ shipmentId }) => shipmentId);
      return { type: 'NoteUnitsMissing', data: { shipmentIds, hold } };
    }
    case 'PaymentAuthorised':
      return { type: 'NotePaymentAuthorised', data: { wave: fact.data.wave ?? FIRST_WAVE } };
    case 'PaymentDeclined':
      return {
        type: 'NotePaymentDeclined',
        data: { wave: fact.data.wave ?? FIRST_WAVE, detail: fact.data.reason },
      };
    case 'PaymentHeld':
      return heldCall(fact.data);
    case 'PaymentResumed':
      return resumedCall(fact.data);
    case 'ShipmentReleased':
      return { type: 'NoteRelease', data: { shipmentId: fact.data.shipmentId } };
    case 'ShipmentConfirmed': {
      // They come with their prices, which the order knows by itself: its book and its facts tell of units.
      const lines = fact.data.lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return { type: 'NoteShipment', data: { shipmentId: fact.data.shipmentId, lines } };
    }
    case 'FulfillmentHeld':
      return { type: 'HoldOrder', data: { reason: fact.data.reason, owner: fact.data.owner } };
    default:
      return null;
  }
}

type HeldCallData = Extract<Heard, { type: 'PaymentHeld' }>['data'];
type CallData = Extract<Heard, { type: 'PaymentResumed' }>['data'];

function heldCall({ operation, instance, ...told }: HeldCallData): OrderCommand {
  const reason = `${callNamed({ operation, instance })} did not succeed: ${told.reason}`;
  return { type: 'NotePaymentHeld', data: { operation, instance, hold: { reason, owner: told.owner } } };
}

/** True of a call that was done, of one that is not needed any more, and of one that a person gave up. */
function resumedCall({ operation, instance }: CallData): OrderCommand {
  const reason = `${callNamed({ operation, instance })} waits for nobody any more.`;
  return { type: 'NotePaymentResumed', data: { operation, instance, reason } };
}

/** Payments numbers an order's renewals from here on, far above its reservations. */
const FIRST_RENEWAL = 1_000_001;

/** What payments asks of the provider, for people. An instance of it begins with the shipment, the refund or the reservation. */
function callNamed({ operation, instance }: Pick<CallData, 'operation' | 'instance'>): string {
  const [subject] = instance.split('/');
  const renewal = Number(subject) - FIRST_RENEWAL + 1;
  switch (operation) {
    case 'authorise':
      return renewal > 0
        ? `Renewing the money secured (renewal ${renewal})`
        : `Securing the money for reservation ${subject}`;
    case 'capture':
      return `Taking the money for shipment ${subject}`;
    case 'void':
      return `Giving up the money secured ${renewal > 0 ? `by renewal ${renewal}` : `for reservation ${subject}`}`;
    case 'refund':
      return `Giving money back by refund ${subject}`;
  }
}

/** True for what does not tell of the whole order: it is kept line by line, in the order's book. */
export function isOfSomeLines(command: OrderCommand): boolean {
  switch (command.type) {
    case 'NoteStockReserved': {
      const { wave, lines, backordered } = command.data;
      return wave > FIRST_WAVE || lines !== null || (backordered ?? []).length > 0;
    }
    case 'NotePaymentAuthorised':
    case 'NotePaymentDeclined':
      return command.data.wave > FIRST_WAVE;
    case 'NoteStockBackordered':
    case 'NoteClaimsReduced':
    case 'NoteClaimsBroken':
      return true;
    default:
      return false;
  }
}

/** What is told, less the shipments that left: nothing of them is missing any more. Null when that is nothing. */
export function withoutLeft(command: OrderCommand, left: ReadonlySet<string>): OrderCommand | null {
  if (command.type !== 'NoteUnitsMissing') return command;
  const shipmentIds = command.data.shipmentIds.filter((shipmentId) => !left.has(shipmentId));
  return shipmentIds.length === 0 ? null : { ...command, data: { ...command.data, shipmentIds } };
}

type AllocationBroken = Extract<Heard, { type: 'AllocationBroken' }>['data'];

function brokenReason({ warehouseId, shipments, cause }: AllocationBroken): string {
  const units = shipments.reduce((sum, { lines }) => sum + unitsOf(lines), 0);
  return `${units} units assigned to warehouse ${warehouseId} are not there (${cause}): ship what there is, or withdraw.`;
}

const SHORT_SKUS_NAMED = 5;

function shortDetail(
  short: readonly Readonly<{ sku: string; requested: number; available: number }>[],
): string {
  const named = short
    .slice(0, SHORT_SKUS_NAMED)
    .map((each) => `${each.sku}: ${each.available} of ${each.requested}`);
  const more = short.length > SHORT_SKUS_NAMED ? `, and ${short.length - SHORT_SKUS_NAMED} more` : '';
  return `${named.join(', ')}${more}`;
}

export function orderIdOf(data: object): string | null {
  return 'orderId' in data && typeof data.orderId === 'string' ? data.orderId : null;
}

const CAUSED: readonly string[] = ['ReservationReduced', 'ReservationBroken', 'PaymentReduced'];

function detailOf(fact: Heard): string | null {
  if ('cause' in fact.data && CAUSED.includes(fact.type)) return fact.data.cause;
  if (fact.type === 'AllocationBroken') return `${fact.data.warehouseId} ${fact.data.cause}`;
  if (fact.type === 'StockShort') return shortDetail(fact.data.short);
  if (fact.type === 'PaymentDeclined' || fact.type === 'PaymentHeld') return fact.data.reason;
  if (fact.type === 'PaymentResumed') return fact.data.operation;
  if (fact.type === 'PaymentRefunded') return refundDetail(fact.data);
  if (fact.type === 'FulfillmentHeld') return fact.data.reason;
  if (fact.type === 'ShipmentConfirmed')
    return [fact.data.warehouseId, fact.data.trackingNumber].filter(Boolean).join(' ');
  if (fact.type === 'ShipmentReleased' || fact.type === 'StockShipped') return fact.data.warehouseId;
  return null;
}

type Refunded = Extract<Heard, { type: 'PaymentRefunded' }>['data'];

const refundDetail = ({ amountMinor, currencyCode, reason }: Refunded) =>
  `${formatMoney({ minor: BigInt(amountMinor), currencyCode })} ${currencyCode}: ${reason}`;

function timelineEntry({ arrived, fact }: Arrived, orderId: string): TimelineEntry {
  const { event } = arrived;
  return {
    orderId,
    source: arrived.source,
    position: arrived.position,
    type: event.type,
    version: event.version,
    detail: detailOf(fact),
    occurredAt: event.at,
  };
}

/** The timeline's entries that facts amount to. */
export function timelineOf(facts: readonly Arrived[]): TimelineEntry[] {
  return facts.flatMap((each) => {
    const orderId = orderIdOf(each.fact.data);
    return orderId === null ? [] : [timelineEntry(each, orderId)];
  });
}

/** Products as facts tell of them, each as it was told last. */
export function productsOf(facts: readonly Arrived[]): ProductChange[] {
  const products = new Map<string, ProductChange>();
  for (const { fact } of facts) {
    if (fact.type !== 'ProductRegistered' && fact.type !== 'ProductRevised') continue;
    const { sku, name, listPriceMinor, currencyCode } = fact.data;
    products.set(sku, { sku, name, listPriceMinor, currencyCode });
  }
  return [...products.values()];
}
