// What was sold, twice over: by the lines of orders through the API, and by inventory's own tables.
import { onDatabase } from '../stage/pipeline.ts';
import type { SkuCount } from './expectation.ts';
import type { RaceStage } from './race.ts';

interface Booked {
  readonly sku: string;
  readonly claimed: number;
  readonly booked: number;
  readonly leftUnbooked: number;
}

/** Counts each SKU; to be called when nothing moves any more. */
export async function countSold(
  { cluster, claimants }: Pick<RaceStage, 'cluster' | 'claimants'>,
  skus: readonly string[],
): Promise<readonly SkuCount[]> {
  const booked = await onDatabase(
    cluster,
    'inventory',
    (sql) => sql<Booked[]>`
    select t.sku, m.claimed, t.reserved + t.withdrawing + m.left as booked, m.unbooked as "leftUnbooked"
    from sku_totals t cross join lateral (
      select coalesce(sum(quantity) filter (where kind = 'reserve'), 0)::int
             - coalesce(sum(quantity) filter (where kind in ('release', 'break')), 0)::int as claimed,
             coalesce(sum(quantity) filter (where kind in ('ship', 'ship_shut', 'ship_missing')), 0)::int as left,
             coalesce(sum(quantity) filter (where kind = 'ship_missing'), 0)::int as unbooked
      from movements where movements.sku = t.sku) m
    where t.sku = any (${[...skus]}::text[])`,
  );
  const sold = await Promise.all(skus.map((sku) => claimants.soldOf(sku)));
  const rows = new Map(booked.map((row) => [row.sku, row]));
  return skus.flatMap((sku, index) => {
    const row = rows.get(sku);
    return row === undefined ? [] : [{ ...row, sold: sold[index] ?? 0 }];
  });
}
