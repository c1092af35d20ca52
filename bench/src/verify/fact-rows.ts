import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import type { ClaimHistory } from './resolved-once.ts';
import { grouped } from './verdict.ts';

/**
 * What a fact is about: the field of its data that holds the id, or the ids; or the order and the wave of its reservations, the
 * first where none is named.
 */
export type FactKey = 'orderId' | 'planId' | 'shipmentId' | 'shipmentIds' | 'wave';

/**
 * Facts of one subgraph, by name. `atLeastOne` takes several of one key for one, `opening` leaves facts out that do not begin
 * their stream, and `reasons` those that give another one.
 */
export interface FactSelection {
  readonly source: Subgraph;
  readonly types: readonly string[];
  readonly key: FactKey;
  readonly atLeastOne?: true;
  readonly opening?: true;
  readonly reasons?: readonly string[];
}

interface KeyRow {
  readonly key: string;
}

/** The thing that a key names: of an order's wave the order. */
export const thingOf = (key: string) => key.split(' ', 1)[0] ?? key;

/** The key of every fact selected; a fact about several things gives one key for each. */
export async function readFactKeys(
  sql: Sql,
  { types, key, atLeastOne, opening, reasons }: FactSelection,
): Promise<readonly string[]> {
  const keyOf = {
    shipmentIds: sql`jsonb_array_elements_text(data -> 'shipmentIds')`,
    wave: sql`concat(data ->> 'orderId', ' wave ', coalesce(data ->> 'wave', '1'))`,
  };
  const field = key === 'shipmentIds' || key === 'wave' ? keyOf[key] : sql`data ->> ${key}::text`;
  const distinct = atLeastOne ? sql`distinct` : sql``;
  const first = opening ? sql`and version = 1` : sql``;
  const reason = reasons === undefined ? sql`` : sql`and data ->> 'reason' = any(${[...reasons]}::text[])`;
  const rows = await sql<KeyRow[]>`
    select ${distinct} ${field} as key from events where type = any(${[...types]}::text[]) ${first} ${reason}`;
  return rows.map((row) => row.key);
}

interface ClaimFacts {
  readonly orderId: string;
  readonly type: string;
  readonly count: number;
  readonly waves: readonly number[];
}

const CLAIM_FACTS = ['StockReserved', 'ReservationReleased', 'ReservationReduced', 'ReservationBroken'];
const MONEY_FACTS = ['PaymentAuthorised', 'PaymentVoided'];

/** How often each order's stock and money were claimed and given back, by the logs of those who hold them. */
export async function readClaimHistories(inventory: Sql, payments: Sql): Promise<readonly ClaimHistory[]> {
  const count = (sql: Sql, types: readonly string[]) => sql<ClaimFacts[]>`
    select data ->> 'orderId' as "orderId", type, count(*)::int as count,
           array_agg(coalesce((data ->> 'wave')::int, 1)) as waves
    from events where type = any(${[...types]}::text[]) group by 1, 2`;
  const rows = [...(await count(inventory, CLAIM_FACTS)), ...(await count(payments, MONEY_FACTS))];
  return Array.from(
    grouped(rows, ({ orderId }) => orderId),
    ([orderId, counts]) => {
      const find = (type: string) => counts.find((row) => row.type === type);
      const of = (type: string) => find(type)?.count ?? 0;
      return {
        orderId,
        reserved: find('StockReserved')?.waves ?? [],
        authorised: find('PaymentAuthorised')?.waves ?? [],
        released: of('ReservationReleased'),
        voided: of('PaymentVoided'),
        lessened: of('ReservationReduced') + of('ReservationBroken'),
      };
    },
  );
}
