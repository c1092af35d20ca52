// What the restore of a log writes: whole rows and deltas, while nobody else writes.
import type { LogImport, Sql } from '@crossdock/event-store';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import type { MovementKind } from '../domain/ledger.ts';
import type { ProductDetails } from '../domain/product.ts';
import type { WarehouseStatus } from './stock-write.ts';

/** A line of the ledger as it once was written; `at` is RFC 3339. */
export type HistoricMovement = Readonly<{
  sku: string;
  warehouseId: string | null;
  kind: MovementKind;
  quantity: number;
  /** As if every warehouse were OPEN. */
  sellableDelta: number;
  orderId: string | null;
  holdId: string | null;
  reason: string | null;
  cause: string;
  at: string;
}>;

/** Units that one page moved; `warehouseId` is '' where they are network-wide. `changes` counts movements of `onHand`. */
export type HistoricMove = Readonly<{
  sku: string;
  warehouseId: string;
  onHand: number;
  allocated: number;
  safety: number;
  reserved: number;
  held: number;
  withdrawing: number;
  changes: number;
}>;

export type HistoricReservation = StoredReservation & Readonly<{ decidedAt: string | null }>;

export type HistoricHold = StoredHold & Readonly<{ placedAt: string }>;

export type HistoricRows = Readonly<{
  reservations: readonly HistoricReservation[];
  holds: readonly HistoricHold[];
  products: readonly (ProductDetails & Readonly<{ version: number }>)[];
  movements: readonly HistoricMovement[];
  moves: readonly HistoricMove[];
}>;

/** Takes events and the rows folded from them in one call. */
export async function importHistory(sql: Sql, log: LogImport, rows: HistoricRows): Promise<void> {
  const reservations = rows.reservations.map(({ state, ...reservation }) => ({ ...reservation, ...state }));
  const holds = rows.holds.map(({ state, ...hold }) => ({ ...hold, ...state }));
  await sql`SELECT inventory_import(${JSON.stringify(log)}::text::jsonb, ${JSON.stringify(reservations)}::text::json,
    ${JSON.stringify(holds)}::text::json,
    ${JSON.stringify(rows.products)}::text::jsonb, ${JSON.stringify(rows.movements)}::text::jsonb,
    ${JSON.stringify(rows.moves)}::text::jsonb)`;
}

/** Adds everything up under the statuses that the warehouses have now; rejects when the sums contradict the tables' CHECKs. */
export async function finishHistory(
  sql: Sql,
  warehouses: ReadonlyMap<string, WarehouseStatus>,
): Promise<void> {
  await sql`SELECT inventory_finish_import(${[...warehouses.keys()]}::text[], ${[...warehouses.values()]}::text[])`;
}
