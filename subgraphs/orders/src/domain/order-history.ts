import { initialOrder, type OrderFact, type OrderState, orderDecider, type SkuQuantities } from './order.ts';

/**
 * The order after a fact of its own stream, when the facts of the others that led to it are not at hand: what they noted on the
 * order follows from the fact itself. A restored log is folded by this.
 */
export function foldFact(before: OrderState | undefined, fact: OrderFact): OrderState {
  const state = orderDecider.evolve(before ?? initialOrder, fact);
  switch (fact.type) {
    case 'OrderConfirmed':
      return { ...state, stock: 'RESERVED', payment: 'AUTHORISED', reservedLines: fact.data.lines };
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

function unitsOf(lines: SkuQuantities): number {
  return lines.reduce((units, line) => units + line.quantity, 0);
}
