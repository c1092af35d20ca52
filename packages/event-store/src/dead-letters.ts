// Dead letters as people see them: lists, groups, and what happened to each. It reads; letter-requests.ts asks and settles.
import type { Sql } from './client.ts';
import type { LetterPlace } from './offsets.ts';

export const LETTER_STATUSES = ['parked', 'replayed', 'discarded'] as const;
export type LetterStatus = (typeof LETTER_STATUSES)[number];

export const LETTER_ACTIONS = [
  'PARKED',
  'REPLAY_REQUESTED',
  'REPLAYED',
  'REPLAY_FAILED',
  'REPLAY_STOPPED',
  'DISCARD_REQUESTED',
  'DISCARDED',
  'DISCARD_FAILED',
] as const;
export type LetterActionName = (typeof LETTER_ACTIONS)[number];

/** What was done about a letter, and in whose name. */
export type LetterAction = Readonly<{
  action: LetterActionName;
  actor: string;
  reason: string | null;
  error: string | null;
  at: Date;
}>;

/** A dead letter as it stands. `event` is the travelling event, secrets and all: show it to nobody as it is. */
export type DeadLetter = LetterPlace &
  Readonly<{
    ordinal: string;
    key: string;
    event: Readonly<Record<string, unknown>>;
    error: string;
    fingerprint: string;
    attempts: number;
    codeVersion: string;
    trace: string | null;
    status: LetterStatus;
    /** Something was asked and is not done yet. */
    requested: boolean;
    parkedAt: Date;
    actions: readonly LetterAction[];
  }>;

/** Parked letters of one type that failed for the same reason; `sample` is the oldest. */
export type LetterGroup = Readonly<{
  fingerprint: string;
  type: string;
  count: number;
  oldest: Date;
  sample: LetterPlace;
}>;

/** Newest actions a letter is shown with; older ones stay in the table. */
const ACTIONS_SHOWN = 100;
/** Groups one answer holds; the largest first. */
const GROUPS_SHOWN = 100;

type Row = Omit<DeadLetter, 'actions'>;

const COLUMNS = `source, partition, position::float8 AS position, ordinal::text, key, event, error, fingerprint, attempts,
  code_version AS "codeVersion", trace, status, request IS NOT NULL AS requested, parked_at AS "parkedAt"`;

const idOf = ({ source, partition, position }: LetterPlace) => `${source}:${partition}:${position}`;

/** Adds to letters what happened to them. */
async function withActions(sql: Sql, consumer: string, rows: readonly Row[]): Promise<DeadLetter[]> {
  const found = await sql<(LetterPlace & LetterAction)[]>`
    SELECT u.source, u.partition, u.position::float8 AS position, a.action, a.actor, a.reason, a.error, a.at
    FROM jsonb_to_recordset(${JSON.stringify(rows.map(placeOf))}::text::jsonb) AS u (source text, partition int, position bigint)
    CROSS JOIN LATERAL (
      SELECT * FROM dead_letter_actions x
      WHERE x.consumer = ${consumer} AND x.source = u.source AND x.partition = u.partition AND x.position = u.position
      ORDER BY x.ordinal DESC LIMIT ${ACTIONS_SHOWN}) a
    ORDER BY a.ordinal`;
  const actions = Map.groupBy(found, idOf);
  return rows.map((row) => ({
    ...row,
    actions: (actions.get(idOf(row)) ?? []).map(({ action, actor, reason, error, at }) => ({
      ...{ action, actor, reason, error, at },
    })),
  }));
}

/** The place alone, as the database's functions take it. */
export function placeOf({ source, partition, position }: LetterPlace): LetterPlace {
  return { source, partition, position };
}

export type LetterFilter = Readonly<{
  status: LetterStatus | null;
  key: string | null;
  fingerprint: string | null;
}>;

/** Letters behind the ordinal `after`, in the order of parking, which is the order of replay. */
export async function listLetters(
  sql: Sql,
  consumer: string,
  filter: LetterFilter,
  after: string | null,
  limit: number,
): Promise<DeadLetter[]> {
  const { status, key, fingerprint } = filter;
  const rows = await sql<Row[]>`
    SELECT ${sql.unsafe(COLUMNS)} FROM dead_letters
    WHERE consumer = ${consumer} AND ordinal > ${after ?? '0'}::bigint
      AND (${status}::text IS NULL OR status = ${status}) AND (${key}::text IS NULL OR key = ${key})
      AND (${fingerprint}::text IS NULL OR fingerprint = ${fingerprint})
    ORDER BY ordinal LIMIT ${limit}`;
  return withActions(sql, consumer, rows);
}

/** The letters of these places that exist, in the order of parking. */
export async function lettersAt(
  sql: Sql,
  consumer: string,
  places: readonly LetterPlace[],
): Promise<DeadLetter[]> {
  const rows = await sql<Row[]>`
    SELECT ${sql.unsafe(COLUMNS)} FROM dead_letters d
    WHERE d.consumer = ${consumer} AND EXISTS (
      SELECT 1 FROM jsonb_to_recordset(${JSON.stringify(places.map(placeOf))}::text::jsonb)
        AS u (source text, partition int, position bigint)
      WHERE u.source = d.source AND u.partition = d.partition AND u.position = d.position)
    ORDER BY d.ordinal`;
  return withActions(sql, consumer, rows);
}

/** Parked letters by what they failed for, the largest group first. */
export async function groupLetters(sql: Sql, consumer: string): Promise<LetterGroup[]> {
  const rows = await sql<(Omit<LetterGroup, 'sample'> & LetterPlace)[]>`
    SELECT g.fingerprint, g.type, g.count, g.oldest, d.source, d.partition, d.position::float8 AS position
    FROM (SELECT fingerprint, event ->> 'type' AS type, count(*)::int AS count, min(parked_at) AS oldest, min(ordinal) AS first
          FROM dead_letters WHERE consumer = ${consumer} AND status = 'parked' GROUP BY 1, 2) g
    JOIN dead_letters d ON d.consumer = ${consumer} AND d.ordinal = g.first
    ORDER BY g.count DESC, g.first LIMIT ${GROUPS_SHOWN}`;
  return rows.map((row) => ({
    ...{ fingerprint: row.fingerprint, type: row.type, count: row.count, oldest: row.oldest },
    sample: placeOf(row),
  }));
}

/** What of a consumer waits for a person. */
export type ParkedCount = Readonly<{ letters: number; keys: number }>;

/** How many letters wait for a person, and under how many keys: two small indexes tell. */
export async function countParked(sql: Sql, consumer: string): Promise<ParkedCount> {
  const [row] = await sql<ParkedCount[]>`
    SELECT (SELECT count(*)::int FROM dead_letters WHERE consumer = ${consumer} AND status = 'parked') AS letters,
           (SELECT count(*)::int FROM parked_keys WHERE consumer = ${consumer}) AS keys`;
  return row ?? { letters: 0, keys: 0 };
}
