import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import type { ClaimHistory } from './resolved-once.ts';
import { grouped } from './verdict.ts';

/** What a fact is about: the field of its data that holds the id, or the ids. */
export type FactKey = 'orderId' | 'planId' | 'shipmentId' | 'shipmentIds';

/**
 * Facts of one subgraph, by name. `firstAttempt` leaves plans out that only came after another was refused; `reasons` those
 * that give another one.
 */
export interface FactSelection {
  readonly source: Subgraph;
  readonly types: readonly string[];
  readonly key: FactKey;
  readonly firstAttempt?: true;
  readonly reasons?: readonly string[];
}

interface KeyRow {
  readonly key: string;
}

/** The key of every fact selected; a fact about several things gives one key for each. */
export async function readFactKeys(
  sql: Sql,
  { types, key, firstAttempt, reasons }: FactSelection,
): Promise<readonly string[]> {
  const attempt = firstAttempt ? sql`and (data ->> 'attempt')::int = 1` : sql``;
  const reason = reasons === undefined ? sql`` : sql`and data ->> 'reason' = any(${[...reasons]}::text[])`;
  const rows =
    key === 'shipmentIds'
      ? await sql<KeyRow[]>`
          select jsonb_array_elements_text(data -> 'shipmentIds') as key from events where type = any(${[...types]}::text[])`
      : await sql<KeyRow[]>`
          select data ->> ${key}::text as key from events where type = any(${[...types]}::text[]) ${attempt} ${reason}`;
  return rows.map((row) => row.key);
}

interface Counted {
  readonly orderId: string;
  readonly type: string;
  readonly count: number;
}

/** How often each order's stock and money were claimed and given back, by the logs of those who hold them. */
export async function readClaimHistories(inventory: Sql, payments: Sql): Promise<readonly ClaimHistory[]> {
  const count = (sql: Sql, types: readonly string[]) => sql<Counted[]>`
    select data ->> 'orderId' as "orderId", type, count(*)::int as count
    from events where type = any(${[...types]}::text[]) group by 1, 2`;
  const rows = [
    ...(await count(inventory, ['StockReserved', 'ReservationReleased'])),
    ...(await count(payments, ['PaymentAuthorised', 'PaymentVoided'])),
  ];
  return Array.from(
    grouped(rows, ({ orderId }) => orderId),
    ([orderId, counts]) => {
      const of = (type: string) => counts.find((row) => row.type === type)?.count ?? 0;
      return {
        orderId,
        reserved: of('StockReserved'),
        released: of('ReservationReleased'),
        authorised: of('PaymentAuthorised'),
        voided: of('PaymentVoided'),
      };
    },
  );
}
