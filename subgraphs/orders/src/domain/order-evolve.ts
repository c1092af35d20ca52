import { unreachable } from '@crossdock/values';
import { coveredBy, movedOn, uncovered, withHeldCall, withoutHeldCall } from './held-payments.ts';
import {
  broken,
  cancelled,
  claimed,
  confirmed,
  type OrderBook,
  openBook,
  paid,
  replenished,
  settledWave,
  unclaimed,
  unitsOf,
} from './order-book.ts';
import {
  type BookNote,
  endsTheWait,
  isBookNote,
  isFinal,
  type MissingUnits,
  type OrderEvent,
  type OrderFact,
  type OrderState,
  stageOf,
} from './order-state.ts';

/** The order after an event. Folds an order whose book was never opened too: its units alone are kept then. */
export function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (isBookNote(event)) return evolveNotedBook(state, event);
  switch (event.type) {
    case 'StockNoted':
      return { ...state, stock: event.data.stock };
    case 'PaymentNoted':
      return {
        ...state,
        payment: event.data.payment,
        book: state.book === null ? null : paid(state.book, 1, event.data.payment),
      };
    case 'ShipmentNoted':
      return { ...state, unitsShipped: state.unitsShipped + event.data.units };
    case 'CameEarly':
      return { ...state, early: [...state.early, event.data.command] };
    case 'UnitsMissed':
      return {
        ...state,
        missing: missed(state.missing, event.data),
        heldPayments: uncovered(state.heldPayments, event.data.hold),
      };
    case 'PaymentCallHeld':
      return { ...state, heldPayments: withHeldCall(state.heldPayments, event.data) };
    case 'PaymentCallResumed':
      return { ...state, heldPayments: withoutHeldCall(state.heldPayments, event.data) };
    default: {
      const after = evolveFact(state, event);
      return {
        ...after,
        version: state.version + 1,
        early: endsTheWait(event) ? [] : state.early,
        missing: stillMissing(after, event),
        book: state.book === null ? null : evolveBook(state.book, event),
      };
    }
  }
}

type Missed = Extract<OrderEvent, { type: 'UnitsMissed' }>['data'];

function missed(missing: readonly MissingUnits[], { shipmentIds, hold }: Missed): readonly MissingUnits[] {
  const others = missing.filter(({ shipmentId }) => !shipmentIds.includes(shipmentId));
  return [...others, ...shipmentIds.map((shipmentId) => ({ shipmentId, hold }))];
}

function stillMissing(after: OrderState, fact: OrderFact): OrderState['missing'] {
  const { missing } = after;
  if (missing.length === 0) return missing;
  if (isFinal(stageOf(after))) return [];
  if (fact.type !== 'OrderPartiallyShipped') return missing;
  return missing.filter(({ shipmentId }) => shipmentId !== fact.data.shipmentId);
}

function evolveNotedBook(state: OrderState, note: BookNote): OrderState {
  if (note.type === 'BookOpened') {
    const { stock, payment, unitsConfirmed } = state;
    const so = { isReserved: stock === 'RESERVED', isConfirmed: unitsConfirmed !== null, payment };
    return { ...state, book: openBook(note.data.placed, so) };
  }
  const stock = note.type === 'WaveClaimed' ? 'RESERVED' : state.stock;
  if (state.book === null) return { ...state, stock };
  return { ...state, stock, book: noted(state.book, note, state.unitsConfirmed !== null) };
}

function noted(
  book: OrderBook,
  note: Exclude<BookNote, { type: 'BookOpened' }>,
  isConfirmed: boolean,
): OrderBook {
  switch (note.type) {
    case 'WaveClaimed':
      return { ...claimed(book, note.data.wave, note.data.lines), restWaits: note.data.restWaits };
    case 'WavePaid':
      return paid(book, note.data.wave, note.data.payment);
    case 'WaveSettled':
      return settledWave(book, note.data.wave);
    case 'ClaimsReduced':
      return unclaimed(book, note.data.lines);
    case 'ClaimsBroken': {
      const { lines, rest, cause } = note.data;
      const less = unclaimed(book, lines);
      if (isConfirmed) return less;
      if (rest === 'CANCELLED') return { ...less, restWaits: false };
      return rest === 'HELD' ? { ...less, brokenWhole: cause } : less;
    }
    default:
      return unreachable(note);
  }
}

function evolveBook(book: OrderBook, fact: OrderFact): OrderBook {
  switch (fact.type) {
    case 'OrderConfirmed':
      return confirmed(book, fact.data.wave ?? 1, fact.data.lines, fact.data.backordered ?? []);
    case 'OrderReplenished':
      return replenished(book, fact.data.wave, fact.data.lines);
    case 'OrderLinesCancelled':
      return cancelled(book, fact.data.lines);
    case 'OrderLinesBroken':
      return broken(book, fact.data.lines, fact.data.rest);
    default:
      return book;
  }
}

function evolveFact(state: OrderState, fact: OrderFact): OrderState {
  if (fact.type === 'OrderHeld') {
    const stage = stageOf(state);
    const heldFrom = stage === 'NONE' ? null : stage;
    const heldPayments = coveredBy(fact.data, state);
    return { ...state, status: 'ON_HOLD', heldFrom, hold: fact.data, heldPayments };
  }
  // These may leave an order on hold where it is; every other fact moves it on and ends its hold.
  const staysHeld = 'status' in fact.data && fact.data.status === 'ON_HOLD';
  if (staysHeld) return evolveStage(state, fact);
  const moved = evolveStage({ ...state, heldFrom: null, hold: null }, fact);
  return { ...moved, heldPayments: movedOn(state.heldPayments, moved.status) };
}

function evolveStage(state: OrderState, fact: Exclude<OrderFact, { type: 'OrderHeld' }>): OrderState {
  switch (fact.type) {
    case 'OrderPlaced':
      return { ...state, status: 'PLACED', unitsOrdered: fact.data.unitsOrdered };
    case 'OrderConfirmed': {
      const { lines } = fact.data;
      const unitsConfirmed = lines === null ? state.unitsOrdered : unitsOf(lines);
      return { ...state, status: 'CONFIRMED', unitsConfirmed };
    }
    case 'OrderBackordered':
      return { ...state, status: 'BACKORDERED' };
    case 'OrderReplenished':
      return withUnits(state, fact.data.status, unitsOf(fact.data.lines));
    case 'OrderLinesBroken':
      return withUnits(state, fact.data.status, -unitsOf(fact.data.lines));
    case 'OrderLinesCancelled':
    case 'OrderResumed':
      return { ...state, status: fact.data.status };
    case 'OrderCancelled':
      return { ...state, status: 'CANCELLED', statusReason: fact.data.reason };
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

function withUnits(state: OrderState, status: OrderState['status'], more: number): OrderState {
  return { ...state, status, unitsConfirmed: (state.unitsConfirmed ?? 0) + more };
}
