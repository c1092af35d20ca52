import { derivedId, faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { decideBatch, type Step, type StoredReservation } from '../domain/batch.ts';
import { type Wanted, wavesOf } from '../domain/fair-share.ts';
import { createShelves } from '../domain/shelves.ts';
import { loadDemands, loadWantedSkus } from '../store/backorders.ts';
import { loadReservations } from '../store/figures.ts';
import { writeStock } from '../store/stock-write.ts';
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

/** SKUs decided in one call. `isCut` where more orders wait for one of them than were read. */
type Page = Readonly<{ wanted: readonly Wanted[]; last: string; isCut: boolean }>;

/**
 * One look: gives what is free to those who wait for it, page after page. Rejects with LEASE_LOST under an old epoch, and then
 * nothing more was written.
 */
export async function releaseBackorders(options: ReleaseOptions, epoch: number): Promise<void> {
  let after = '';
  let lost = 0;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const page = await loadPage(options.sql, after);
    if (page === null) return;
    const isWritten = await releasePage(options, epoch, page.wanted);
    if (!isWritten) lost += 1;
    const isDone = isWritten ? !page.isCut : lost > LOST_MAX;
    if (isDone) after = page.last;
  }
}

async function loadPage(sql: Sql, after: string): Promise<Page | null> {
  const skus = await loadWantedSkus(sql, after, SKUS_MAX);
  const last = skus.at(-1);
  if (last === undefined) return null;
  const demands = await loadDemands(
    sql,
    skus.map((each) => each.sku),
    DEMANDS_MAX,
  );
  const wanted = skus.map((each) => ({ ...each, demands: demands.get(each.sku) ?? [] }));
  // Where all that is free is given to those who were read, nobody else gets any.
  const isCut = wanted.some(
    ({ free, demands: read }) =>
      read.length === DEMANDS_MAX && read.reduce((sum, { quantity }) => sum + quantity, 0) < free,
  );
  return { wanted, last: last.sku, isCut };
}

/** Decides and writes one page; false when its figures moved meanwhile, and then nothing was written. */
async function releasePage(
  options: ReleaseOptions,
  epoch: number,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const { sql, metrics, poke } = options;
  const waves = wavesOf(wanted);
  const stored = await loadReservations(sql, [...waves.keys()]);
  const { outcome, moves } = decide(options, stepsOf(waves, stored), stored);
  if (outcome.events.length === 0) return true;
  try {
    await writeStock(
      sql,
      { kind: 'worker', epoch },
      { reservations: outcome.reservations, moves, events: outcome.events },
    );
  } catch (error) {
    if (faultKind(error) !== 'guard-lost') throw error;
    metrics.lostGuards.inc();
    return false;
  }
  poke();
  return true;
}

/** What each order is to be given. Its next wave is the cause: whoever decides the same wave again says the same event. */
function stepsOf(waves: ReturnType<typeof wavesOf>, stored: ReadonlyMap<string, StoredReservation>): Step[] {
  return [...waves].flatMap(([orderId, lines]) => {
    const reservation = stored.get(orderId);
    if (reservation === undefined) return [];
    const { partnerId, partition, state } = reservation;
    const cause = derivedId(orderId, 'wave', state.wave + 1);
    return [{ orderId, partnerId, partition, cause, ask: { type: 'ReserveWaiting', data: { lines } } }];
  });
}
