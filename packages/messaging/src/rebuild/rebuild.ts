import {
  beginSnapshot,
  type Comparison,
  compareTables,
  createCopy,
  faultKind,
  holdingOffsets,
  loadShape,
  nextOf,
  type Offset,
  type OwnConnection,
  openOwnConnection,
  quoted,
  readOffsets,
  swapTables,
} from '@crossdock/event-store';
import { backoffMs, pause } from '@crossdock/resilience';
import type { LogClient } from '../log-client.ts';
import { type Folding, startFolding } from './folding.ts';
import type { FoldedReadModel } from './read-models.ts';

/** The consumer is held for what is left when this few events are; it makes so many in less than a second. */
const LEAD_EVENTS_MAX = 2_000;
/** A consumer that is always further ahead after so many rounds is catching up itself: later is better. */
const ROUNDS_MAX = 50;
/** A hold gives up by itself where others hold longer, and is tried again. */
const HOLDS_MAX = 5;
const HOLD_BASE_MS = 200;
const HOLD_CAP_MS = 5_000;

export type RebuildOptions = Readonly<{
  model: FoldedReadModel;
  databaseUrl: string;
  log: LogClient;
  /** Leaves the live table as it is. */
  compareOnly: boolean;
  /** Keeps no `<table>_previous`. */
  dropPrevious: boolean;
  say: (line: string) => void;
  /** Called with what was found, before the swap. */
  onCompared: (comparison: Comparison, events: number) => void;
}>;

/** `writer` folds and compares, `holder` holds the consumer and swaps: a hold must not wait behind a long statement. */
type Work = RebuildOptions & Readonly<{ writer: OwnConnection; holder: OwnConnection }>;

/**
 * Folds a read model anew beside the live one, compares the two row by row, and puts the new one in its place. The consumer goes on
 * meanwhile; it waits for two holds of less than a second. Whatever ends it earlier leaves the live table as it was.
 */
export async function rebuildReadModel(options: RebuildOptions): Promise<void> {
  const writer = openOwnConnection(options.databaseUrl, 'rebuild');
  const holder = openOwnConnection(options.databaseUrl, 'rebuild hold');
  try {
    await beAlone(writer, options.model.table);
    await rebuildAlone({ ...options, writer, holder });
  } finally {
    await Promise.all([writer.close(), holder.close()]);
  }
}

/** The lock of this connection keeps a second rebuild of the table away. */
async function beAlone({ sql }: OwnConnection, table: string): Promise<void> {
  const [row] = await sql<{ alone: boolean }[]>`
    SELECT pg_try_advisory_lock(hashtext('crossdock rebuild'), hashtext(${table})) AS alone`;
  if (row?.alone !== true) throw new Error(`${table} is being rebuilt by another process`);
}

async function rebuildAlone(work: Work): Promise<void> {
  const { model, writer, say } = work;
  const { sql, mustStand } = writer;
  const copy = nextOf(model.table);
  const shape = await loadShape(sql, model.table);
  const copyId = await createCopy(sql, model.table);
  try {
    const folding = startFolding({ model, log: work.log, sql, copy, shape, mustStand, say });
    await holding(work, folding, (offsets) => beginSnapshot(sql, folding.foldedTo(offsets)));
    const comparison = await compareTables(sql, model.table, copy, shape).finally(() => sql`ROLLBACK`);
    work.onCompared(comparison, folding.events());
    if (work.compareOnly) return;
    await sql.unsafe(`ANALYZE ${quoted(copy)}`);
    await holding(work, folding, (offsets) => {
      const foldedTo = folding.foldedTo(offsets);
      return swapTables(work.holder.sql, model.table, copyId, foldedTo, work.dropPrevious);
    });
  } finally {
    await sql.unsafe(`DROP TABLE IF EXISTS ${quoted(copy)}`).catch(() => undefined);
  }
}

/** Catches up, holds the consumer, catches up with the rest, does what needs both to stand still. */
async function holding(
  { model, holder, writer }: Work,
  folding: Folding,
  work: (offsets: readonly Offset[]) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await comeNear(model, holder, folding);
    try {
      await holdingOffsets(holder.sql, model.consumer, model.sources, async (offsets) => {
        await folding.catchUp(offsets);
        writer.mustStand();
        await work(offsets);
      });
      return;
    } catch (error) {
      const kind = faultKind(error);
      const passes = kind === 'infrastructure' || kind === 'guard-lost';
      if (!passes || attempt === HOLDS_MAX) throw error;
      await pause(backoffMs(attempt, HOLD_BASE_MS, HOLD_CAP_MS));
    }
  }
}

async function comeNear(model: FoldedReadModel, { sql }: OwnConnection, folding: Folding): Promise<void> {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const offsets = await readOffsets(sql, model.consumer, model.sources, false);
    if ((await folding.catchUp(offsets)) < LEAD_EVENTS_MAX) return;
  }
  throw new Error(`${model.consumer} is far behind and catching up: rebuild ${model.name} when it has`);
}
