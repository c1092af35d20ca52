import type { Sql } from '@crossdock/event-store';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import { openUnits } from '../domain/reservation/reservation.ts';
import { bareArray, textArray } from './array-literals.ts';
import { type HoldRow, holdOf, type ReservationRow, reservationOf } from './figures.ts';

/** Claims of one SKU read at a time. */
const CLAIMS_PAGE = 200;
/** Holds of one SKU that may be broken in one call. */
const HOLDS_MAX = 1_000;

/** A claim's row and the place of its newest movement in the ledger. */
type ClaimRow = ReservationRow & Readonly<{ newest: string }>;

/** Claims and holds that may have to give units up, the newest first. */
export type BreakFinds = Readonly<{
  reservations: readonly StoredReservation[];
  holds: readonly StoredHold[];
}>;

/**
 * The newest claims with units that no warehouse was assigned, of each SKU enough for its deficit, and the active holds of what the
 * claims do not cover. `besides` are orders whose rows are not to be read: the caller has them already.
 */
export async function loadBreakCandidates(
  sql: Sql,
  deficits: ReadonlyMap<string, number>,
  besides: ReadonlySet<string> = new Set(),
): Promise<BreakFinds> {
  const found = new Map<string, StoredReservation>();
  const places = new Map<string, bigint>();
  const uncovered: string[] = [];
  for (const [sku, deficit] of deficits) {
    let covered = 0;
    let before: string | null = null;
    while (covered < deficit) {
      const page = await claimsPage(sql, sku, before);
      for (const row of page) {
        const place = BigInt(row.newest);
        if (besides.has(row.order_id)) continue;
        const claim = found.get(row.order_id) ?? reservationOf(row);
        if (!found.has(row.order_id) || place > (places.get(row.order_id) ?? 0n))
          places.set(row.order_id, place);
        found.set(row.order_id, claim);
        covered += openUnits(claim.state).get(sku) ?? 0;
      }
      before = page.at(-1)?.newest ?? null;
      if (page.length < CLAIMS_PAGE) break;
    }
    if (covered < deficit) uncovered.push(sku);
  }
  const reservations = [...found.values()].sort((one, other) =>
    (places.get(one.orderId) ?? 0n) > (places.get(other.orderId) ?? 0n) ? -1 : 1,
  );
  return { reservations, holds: await activeHolds(sql, uncovered) };
}

/** Orders with open units of a SKU behind a place in the ledger, by the newest movement that claimed it. */
async function claimsPage(sql: Sql, sku: string, before: string | null): Promise<ClaimRow[]> {
  return sql<ClaimRow[]>`
    SELECT m.id::text AS newest, r.order_id, r.partner_id, r.partition, r.status, r.closed, r.policy, r.currency_code, r.lines,
           r.waiting, r.short, r.shipments, r.wave, r.facts, r.version
    FROM movements m JOIN reservations r ON r.order_id = m.order_id
    WHERE m.sku = ${sku} AND m.kind = 'reserve' AND r.status = 'RESERVED'
      AND (${before}::bigint IS NULL OR m.id < ${before}::bigint)
    ORDER BY m.id DESC LIMIT ${CLAIMS_PAGE}`;
}

/** Active holds of any of the SKUs, the newest first. */
async function activeHolds(sql: Sql, skus: readonly string[]): Promise<StoredHold[]> {
  if (skus.length === 0) return [];
  const rows = await sql<HoldRow[]>`
    SELECT hold_id, partner_id, partition, status, lines, expires_at, order_id, version, false AS is_over
    FROM holds h
    WHERE status = 'ACTIVE'
      AND EXISTS (SELECT 1 FROM json_array_elements(h.lines) l WHERE l ->> 0 = ANY (${textArray(skus)}::text[]))
    ORDER BY placed_at DESC, hold_id DESC LIMIT ${HOLDS_MAX}`;
  return rows.map(holdOf);
}

/**
 * Every order with units of the shelves' SKUs assigned to the warehouse which neither left nor are missing. A shelf's allocated
 * units bound how many those can be.
 */
export async function loadAssigned(
  sql: Sql,
  warehouseId: string,
  stock: readonly Readonly<{ sku: string; allocated: number }>[],
  besides: ReadonlySet<string>,
): Promise<StoredReservation[]> {
  if (stock.length === 0) return [];
  const rows = await sql<ReservationRow[]>`
    SELECT order_id, partner_id, partition, status, closed, policy, currency_code, lines, waiting, short, shipments, wave, facts,
           version
    FROM reservations WHERE order_id IN (
      SELECT a.order_id
      FROM unnest(${textArray(stock.map((each) => each.sku))}::text[], ${bareArray(stock.map((each) => each.allocated))}::int[])
           AS u (sku, allocated)
      CROSS JOIN LATERAL (
        SELECT m.order_id FROM movements m JOIN reservations r ON r.order_id = m.order_id
        WHERE m.sku = u.sku AND m.kind = 'allocate' AND m.warehouse_id = ${warehouseId}
          AND r.status IN ('RESERVED', 'ALLOCATED') AND EXISTS (
            SELECT 1 FROM json_array_elements(r.shipments) s, json_array_elements(s -> 'lines') l
            WHERE s ->> 'warehouseId' = ${warehouseId} AND NOT (s ->> 'left')::boolean AND l ->> 0 = u.sku
              AND (l ->> 1)::int > coalesce((
                SELECT sum((x ->> 1)::int) FROM json_array_elements(coalesce(s -> 'missing', '[]')) x WHERE x ->> 0 = u.sku), 0))
        ORDER BY m.id DESC LIMIT u.allocated
      ) a)
    ORDER BY order_id`;
  return rows.filter((row) => !besides.has(row.order_id)).map(reservationOf);
}
