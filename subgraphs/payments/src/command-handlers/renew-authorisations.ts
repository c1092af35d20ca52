// Looks for authorisations that die before all of theirs is taken, and has them asked for again in time.
import { faultKind, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import type { Poke } from '../ports.ts';
import {
  type AuthorisedSince,
  type DyingPlace,
  loadAuthorisedSince,
  loadDying,
} from '../store/dying-authorisations.ts';
import { loadPayments, type StoredPayment } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { openPaymentBook } from './payment-book.ts';

/** Milliseconds between looks; an authorisation is renewed long before it dies. */
const LOOK_EVERY_MS = 60_000;
/** How soon a lease that was taken over is noticed, in milliseconds: its holder looks at once. */
const NOTICE_MS = 1_000;
/** Orders of one write, and writes of one look: what is left has the next one. */
const ORDERS_A_WRITE = 100;
const WRITES_A_LOOK = 50;
/** Rounds a write is decided again because a payment changed meanwhile; then it waits for the next look. */
const ROUNDS_MAX = 3;

export type RenewerOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  poke: Poke;
  /** Only the process that holds the worker's lease renews, and writes under its epoch. */
  leaseEpoch: () => number | null;
  /** How long before an authorisation dies it is renewed, in milliseconds; never before it has lived half its life. */
  renewBeforeMs: number;
  onCallsQueued: () => void;
}>;

/** The waves whose authorisation has more of its life before it than behind it. Of what has no date none is known. */
function youngOf(
  { orderId, state }: StoredPayment,
  since: readonly AuthorisedSince[],
  nowMs: number,
): number[] {
  return state.waves.flatMap(({ wave, expiresAt }) => {
    const stands = since.find((each) => each.orderId === orderId && each.wave === wave);
    if (stands === undefined || expiresAt === null) return [];
    return nowMs - stands.sinceMs < Date.parse(expiresAt) - nowMs ? [wave] : [];
  });
}

/** Asks for the renewal of orders behind `after` whose authorisation dies next; answers where to go on, or null at the end. */
async function renewSome(
  { sql, renewBeforeMs, ...options }: RenewerOptions,
  epoch: number,
  after: DyingPlace | null,
): Promise<DyingPlace | null> {
  const { orderIds, before, nowMs, last } = await loadDying(sql, renewBeforeMs, ORDERS_A_WRITE, after);
  if (orderIds.length === 0) return null;
  const stored = await loadPayments(sql, orderIds);
  const since = await loadAuthorisedSince(sql, orderIds);
  const book = openPaymentBook(stored, []);
  for (const payment of stored) {
    const { orderId, partnerId, partition } = payment;
    const cause = { id: null, traceparent: null, partnerId, partition };
    const young = youngOf(payment, since, nowMs);
    book.decide(orderId, cause, () => ({ type: 'RenewAuthorisation', data: { before, young } }));
  }
  const changes = book.changes();
  const next = orderIds.length < ORDERS_A_WRITE ? null : last;
  if (changes.payments.length === 0) return next;
  await writePayments(sql, { epoch, settled: [] }, changes);
  options.poke();
  if (changes.calls.length > 0) options.onCallsQueued();
  return next;
}

async function renewSafely(
  options: RenewerOptions,
  epoch: number,
  after: DyingPlace | null,
): Promise<DyingPlace | null> {
  for (let round = 1; ; round += 1) {
    try {
      return await renewSome(options, epoch, after);
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** One look, at each order once; the first to die come first, so that none dies behind those that are too young. */
export async function renewDying(options: RenewerOptions, epoch: number): Promise<void> {
  let after: DyingPlace | null = null;
  for (let write = 0; write < WRITES_A_LOOK; write += 1) {
    after = await renewSafely(options, epoch, after);
    if (after === null) return;
  }
}

/** Looks each minute and after each take-over of the lease. A fault costs a look, nothing else. */
export function startRenewer(options: RenewerOptions): Looks {
  const last = { epoch: -1, atMs: 0 };
  return startLooks(async () => {
    const epoch = options.leaseEpoch();
    if (epoch === null || (epoch === last.epoch && performance.now() - last.atMs < LOOK_EVERY_MS)) return;
    Object.assign(last, { epoch, atMs: performance.now() });
    try {
      await renewDying(options, epoch);
    } catch (error) {
      options.logger.warn({ kind: faultKind(error), err: error }, 'authorisations cannot be renewed now');
    }
  }, NOTICE_MS);
}
