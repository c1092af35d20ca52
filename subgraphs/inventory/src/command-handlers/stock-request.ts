// What requests about stock have in common: they are decided on figures that others move meanwhile, and each is done once.
import { setTimeout as sleep } from 'node:timers/promises';
import { awaitTwin, faultKind, IntakeFull, type KeyVerdict, type Sql } from '@crossdock/event-store';
import type { StockFigures } from '../domain/stock-figures.ts';
import { type RequestKey, standingUnder } from '../store/request-keys.ts';
import { loadStockFigures } from '../store/stock-figures.ts';

/** Rounds of deciding again on fresh figures; a client that loses all of them is asked to come back. */
const ROUNDS_MAX = 10;
/** Milliseconds that one more lost round may cost, so that two who lost to each other part. */
const JITTER_MS = 15;
/** A warehouse may still be on its way from fulfillment: it is waited for this long, asking this often. */
const WAREHOUSE_WAIT_MS = 2_000;
const WAREHOUSE_POLL_MS = 100;

/** Who asks for stock to be moved: null may do so in every warehouse, a WMS in its own alone. */
export type OwnWarehouse = string | null;

/** Keys of a WMS are its own, those of the ERP one scope. */
export function scopeOf(own: OwnWarehouse): string {
  return own === null ? 'system:erp' : `system:wms:${own}`;
}

/** Until when what is unknown is waited for, all rounds of a request together; by `performance.now()`. */
export type Patience = number;

/** What became of a request; `result` is null where nothing was done for its key, as the verdict tells. */
export type Settled<Result> = Readonly<{ verdict: KeyVerdict; result: Result | null }>;

/**
 * Answers what stands under the key, or decides: again whenever a figure moved between the decision and its write. Rejects with
 * IntakeFull when it moved in every round.
 */
export function settle<Result>(
  sql: Sql,
  keyed: RequestKey,
  decide: (until: Patience) => Promise<Settled<Result>>,
  read: (stored: string) => Result,
): Promise<Settled<Result>> {
  const until = performance.now() + WAREHOUSE_WAIT_MS;
  return awaitTwin(
    async () => {
      const { verdict, result } = await standingUnder(sql, keyed);
      if (verdict === 'NEW') return decideAgain(() => decide(until));
      return { verdict, result: verdict === 'REPLAYED' && result !== null ? read(result) : null };
    },
    ({ verdict }) => verdict === 'IN_FLIGHT',
  );
}

async function decideAgain<Outcome>(decide: () => Promise<Outcome>): Promise<Outcome> {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    try {
      return await decide();
    } catch (error) {
      if (faultKind(error) !== 'guard-lost') throw error;
      await sleep(Math.random() * JITTER_MS * round);
    }
  }
  throw new IntakeFull(`stock moved in each of ${ROUNDS_MAX} rounds of deciding on it`);
}

/** The figures of the SKUs, once every one of the warehouses is known or patience is over. */
export async function figuresOnceKnown(
  sql: Sql,
  skus: readonly string[],
  warehouseIds: readonly string[],
  until: Patience,
): Promise<StockFigures> {
  for (;;) {
    const figures = await loadStockFigures(sql, [...new Set(skus)]);
    const isKnown = warehouseIds.every((id) => figures.warehouses.has(id));
    if (isKnown || performance.now() >= until) return figures;
    await sleep(WAREHOUSE_POLL_MS);
  }
}
