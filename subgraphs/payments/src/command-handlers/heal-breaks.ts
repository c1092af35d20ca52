import { remindLetters, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import type { Healing, PaymentBreak } from '../domain/payment-break.ts';
import type { Providers } from '../ports.ts';
import type { FoundBreak } from '../store/payment-breaks.ts';
import { letterKeyOf } from './call-letters.ts';

/** Whose dead letters the held calls are: payments' own. */
const CONSUMER = 'payments';

export type HealOptions = Readonly<{ sql: Sql; providers: Providers; logger: Logger }>;

type Release = Extract<Healing, { kind: 'release' }>;

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
    const healed = healing?.kind === 'release' ? await release(options, orderId, healing) : null;
    if (healing?.kind === 'replay' && orderId !== null)
      for (const call of healing.calls) replayed.add(letterKeyOf({ ...call, orderId }));
    found.push({ found: each, healed });
  }
  const reason = 'The provider shows that the held call was done.';
  const reminders = [...replayed].map((key) => ({ key, reason }));
  if (reminders.length > 0) await remindLetters(options.sql, CONSUMER, reminders);
  return found;
}
