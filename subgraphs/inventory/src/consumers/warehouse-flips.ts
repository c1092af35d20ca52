// What it means for claims that a warehouse shuts, opens or goes down.
import type { Sql } from '@crossdock/event-store';
import { breakClaims } from '../command-handlers/break-claims.ts';
import type { Batch } from '../domain/batch.ts';
import { lessUnits, unpriced } from '../domain/reservation/claims.ts';
import { type Assignment, WAREHOUSE_DOWN } from '../domain/reservation/reservation.ts';
import type { Shelves, StockFigure } from '../domain/shelves.ts';
import { loadAssigned } from '../store/break-candidates.ts';
import { loadShelvesOf } from '../store/figures.ts';
import type { WarehouseStatus, WarehouseWord } from '../store/stock-write.ts';

/** A warehouse whose status another one follows. */
export type Flip = Readonly<{ warehouseId: string; opens: boolean; goesDown: boolean; cause: string }>;

/** The warehouses that open or shut by what was heard, and those that go down. */
export function flippedOf(
  words: ReadonlyMap<string, WarehouseWord>,
  statuses: ReadonlyMap<string, WarehouseStatus>,
): Flip[] {
  return [...words].flatMap(([warehouseId, { status, cause }]) => {
    const before = statuses.get(warehouseId) ?? 'PAUSED';
    const isOpen = status === 'OPEN';
    const goesDown = status === 'DOWN' && before !== 'DOWN';
    if (isOpen === (before === 'OPEN') && !goesDown) return [];
    return [{ warehouseId, opens: isOpen, goesDown, cause }];
  });
}

export const shelvesOfFlipped = (sql: Sql, flipped: readonly Flip[]): Promise<StockFigure[]> =>
  loadShelvesOf(
    sql,
    flipped.map((each) => each.warehouseId),
  );

const isAssignedTo = (warehouseId: string) => (each: Assignment) =>
  each.warehouseId === warehouseId && !each.left;

/** Asks of every order with units assigned to a warehouse that went down whether they left. */
async function askForAssigned(
  sql: Sql,
  batch: Batch,
  { warehouseId, cause }: Flip,
  stock: readonly StockFigure[],
): Promise<void> {
  const own = batch.changed();
  const assigned = stock.filter((each) => each.warehouseId === warehouseId && each.allocated > 0);
  const found = await loadAssigned(sql, warehouseId, assigned, new Set(own.map((each) => each.orderId)));
  batch.read({ reservations: found });
  for (const { orderId, partnerId, partition, state } of [...found, ...own]) {
    const shipments = state.shipments.filter(isAssignedTo(warehouseId)).map((each) => ({
      shipmentId: each.shipmentId,
      lines: unpriced(lessUnits(each.lines, each.missing ?? [])),
    }));
    if (shipments.length === 0) continue;
    const data = { warehouseId, shipments, cause: WAREHOUSE_DOWN };
    batch.take([{ orderId, partnerId, partition, cause, ask: { type: 'BreakAllocation', data } }]);
  }
}

/** Lets the figures follow, and breaks in the same call what does not fit any more: a warehouse that shuts is never refused. */
export async function flipWarehouses(
  sql: Sql,
  work: Readonly<{ batch: Batch; shelves: Shelves; flipped: readonly Flip[]; stock: readonly StockFigure[] }>,
): Promise<void> {
  const { batch, shelves, flipped, stock } = work;
  for (const { warehouseId, opens } of flipped) {
    shelves.flip(
      warehouseId,
      opens,
      stock.filter((each) => each.warehouseId === warehouseId),
    );
  }
  for (const flip of flipped) {
    if (flip.goesDown) await askForAssigned(sql, batch, flip, stock);
  }
  const shut = flipped.find((each) => !each.opens);
  if (shut === undefined) return;
  const skus = new Set(stock.map((each) => each.sku));
  await breakClaims(sql, batch, shelves, skus, { cause: shut.cause, reason: 'WAREHOUSE_SHUT' });
}
