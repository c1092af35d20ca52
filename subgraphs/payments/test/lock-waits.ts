// Tells when one of two sessions waits for the other, so that tests of lock order need no clock.
import type { Sql } from '@crossdock/event-store';
import { expect } from 'vitest';

const PATIENCE = { timeout: 10_000, interval: 20 };

/** Resolves once `call` has ended or waits for a lock in this database; rejects with neither. */
export async function endedOrBlocked(sql: Sql, call: Promise<unknown>): Promise<'ended' | 'blocked'> {
  let ended = false;
  const note = () => {
    ended = true;
  };
  call.then(note, note);
  let blocked = false;
  const look = async () => {
    const [row] = await sql<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    blocked = (row?.waiting ?? 0) > 0;
    return ended || blocked;
  };
  await expect.poll(look, PATIENCE).toBe(true);
  return ended ? 'ended' : 'blocked';
}
