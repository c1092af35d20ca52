import { partitionOf } from '@crossdock/contracts';
import { faultKind, type NewEvent, newId, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import { type LowStockLook, lookAtStock } from '../domain/low-stock.ts';
import { loadWatched, writeLooks } from '../store/low-stock.ts';

/** Milliseconds between looks: what an alert may come late. */
const LOOK_EVERY_MS = 1_000;
/** Products of one look. More than so many with a threshold are looked at in turn, a page a second. */
const PAGE_MAX = 2_000;

export type LowStockOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  poke: () => void;
  /** Only the process that holds the worker's lease looks, and writes under its epoch. */
  leaseEpoch: () => number | null;
}>;

function stockLow({ watched }: LowStockLook): NewEvent {
  const { sku, available, threshold, alerts } = watched;
  return {
    partition: partitionOf(sku),
    category: 'stock',
    streamId: sku,
    version: alerts + 1,
    id: newId(),
    type: 'StockLow',
    data: { sku, available, threshold },
    metadata: {},
  };
}

/** Looks at one page of products behind the SKU; answers where the next look begins, and how many ran low. */
export async function lookForLowStock(
  sql: Sql,
  epoch: number,
  after: string,
): Promise<Readonly<{ next: string; said: number }>> {
  const page = await loadWatched(sql, after, PAGE_MAX);
  const looks = lookAtStock(page);
  const events = looks.filter(({ alert }) => alert).map(stockLow);
  if (looks.length > 0) await writeLooks(sql, epoch, looks, events);
  const watched = page.filter(({ threshold }) => threshold > 0);
  const next = watched.length === PAGE_MAX ? (watched.at(-1)?.sku ?? '') : '';
  return { next, said: events.length };
}

/** Watches for products that run low while this process holds the lease. A fault costs a look, nothing else. */
export function startLowStockWatch({ sql, logger, poke, leaseEpoch }: LowStockOptions): Looks {
  let after = '';
  return startLooks(async () => {
    const epoch = leaseEpoch();
    if (epoch === null) return;
    try {
      const { next, said } = await lookForLowStock(sql, epoch, after);
      after = next;
      if (said > 0) poke();
    } catch (error) {
      logger.warn({ kind: faultKind(error), err: error }, 'stock cannot be watched for what runs low now');
    }
  }, LOOK_EVERY_MS);
}
