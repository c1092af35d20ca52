import type { KeyVerdict, Sql } from '@crossdock/event-store';

/** A client's key, in the scope of who sent it, and what it was sent with. */
export type RequestKey = Readonly<{ scope: string; operation: string; key: string; fingerprint: string }>;

/**
 * What stands under a key, before anything is decided: the figures of today say nothing of a request that was done yesterday.
 * Answering for it is a commit of its own. Whoever writes for a NEW key looks again.
 */
export async function standingUnder(
  sql: Sql,
  { scope, operation, key, fingerprint }: RequestKey,
): Promise<Readonly<{ verdict: KeyVerdict; result: string | null }>> {
  const [row] = await sql<{ verdict: KeyVerdict; result: string | null }[]>`
    SELECT verdict, result FROM log_check_keys(
      ARRAY[${scope}]::text[], ${operation}, ARRAY[${key}]::text[], ARRAY[${fingerprint}]::text[])`;
  if (row === undefined) throw new Error('log_check_keys answered nothing');
  return row;
}
