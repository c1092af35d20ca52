import { faultKind, type Inbox, type LetterPlace, placeOf, type Sql } from '@crossdock/event-store';
import { invariant } from '@crossdock/values';
import type { Consumer } from './consumer.ts';
import { applyLetters } from './letter-desk.ts';
import { arrivedOf, errorText } from './letters.ts';

/** Rounds a dry run is decided again when a guard was lost to the work that goes on beside it. */
const GUARD_ROUNDS = 3;

/** A letter as the database holds it. */
export type StoredLetter = LetterPlace & Readonly<{ event: object }>;

/** How far a replay of letters would come, and why not further. */
export type Rehearsal = Readonly<{ succeeded: number; error: string | null }>;

/**
 * Tries letters of one key, in order, in one call whose commit the database refuses: what is decided is decided for real, and
 * nothing stays. It needs no lease and counts as no attempt; it rejects on a fault of infrastructure.
 */
export async function rehearse(
  sql: Sql,
  consumer: Consumer,
  letters: readonly StoredLetter[],
): Promise<Rehearsal> {
  let error = await failureOf(sql, consumer, letters);
  if (error === null) return { succeeded: letters.length, error: null };
  // The longest run that succeeds: `good` letters do, `bad` letters do not.
  let good = 0;
  let bad = letters.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const found = await failureOf(sql, consumer, letters.slice(0, middle));
    if (found === null) good = middle;
    else [bad, error] = [middle, found];
  }
  return { succeeded: good, error };
}

/** Why these letters could not be replayed; null when they could. */
async function failureOf(
  sql: Sql,
  consumer: Consumer,
  letters: readonly StoredLetter[],
): Promise<string | null> {
  const inbox = {
    ...{ consumer: consumer.name, epoch: 0, offsets: [], parked: [], replays: letters.map(placeOf) },
    dryRun: true as const,
  };
  for (let round = 1; ; round += 1) {
    const error: unknown = await tried(sql, consumer, letters, inbox);
    invariant(error !== null, `the consumer ${consumer.name} took letters without log_consume`);
    const kind = faultKind(error);
    if (kind === 'dry-run') return null;
    if (kind === 'infrastructure') throw error;
    if (kind !== 'guard-lost' || round > GUARD_ROUNDS) return errorText(error);
  }
}

/** What the call was refused with; null when it was committed. An event that cannot be read is refused, too. */
async function tried(sql: Sql, consumer: Consumer, letters: readonly StoredLetter[], inbox: Inbox) {
  try {
    await applyLetters(sql, consumer, letters.map(arrivedOf), inbox);
    return null;
  } catch (error) {
    return error;
  }
}
