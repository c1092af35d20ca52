import { awaitTwin, faultKind, fingerprint, markedByRequest, type Sql } from '@crossdock/event-store';
import { type Refusal, refusal } from '@crossdock/values';
import { type CancelRequest, checkCancellation, decideCancellation } from '../domain/cancellation.ts';
import { orderDecider } from '../domain/order.ts';
import type { SkuQuantities } from '../domain/order-book.ts';
import { isFinal, type OrderState, stageOf } from '../domain/order-state.ts';
import type { Poke } from '../ports.ts';
import { CANCEL_OPERATION, cancelOrder, loadCancellable, type RequestKey } from '../store/cancelling.ts';
import { findKey } from '../store/placing.ts';
import type { OrderProgress } from '../store/progress.ts';
import { eventsOf } from './own-facts.ts';

/** Rounds a cancellation is decided again when something was heard of the order meanwhile: it hears about a dozen facts in its life. */
const ROUNDS_MAX = 10;
const RETRY_AFTER_MS = 1_000;

export type CancelOutcome =
  | Readonly<{ orderId: string; replayed: boolean }>
  | Readonly<{ refusals: readonly Refusal[] }>;

/** Cancels an order of a partner, or units of it; the promise rejects only for faults of machinery. The caller may see the order. */
export type CancelOrder = (
  key: string,
  order: Readonly<{ orderId: string; partnerId: string }>,
  request: CancelRequest,
  actor: Readonly<{ subject: string; traceparent: string | null }>,
) => Promise<CancelOutcome>;

type Cancelling = Readonly<{
  request: CancelRequest;
  requestKey: RequestKey;
  orderId: string;
  actor: Parameters<CancelOrder>[3];
}>;
type Attempt =
  | Readonly<{ verdict: 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT' }>
  | Readonly<{ refusals: readonly Refusal[] }>;

export function createCancelOrder({ sql, poke }: Readonly<{ sql: Sql; poke: Poke }>): CancelOrder {
  return async (key, { orderId, partnerId }, request, actor) => {
    const problems = checkCancellation(request);
    if (problems.length > 0) return { refusals: problems };
    const requestKey = { scope: partnerId, key, fingerprint: fingerprint({ orderId, ...request }) };
    const cancelling = { request, requestKey, orderId, actor };
    const attempt = await awaitTwin(
      () => decideAndWrite(sql, cancelling),
      (each) => 'verdict' in each && each.verdict === 'IN_FLIGHT',
    );
    if ('refusals' in attempt) return attempt;
    switch (attempt.verdict) {
      case 'NEW':
        poke();
        return { orderId, replayed: false };
      case 'REPLAYED':
        return { orderId, replayed: true };
      case 'KEY_REUSED':
        return { refusals: [refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] })] };
      case 'IN_FLIGHT':
        return { refusals: [refusal('REQUEST_IN_PROGRESS', { retryAfterMs: RETRY_AFTER_MS })] };
    }
  };
}

/** Decides on fresh rows, and again when the order moved between reading and writing. */
async function decideAndWrite(sql: Sql, cancelling: Cancelling): Promise<Attempt> {
  const { request, requestKey, orderId, actor } = cancelling;
  for (let round = 1; ; round += 1) {
    const found = await loadCancellable(sql, orderId);
    if (found === null) return { refusals: [refusal('UNKNOWN_ORDER', { field: ['orderId'] })] };
    const { order, placed } = found;
    const opened = withBook(order.state, placed);
    const decision = decideCancellation(request, actor.subject, opened);
    if (!decision.accepted) return refusedOrDone(sql, requestKey, decision.rejection);
    const after = decision.events.reduce(orderDecider.evolve, opened);
    const events = markedByRequest(
      eventsOf(order, decision.events, causeOf(cancelling, order)),
      { ...requestKey, operation: CANCEL_OPERATION },
      orderId,
    );
    try {
      return { verdict: await cancelOrder(sql, requestKey, orderId, { before: order.state, after, events }) };
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

function withBook(state: OrderState, placed: SkuQuantities): OrderState {
  if (state.book !== null || isFinal(stageOf(state))) return state;
  return orderDecider.evolve(state, { type: 'BookOpened', data: { placed } });
}

/** The ids of what follows hang on the request and where the order stood: a key is forgotten one day and may come again. */
function causeOf({ requestKey, actor }: Cancelling, { orderId, state }: OrderProgress) {
  const { subject, traceparent } = actor;
  const trace = traceparent === null ? {} : { traceparent };
  return {
    id: `${orderId} ${CANCEL_OPERATION} ${requestKey.key} ${state.version}`,
    metadata: { correlationId: orderId, actor: subject, ...trace },
  };
}

/** What is refused now may be the replay of what was done then: the call's own commit proves it. */
async function refusedOrDone(
  sql: Sql,
  { scope, key, fingerprint: print }: RequestKey,
  refusals: readonly Refusal[],
): Promise<Attempt> {
  const { verdict } = await findKey(sql, scope, CANCEL_OPERATION, key, print);
  if (verdict === 'REPLAYED' || verdict === 'KEY_REUSED' || verdict === 'IN_FLIGHT') return { verdict };
  return { refusals };
}
