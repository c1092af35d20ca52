import { derivedId, faultKind, type NewEvent, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import type { StoredHold } from '../domain/batch.ts';
import { holdDecider } from '../domain/hold/decide.ts';
import { createShelves } from '../domain/shelves.ts';
import { holdFact } from '../publishers/hold-facts.ts';
import type { ReadHold } from '../store/figures.ts';
import { countActiveHolds, loadOverdueHolds } from '../store/holds.ts';
import { NOTHING, type StockWrite, writeStock } from '../store/stock-write.ts';
import type { HoldMetrics } from './hold-metrics.ts';

/** Holds ended in one call. */
const PAGE = 200;
/** Calls of one look, those whose holds moved meanwhile among them: 2,000 holds a second; the rest waits for the next look. */
const PAGES_MAX = 10;

export type ExpireOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: HoldMetrics;
  /** Says that units became free and that something was appended. */
  poke: () => void;
}>;

/**
 * One look: ends the holds whose time is over by the database's clock, whatever this machine's says. A hold that was claimed or
 * released meanwhile loses the guard, and the page is read again. Rejects with LEASE_LOST under an old epoch.
 */
export async function expireHolds({ sql, metrics, poke }: ExpireOptions, epoch: number): Promise<void> {
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const overdue = await loadOverdueHolds(sql, PAGE);
    if (overdue.length === 0) break;
    const isWritten = await endHolds(sql, epoch, overdue);
    if (!isWritten) continue;
    metrics.expired.inc(overdue.length);
    poke();
    if (overdue.length < PAGE) break;
  }
  metrics.live.set(await countActiveHolds(sql));
}

/** False when one of them moved meanwhile, and then nothing was written. */
async function endHolds(sql: Sql, epoch: number, overdue: readonly ReadHold[]): Promise<boolean> {
  try {
    await writeStock(sql, { kind: 'worker', epoch }, decide(overdue));
    return true;
  } catch (error) {
    if (faultKind(error) !== 'guard-lost') throw error;
    return false;
  }
}

function decide(overdue: readonly ReadHold[]): StockWrite {
  const shelves = createShelves({ totals: [], stock: [], isOpen: () => false });
  const holds: StoredHold[] = [];
  const events: NewEvent[] = [];
  for (const { isOver, ...hold } of overdue) {
    const { holdId, partition } = hold;
    const decision = holdDecider.decide({ type: 'ExpireHold', data: { isOver } }, hold.state);
    for (const event of decision.accepted ? decision.events : []) {
      const version = hold.version + 1;
      // A hold expires once: whoever derives it again derives the same event.
      const id = derivedId(holdId, event.type);
      shelves.bookHold(event, holdId, id);
      holds.push({ ...hold, state: holdDecider.evolve(hold.state, event), version });
      events.push({
        ...{ partition, category: 'hold', streamId: holdId, version, id },
        ...holdFact(event, hold),
        metadata: { correlationId: holdId },
      });
    }
  }
  return { ...NOTHING, holds, moves: shelves.moves(), events };
}
