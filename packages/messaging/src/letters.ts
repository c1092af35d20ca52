// From an event that could not be applied to the dead letter that a person reads, and back.
import { createHash } from 'node:crypto';
import { SOURCES, type Source, travellingEvent } from '@crossdock/contracts';
import type { LetterPlace, Parked } from '@crossdock/event-store';
import { z } from 'zod';
import type { ArrivedEvent } from './slice-queue.ts';

/** UTF-16 units of an error that are kept: a stack and more; what is longer tells nothing new. */
const ERROR_LENGTH_MAX = 8_000;
/** UTF-16 units of a message that its fingerprint is made of. */
const FINGERPRINTED_LENGTH_MAX = 500;
const FINGERPRINT_DIGITS = 16;

const WAITS_BEHIND = {
  error: 'Waits behind a dead letter of the same key',
  /** Waiting is no failure: these letters are a group of their own. */
  fingerprint: 'waits-behind',
  attempts: 0,
};

/** Why a letter is parked; waiting behind another is no failure and counts no attempt. */
export type Plight = Readonly<{ error: string; fingerprint: string; attempts: number }>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** What an error says, as Postgres can hold it. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.slice(0, ERROR_LENGTH_MAX).replaceAll('\u0000', '').toWellFormed();
}

/** Equal for errors that differ only in ids and figures, for events of one type: what one repair will mend. */
export function errorFingerprint(type: string, error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const kind = message.slice(0, FINGERPRINTED_LENGTH_MAX).replace(UUID, '#').replace(/\d+/g, '#');
  return createHash('sha256')
    .update(`${type}\u001f${kind.replace(/\s+/g, ' ')}`)
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

/** The plight of an event that failed `attempts` times by itself. */
export function plightOf({ event }: ArrivedEvent, error: unknown, attempts: number): Plight {
  return { error: errorText(error), fingerprint: errorFingerprint(event.type, error), attempts };
}

/** The letter of an arrived event; without a plight it merely waits behind another of its key. */
export function letterOf(
  arrived: ArrivedEvent,
  key: string,
  codeVersion: string,
  plight: Plight = WAITS_BEHIND,
): Parked {
  const { source, partition, position, event } = arrived;
  return {
    ...{ source, partition, position, key, event, codeVersion },
    ...plight,
    trace: event.metadata.traceparent ?? null,
  };
}

const source = z.enum(SOURCES);

/** The event of a stored letter; throws when it is none that this code could have parked. */
export function arrivedOf(letter: LetterPlace & Readonly<{ event: object }>): ArrivedEvent {
  const { partition, position } = letter;
  return {
    source: source.parse(letter.source),
    partition,
    position,
    event: travellingEvent.parse(letter.event),
  };
}

/** What kind of event a stored letter is of, though the rest of it may be unreadable; null when that cannot be read either. */
export function kindOf(
  letter: LetterPlace & Readonly<{ event: Readonly<Record<string, unknown>> }>,
): Readonly<{ source: Source; type: string }> | null {
  const known = source.safeParse(letter.source);
  const { type } = letter.event;
  return known.success && typeof type === 'string' ? { source: known.data, type } : null;
}
