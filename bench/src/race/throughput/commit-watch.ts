// When a position of the orders log is committed by the reserver: offset, reservation and events are one call, so the offset tells.
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';

export interface CommitWatch {
  /** Events whose offset was seen moved, over all partitions. */
  readonly committed: () => number;
  /** Resolves at the next move, or when `most_ms` are over. */
  readonly moved: (most_ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface CommitWatchOptions {
  readonly databaseUrl: string;
  /** Time between two looks: what is seen is late by as much, at most. */
  readonly every_ms: number;
  /** Told each position once, in order. */
  readonly onCommitted: (partition: number, position: number, at: number) => void;
}

type Offsets = Map<number, number>;

/** Looks at the offsets until stopped. */
export async function watchCommits(options: CommitWatchOptions): Promise<CommitWatch> {
  const sql = postgres(options.databaseUrl, { max: 1, connection: { application_name: 'commit-watch' } });
  const known: Offsets = new Map();
  let wake: () => void = () => undefined;
  let watching = true;
  const look = async () => {
    const before = sum(known);
    for (const { partition, position } of await offsetsOf(sql)) {
      const at = performance.now();
      for (let each = (known.get(partition) ?? 0) + 1; each <= position; each += 1)
        options.onCommitted(partition, each, at);
      known.set(partition, position);
    }
    if (sum(known) > before) wake();
  };
  await look();
  const done = (async () => {
    while (watching) {
      await look();
      await sleep(options.every_ms);
    }
  })();
  return {
    committed: () => sum(known),
    moved: (most_ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, most_ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    stop: async () => {
      watching = false;
      await done;
      await sql.end({ timeout: 2 });
    },
  };
}

const sum = (offsets: Offsets) => offsets.values().reduce((total, position) => total + position, 0);

function offsetsOf(sql: Sql) {
  return sql<{ partition: number; position: number }[]>`
    select partition, position::float8 as position from offsets where consumer = 'inventory' and source = 'orders'`;
}
