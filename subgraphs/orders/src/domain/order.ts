import { accept, type Decider, type Decision, type Message } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';

/** What the others said about an order, in this subgraph's words, and what its deadline amounts to. */
export type OrderCommand =
  | Message<'NoteStockReserved', { lines: SkuQuantities | null }>
  | Message<'NoteStockShort', { detail: string }>
  | Message<'NotePaymentAuthorised', object>
  | Message<'NotePaymentDeclined', { detail: string }>
  | Message<'NoteRelease', { shipmentId: string }>
  | Message<'NoteShipment', { shipmentId: string; lines: SkuQuantities }>
  | Message<'HoldOrder', Hold>;

/** Why an order goes no further by itself, and who must act. */
export type Hold = Readonly<{ reason: string; owner: string }>;

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
  | Message<'OrderShipped', { shipmentId: string }>
  | Message<'OrderHeld', Hold>;

/** Facts kept on the order's row only: they are the others' and stand in the others' logs. */
export type OrderNote =
  | Message<'StockNoted', { stock: 'RESERVED' | 'SHORT'; lines: SkuQuantities | null }>
  | Message<'PaymentNoted', { payment: 'AUTHORISED' | 'DECLINED' }>
  | Message<'ShipmentNoted', { units: number }>
  | Message<'CameEarly', { command: EarlyCommand }>;

export type OrderEvent = OrderFact | OrderNote;

/** Where an order is on its way. */
export type OrderStage = 'PLACED' | 'CONFIRMED' | 'RELEASED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'REJECTED';
export type OrderStatus = OrderStage | 'ON_HOLD';

/** Stages after which nothing more happens to an order. */
export const FINAL_STAGES = ['SHIPPED', 'REJECTED'] as const satisfies readonly OrderStage[];

/** Plain data; `version` counts the facts of the order's own stream. */
export type OrderState = Readonly<{
  status: OrderStatus | 'NONE';
  version: number;
  statusReason: string | null;
  /** Where it stood when it was held: what the others say is taken as if it still stood there. */
  heldFrom: OrderStage | null;
  hold: Hold | null;
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
  heldFrom: null,
  hold: null,
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
      return stageOf(state) === 'CONFIRMED'
        ? accept<OrderEvent>({ type: 'OrderReleased', data: { shipmentId: command.data.shipmentId } })
        : accept();
    case 'NoteShipment':
      return noteShipment(command.data, state);
    case 'HoldOrder':
      return holdOrder(command.data, state);
    default:
      return unreachable(command);
  }
}

/** Where the order is on its way, held or not. */
export function stageOf(state: Pick<OrderState, 'status' | 'heldFrom'>): OrderStage | 'NONE' {
  // A held order names its stage: the table's CHECK and `evolve` see to it.
  return state.status === 'ON_HOLD' ? (state.heldFrom ?? 'NONE') : state.status;
}

/** True when nothing more happens to an order at this stage. */
export function isFinal(stage: OrderStage | 'NONE'): boolean {
  return FINAL_STAGES.some((each) => each === stage);
}

/** The same hold again says nothing new; another reason or owner does. */
function holdOrder({ reason, owner }: Hold, state: OrderState): OrderDecision {
  if (isFinal(stageOf(state))) return accept();
  if (state.hold?.reason === reason && state.hold.owner === owner) return accept();
  return accept<OrderEvent>({ type: 'OrderHeld', data: { reason, owner } });
}

function noteStock(
  note: Extract<OrderNote, { type: 'StockNoted' }>,
  state: OrderState,
  detail: string,
): OrderDecision {
  if (stageOf(state) !== 'PLACED' || state.stock !== 'OPEN') return accept();
  if (note.data.stock === 'SHORT') return accept<OrderEvent>(note, rejected('STOCK_SHORT', detail));
  if (state.payment !== 'AUTHORISED') return accept<OrderEvent>(note);
  return accept<OrderEvent>(note, confirmed(note.data.lines));
}

function notePayment(
  note: Extract<OrderNote, { type: 'PaymentNoted' }>,
  state: OrderState,
  detail: string,
): OrderDecision {
  if (stageOf(state) !== 'PLACED' || state.payment !== 'OPEN') return accept();
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
  if (fact.type !== 'OrderHeld') return evolveStage({ ...state, heldFrom: null, hold: null }, fact);
  const stage = stageOf(state);
  return { ...state, status: 'ON_HOLD', heldFrom: stage === 'NONE' ? null : stage, hold: fact.data };
}

/** Every fact that moves the order on ends its hold. */
function evolveStage(state: OrderState, fact: Exclude<OrderFact, { type: 'OrderHeld' }>): OrderState {
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
