import { faultKind, remindLetters, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import type { Healing, PaymentBreak } from '../domain/payment-break.ts';
import type { Providers } from '../ports.ts';
import type { FoundBreak } from '../store/payment-breaks.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { letterKeyOf, lettersOf } from './call-letters.ts';
import { openPaymentBook } from './payment-book.ts';

/** Whose dead letters the held calls are: payments' own. */
const CONSUMER = 'payments';

/** Rounds an end is decided again because its payment changed meanwhile; then it waits for the next comparison. */
const ROUNDS_MAX = 3;

export type HealOptions = Readonly<{
  sql: Sql;
  providers: Providers;
  logger: Logger;
  /** Of the code, for dead letters. */
  codeVersion: string;
  /** Of the worker lease. */
  epoch: number;
}>;

type Release = Extract<Healing, { kind: 'release' }>;
type Ended = Extract<Healing, { kind: 'ended' }>;

/**
 * Releases a stray authorisation, once it was read again and holds money still. The key follows from it, so that two that heal at
 * once release it once. Answers what settled the difference; null when it stands.
 */
async function release(
  { providers, logger }: HealOptions,
  orderId: string | null,
  { provider: name, authorisationId }: Release,
): Promise<string | null> {
  const provider = providers.named(name);
  if (provider === null || orderId === null) return null;
  const read = await provider.read(authorisationId);
  if (read.kind !== 'done') return null;
  if (read.value.status !== 'AUTHORISED') return 'The provider holds nothing any more.';
  if (read.value.captures.length > 0) return null;
  const answer = await provider.release(authorisationId, `${orderId}:heal-void:${authorisationId}`);
  if (answer.kind !== 'done') return null;
  logger.warn({ orderId, authorisationId, provider: name }, 'a stray authorisation was voided');
  return 'Voided at the provider.';
}

/** Commits that an authorisation ended, and with it that the card is asked for what it leaves; false when that was known already. */
async function commitEnd(
  { sql, epoch, codeVersion }: HealOptions,
  orderId: string,
  ended: Ended,
): Promise<boolean> {
  const stored = await loadPayments(sql, [orderId]);
  const book = openPaymentBook(stored, []);
  for (const { partnerId, partition } of stored) {
    const cause = { id: null, traceparent: null, partnerId, partition };
    const data = { wave: ended.wave, taken: ended.taken };
    book.decide(orderId, cause, () => ({ type: 'RecordAuthorisationEnded', data }));
  }
  const changes = book.changes();
  if (changes.payments.length === 0) return false;
  const letters = lettersOf(book.held(), [], codeVersion);
  await writePayments(sql, { epoch, settled: [] }, { ...changes, letters });
  return true;
}

/** What an authorisation that ended leaves to be taken is asked of the card again. Rejects with LEASE_LOST under an old epoch. */
async function end(options: HealOptions, orderId: string | null, ended: Ended): Promise<string | null> {
  if (orderId === null) return null;
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    try {
      if (!(await commitEnd(options, orderId, ended))) return null;
      options.logger.warn({ orderId, wave: ended.wave }, 'an authorisation ended at its provider');
      return 'The card is asked again for what is still to be taken.';
    } catch (error) {
      if (faultKind(error) !== 'guard-lost') throw error;
    }
  }
  return null;
}

function healNow(options: HealOptions, { healing, orderId }: PaymentBreak): Promise<string | null> {
  if (healing?.kind === 'release') return release(options, orderId, healing);
  if (healing?.kind === 'ended') return end(options, orderId, healing);
  return Promise.resolve(null);
}

/**
 * Settles what can be settled safely: nothing is ever taken or given back. The held call of an order is asked for once more: it reads
 * what it did, and the difference is gone by the next comparison.
 */
export async function healBreaks(
  options: HealOptions,
  breaks: readonly PaymentBreak[],
): Promise<FoundBreak[]> {
  const found: FoundBreak[] = [];
  const replayed = new Set<string>();
  for (const each of breaks) {
    const { healing, orderId } = each;
    const healed = await healNow(options, each);
    if (healing?.kind === 'replay' && orderId !== null)
      for (const call of healing.calls) replayed.add(letterKeyOf({ ...call, orderId }));
    found.push({ found: each, healed });
  }
  const reason = 'The provider shows that the held call was done.';
  const reminders = [...replayed].map((key) => ({ key, reason }));
  if (reminders.length > 0) await remindLetters(options.sql, CONSUMER, reminders);
  return found;
}
