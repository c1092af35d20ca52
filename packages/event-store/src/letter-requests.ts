// What is asked about dead letters, and what the worker that holds the lease does about it.
import type { Sql } from './client.ts';
import { placeOf } from './dead-letters.ts';
import type { LetterPlace } from './offsets.ts';
import type { KeyVerdict } from './submission.ts';

/** DRAIN is a replay that takes along what joins the key meanwhile. */
export type LetterRequest = 'REPLAY' | 'DRAIN' | 'DISCARD';

/** Which parked letters are meant. */
export type LetterSelection =
  | Readonly<{ by: 'places'; places: readonly LetterPlace[] }>
  | Readonly<{ by: 'key'; key: string }>
  | Readonly<{ by: 'fingerprint'; fingerprint: string }>;

/** What was chosen, in the order of parking, and how many more there are beyond the limit. */
export type ChosenLetters = Readonly<{ places: readonly LetterPlace[]; remaining: number }>;

const placesJson = (places: readonly LetterPlace[]) => JSON.stringify(places.map(placeOf));

type Chosen = LetterPlace & Readonly<{ total: number }>;

function chosen(rows: readonly Chosen[]): ChosenLetters {
  return { places: rows.map(placeOf), remaining: (rows[0]?.total ?? 0) - rows.length };
}

/**
 * The letters a replay takes: the selected ones and, because a key keeps its order, what is parked before them. A key is
 * taken whole, and so is every key that holds a letter of a selected fingerprint. Named letters are taken settled or not.
 */
export async function chooseForReplay(
  sql: Sql,
  consumer: string,
  selection: LetterSelection,
  limit: number,
): Promise<ChosenLetters> {
  const places = selection.by === 'places' ? placesJson(selection.places) : '[]';
  const key = selection.by === 'key' ? selection.key : null;
  const fingerprint = selection.by === 'fingerprint' ? selection.fingerprint : null;
  const rows = await sql<Chosen[]>`
    WITH selected AS MATERIALIZED (
      SELECT d.key, d.ordinal, d.status, false AS whole FROM dead_letters d
      JOIN jsonb_to_recordset(${places}::text::jsonb) AS u (source text, partition int, position bigint)
        ON d.source = u.source AND d.partition = u.partition AND d.position = u.position
      WHERE d.consumer = ${consumer}
      UNION ALL
      SELECT d.key, d.ordinal, d.status, true FROM dead_letters d
      WHERE d.consumer = ${consumer} AND d.status = 'parked' AND (d.key = ${key} OR d.fingerprint = ${fingerprint})
    ), reach AS (
      SELECT key, max(ordinal) AS last, bool_or(whole) AS whole FROM selected WHERE status = 'parked' GROUP BY key
    )
    SELECT d.source, d.partition, d.position::float8 AS position, count(*) OVER ()::int AS total
    FROM dead_letters d LEFT JOIN reach r ON r.key = d.key
    WHERE d.consumer = ${consumer}
      AND (d.status = 'parked' AND (r.whole OR d.ordinal <= r.last) OR d.ordinal IN (SELECT ordinal FROM selected))
    ORDER BY d.ordinal LIMIT ${limit}`;
  return chosen(rows);
}

/** The letters a discard takes: exactly the selected ones. Named letters are taken settled or not. */
export async function chooseForDiscard(
  sql: Sql,
  consumer: string,
  selection: LetterSelection,
  limit: number,
): Promise<ChosenLetters> {
  if (selection.by === 'places') return { places: selection.places.slice(0, limit), remaining: 0 };
  const key = selection.by === 'key' ? selection.key : null;
  const fingerprint = selection.by === 'fingerprint' ? selection.fingerprint : null;
  const rows = await sql<Chosen[]>`
    SELECT source, partition, position::float8 AS position, count(*) OVER ()::int AS total FROM dead_letters
    WHERE consumer = ${consumer} AND status = 'parked' AND (key = ${key} OR fingerprint = ${fingerprint})
    ORDER BY ordinal LIMIT ${limit}`;
  return chosen(rows);
}

export type LettersAsked = Readonly<{
  key: string;
  operation: string;
  fingerprint: string;
  consumer: string;
  request: LetterRequest;
  actor: string;
  reason: string | null;
  chosen: ChosenLetters;
}>;

/** Asks once for each idempotency key; answers the verdict on the key and the letters that were chosen under it. */
export async function askForLetters(
  sql: Sql,
  asked: LettersAsked,
): Promise<{ verdict: KeyVerdict; chosen: ChosenLetters }> {
  const { key, operation, fingerprint, consumer, request, actor, reason } = asked;
  const [row] = await sql<{ verdict: KeyVerdict; result: string | null }[]>`
    SELECT verdict, result FROM letters_request(${key}, ${operation}, ${fingerprint}, ${JSON.stringify(asked.chosen)},
      ${consumer}, ${request}, ${actor}, ${reason}, ${placesJson(asked.chosen.places)}::text::jsonb)`;
  // The stored result is what this function wrote.
  const stored = row?.result == null ? asked.chosen : (JSON.parse(row.result) as ChosenLetters);
  return { verdict: row?.verdict ?? 'IN_FLIGHT', chosen: stored };
}

/** Tells what stands under an idempotency key of `askForLetters`, storing nothing. */
export async function checkLettersKey(
  sql: Sql,
  { key, operation, fingerprint }: Pick<LettersAsked, 'key' | 'operation' | 'fingerprint'>,
): Promise<KeyVerdict> {
  const [row] = await sql<{ verdict: KeyVerdict }[]>`
    SELECT verdict FROM log_check_keys(
      ARRAY['system'], ${operation}::text, ARRAY[${key}::text], ARRAY[${fingerprint}::text])`;
  if (row === undefined) throw new Error('log_check_keys answered nothing');
  return row.verdict;
}

/** Asks, as the watchdog, that the parked letters of these keys be tried again; where none is parked nothing happens. */
export async function remindLetters(
  sql: Sql,
  consumer: string,
  reminders: readonly Readonly<{ key: string; reason: string }>[],
): Promise<void> {
  await sql`SELECT letters_remind(${consumer}, ${JSON.stringify(reminders)}::text::jsonb)`;
}

/** True while something that was asked about these letters is not done. */
export async function anyRequested(
  sql: Sql,
  consumer: string,
  places: readonly LetterPlace[],
): Promise<boolean> {
  const [row] = await sql<{ any: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM dead_letters d
      JOIN jsonb_to_recordset(${placesJson(places)}::text::jsonb) AS u (source text, partition int, position bigint)
        ON d.source = u.source AND d.partition = u.partition AND d.position = u.position
      WHERE d.consumer = ${consumer} AND d.request IS NOT NULL) AS any`;
  return row?.any === true;
}

/** A letter that somebody asked about, as the worker needs it; `actor` asked last. */
export type RequestedLetter = LetterPlace &
  Readonly<{
    key: string;
    request: LetterRequest;
    actor: string | null;
    event: Readonly<Record<string, unknown>>;
  }>;

/** What is asked and not done, in the order of parking. */
export async function loadRequestedLetters(
  sql: Sql,
  consumer: string,
  limit: number,
): Promise<RequestedLetter[]> {
  return sql<RequestedLetter[]>`
    SELECT source, partition, position::float8 AS position, key, request, requested_by AS actor, event FROM dead_letters
    WHERE consumer = ${consumer} AND request IS NOT NULL ORDER BY ordinal LIMIT ${limit}`;
}

/** Discards letters under the worker's epoch; rejects with LEASE_LOST under an old one, GUARD_LOST when one is settled. */
export async function discardLetters(
  sql: Sql,
  consumer: string,
  epoch: number,
  places: readonly LetterPlace[],
): Promise<void> {
  await sql`SELECT letters_discard(${consumer}, ${epoch}, ${placesJson(places)}::text::jsonb)`;
}

export type LetterFailure = LetterPlace &
  Readonly<{ key: string; error: string; fingerprint: string; codeVersion: string }>;

/** Writes down that a replay failed, and ends what was asked for its key; or that a discard did, and ends that. */
export async function failLetter(
  sql: Sql,
  consumer: string,
  epoch: number,
  failure: LetterFailure,
): Promise<void> {
  await sql`SELECT letters_fail(${consumer}, ${epoch}, ${JSON.stringify(failure)}::text::jsonb)`;
}
