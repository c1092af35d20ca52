import { derivedId, faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { decideBatch, type Step, type StoredReservation } from '../domain/batch.ts';
import { type Wanted, wavesOf } from '../domain/fair-share.ts';
import { unitsBySku } from '../domain/reservation/reservation.ts';
import { createShelves } from '../domain/shelves.ts';
import { loadWanted } from '../store/backorders.ts';
import { loadReservations } from '../store/figures.ts';
import { NOTHING, writeStock } from '../store/stock-write.ts';
import type { BackorderMetrics } from './backorder-metrics.ts';

/** SKUs of one call. */
const SKUS_MAX = 16;
/** Orders of one SKU in one call: with the SKUs above, at most 2,048 reservations are written at once. */
const DEMANDS_MAX = 128;
/** Calls of one look; what is left then waits for the next. */
const PAGES_MAX = 50;
/** Pages of one look whose figures moved before they were written: so many are decided again at once. */
const LOST_MAX = 3;

export type ReleaseOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: BackorderMetrics;
  /** Says that something was appended, so that the relay looks at once. */
  poke: () => void;
}>;

/** An order's share of all the SKUs of a page, and where the order stands. */
type Wave = Readonly<{ reservation: StoredReservation; step: Step }>;

/**
 * One look: gives what is free to those who wait for it, page after page. Rejects with LEASE_LOST under an old epoch, and then
 * nothing more was written.
 */
export async function releaseBackorders(options: ReleaseOptions, epoch: number): Promise<void> {
  let after = '';
  let lost = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const wanted = await loadWanted(options.sql, after, { skus: SKUS_MAX, demands: DEMANDS_MAX });
    const last = wanted.at(-1);
    if (last === undefined) return;
    const isWritten = await releasePage(options, epoch, wanted);
    if (!isWritten) lost += 1;
    const isDone = isWritten ? !wanted.some(hasMore) : lost > LOST_MAX;
    if (isDone) after = last.sku;
  }
}

/** Whether units are left for orders that were not read. */
function hasMore({ free, demands }: Wanted): boolean {
  return demands.length === DEMANDS_MAX && demands.reduce((sum, { quantity }) => sum + quantity, 0) < free;
}

/** Decides and writes one page; false when what it was decided on moved meanwhile, and then nothing was written. */
async function releasePage(
  options: ReleaseOptions,
  epoch: number,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const { sql, metrics, poke } = options;
  const shares = wavesOf(wanted);
  const stored = await loadReservations(sql, [...shares.keys()]);
  if (!areStill(wanted, stored)) {
    metrics.lostGuards.inc();
    return false;
  }
  const write = decide(options, stepsOf(shares, stored), stored);
  try {
    await writeStock(sql, { kind: 'worker', epoch }, { ...NOTHING, ...write });
  } catch (error) {
    if (faultKind(error) !== 'guard-lost') throw error;
    metrics.lostGuards.inc();
    return false;
  }
  poke();
  return true;
}
