// Looks for authorisations that die before all of theirs is taken, and has them asked for again in time.
import { faultKind, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import type { Poke } from '../ports.ts';
import { loadDying } from '../store/dying-authorisations.ts';
import { loadPayments } from '../store/payment-rows.ts';
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
  /** How long before an authorisation dies it is renewed, in milliseconds; well below what providers let them live. */
  renewBeforeMs: number;
  onCallsQueued: () => void;
}>;

/** Asks for the renewal of orders whose authorisation dies next; answers how many orders were looked at. */
async function renewSome({ sql, renewBeforeMs, ...options }: RenewerOptions, epoch: number): Promise<number> {
  const { orderIds, before } = await loadDying(sql, renewBeforeMs, ORDERS_A_WRITE);
  if (orderIds.length === 0) return 0;
  const stored = await loadPayments(sql, orderIds);
  const book = openPaymentBook(stored, []);
  for (const { orderId, partnerId, partition } of stored) {
    const cause = { id: null, traceparent: null, partnerId, partition };
    book.decide(orderId, cause, () => ({ type: 'RenewAuthorisation', data: { before } }));
  }
  const changes = book.changes();
  await writePayments(sql, { epoch, settled: [] }, changes);
  options.poke();
  if (changes.calls.length > 0) options.onCallsQueued();
  return orderIds.length;
}

async function renewSafely(options: RenewerOptions, epoch: number): Promise<number> {
  for (let round = 1; ; round += 1) {
    try {
      return await renewSome(options, epoch);
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** One look: as many writes as there are orders for. */
export async function renewDying(options: RenewerOptions, epoch: number): Promise<void> {
  for (let write = 0; write < WRITES_A_LOOK; write += 1)
    if ((await renewSafely(options, epoch)) < ORDERS_A_WRITE) return;
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
