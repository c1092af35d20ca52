import { orderDecider } from './order.ts';
import { paid, type SkuQuantities, unitsOf } from './order-book.ts';
import { initialOrder, type OrderFact, type OrderState } from './order-state.ts';

/** True for facts that tell of some lines of an order: after them it has a book. */
export function isOfLines(fact: OrderFact): boolean {
  switch (fact.type) {
    case 'OrderConfirmed':
      return fact.data.lines !== null || fact.data.backordered !== null || fact.data.wave !== undefined;
    case 'OrderBackordered':
    case 'OrderReplenished':
    case 'OrderLinesCancelled':
    case 'OrderLinesBroken':
      return true;
    default:
      return false;
  }
}

/**
 * The order after a fact of its own stream, when the facts of the others that led to it are not at hand: what they noted on the
 * order follows from the fact itself, but for inventory's claims, which are counted when its facts are heard again. A restored
 * log is folded by this. `placed` are the order's lines, needed with facts that tell of some of them.
 */
export function foldFact(
  before: OrderState | undefined,
  fact: OrderFact,
  placed: SkuQuantities | null,
): OrderState {
  const standing = before ?? initialOrder;
  const opened =
    standing.book === null && placed !== null && isOfLines(fact)
      ? orderDecider.evolve(standing, { type: 'BookOpened', data: { placed } })
      : standing;
  const state = orderDecider.evolve(opened, fact);
  switch (fact.type) {
    case 'OrderConfirmed': {
      const wave = fact.data.wave ?? 1;
      return {
        ...state,
        stock: 'RESERVED',
        payment: wave === 1 ? 'AUTHORISED' : state.payment,
        book: state.book === null ? null : paid(state.book, wave, 'AUTHORISED'),
      };
    }
    case 'OrderRejected':
      return fact.data.reason === 'STOCK_SHORT'
        ? { ...state, stock: 'SHORT' }
        : { ...state, payment: 'DECLINED' };
    case 'OrderPartiallyShipped':
      return { ...state, unitsShipped: state.unitsShipped + unitsOf(fact.data.lines) };
    case 'OrderShipped':
      return { ...state, unitsShipped: state.unitsConfirmed ?? state.unitsShipped };
    default:
      return state;
  }
}
