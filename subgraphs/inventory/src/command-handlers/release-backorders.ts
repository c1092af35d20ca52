import { derivedId, faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { invariant } from '@crossdock/values';
import { createBatch, type Step, type StoredReservation } from '../domain/batch.ts';
import { type Wanted, wavesOf } from '../domain/fair-share.ts';
import { unitsBySku } from '../domain/reservation/reservation.ts';
import { createShelves } from '../domain/shelves.ts';
import { loadWanted } from '../store/backorders.ts';
import { loadReservations } from '../store/figures.ts';
import { NOTHING, type StockWrite, writeStock } from '../store/stock-write.ts';
import type { BackorderMetrics } from './backorder-metrics.ts';
import { newEventOf } from './decided-events.ts';

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
  return demands.length === DEMANDS_MAX && sumOf(demands.map(({ quantity }) => quantity)) < free;
}

/** Decides and writes one page; false when what it was decided on moved meanwhile, and then nothing was written. */
async function releasePage(
  { sql, metrics, poke }: ReleaseOptions,
  epoch: number,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const waves = wavesOf(wanted);
  const stored = await loadReservations(sql, [...waves.keys()]);
  const isWritten = doStillWait(wanted, stored) && (await write(sql, epoch, decide(wanted, waves, stored)));
  if (!isWritten) {
    metrics.lostGuards.inc();
    return false;
  }
  metrics.released.inc(sumOf([...waves.values()].flat().map(([, quantity]) => quantity)));
  poke();
  return true;
}

const sumOf = (quantities: readonly number[]) => quantities.reduce((sum, quantity) => sum + quantity, 0);

/** Whether the orders that get units wait for as many as when the shares were made. */
function doStillWait(wanted: readonly Wanted[], stored: ReadonlyMap<string, StoredReservation>): boolean {
  return wanted.every(({ sku, demands }) =>
    demands.every(({ orderId, quantity }) => {
      const reservation = stored.get(orderId);
      return reservation === undefined || unitsBySku(reservation.state.waiting).get(sku) === quantity;
    }),
  );
}

function decide(
  wanted: readonly Wanted[],
  waves: ReturnType<typeof wavesOf>,
  stored: ReadonlyMap<string, StoredReservation>,
): StockWrite {
  const nothingElse = { reserved: 0, held: 0, withdrawing: 0 };
  const totals = wanted.map(({ sku, free }) => ({ sku, sellable: free, ...nothingElse }));
  const shelves = createShelves({ totals, stock: [], isOpen: () => false });
  const batch = createBatch({ stored, claimable: new Map(), shelves });
  batch.take(stepsOf(waves, stored));
  const outcome = batch.outcome();
  invariant(outcome.kind === 'decided', 'what waits can always be reserved');
  const { reservations, events } = outcome;
  return {
    ...{ ...NOTHING, reservations, moves: shelves.moves() },
    // No event asked for it: the wave is its own cause.
    events: events.map((event) => ({
      ...newEventOf(event),
      id: event.cause,
      metadata: { correlationId: event.stream },
    })),
  };
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

async function write(sql: Sql, epoch: number, decided: StockWrite): Promise<boolean> {
  try {
    await writeStock(sql, { kind: 'worker', epoch }, decided);
    return true;
  } catch (error) {
    if (faultKind(error) !== 'guard-lost') throw error;
    return false;
  }
}
