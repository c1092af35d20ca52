import { appendArrays, type Inbox, type KeyVerdict, type NewEvent, type Sql } from '@crossdock/event-store';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import type { MovementGroup, ShelfMoves } from '../domain/shelves.ts';
import { bareArray, joinedDocuments, sparseArray, sparseTextArray, textArray } from './array-literals.ts';

export type WarehouseStatus = 'OPEN' | 'PAUSED' | 'DOWN';

/** A warehouse's last status in a batch, and the event that told it. */
export type WarehouseWord = Readonly<{ status: WarehouseStatus; cause: string }>;

/** Who asks for a write: what was heard, a client under its key, or the clock under the worker's lease. */
export type Gate =
  | Readonly<{ kind: 'inbox'; inbox: Inbox }>
  | Readonly<{
      kind: 'request';
      scope: string;
      operation: string;
      key: string;
      fingerprint: string;
      /** What a replay of the request is answered from. */
      result: string;
    }>
  | Readonly<{ kind: 'worker'; epoch: number }>;

/** What one decision amounts to. */
export type StockWrite = Readonly<{
  reservations: readonly StoredReservation[];
  holds: readonly StoredHold[];
  /** The warehouses it was decided on, and whether they were OPEN. Whoever moves goods names theirs. */
  known: ReadonlyMap<string, boolean>;
  /** Warehouses heard of, by their last status; only what was heard changes them. */
  warehouses: ReadonlyMap<string, WarehouseWord>;
  /** Partners heard of, and their partitions. */
  partners: ReadonlyMap<string, number>;
  moves: ShelfMoves;
  events: readonly NewEvent[];
}>;

/** A write of nothing, for what a decision leaves out. */
export const NOTHING: StockWrite = {
  reservations: [],
  holds: [],
  known: new Map(),
  warehouses: new Map(),
  partners: new Map(),
  moves: { stock: [], totals: [], movements: [] },
  events: [],
};

/** `result` is what stands under a request's key; null of anybody else. Only NEW was written. */
export type WriteVerdict = Readonly<{ verdict: KeyVerdict; result: string | null }>;

/** One row for each line, pointing to its group's cause, kind, order and warehouse. */
function movementArrays(groups: readonly MovementGroup[]) {
  const sku: string[] = [];
  const quantity: number[] = [];
  const group: number[] = [];
  for (const [index, { lines }] of groups.entries()) {
    for (const [code, units] of lines) {
      sku.push(code);
      quantity.push(units);
      group.push(index + 1);
    }
  }
  return { sku, quantity, group };
}

const documents = (values: readonly object[]) =>
  joinedDocuments(values.map((value) => JSON.stringify(value)));

/** The arguments of `reservations_write`. */
function reservationArguments(sql: Sql, rows: readonly StoredReservation[]) {
  const states = rows.map((row) => row.state);
  return sql`
    ${bareArray(rows.map((row) => row.orderId))}::uuid[], ${textArray(rows.map((row) => row.partnerId))}::text[],
    ${bareArray(rows.map((row) => row.partition))}::int[], ${sparseTextArray(states.map((state) => state.status))}::text[],
    ${bareArray(states.map((state) => Number(state.closed)))}::int[],
    ${sparseTextArray(states.map((state) => state.policy))}::text[],
    ${sparseTextArray(states.map((state) => state.currencyCode))}::text[],
    string_to_array(${documents(states.map((state) => state.lines))}, chr(31)),
    string_to_array(${documents(states.map((state) => state.waiting))}, chr(31)),
    string_to_array(${documents(states.map((state) => state.short))}, chr(31)),
    string_to_array(${documents(states.map((state) => state.shipments))}, chr(31)),
    ${bareArray(states.map((state) => state.wave))}::int[],
    ${bareArray(rows.map((row) => row.facts))}::int[], ${bareArray(rows.map((row) => row.version))}::int[]`;
}

/** The arguments of `holds_write`. */
function holdArguments(sql: Sql, rows: readonly StoredHold[]) {
  const states = rows.map((row) => row.state);
  return sql`
    ${bareArray(rows.map((row) => row.holdId))}::uuid[], ${textArray(rows.map((row) => row.partnerId))}::text[],
    ${bareArray(rows.map((row) => row.partition))}::int[], ${sparseTextArray(states.map((state) => state.status))}::text[],
    string_to_array(${documents(states.map((state) => state.lines))}, chr(31)),
    ${textArray(states.map((state) => state.expiresAt))}::timestamptz[],
    ${sparseArray(states.map((state) => state.orderId))}::uuid[], ${bareArray(rows.map((row) => row.version))}::int[]`;
}

/** The arguments of `stock_move`, `totals_move` and the ledger. */
function moveArguments(sql: Sql, { stock, totals, movements: groups }: ShelfMoves) {
  const moved = movementArrays(groups);
  return sql`
    ${textArray(stock.map((each) => each.sku))}::text[], ${textArray(stock.map((each) => each.warehouseId))}::text[],
    ${bareArray(stock.map((each) => each.onHand))}::int[], ${bareArray(stock.map((each) => each.allocated))}::int[],
    ${bareArray(stock.map((each) => each.safety))}::int[],
    ${textArray(totals.map((each) => each.sku))}::text[], ${bareArray(totals.map((each) => each.sellable))}::int[],
    ${bareArray(totals.map((each) => each.reserved))}::int[], ${bareArray(totals.map((each) => each.held))}::int[],
    ${bareArray(totals.map((each) => each.withdrawing))}::int[],
    ${textArray(moved.sku)}::text[], ${bareArray(moved.quantity)}::int[], ${bareArray(moved.group)}::int[],
    ${textArray(groups.map((each) => each.kind))}::text[], ${bareArray(groups.map((each) => each.sellable))}::int[],
    ${sparseTextArray(groups.map((each) => each.warehouseId))}::text[],
    ${sparseArray(groups.map((each) => each.orderId))}::uuid[], ${sparseArray(groups.map((each) => each.holdId))}::uuid[],
    ${sparseTextArray(groups.map((each) => each.reason))}::text[], ${bareArray(groups.map((each) => each.cause))}::uuid[]`;
}

/**
 * Writes it all in one call. Rejects with GUARD_LOST when a figure, version or status it was decided on no longer stands, with
 * LEASE_LOST under an old epoch; then nothing was written.
 */
export async function writeStock(sql: Sql, gate: Gate, write: StockWrite): Promise<WriteVerdict> {
  const { known, warehouses, partners } = write;
  const event = appendArrays(write.events);
  const words = [...warehouses.values()];
  const [answer] = await sql<WriteVerdict[]>`SELECT verdict, result FROM stock_apply(
    ${JSON.stringify(gate)}::text::jsonb,
    ${textArray([...partners.keys()])}::text[], ${bareArray([...partners.values()])}::int[],
    ${reservationArguments(sql, write.reservations)}, ${holdArguments(sql, write.holds)},
    ${textArray([...known.keys()])}::text[], ${bareArray([...known.values()].map(Number))}::int[],
    ${textArray([...warehouses.keys()])}::text[], ${textArray(words.map((word) => word.status))}::text[],
    ${bareArray(words.map((word) => word.cause))}::uuid[],
    ${moveArguments(sql, write.moves)},
    ${bareArray(event.partition)}::int[], ${textArray(event.category)}::text[], ${textArray(event.streamId)}::text[],
    ${bareArray(event.version)}::int[], ${bareArray(event.id)}::uuid[], ${textArray(event.type)}::text[],
    ${bareArray(event.schemaVersion)}::int[], string_to_array(${joinedDocuments(event.data)}, chr(31)),
    string_to_array(${joinedDocuments(event.metadata)}, chr(31)))`;
  if (answer === undefined) throw new Error('stock_apply answered nothing');
  return answer;
}
