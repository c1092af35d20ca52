// Looks for authorisations that die before all of theirs is taken, and has them asked for again in time.
import { constraintOf, faultKind, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import type { Poke } from '../ports.ts';
import {
  type AuthorisedSince,
  type Dying,
  type DyingPlace,
  loadAuthorisedSince,
  loadDying,
} from '../store/dying-authorisations.ts';
import { loadPayments, type StoredPayment } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { openPaymentBook } from './payment-book.ts';
import { stackOf } from './told-faults.ts';

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

/** Orders of one page, and what was read of the clock with them. */
type Page = Pick<Dying, 'orderIds' | 'before' | 'nowMs'>;

/** Asks for the renewal of a page's orders in one write. */
async function renewTogether({ sql, ...options }: RenewerOptions, epoch: number, page: Page): Promise<void> {
  const { orderIds, before, nowMs } = page;
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
  if (changes.payments.length === 0) return;
  await writePayments(sql, { epoch, settled: [] }, changes);
  options.poke();
  if (changes.calls.length > 0) options.onCallsQueued();
}

/**
 * Renews a page again while its payments move, and each of its orders by itself where the write is refused or they always move: none
 * keeps those behind it from being renewed. One that fails alone has the next look.
 */
async function renewPage(options: RenewerOptions, epoch: number, page: Page): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      return await renewTogether(options, epoch, page);
    } catch (error) {
      const kind = faultKind(error);
      if (kind === 'infrastructure' || kind === 'lease-lost') throw error;
      if (kind === 'guard-lost' && round < ROUNDS_MAX) continue;
      if (page.orderIds.length > 1) return renewEach(options, epoch, page);
      const told = {
        orderId: page.orderIds[0],
        kind,
        constraint: constraintOf(error),
        stack: stackOf(error),
      };
      options.logger.error(told, 'an authorisation could not be renewed now');
      return;
    }
  }
}

async function renewEach(options: RenewerOptions, epoch: number, page: Page): Promise<void> {
  for (const orderId of page.orderIds) await renewPage(options, epoch, { ...page, orderIds: [orderId] });
}

/** One look, at each order once; the first to die come first, so that none dies behind those that are too young. */
export async function renewDying(options: RenewerOptions, epoch: number): Promise<void> {
  let after: DyingPlace | null = null;
  for (let write = 0; write < WRITES_A_LOOK; write += 1) {
    const page: Dying = await loadDying(options.sql, options.renewBeforeMs, ORDERS_A_WRITE, after);
    if (page.orderIds.length > 0) await renewPage(options, epoch, page);
    if (page.orderIds.length < ORDERS_A_WRITE) return;
    after = page.last;
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
