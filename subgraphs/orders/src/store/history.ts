// What the restore of a log reads and writes: whole rows, while nobody else writes.
import type { LogImport, Sql } from '@crossdock/event-store';
import type { OrderState } from '../domain/order-state.ts';
import { FIRST_NUMBER, NUMBER_BLOCK } from './placing.ts';
import { keepHeldPayments, keepMissing, loadProgress } from './progress.ts';

/** An order's row as it is folded; instants are RFC 3339. */
export type HistoricOrder = Readonly<{
  orderId: string;
  partition: number;
  partnerId: string;
  number: string;
  poNumber: string | null;
  shortagePolicy: string;
  currencyCode: string;
  totalMinor: number;
  placedBy: string;
  state: OrderState;
  placedAt: string;
  /** Of the last fact, null while that is the first. */
  advancedAt: string | null;
  confirmedAt: string | null;
  releasedAt: string | null;
  shippedAt: string | null;
}>;

export type HistoricPartner = Readonly<{
  partnerId: string;
  partition: number;
  name: string;
  currencyCode: string;
  paymentMethods: readonly string[];
  shipTo: object | null;
  version: number;
}>;

/** Blocks of numbers left free behind the highest in use: orders that are lost had some, and their clients hold them. */
const SPARE_BLOCKS = 100;

type Rest = Omit<HistoricOrder, 'state' | 'partition' | 'partnerId' | 'number'>;

/** The rows of the given orders, as they stand. */
export async function loadHistoricOrders(
  sql: Sql,
  orderIds: readonly string[],
): Promise<Map<string, HistoricOrder>> {
  const progress = await loadProgress(sql, orderIds);
  const rows = await sql<Rest[]>`
    SELECT order_id AS "orderId", po_number AS "poNumber", shortage_policy AS "shortagePolicy", currency_code AS "currencyCode",
           total_minor::float8 AS "totalMinor", placed_by AS "placedBy", to_json(placed_at) #>> '{}' AS "placedAt",
           to_json(advanced_at) #>> '{}' AS "advancedAt",
           to_json(confirmed_at) #>> '{}' AS "confirmedAt", to_json(released_at) #>> '{}' AS "releasedAt",
           to_json(shipped_at) #>> '{}' AS "shippedAt"
    FROM orders WHERE order_id = ANY (${[...orderIds]}::uuid[])`;
  return new Map(
    rows.flatMap((row) => {
      const known = progress.get(row.orderId);
      return known === undefined ? [] : [[row.orderId, { ...row, ...known }]];
    }),
  );
}

/** Takes events and the rows folded from them in one call. */
export async function importHistory(
  sql: Sql,
  log: LogImport,
  history: Readonly<{
    orders: readonly HistoricOrder[];
    partners: readonly HistoricPartner[];
    /** How often each order was reminded: the version its next reminder goes on from. */
    reminders: readonly Readonly<{ orderId: string; said: number }>[];
  }>,
): Promise<void> {
  const rows = history.orders.map(({ state, ...order }) => ({ ...order, ...state }));
  await sql`SELECT orders_import(${JSON.stringify(log)}::text::jsonb, ${JSON.stringify(rows)}::text::jsonb,
    ${JSON.stringify(history.partners)}::text::jsonb, ${JSON.stringify(history.reminders)}::text::jsonb)${keepMissing(sql, history.orders)}${keepHeldPayments(sql, history.orders)}`;
}

/** No number that an order has, or that a lost one may have had, is given again. */
export async function skipNumbers(sql: Sql): Promise<void> {
  await sql`SELECT orders_skip_numbers(${NUMBER_BLOCK}, ${FIRST_NUMBER}, ${SPARE_BLOCKS})`;
}

/** Which of the orders are here. */
export async function knownOrders(sql: Sql, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }[]>`
    SELECT order_id AS id FROM orders WHERE order_id = ANY (${[...orderIds]}::uuid[])`;
  return new Set(rows.map((row) => row.id));
}
