// Every change of every order out of the log, each once: the ERP's feed. It stops at the committed intent.
import {
  type Intent,
  type LogPlace,
  type LogRow,
  loadIntents,
  readLog,
  type Sql,
} from '@crossdock/event-store';

/** A place in all partitions at once: position by partition. */
export type ChangePlace = readonly number[];

export type Change = Readonly<{
  orderId: string;
  version: number;
  type: string;
  occurredAt: Date;
  place: ChangePlace;
}>;
export type ChangePage = Readonly<{ changes: readonly Change[]; end: ChangePlace; hasNext: boolean }>;

/** Events a page looks through for each partition: more than a page, since not all are of orders. */
const LOOK_MAX = 500;

/** The next `limit` changes behind a place; the oldest first, each partition in its own order. */
export async function changesAfter(sql: Sql, after: ChangePlace, limit: number): Promise<ChangePage> {
  const places: LogPlace[] = after.map((position, partition) => ({ partition, position }));
  const { slices } = await readLog(sql, places, LOOK_MAX);
  const end = [...after];
  const changes: Change[] = [];
  for (const row of mergedByTime(slices.map((slice) => slice.rows))) {
    if (row.category === 'order' && changes.length === limit) return { changes, end, hasNext: true };
    end[row.partition] = Number(row.position);
    if (row.category !== 'order') continue;
    changes.push({
      orderId: row.stream_id,
      version: row.version,
      type: row.type,
      occurredAt: row.recorded_at,
      place: [...end],
    });
  }
  return { changes, end, hasNext: slices.some((slice) => slice.rows.length >= LOOK_MAX) };
}

/** Merges runs, each in the order of its positions, by the instants of their heads. */
function* mergedByTime(runs: readonly (readonly LogRow[])[]): Generator<LogRow> {
  const next = runs.map(() => 0);
  for (;;) {
    let oldest: LogRow | null = null;
    let from = 0;
    runs.forEach((run, index) => {
      const row = run[next[index] ?? 0];
      if (row !== undefined && (oldest === null || row.recorded_at < oldest.recorded_at))
        [oldest, from] = [row, index];
    });
    if (oldest === null) return;
    next[from] = (next[from] ?? 0) + 1;
    yield oldest;
  }
}

/** Where the log stands now in every partition: a feed that begins here misses no later change. */
export async function feedPlaces(sql: Sql): Promise<readonly Intent[]> {
  return loadIntents(sql);
}
