import type { Sql } from '@crossdock/event-store';

/** What payments keeps of a partner: where its events live and what it pays in. */
export type KnownPartner = Readonly<{ partnerId: string; partition: number; currencyCode: string }>;

/** Reads those of the given partners that have been heard of. */
export async function loadPartners(
  sql: Sql,
  partnerIds: readonly string[],
): Promise<Map<string, KnownPartner>> {
  const rows = await sql<KnownPartner[]>`
    SELECT partner_id AS "partnerId", partition, currency_code AS "currencyCode"
    FROM partners WHERE partner_id = ANY (${[...partnerIds]}::text[])`;
  return new Map(rows.map((row) => [row.partnerId, row]));
}
