import type { Sql } from './client.ts';

/** Milliseconds a lease lives without renewal, by the database's clock. One renewal a second. */
export const LEASE_TTL_MS = 4_000;
export const LEASE_RENEW_MS = 1_000;

/** Milliseconds after expiry that whoever does not hold the lock hint leaves to its holder. */
export const LEASE_GRACE_MS = 1_000;

/** Takes the lease when ours, released, or expired for `graceMs`; answers its epoch, or null while another holds it. */
export async function acquireLease(
  sql: Sql,
  name: string,
  owner: string,
  graceMs: number,
): Promise<number | null> {
  const [row] = await sql<{ epoch: string | null }[]>`
    SELECT lease_acquire(${name}, ${owner}, ${LEASE_TTL_MS}, ${graceMs})::text AS epoch`;
  return row?.epoch == null ? null : Number(row.epoch);
}

/** False when the lease expired or is another's: stop at once. */
export async function renewLease(sql: Sql, name: string, owner: string, epoch: number): Promise<boolean> {
  const [row] = await sql<
    { kept: boolean }[]
  >`SELECT lease_renew(${name}, ${owner}, ${epoch}, ${LEASE_TTL_MS}) AS kept`;
  return row?.kept === true;
}

/** Lets another take over at once. */
export async function releaseLease(sql: Sql, name: string, owner: string, epoch: number): Promise<void> {
  await sql`SELECT lease_release(${name}, ${owner}, ${epoch})`;
}
