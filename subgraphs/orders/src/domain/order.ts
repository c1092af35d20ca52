import { accept, type Decider, type Decision } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';
import { heldWhileItLasts, holdOrder, notePaymentHeld, notePaymentResumed } from './holds.ts';
import { breakClaims, cancelRest } from './losses.ts';
import { noteUnitsMissing } from './missing-units.ts';
import { type OrderBook, type SkuQuantities, unitsOf, unitsWaiting, waitingLines } from './order-book.ts';
import { evolve } from './order-evolve.ts';
import {
  type BookNote,
  type EarlyCommand,
  endsTheWait,
  initialOrder,
  isFinal,
  type OrderCommand,
  type OrderEvent,
  type OrderFact,
  type OrderNote,
  type OrderState,
  stageOf,
} from './order-state.ts';
import { PAYMENT_DECLINED, settle } from './waves.ts';

type OrderDecision = Decision<OrderEvent, never>;
type LivingCommand = Exclude<OrderCommand, EarlyCommand | { type: 'NotePaymentHeld' | 'NotePaymentResumed' }>;
type Told<T extends OrderCommand['type']> = Extract<OrderCommand, { type: T }>['data'];

/** The life of an order after it was placed. Every fact of the others is taken in every state; none is refused. */
export const orderDecider: Decider<OrderCommand, OrderEvent, OrderState, never> = {
  initialState: initialOrder,
  decide: decideStanding,
  evolve,
};

function decideStanding(command: OrderCommand, state: OrderState): OrderDecision {
  const decision = decideInTurn(command, state);
  return decision.accepted ? accept(...heldWhileItLasts(state, decision.events)) : decision;
}

/** Keeps what came before its turn; when an order is confirmed or over, what was kept follows. */
function decideInTurn(command: OrderCommand, state: OrderState): OrderDecision {
  if (isFulfillments(command) && state.unitsConfirmed === null && !isFinal(stageOf(state))) {
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

function decide(command: OrderCommand, state: OrderState): OrderDecision {
  switch (command.type) {
    case 'NoteRelease':
      return stageOf(state) === 'CONFIRMED'
        ? accept<OrderEvent>({ type: 'OrderReleased', data: { shipmentId: command.data.shipmentId } })
        : accept();
    case 'NoteShipment':
      return noteShipment(command.data, state);
    case 'NotePaymentHeld':
      return accept(...notePaymentHeld(command.data, state));
    case 'NotePaymentResumed':
      return accept(...notePaymentResumed(command.data, state));
    default:
      return isFinal(stageOf(state)) ? accept() : accept(...decideLiving(command, state));
  }
}

/** `closed` absorbs: nothing of this is decided once an order is over. */
function decideLiving(command: LivingCommand, state: OrderState): OrderEvent[] {
  switch (command.type) {
    case 'OpenBook':
      return state.book === null ? [{ type: 'BookOpened', data: command.data }] : [];
    case 'NoteStockReserved':
      return noteStockReserved(command.data, state);
    case 'NoteStockBackordered':
      return noteStockBackordered(state);
    case 'NoteStockShort':
      return noteStockShort(command.data, state);
    case 'NoteClaimsReduced':
      return withSettled(state, { type: 'ClaimsReduced', data: command.data });
    case 'NoteClaimsBroken':
      return state.book === null ? [] : breakClaims(state, state.book, command.data);
    case 'NotePaymentAuthorised':
      return notePaymentAuthorised(command.data.wave, state);
    case 'NotePaymentDeclined':
      return notePaymentDeclined(command.data, state);
    case 'NoteUnitsMissing':
      return noteUnitsMissing(command.data, state);
    case 'HoldOrder':
      return holdOrder(command.data, state);
    default:
      return unreachable(command);
  }
}

function withSettled(state: OrderState, note: OrderNote, detail?: string): OrderEvent[] {
  return [note, ...settle(evolve(state, note), detail)];
}

function noteStockReserved(
  { wave, lines, backordered }: Told<'NoteStockReserved'>,
  state: OrderState,
): OrderEvent[] {
  const { book } = state;
  if (book !== null) {
    if (wave <= book.heardWave) return [];
    const restWaits = book.restWaits && !isAllThereIs(state, book, lines, backordered);
    return withSettled(state, { type: 'WaveClaimed', data: { wave, lines, restWaits } });
  }
  if (stageOf(state) !== 'PLACED' || state.stock !== 'OPEN') return [];
  const note: OrderNote = { type: 'StockNoted', data: { stock: 'RESERVED' } };
  return state.payment === 'AUTHORISED' ? [note, confirmedWhole] : [note];
}

/** True when what the first reservation leaves out is not going to come. An order that waited for it waits on. */
function isAllThereIs(
  state: OrderState,
  book: OrderBook,
  lines: SkuQuantities | null,
  backordered: SkuQuantities | null,
): boolean {
  const isFirst = book.heardWave === 0 && stageOf(state) === 'PLACED';
  return isFirst && lines !== null && (backordered ?? []).length === 0;
}

function noteStockBackordered(state: OrderState): OrderEvent[] {
  const { book } = state;
  if (book === null || book.heardWave > 0 || stageOf(state) !== 'PLACED') return [];
  return [{ type: 'OrderBackordered', data: { lines: waitingLines(book) } }];
}

function noteStockShort({ detail }: Told<'NoteStockShort'>, state: OrderState): OrderEvent[] {
  if (stageOf(state) !== 'PLACED' || state.stock !== 'OPEN') return [];
  return [
    { type: 'StockNoted', data: { stock: 'SHORT' } },
    { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail } },
  ];
}

const confirmedWhole: OrderFact = { type: 'OrderConfirmed', data: { lines: null, backordered: null } };

function isDecided(wave: number, { book, payment }: OrderState): boolean {
  if (wave === 1) return payment !== 'OPEN';
  return book?.waves.some((each) => each.wave === wave && each.payment !== 'OPEN') ?? false;
}

function paymentNote(wave: number, payment: 'AUTHORISED' | 'DECLINED'): OrderNote | BookNote {
  return wave === 1
    ? { type: 'PaymentNoted', data: { payment } }
    : { type: 'WavePaid', data: { wave, payment } };
}

function notePaymentAuthorised(wave: number, state: OrderState): OrderEvent[] {
  if (isDecided(wave, state)) return [];
  const note = paymentNote(wave, 'AUTHORISED');
  if (state.book !== null) return withSettled(state, note);
  return state.stock === 'RESERVED' ? [note, confirmedWhole] : [note];
}

/** Of an order that is not confirmed the first payment decides; what a later one was for does not come. */
function notePaymentDeclined({ wave, detail }: Told<'NotePaymentDeclined'>, state: OrderState): OrderEvent[] {
  if (isDecided(wave, state)) return [];
  const note = paymentNote(wave, 'DECLINED');
  if (state.unitsConfirmed === null && wave === 1)
    return [note, { type: 'OrderRejected', data: { reason: PAYMENT_DECLINED, detail } }];
  if (state.unitsConfirmed === null) return withSettled(state, note, detail);
  if (state.book === null) return [note];
  return [note, ...cancelRest(state, state.book, { reason: PAYMENT_DECLINED, by: null })];
}

function noteShipment({ shipmentId, lines }: Told<'NoteShipment'>, state: OrderState): OrderDecision {
  const units = unitsOf(lines);
  const note: OrderNote = { type: 'ShipmentNoted', data: { units } };
  // Goods of an order that is over should not have left; where they did, they are counted.
  if (state.unitsConfirmed === null || isFinal(stageOf(state))) return accept<OrderEvent>(note);
  if (state.unitsShipped + units >= state.unitsConfirmed && unitsWaiting(state.book) === 0) {
    return accept<OrderEvent>(note, { type: 'OrderShipped', data: { shipmentId } });
  }
  return accept<OrderEvent>(note, { type: 'OrderPartiallyShipped', data: { shipmentId, lines } });
}
