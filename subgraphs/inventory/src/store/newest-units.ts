// Reads the ledger of each SKU from its newest movement back, for as long as it takes to find units that orders or holds have still.
import type { Sql } from '@crossdock/event-store';
import { bareArray, sparseTextArray, textArray } from './array-literals.ts';

/** Movements of one SKU read first: most that must break came lately. Whoever needs more gets longer pages. */
const PAGE_FIRST = 64;
const PAGE_GROWTH = 4;
/** Movements of one SKU read at a time, and those of all SKUs of one statement: it ends long before its time is up. */
const PAGE_MAX = 4_096;
const MOVEMENTS_MAX = 16_384;
/** Above every place in the ledger: the largest bigint. */
const NEWEST = '9223372036854775807';

/** `open`: units of orders that no warehouse was assigned; `assigned`: those that one was and that neither left nor are missing. */
type Sought = 'open' | 'assigned' | 'held';

/** Units of a SKU that are wanted; `warehouseId` names the shelf of assigned ones, and is null otherwise. */
export type Seek = Readonly<{ sku: string; warehouseId: string | null; wanted: number }>;

/** What was found for a seek: orders or holds, the newest first, each once, with its units and the place of its newest movement. */
export type Owner = Readonly<{ id: string; units: number; place: bigint }>;
/** `owners` stand beside their seeks. `read` counts the movements that were looked at. */
type NewestUnits = Readonly<{ owners: readonly (readonly Owner[])[]; read: number }>;

type Walk = {
  readonly seek: Seek;
  readonly owners: Map<string, Owner>;
  /** Units of owners that count, and of all of them. */
  counted: number;
  seen: number;
  /** All units there are of what is sought, by the figures. */
  standing: number;
  before: string;
  isAtEnd: boolean;
};

/** `found`: owner, units and place in the ledger, the newest first. */
type Page = Readonly<{
  walk: number;
  last: string;
  read: number;
  standing: number | null;
  found: readonly (readonly [id: string, units: number, place: string])[];
}>;

/** Whose a movement is, the units it has now, which movements can be such, and how many units there are by the figures. */
function openOf(sql: Sql) {
  const units = sql`
    CASE WHEN m.kind = 'reserve' THEN (
      SELECT (SELECT coalesce(sum((l ->> 1)::int), 0) FROM json_array_elements(r.lines) l WHERE l ->> 0 = m.sku)
           - (SELECT coalesce(sum((l ->> 1)::int), 0)
              FROM json_array_elements(r.shipments) s, json_array_elements(s -> 'lines') l WHERE l ->> 0 = m.sku)
      FROM reservations r WHERE r.order_id = m.order_id AND r.status = 'RESERVED') END`;
  const standing = sql`
    (SELECT t.reserved - coalesce((
       SELECT sum(s.allocated) FROM stock s JOIN warehouses w ON w.warehouse_id = s.warehouse_id
       WHERE s.sku = t.sku AND w.status = 'OPEN'), 0)
     FROM sku_totals t WHERE t.sku = u.sku)`;
  return { owner: sql`m.order_id`, units, only: sql``, standing };
}

function assignedOf(sql: Sql) {
  const units = sql`
    CASE WHEN m.kind = 'allocate' AND m.warehouse_id = u.warehouse_id THEN (
      SELECT sum((SELECT coalesce(sum((l ->> 1)::int), 0) FROM json_array_elements(s -> 'lines') l WHERE l ->> 0 = m.sku)
               - (SELECT coalesce(sum((l ->> 1)::int), 0) FROM json_array_elements(coalesce(s -> 'missing', '[]')) l
                  WHERE l ->> 0 = m.sku))
      FROM reservations r, json_array_elements(r.shipments) s
      WHERE r.order_id = m.order_id AND r.status IN ('RESERVED', 'ALLOCATED')
        AND s ->> 'warehouseId' = u.warehouse_id AND NOT (s ->> 'left')::boolean) END`;
  const standing = sql`
    (SELECT s.allocated FROM stock s WHERE s.sku = u.sku AND s.warehouse_id = u.warehouse_id)`;
  return { owner: sql`m.order_id`, units, only: sql``, standing };
}

function heldOf(sql: Sql) {
  const units = sql`
    (SELECT sum((l ->> 1)::int) FROM holds h, json_array_elements(h.lines) l
     WHERE h.hold_id = m.hold_id AND h.status = 'ACTIVE' AND l ->> 0 = m.sku)`;
  const standing = sql`(SELECT t.held FROM sku_totals t WHERE t.sku = u.sku)`;
  return { owner: sql`m.hold_id`, units, only: sql`AND m.kind = 'hold'`, standing };
}

const SOUGHT = { open: openOf, assigned: assignedOf, held: heldOf };

/** The next page of each walk, in one statement; a walk that nothing is left for has none. Each row is looked up by its key alone. */
async function readPages(
  sql: Sql,
  sought: Sought,
  walks: readonly Walk[],
  length: number,
): Promise<readonly Page[]> {
  const { owner, units, only, standing } = SOUGHT[sought](sql);
  return sql<Page[]>`
    SELECT u.n::int AS walk, min(m.id)::text AS last, count(*)::int AS read, ${standing}::int AS standing,
           coalesce(json_agg(json_build_array(m.owner, m.units, m.id::text) ORDER BY m.id DESC) FILTER (WHERE m.units > 0), '[]')
             AS found
    FROM unnest(${textArray(walks.map(({ seek }) => seek.sku))}::text[],
                ${sparseTextArray(walks.map(({ seek }) => seek.warehouseId))}::text[],
                ${bareArray(walks.map(({ before }) => before))}::bigint[]) WITH ORDINALITY AS u (sku, warehouse_id, before, n)
    CROSS JOIN LATERAL (
      SELECT m.id, ${owner} AS owner, ${units} AS units FROM movements m
      WHERE m.sku = u.sku AND m.id < u.before ${only} ORDER BY m.id DESC LIMIT ${length}
    ) m GROUP BY u.n, u.sku, u.warehouse_id`;
}

/** An order that claimed in several waves has a movement for each, and counts once: by the newest. */
function follow(walk: Walk, page: Page | undefined, length: number, besides: ReadonlySet<string>): void {
  if (page === undefined) {
    walk.isAtEnd = true;
    return;
  }
  walk.before = page.last;
  // What is claimed while pages are read lies behind the reader: it does not make them read on.
  walk.standing = Math.min(walk.standing, page.standing ?? 0);
  for (const [id, units, place] of page.found) {
    if (walk.owners.has(id)) continue;
    walk.owners.set(id, { id, units, place: BigInt(place) });
    walk.seen += units;
    if (!besides.has(id)) walk.counted += units;
    if (isDone(walk)) return;
  }
  walk.isAtEnd = page.read < length;
}

const isDone = ({ seek, counted, seen, standing, isAtEnd }: Walk): boolean =>
  counted >= seek.wanted || seen >= standing || isAtEnd;

/**
 * The newest orders or holds of each seek until their units are as many as wanted, or all that the figures know. Those `besides` are
 * found as well, and not counted on.
 */
export async function loadNewestUnits(
  sql: Sql,
  sought: Sought,
  seeks: readonly Seek[],
  besides: ReadonlySet<string> = new Set(),
): Promise<NewestUnits> {
  const walks = seeks.map((seek) => ({
    ...{ seek, owners: new Map<string, Owner>(), counted: 0, seen: 0 },
    ...{ standing: Number.POSITIVE_INFINITY, before: NEWEST, isAtEnd: false },
  }));
  let read = 0;
  let walking: Walk[] = walks.filter((walk) => !isDone(walk));
  for (let length = PAGE_FIRST; walking.length > 0; length = Math.min(length * PAGE_GROWTH, PAGE_MAX)) {
    const together = Math.floor(MOVEMENTS_MAX / length);
    for (let first = 0; first < walking.length; first += together) {
      const some = walking.slice(first, first + together);
      const pages = new Map((await readPages(sql, sought, some, length)).map((page) => [page.walk, page]));
      for (const [index, walk] of some.entries()) follow(walk, pages.get(index + 1), length, besides);
      for (const page of pages.values()) read += page.read;
    }
    walking = walking.filter((walk) => !isDone(walk));
  }
  return { owners: walks.map(({ owners }) => [...owners.values()]), read };
}
