import { type Hold, isFinal, type OrderStage, type OrderState, type OrderStatus, stageOf } from './order-state.ts';

/** Whose it is when an order that was to come whole cannot. */
export const SALES_OPERATIONS = 'sales operations';

/** Where an order stands with these units confirmed (null before that) and waiting. A hold ends only when what it was for does. */
export function statusWith(state: OrderState, confirmed: number | null, waiting: number): OrderStatus {
  const stage = stageOf(state);
  // A placed order is never NONE.
  if (stage === 'NONE') return 'PLACED';
  const next = confirmed === null ? stage : stageWith(stage, confirmed, waiting, state.unitsShipped);
  if (next !== stage || isFinal(stage)) return next;
  const isRelieved = waiting === 0 && state.hold?.owner === SALES_OPERATIONS;
  return state.status === 'ON_HOLD' && !isRelieved ? 'ON_HOLD' : stage;
}

function stageWith(stage: OrderStage, confirmed: number, waiting: number, shipped: number): OrderStage {
  if (confirmed === 0 && shipped === 0) return waiting > 0 ? 'BACKORDERED' : stage;
  return waiting === 0 && shipped >= confirmed ? 'SHIPPED' : stage;
}

/** The hold of an order that was to come whole. */
export function heldSinceBroken(units: number, cause: string): Hold {
  const reason = `The order was to come whole, and ${units} of its units are not there (${cause}): they wait for receipts.`;
  return { reason, owner: SALES_OPERATIONS };
}
