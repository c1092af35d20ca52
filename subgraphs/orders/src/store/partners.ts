import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';

/** A partner as it stands. */
export type Partner = Readonly<{
  partnerId: string;
  partition: number;
  name: string;
  currencyCode: string;
  paymentMethods: readonly string[];
  shipTo: object | null;
  version: number;
}>;

/** Reads the partners of the given ids. */
export async function loadPartners(sql: Sql, partnerIds: readonly string[]): Promise<Map<string, Partner>> {
  const rows = await sql<Partner[]>`
    SELECT partner_id AS "partnerId", partition, name, currency_code AS "currencyCode", payment_methods AS "paymentMethods",
           ship_to AS "shipTo", version
    FROM partners WHERE partner_id = ANY (${[...partnerIds]}::text[])`;
  return new Map(rows.map((row) => [row.partnerId, row]));
}

export type PartnerWrite = Readonly<{
  key: Readonly<{ scope: string; key: string; fingerprint: string; result: string }>;
  partners: readonly Partner[];
  events: readonly NewEvent[];
}>;

/** Writes partners at version + 1 of what was read; answers what stands under the key. */
export async function upsertPartners(
  sql: Sql,
  { key, partners, events }: PartnerWrite,
): Promise<{ verdict: string; result: string }> {
  const appended = appendArrays(events);
  const [row] = await sql<{ verdict: string; result: string }[]>`
    SELECT verdict, result FROM partners_upsert(
      ${key.scope}, ${key.key}, ${key.fingerprint}, ${key.result},
      ${partners.map((each) => each.partnerId)}::text[], ${partners.map((each) => each.partition)}::int[],
      ${partners.map((each) => each.name)}::text[], ${partners.map((each) => each.currencyCode)}::text[],
      ${partners.map((each) => each.paymentMethods.join(','))}::text[],
      ${partners.map((each) => (each.shipTo === null ? null : JSON.stringify(each.shipTo)))}::text[],
      ${partners.map((each) => each.version)}::int[], ${appended.id}::uuid[], ${appended.type}::text[], ${appended.data}::text[],
      ${appended.metadata}::text[])`;
  return row ?? { verdict: 'NEW', result: key.result };
}
