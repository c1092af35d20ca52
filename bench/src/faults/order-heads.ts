import type { Sql } from 'postgres';

/** The version at which each order stands, of one partner or of all: what a subscriber of the live feed has to come to. */
export async function orderHeads(
  orders: Sql,
  partnerId: string | null,
): Promise<ReadonlyMap<string, number>> {
  const rows = await orders<{ id: string; version: number }[]>`
    select order_id as id, version from orders where ${partnerId}::text is null or partner_id = ${partnerId}`;
  return new Map(rows.map(({ id, version }) => [id, version]));
}
