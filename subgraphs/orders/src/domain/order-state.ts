import type { Message } from '@crossdock/event-sourcing';
import type { OrderBook, PaymentHeard, RestOfBroken, SkuQuantities } from './order-book.ts';

/** What the others said about an order, in this subgraph's words, and what its deadline amounts to. */
export type OrderCommand =
  /** The order's lines as placed: comes before the first thing that is not told of the whole order. */
  | Message<'OpenBook', { placed: SkuQuantities }>
  | Message<
      'NoteStockReserved',
      { wave: number; lines: SkuQuantities | null; backordered: SkuQuantities | null }
    >
  | Message<'NoteStockBackordered', object>
  | Message<'NoteStockShort', { detail: string }>
  | Message<'NoteClaimsReduced', { lines: SkuQuantities }>
  | Message<'NoteClaimsBroken', { lines: SkuQuantities; rest: RestOfBroken; cause: string }>
  | Message<'NotePaymentAuthorised', { wave: number }>
  | Message<'NotePaymentDeclined', { wave: number; detail: string }>
  | Message<'NoteRelease', { shipmentId: string }>
  | Message<'NoteShipment', { shipmentId: string; lines: SkuQuantities }>
  /** Units of these shipments are not where they were assigned. Those that left already are not named. */
  | Message<'NoteUnitsMissing', { shipmentIds: readonly string[]; hold: Hold }>
  | Message<'NotePaymentHeld', HeldCall>
  | Message<'NotePaymentResumed', { operation: string; instance: string; reason: string }>
  | Message<'HoldOrder', Hold>;

/** Why an order goes no further by itself, and who must act. */
export type Hold = Readonly<{ reason: string; owner: string }>;

/** A shipment of which units are missing, and why that holds its order until it is confirmed. */
export type MissingUnits = Readonly<{ shipmentId: string; hold: Hold }>;

/** A call to a card's provider that waits for a person, by payments' name for it. */
export type HeldCall = Readonly<{ operation: string; instance: string; hold: Hold }>;

/** Calls that hold an order until they are done, the latest last, and holds of others that stand beneath the one in force. */
export type HeldPayments = Readonly<{ calls: readonly HeldCall[]; covered: readonly Hold[] }>;

/** What fulfillment says of an order. Heard before the confirmation is decided, it is kept and taken then. */
export type EarlyCommand = Extract<OrderCommand, { type: 'NoteRelease' | 'NoteShipment' }>;

/** Facts of the order's own stream; they are logged and published. Their contract says what their fields mean. */
export type OrderFact =
  | Message<'OrderPlaced', { unitsOrdered: number }>
  | Message<
      'OrderConfirmed',
      { lines: SkuQuantities | null; backordered: SkuQuantities | null; wave?: number }
    >
  | Message<'OrderBackordered', { lines: SkuQuantities }>
  | Message<'OrderReplenished', { status: OrderStatus; wave: number; lines: SkuQuantities }>
  | Message<
      'OrderLinesCancelled',
      { status: OrderStatus; lines: SkuQuantities; reason: string; by: string | null }
    >
  | Message<'OrderCancelled', { reason: string; by: string | null }>
  | Message<
      'OrderLinesBroken',
      { status: OrderStatus; lines: SkuQuantities; rest: 'BACKORDERED' | 'CANCELLED'; cause: string }
    >
  | Message<'OrderRejected', { reason: 'STOCK_SHORT' | 'PAYMENT_DECLINED'; detail: string }>
  | Message<'OrderReleased', { shipmentId: string }>
  | Message<'OrderPartiallyShipped', { shipmentId: string; lines: SkuQuantities }>
  | Message<'OrderShipped', { shipmentId: string }>
  | Message<'OrderHeld', Hold>
  /** What held it holds it no more: it stands again where it stood. */
  | Message<'OrderResumed', { status: OrderStage; reason: string }>;

/** Facts kept on the order's row only: they are the others' and stand in the others' logs. */
export type OrderNote =
  | Message<'StockNoted', { stock: 'RESERVED' | 'SHORT' }>
  | Message<'PaymentNoted', { payment: 'AUTHORISED' | 'DECLINED' }>
  | Message<'ShipmentNoted', { units: number }>
  | Message<'CameEarly', { command: EarlyCommand }>
  | Message<'UnitsMissed', { shipmentIds: readonly string[]; hold: Hold }>
  | Message<'PaymentCallHeld', HeldCall>
  | Message<'PaymentCallResumed', { operation: string; instance: string }>
  | BookNote;

/** Facts kept in the order's book. */
export type BookNote =
  | Message<'BookOpened', { placed: SkuQuantities }>
  | Message<'WaveClaimed', { wave: number; lines: SkuQuantities | null; restWaits: boolean }>
  | Message<'WavePaid', { wave: number; payment: 'AUTHORISED' | 'DECLINED' }>
  | Message<'WaveSettled', { wave: number }>
  | Message<'ClaimsReduced', { lines: SkuQuantities }>
  | Message<'ClaimsBroken', { lines: SkuQuantities; rest: RestOfBroken; cause: string }>;

export type OrderEvent = OrderFact | OrderNote;

/** Where an order is on its way. */
export const ORDER_STAGES = [
  'PLACED',
  'BACKORDERED',
  'CONFIRMED',
  'RELEASED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'REJECTED',
  'CANCELLED',
] as const;
export type OrderStage = (typeof ORDER_STAGES)[number];
export type OrderStatus = OrderStage | 'ON_HOLD';

/** Stages after which nothing more happens to an order. */
export const FINAL_STAGES = ['SHIPPED', 'REJECTED', 'CANCELLED'] as const satisfies readonly OrderStage[];

/** Plain data; `version` counts the facts of the order's own stream. */
export type OrderState = Readonly<{
  status: OrderStatus | 'NONE';
  version: number;
  statusReason: string | null;
  /** Where it stood when it was held: what the others say is taken as if it still stood there. */
  heldFrom: OrderStage | null;
  hold: Hold | null;
  /** What was heard of the first reservation and its payment. */
  stock: 'OPEN' | 'RESERVED' | 'SHORT';
  payment: PaymentHeard;
  unitsOrdered: number;
  /** Less what broke later, more what was replenished. */
  unitsConfirmed: number | null;
  unitsShipped: number;
  /** What came before the confirmation, in the order it was heard. */
  early: readonly EarlyCommand[];
  /** The latest last; no hold of theirs ends but with the shipment's confirmation, or the order. */
  missing: readonly MissingUnits[];
  /** No hold of theirs ends but by payments' word, or with the order's promise. */
  heldPayments: HeldPayments;
  /** Null while the order gets all it asked for. */
  book: OrderBook | null;
}>;

export const initialOrder: OrderState = {
  status: 'NONE',
  version: 0,
  statusReason: null,
  heldFrom: null,
  hold: null,
  stock: 'OPEN',
  payment: 'OPEN',
  unitsOrdered: 0,
  unitsConfirmed: null,
  unitsShipped: 0,
  early: [],
  missing: [],
  heldPayments: { calls: [], covered: [] },
  book: null,
};

/** Where the order is on its way, held or not. */
export function stageOf(state: Pick<OrderState, 'status' | 'heldFrom'>): OrderStage | 'NONE' {
  // A held order names its stage: the table's CHECK and `evolve` see to it.
  return state.status === 'ON_HOLD' ? (state.heldFrom ?? 'NONE') : state.status;
}

/** True when nothing more happens to an order at this stage. */
export function isFinal(stage: OrderStage | 'NONE'): boolean {
  return FINAL_STAGES.some((each) => each === stage);
}

const BOOK_NOTES: ReadonlySet<string> = new Set([
  'BookOpened',
  'WaveClaimed',
  'WavePaid',
  'WaveSettled',
  'ClaimsReduced',
  'ClaimsBroken',
] satisfies BookNote['type'][]);
const NOTES: ReadonlySet<string> = new Set([
  'StockNoted',
  'PaymentNoted',
  'ShipmentNoted',
  'CameEarly',
  'UnitsMissed',
  'PaymentCallHeld',
  'PaymentCallResumed',
] satisfies OrderNote['type'][]);

/** True for what is kept in the order's book only. */
export function isBookNote(event: OrderEvent): event is BookNote {
  return BOOK_NOTES.has(event.type);
}

const UNTOLD: ReadonlySet<string> = new Set([
  'UnitsMissed',
  'PaymentCallHeld',
  'PaymentCallResumed',
] satisfies OrderNote['type'][]);

/** True for what no fact of the order's own stream tells: after a restore it is noted again. */
export function isUntold(event: OrderEvent): boolean {
  return UNTOLD.has(event.type) || isBookNote(event);
}

/** True for what is kept on the row only. */
export function isNote(event: OrderEvent): event is OrderNote {
  return NOTES.has(event.type) || isBookNote(event);
}

/** A wait ends when an order is confirmed, or is over before it was. */
export function endsTheWait(event: OrderEvent): boolean {
  return event.type === 'OrderConfirmed' || event.type === 'OrderRejected' || event.type === 'OrderCancelled';
}
