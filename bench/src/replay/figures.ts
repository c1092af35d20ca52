import { createLatencies, type Latency } from '../platform/latencies.ts';
import { isFinal, type OrderState } from './order-watch.ts';
import type { Outcome } from './placing.ts';

/** One order as the client saw it; instants in ms of the wall clock. */
export interface SentOrder {
  readonly key: string;
  readonly lineCount: number;
  readonly intendedStart: number;
  readonly answeredAt: number;
  readonly outcome: Outcome;
}

/** What reached a milestone, how quickly, and how long an order took to it from its intended start. */
export interface Milestone {
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly linesPerSecond: number;
  readonly latencyMs: Latency | null;
}

type Counts = Readonly<Record<string, number>>;

export interface Figures {
  readonly sent: number;
  readonly accepted: number;
  readonly replayed: number;
  readonly retries: number;
  readonly refused: Counts;
  readonly unknown: Counts;
  /** Accepted orders by their last known status, with the reason where there is one; empty without waiting. */
  readonly ended: Counts;
  /** Accepted orders that no fact to come will change by itself. */
  readonly final: number;
  readonly meanLines: number;
  readonly placed: Milestone;
  readonly confirmed: Milestone;
  readonly shipped: Milestone;
  /** Wall clock (ms) of the last milestone that any order reached. */
  readonly lastAt: number;
}

/** Draws the figures of a run from what the client and the orders database saw. */
export function figuresOf(sent: readonly SentOrder[], states: readonly OrderState[]): Figures {
  const byId = new Map(states.map((state) => [state.id, state]));
  const stateOf = ({ outcome }: SentOrder) =>
    outcome.kind === 'acknowledged' ? byId.get(outcome.orderId) : undefined;
  const accepted = sent.filter(({ outcome }) => outcome.kind === 'acknowledged');
  const begin = sent.reduce(
    (first, { intendedStart }) => Math.min(first, intendedStart),
    Number.POSITIVE_INFINITY,
  );
  const milestone = (reachedAt: (order: SentOrder) => number | null | undefined) =>
    milestoneOf(accepted, begin, reachedAt);
  const placed = milestone(({ answeredAt }) => answeredAt);
  const confirmed = milestone((order) => stateOf(order)?.confirmedAt);
  const shipped = milestone((order) => stateOf(order)?.shippedAt);
  return {
    sent: sent.length,
    accepted: accepted.length,
    replayed: accepted.filter(({ outcome }) => outcome.kind === 'acknowledged' && outcome.replayed).length,
    retries: sent.reduce((sum, { outcome }) => sum + outcome.attempts - 1, 0),
    refused: countsOf(
      sent.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.codes.join('+')] : [])),
    ),
    unknown: countsOf(
      sent.flatMap(({ outcome }) => (outcome.kind === 'unknown' ? [outcome.codes.join('+')] : [])),
    ),
    ended: countsOf(
      states.map(({ status, statusReason }) => (statusReason ? `${status} ${statusReason}` : status)),
    ),
    final: states.filter(({ status }) => isFinal(status)).length,
    meanLines: sent.reduce((sum, { lineCount }) => sum + lineCount, 0) / Math.max(1, sent.length),
    placed: placed.figures,
    confirmed: confirmed.figures,
    shipped: shipped.figures,
    lastAt: Math.max(placed.lastAt, confirmed.lastAt, shipped.lastAt),
  };
}

function milestoneOf(
  orders: readonly SentOrder[],
  begin: number,
  reachedAt: (order: SentOrder) => number | null | undefined,
): { figures: Milestone; lastAt: number } {
  const latencies = createLatencies();
  let lines = 0;
  let lastAt = 0;
  for (const order of orders) {
    const at = reachedAt(order);
    if (at === null || at === undefined) continue;
    lines += order.lineCount;
    lastAt = Math.max(lastAt, at);
    latencies.note(at - order.intendedStart);
  }
  const seconds = (lastAt - begin) / 1000;
  const reached = latencies.count();
  const figures = {
    orders: reached,
    ordersPerSecond: reached === 0 ? 0 : reached / seconds,
    linesPerSecond: reached === 0 ? 0 : lines / seconds,
    latencyMs: latencies.read(),
  };
  return { figures, lastAt };
}

function countsOf(words: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
