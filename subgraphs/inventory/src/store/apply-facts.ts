import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { StoredReservation } from '../domain/batch.ts';
import type { MovementGroup, ShelfMoves } from '../domain/shelves.ts';

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

// Numbers and UUIDs need no quoting; writing the literal spares the driver two replacements for each element.
const bare = (values: readonly (number | string)[]) => `{${values.join(',')}}`;

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
    ${bare(rows.map((row) => row.orderId))}::uuid[], ${rows.map((row) => row.partnerId)}::text[],
    ${bare(rows.map((row) => row.partition))}::int[], ${rows.map((row) => row.state.status)}::text[],
    ${bare(rows.map((row) => Number(row.state.closed)))}::int[],
    ${rows.map((row) => JSON.stringify(row.state.lines))}::text[],
    ${rows.map((row) => JSON.stringify(row.state.shipments))}::text[],
    ${bare(rows.map((row) => row.facts))}::int[], ${bare(rows.map((row) => row.version))}::int[],
    ${[...known.keys()]}::text[], ${bare([...known.values()].map(Number))}::int[],
    ${[...warehouses.keys()]}::text[], ${[...warehouses.values()]}::text[],
    ${stock.map((each) => each.sku)}::text[], ${stock.map((each) => each.warehouseId)}::text[],
    ${bare(stock.map((each) => each.onHand))}::int[], ${bare(stock.map((each) => each.allocated))}::int[],
    ${totals.map((each) => each.sku)}::text[], ${bare(totals.map((each) => each.sellable))}::int[],
    ${bare(totals.map((each) => each.reserved))}::int[],
    ${moved.sku}::text[], ${bare(moved.quantity)}::int[], ${bare(moved.group)}::int[],
    ${groups.map((each) => each.kind)}::text[], ${groups.map((each) => each.warehouseId)}::text[],
    ${bare(groups.map((each) => each.orderId))}::uuid[], ${bare(groups.map((each) => each.cause))}::uuid[],
    ${bare(event.partition)}::int[], ${event.category}::text[], ${event.streamId}::text[], ${bare(event.version)}::int[],
    ${bare(event.id)}::uuid[], ${event.type}::text[], ${bare(event.schemaVersion)}::int[], ${event.data}::text[],
    ${event.metadata}::text[])`;
}
