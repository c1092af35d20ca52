import type { Sql } from '@crossdock/event-store';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import { loadHolds, loadReservations } from './figures.ts';
import { loadNewestUnits, type Owner, type Seek } from './newest-units.ts';

/**
 * Claims and holds that may have to give units up, the newest holds first; `newest` names the orders with a claim of each SKU, the
 * newest first. `read` counts the movements looked at.
 */
export type BreakFinds = Readonly<{
  newest: ReadonlyMap<string, readonly string[]>;
  reservations: readonly StoredReservation[];
  holds: readonly StoredHold[];
  read: number;
}>;

/**
 * The newest claims with units that no warehouse was assigned, of each SKU enough for its deficit, and the newest active holds of
 * what the claims do not cover. `besides` are orders and holds that the caller changed already: they are named, and neither counted
 * on nor, of orders, read.
 */
export async function loadBreakCandidates(
  sql: Sql,
  deficits: ReadonlyMap<string, number>,
  besides: ReadonlySet<string> = new Set(),
): Promise<BreakFinds> {
  const seeks = [...deficits].map(([sku, wanted]) => ({ sku, wanted, warehouseId: null }));
  const claims = await loadNewestUnits(sql, 'open', seeks, besides);
  const uncovered = seeks.flatMap((seek, index): Seek[] => {
    const covered = (claims.owners[index] ?? []).filter(({ id }) => !besides.has(id)).reduce(addUnits, 0);
    return covered < seek.wanted ? [{ ...seek, wanted: seek.wanted - covered }] : [];
  });
  const held = await loadNewestUnits(sql, 'held', uncovered, besides);
  const orders = new Set(claims.owners.flat().map(({ id }) => id));
  const reservations = await loadReservations(
    sql,
    [...orders].filter((orderId) => !besides.has(orderId)),
  );
  return {
    newest: new Map(seeks.map(({ sku }, index) => [sku, (claims.owners[index] ?? []).map(({ id }) => id)])),
    reservations: [...reservations.values()],
    holds: await holdsOf(sql, held.owners.flat()),
    read: claims.read + held.read,
  };
}

const addUnits = (sum: number, { units }: Owner) => sum + units;

/** The holds, the newest first: as the rows of their SKUs are locked from before the ledger is written, no SKU tells otherwise. */
async function holdsOf(sql: Sql, owners: readonly Owner[]): Promise<StoredHold[]> {
  const newestFirst = owners.toSorted((one, other) => Number(other.place - one.place));
  const ids = [...new Set(newestFirst.map(({ id }) => id))];
  const holds = await loadHolds(sql, ids);
  return ids.flatMap((id) => {
    const hold = holds.get(id);
    return hold?.state.status === 'ACTIVE' ? [hold] : [];
  });
}

/** Every order with units of the shelves' SKUs assigned to the warehouse which neither left nor are missing. */
export async function loadAssigned(
  sql: Sql,
  warehouseId: string,
  stock: readonly Readonly<{ sku: string; allocated: number }>[],
  besides: ReadonlySet<string>,
): Promise<StoredReservation[]> {
  const seeks = stock.map(({ sku, allocated }) => ({ sku, warehouseId, wanted: allocated }));
  const { owners } = await loadNewestUnits(sql, 'assigned', seeks);
  const orders = new Set(owners.flat().map(({ id }) => id));
  const found = await loadReservations(
    sql,
    [...orders].filter((orderId) => !besides.has(orderId)).toSorted(),
  );
  return [...orders].toSorted().flatMap((orderId) => found.get(orderId) ?? []);
}
