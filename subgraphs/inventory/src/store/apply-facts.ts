import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { StoredReservation } from '../domain/batch.ts';
import type { MovementGroup, ShelfMoves } from '../domain/shelves.ts';
import { bareArray, joinedDocuments, textArray } from './array-literals.ts';

export type WarehouseStatus = 'OPEN' | 'PAUSED' | 'DOWN';

/** What one batch of facts amounts to. */
export type BatchWrite = Readonly<{
  inbox: Inbox;
  reservations: readonly StoredReservation[];
  /** The warehouses the batch was decided on, and whether they were OPEN. */
  known: ReadonlyMap<string, boolean>;
  /** Warehouses heard of in this batch, by their last status. */
  warehouses: ReadonlyMap<string, WarehouseStatus>;
  moves: ShelfMoves;
  events: readonly NewEvent[];
}>;

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

/** Writes a batch in one call; rejects with a lost guard when a figure it was decided on no longer stands. */
export async function applyFacts(sql: Sql, write: BatchWrite): Promise<void> {
  const { inbox, reservations: rows, known, warehouses, moves } = write;
  const { stock, totals, movements: groups } = moves;
  const moved = movementArrays(groups);
  const event = appendArrays(write.events);
  await sql`SELECT facts_apply(
    ${JSON.stringify(inbox)}::text::jsonb,
    ${bareArray(rows.map((row) => row.orderId))}::uuid[], ${textArray(rows.map((row) => row.partnerId))}::text[],
    ${bareArray(rows.map((row) => row.partition))}::int[], ${rows.map((row) => row.state.status)}::text[],
    ${bareArray(rows.map((row) => Number(row.state.closed)))}::int[],
    string_to_array(${joinedDocuments(rows.map((row) => JSON.stringify(row.state.lines)))}, chr(31)),
    string_to_array(${joinedDocuments(rows.map((row) => JSON.stringify(row.state.shipments)))}, chr(31)),
    ${bareArray(rows.map((row) => row.facts))}::int[], ${bareArray(rows.map((row) => row.version))}::int[],
    ${textArray([...known.keys()])}::text[], ${bareArray([...known.values()].map(Number))}::int[],
    ${textArray([...warehouses.keys()])}::text[], ${textArray([...warehouses.values()])}::text[],
    ${textArray(stock.map((each) => each.sku))}::text[], ${textArray(stock.map((each) => each.warehouseId))}::text[],
    ${bareArray(stock.map((each) => each.onHand))}::int[], ${bareArray(stock.map((each) => each.allocated))}::int[],
    ${textArray(totals.map((each) => each.sku))}::text[], ${bareArray(totals.map((each) => each.sellable))}::int[],
    ${bareArray(totals.map((each) => each.reserved))}::int[],
    ${textArray(moved.sku)}::text[], ${bareArray(moved.quantity)}::int[], ${bareArray(moved.group)}::int[],
    ${textArray(groups.map((each) => each.kind))}::text[], ${groups.map((each) => each.warehouseId)}::text[],
    ${bareArray(groups.map((each) => each.orderId))}::uuid[], ${bareArray(groups.map((each) => each.cause))}::uuid[],
    ${bareArray(event.partition)}::int[], ${textArray(event.category)}::text[], ${textArray(event.streamId)}::text[],
    ${bareArray(event.version)}::int[], ${bareArray(event.id)}::uuid[], ${textArray(event.type)}::text[],
    ${bareArray(event.schemaVersion)}::int[], string_to_array(${joinedDocuments(event.data)}, chr(31)),
    string_to_array(${joinedDocuments(event.metadata)}, chr(31)))`;
}
