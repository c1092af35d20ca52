import { accept, type Decider, type Decision, type Message } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';

/** What the others said about an order, in this subgraph's words. */
export type OrderCommand =
  | Message<'NoteStockReserved', { lines: SkuQuantities | null }>
  | Message<'NoteStockShort', { detail: string }>
  | Message<'NotePaymentAuthorised', object>
  | Message<'NotePaymentDeclined', { detail: string }>
  | Message<'NoteRelease', { shipmentId: string }>
  | Message<'NoteShipment', { shipmentId: string; lines: SkuQuantities }>;

/** What fulfillment says of an order. Heard before the confirmation is decided, it is kept and taken then. */
export type EarlyCommand = Extract<OrderCommand, { type: 'NoteRelease' | 'NoteShipment' }>;

export type SkuQuantities = readonly Readonly<{ sku: string; quantity: number }>[];

/** Facts of the order's own stream; they are logged and published. */
export type OrderFact =
  | Message<'OrderPlaced', { unitsOrdered: number }>
  | Message<'OrderConfirmed', { lines: SkuQuantities | null }>
  | Message<'OrderRejected', { reason: 'STOCK_SHORT' | 'PAYMENT_DECLINED'; detail: string }>
  | Message<'OrderReleased', { shipmentId: string }>
  | Message<'OrderPartiallyShipped', { shipmentId: string; lines: SkuQuantities }>
  | Message<'OrderShipped', { shipmentId: string }>;

/** Facts kept on the order's row only: they are the others' and stand in the others' logs. */
export type OrderNote =
  | Message<'StockNoted', { stock: 'RESERVED' | 'SHORT'; lines: SkuQuantities | null }>
  | Message<'PaymentNoted', { payment: 'AUTHORISED' | 'DECLINED' }>
  | Message<'ShipmentNoted', { units: number }>
  | Message<'CameEarly', { command: EarlyCommand }>;

export type OrderEvent = OrderFact | OrderNote;

export type OrderStatus = 'PLACED' | 'CONFIRMED' | 'RELEASED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'REJECTED';

/** Plain data; `version` counts the facts of the order's own stream. */
export type OrderState = Readonly<{
  status: OrderStatus | 'NONE';
  version: number;
  statusReason: string | null;
  stock: 'OPEN' | 'RESERVED' | 'SHORT';
  payment: 'OPEN' | 'AUTHORISED' | 'DECLINED';
  reservedLines: SkuQuantities | null;
  unitsOrdered: number;
  unitsConfirmed: number | null;
  unitsShipped: number;
  /** What came before the confirmation, in the order it was heard. */
  early: readonly EarlyCommand[];
}>;

type OrderDecision = Decision<OrderEvent, never>;

export const initialOrder: OrderState = {
  status: 'NONE',
  version: 0,
  statusReason: null,
  stock: 'OPEN',
  payment: 'OPEN',
  reservedLines: null,
  unitsOrdered: 0,
  unitsConfirmed: null,
  unitsShipped: 0,
  early: [],
};

/** The life of an order after it was placed. Every fact of the others is taken in every state; none is refused. */
export const orderDecider: Decider<OrderCommand, OrderEvent, OrderState, never> = {
  initialState: initialOrder,
  decide: decideInTurn,
  evolve,
};

/** Keeps what came before its turn; when an order is confirmed or rejected, what was kept follows. */
function decideInTurn(command: OrderCommand, state: OrderState): OrderDecision {
  if (isFulfillments(command) && state.unitsConfirmed === null && state.status !== 'REJECTED') {
    return accept<OrderEvent>({ type: 'CameEarly', data: { command } });
  }
  const first = decide(command, state);
  if (!first.accepted || !first.events.some(endsTheWait)) return first;
  const events = [...first.events];
  let reached = events.reduce(evolve, state);
  for (const early of state.early) {
    const decision = decide(early, reached);
    if (!decision.accepted) continue;
    events.push(...decision.events);
    reached = decision.events.reduce(evolve, reached);
  }
  return accept(...events);
}

function isFulfillments(command: OrderCommand): command is EarlyCommand {
  return command.type === 'NoteRelease' || command.type === 'NoteShipment';
}

function endsTheWait(event: OrderEvent): boolean {
  return event.type === 'OrderConfirmed' || event.type === 'OrderRejected';
}

function decide(command: OrderCommand, state: OrderState): OrderDecision {
  switch (command.type) {
    case 'NoteStockReserved':
      return noteStock(
        { type: 'StockNoted', data: { stock: 'RESERVED', lines: command.data.lines } },
        state,
        '',
      );
    case 'NoteStockShort':
      return noteStock(
        { type: 'StockNoted', data: { stock: 'SHORT', lines: null } },
        state,
        command.data.detail,
      );
    case 'NotePaymentAuthorised':
      return notePayment({ type: 'PaymentNoted', data: { payment: 'AUTHORISED' } }, state, '');
    case 'NotePaymentDeclined':
      return notePayment({ type: 'PaymentNoted', data: { payment: 'DECLINED' } }, state, command.data.detail);
    case 'NoteRelease':
      return state.status === 'CONFIRMED'
        ? accept<OrderEvent>({ type: 'OrderReleased', data: { shipmentId: command.data.shipmentId } })
        : accept();
    case 'NoteShipment':
      return noteShipment(command.data, state);
    default:
      return unreachable(command);
  }
}

function noteStock(
  note: Extract<OrderNote, { type: 'StockNoted' }>,
  state: OrderState,
  detail: string,
): OrderDecision {
  if (state.status !== 'PLACED' || state.stock !== 'OPEN') return accept();
  if (note.data.stock === 'SHORT') return accept<OrderEvent>(note, rejected('STOCK_SHORT', detail));
  if (state.payment !== 'AUTHORISED') return accept<OrderEvent>(note);
  return accept<OrderEvent>(note, confirmed(note.data.lines));
}

function notePayment(
  note: Extract<OrderNote, { type: 'PaymentNoted' }>,
  state: OrderState,
  detail: string,
): OrderDecision {
  if (state.status !== 'PLACED' || state.payment !== 'OPEN') return accept();
  if (note.data.payment === 'DECLINED') return accept<OrderEvent>(note, rejected('PAYMENT_DECLINED', detail));
  if (state.stock !== 'RESERVED') return accept<OrderEvent>(note);
  return accept<OrderEvent>(note, confirmed(state.reservedLines));
}

function confirmed(lines: SkuQuantities | null): OrderFact {
  return { type: 'OrderConfirmed', data: { lines } };
}

function rejected(reason: 'STOCK_SHORT' | 'PAYMENT_DECLINED', detail: string): OrderFact {
  return { type: 'OrderRejected', data: { reason, detail } };
}

function noteShipment(data: { shipmentId: string; lines: SkuQuantities }, state: OrderState): OrderDecision {
  const units = sum(data.lines);
  const note: OrderNote = { type: 'ShipmentNoted', data: { units } };
  // Goods of a rejected order should not have left; where they did, they are counted.
  if (state.unitsConfirmed === null) return accept<OrderEvent>(note);
  if (state.unitsShipped + units >= state.unitsConfirmed) {
    return accept<OrderEvent>(note, { type: 'OrderShipped', data: { shipmentId: data.shipmentId } });
  }
  return accept<OrderEvent>(note, {
    type: 'OrderPartiallyShipped',
    data: { shipmentId: data.shipmentId, lines: data.lines },
  });
}

function sum(lines: SkuQuantities): number {
  return lines.reduce((units, line) => units + line.quantity, 0);
}

function evolve(state: OrderState, event: OrderEvent): OrderState {
  switch (event.type) {
    case 'StockNoted':
      return { ...state, stock: event.data.stock, reservedLines: event.data.lines };
    case 'PaymentNoted':
      return { ...state, payment: event.data.payment };
    case 'ShipmentNoted':
      return { ...state, unitsShipped: state.unitsShipped + event.data.units };
    case 'CameEarly':
      return { ...state, early: [...state.early, event.data.command] };
    default:
      return {
        ...evolveFact(state, event),
        version: state.version + 1,
        early: endsTheWait(event) ? [] : state.early,
      };
  }
}

function evolveFact(state: OrderState, fact: OrderFact): OrderState {
  switch (fact.type) {
    case 'OrderPlaced':
      return { ...state, status: 'PLACED', unitsOrdered: fact.data.unitsOrdered };
    case 'OrderConfirmed': {
      const { lines } = fact.data;
      return {
        ...state,
        status: 'CONFIRMED',
        unitsConfirmed: lines === null ? state.unitsOrdered : sum(lines),
      };
    }
    case 'OrderRejected':
      return { ...state, status: 'REJECTED', statusReason: fact.data.reason };
    case 'OrderReleased':
      return { ...state, status: 'RELEASED' };
    case 'OrderPartiallyShipped':
      return { ...state, status: 'PARTIALLY_SHIPPED' };
    case 'OrderShipped':
      return { ...state, status: 'SHIPPED' };
    default:
      return unreachable(fact);
  }
}

const NOTES: ReadonlySet<string> = new Set([
  'StockNoted',
  'PaymentNoted',
  'ShipmentNoted',
  'CameEarly',
] satisfies OrderNote['type'][]);

/** True for what is kept on the row only. */
export function isNote(event: OrderEvent): event is OrderNote {
  return NOTES.has(event.type);
}
