import type { Sql } from './client.ts';
import { readLog } from './log-reader.ts';
import { type LogRow, loadIntents } from './relay-store.ts';

/** Milliseconds between looks at the log while somebody waits. */
const TAIL_INTERVAL_MS = 20;
const TAIL_LIMIT = 2_000;

/** Follows the log of this subgraph for those who wait for something in it; reads only while somebody does. */
export type LogTail = Readonly<{
  /** Resolves true when `match` holds for a published event, false after `timeoutMs`. Holds no connection meanwhile. */
  waitFor: (match: (row: LogRow) => boolean, timeoutMs: number) => Promise<boolean>;
  close: () => void;
}>;

type Waiter = { match: (row: LogRow) => boolean; settle: (found: boolean) => void };

/** One tail for each process. A fault of the database ends no wait: the next look follows. */
export function createLogTail(sql: Sql): LogTail {
  const waiters = new Set<Waiter>();
  let places: { partition: number; position: number }[] | null = null;
  let running = false;
  let closed = false;

  async function look(): Promise<void> {
    places ??= (await loadIntents(sql)).map(({ partition, position }) => ({ partition, position }));
    const { slices } = await readLog(sql, places, TAIL_LIMIT);
    for (const slice of slices) {
      const place = places.find((each) => each.partition === slice.partition);
      if (place !== undefined) place.position = slice.after.position + slice.rows.length;
      for (const row of slice.rows) {
        for (const waiter of waiters) if (waiter.match(row)) waiter.settle(true);
      }
    }
  }

  async function follow(): Promise<void> {
    if (running) return;
    running = true;
    while (waiters.size > 0 && !closed) {
      await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, TAIL_INTERVAL_MS));
    }
    running = false;
    places = null;
  }

  function waitFor(match: (row: LogRow) => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      const waiter: Waiter = {
        match,
        settle: (found) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(found);
        },
      };
      waiters.add(waiter);
      void follow();
    });
  }

  return {
    waitFor,
    close: () => {
      closed = true;
      for (const waiter of waiters) waiter.settle(false);
    },
  };
}
