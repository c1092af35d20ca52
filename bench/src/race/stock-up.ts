import { setTimeout as sleep } from 'node:timers/promises';
import { onDatabase } from '../stage/pipeline.ts';
import type { ShelfLine } from './claimants.ts';
import type { RaceStage } from './race.ts';

const KNOWN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Makes the products of a race and puts units of them there; resolves when orders knows them, so that nobody is refused for that. */
export async function stockUp(
  { cluster, claimants }: Pick<RaceStage, 'cluster' | 'claimants'>,
  lines: readonly ShelfLine[],
): Promise<void> {
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  await claimants.upsertProducts(skus);
  const received = await claimants.receive(lines);
  if (received.kind !== 'done') throw new Error(`The stock was refused: ${received.codes.join(', ')}`);
  await onDatabase(cluster, 'orders', async (sql) => {
    const until = performance.now() + KNOWN_WITHIN_MS;
    for (;;) {
      const [row] = await sql<{ known: number }[]>`
        select count(*)::int as known from products where sku = any (${skus}::text[])`;
      if (row?.known === skus.length) return;
      if (performance.now() > until) throw new Error(`Orders does not know ${skus.join(', ')}`);
      await sleep(LOOK_EVERY_MS);
    }
  });
}
