import type { LetterSelection } from '@crossdock/event-store';
import { isText, type Refusal, refusal } from '@crossdock/values';
import { placeOfId } from './dead-letter-view.ts';
import { refuseIdempotencyKey } from './idempotent.ts';

/** Letters one request may name. */
const IDS_MAX = 100;
/** UTF-16 units of a key, a fingerprint and a reason. */
const TEXT_LENGTH_MAX = 255;
const REASON_LENGTH_MAX = 1_000;

/** The input of a replay or a discard as the API has it. */
export type DeadLettersInput = Readonly<{
  idempotencyKey: string;
  ids?: readonly string[] | null | undefined;
  key?: string | null | undefined;
  fingerprint?: string | null | undefined;
  dryRun?: boolean | null | undefined;
  reason?: string | null | undefined;
}>;

const invalid = (message: string, field: string) => refusal('INVALID_INPUT', { message, field: [field] });

/** Which letters are meant, or why that cannot be said. */
export function selectionOf(input: DeadLettersInput): LetterSelection | readonly Refusal[] {
  const { ids, key, fingerprint } = input;
  const given = [ids, key, fingerprint].filter((each) => each != null);
  if (given.length !== 1) return [invalid('Exactly one of ids, key and fingerprint is given.', 'ids')];
  if (ids != null) return placesOf(ids);
  if (key != null)
    return isText(key, TEXT_LENGTH_MAX)
      ? { by: 'key', key }
      : [invalid('key has 1 to 255 characters.', 'key')];
  if (fingerprint != null && isText(fingerprint, TEXT_LENGTH_MAX)) return { by: 'fingerprint', fingerprint };
  return [invalid('fingerprint has 1 to 255 characters.', 'fingerprint')];
}

function placesOf(ids: readonly string[]): LetterSelection | readonly Refusal[] {
  if (ids.length === 0 || ids.length > IDS_MAX) return [invalid(`ids has 1 to ${IDS_MAX} entries.`, 'ids')];
  const places = ids.map(placeOfId);
  const unknown = places.flatMap((place, index) => (place === null ? [unknownLetter(index)] : []));
  if (unknown.length > 0) return unknown;
  return { by: 'places', places: places.flatMap((place) => place ?? []) };
}

/** The refusal of a letter that is not there; `index` is its place among the ids. */
export function unknownLetter(index: number): Refusal {
  return refusal('UNKNOWN_DEAD_LETTER', { field: ['ids', String(index)] });
}

/** The refusal of a key or a group that holds no parked letter. */
export function noLetterOf(by: 'key' | 'fingerprint'): Refusal {
  return refusal('UNKNOWN_DEAD_LETTER', { message: `No parked letter has this ${by}.`, field: [by] });
}

/** Why the idempotency key or the reason will not do; a discard needs a reason. */
export function refuseRequest(input: DeadLettersInput, reasonNeeded: boolean): Refusal[] {
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  const { reason } = input;
  const goodReason = reason == null ? !reasonNeeded : isText(reason, REASON_LENGTH_MAX);
  return [
    ...(badKey === null ? [] : [badKey]),
    ...(goodReason ? [] : [invalid('reason has 1 to 1,000 characters.', 'reason')]),
  ];
}
