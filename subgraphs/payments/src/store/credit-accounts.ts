import type { Sql } from '@crossdock/event-store';
import type { CreditAccount } from '../domain/credit.ts';

/** A partner's credit as it stands; `version` is that of its stream of credit. */
export type StoredCredit = Readonly<{
  partnerId: string;
  version: number;
  termsDays: number;
  /** Money of the partner that settled no invoice yet, in minor units. */
  unappliedMinor: number;
  account: CreditAccount;
}>;

type Row = Readonly<{
  partner_id: string;
  version: number;
  currency_code: string;
  limit: number;
  exposure: number;
  unapplied: number;
  limit_set: boolean;
  terms_days: number;
}>;

/** Reads the credit accounts of the given partners. */
export async function loadCredit(sql: Sql, partnerIds: readonly string[]): Promise<StoredCredit[]> {
  const rows = await sql<Row[]>`
    SELECT partner_id, version, currency_code, limit_minor::float8 AS limit, exposure_minor::float8 AS exposure,
           unapplied_minor::float8 AS unapplied, limit_set, terms_days
    FROM credit_accounts WHERE partner_id = ANY (${[...partnerIds]}::text[])`;
  return rows.map((row) => ({
    partnerId: row.partner_id,
    version: row.version,
    termsDays: row.terms_days,
    unappliedMinor: row.unapplied,
    account: {
      currencyCode: row.currency_code,
      limitMinor: row.limit,
      exposureMinor: row.exposure,
      limitSet: row.limit_set,
    },
  }));
}

/** A limit about to be set, at the version it was decided on. */
export type LimitWrite = Readonly<{
  partnerId: string;
  expectedVersion: number;
  partition: number;
  currencyCode: string;
  limitMinor: number;
  termsDays: number;
  eventId: string;
  data: object;
  metadata: object;
}>;

/** What stands under an idempotency key, and the result stored with it. */
export type KeyVerdict = Readonly<{
  verdict: 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';
  result: string | null;
}>;

export type KeyWrite = Readonly<{ scope: string; key: string; fingerprint: string; result: string }>;

/** Tells what stands under the key, storing nothing. A replay is a write of its own, and so proves what it answers. */
export async function checkLimitsKey(
  sql: Sql,
  { scope, key, fingerprint }: Omit<KeyWrite, 'result'>,
): Promise<KeyVerdict> {
  const [row] = await sql<KeyVerdict[]>`
    SELECT verdict, result FROM log_check_keys(ARRAY[${scope}::text], 'setCreditLimits', ARRAY[${key}::text], ARRAY[${fingerprint}::text])`;
  if (row === undefined) throw new Error('log_check_keys answered nothing');
  return row;
}

/** Sets limits and stores the key in one call; answers what stands under the key. */
export async function setLimits(sql: Sql, key: KeyWrite, limits: readonly LimitWrite[]): Promise<KeyVerdict> {
  const [row] = await sql<KeyVerdict[]>`
    SELECT verdict, result FROM credit_set_limits(
      ${key.scope}, ${key.key}, ${key.fingerprint}, ${key.result},
      ${limits.map((each) => each.partnerId)}::text[], ${limits.map((each) => each.expectedVersion)}::int[],
      ${limits.map((each) => each.partition)}::int[], ${limits.map((each) => each.currencyCode)}::text[],
      ${limits.map((each) => each.limitMinor)}::bigint[], ${limits.map((each) => each.termsDays)}::int[], ${limits.map((each) => each.eventId)}::uuid[],
      ${limits.map((each) => JSON.stringify(each.data))}::text[], ${limits.map((each) => JSON.stringify(each.metadata))}::text[])`;
  if (row === undefined) throw new Error('credit_set_limits answered nothing');
  return row;
}
