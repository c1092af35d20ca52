// When the breakers towards the payment provider opened and closed, by the counters of every replica of payments.
import type { Cluster } from './cluster/index.ts';

const CHANGES = 'crossdock_payments_provider_breaker_changes_total{';
/** The error of every figure measured by it. */
const LOOK_EVERY_MS = 250;

export interface BreakerChange {
  readonly operation: string;
  readonly state: string;
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
}

/** What one operation's breaker did in an outage, in seconds; null where it did not. */
export interface BreakerSpell {
  readonly operation: string;
  /** From the beginning of the outage until it opened first. */
  readonly opened_s: number | null;
  /** From the end of the outage until it closed for the first time. */
  readonly closed_s: number | null;
}

export interface BreakerWatch {
  readonly changes: readonly BreakerChange[];
  readonly stop: () => void;
}

/** Looks until it is stopped; a process that does not answer is looked at again. */
export async function watchBreakers(cluster: Cluster): Promise<BreakerWatch> {
  const changes: BreakerChange[] = [];
  const seen = new Map<string, number>();
  const lookAt = async (name: string, isFirst: boolean) => {
    const metrics = await cluster.metrics(name).catch(() => new Map<string, number>());
    const at = performance.now();
    for (const [metric, count] of metrics) {
      const change = changeIn(metric);
      if (change === null) continue;
      const key = `${name} ${metric}`;
      // A process that was started again counts from zero.
      const before = Math.min(seen.get(key) ?? 0, count);
      seen.set(key, count);
      if (count > before && !isFirst) changes.push({ ...change, at });
    }
  };
  const look = (isFirst: boolean) =>
    Promise.all(cluster.serviceNames('payments').map((name) => lookAt(name, isFirst)));
  await look(true);
  let underWay = false;
  const timer = setInterval(async () => {
    if (underWay) return;
    underWay = true;
    await look(false).finally(() => {
      underWay = false;
    });
  }, LOOK_EVERY_MS);
  return { changes, stop: () => clearInterval(timer) };
}

function changeIn(metric: string): Pick<BreakerChange, 'operation' | 'state'> | null {
  if (!metric.startsWith(CHANGES)) return null;
  const label = (name: string) => new RegExp(`[{,]${name}="([^"]*)"`).exec(metric)?.[1];
  const [operation, state] = [label('operation'), label('state')];
  return operation === undefined || state === undefined ? null : { operation, state };
}

/**
 * What the breakers did in an outage between two instants. What opened in the outage and closed before its end, by a request that
 * was spared, has not closed after it: the first closing after the end counts, and 0 where it stood closed at the end.
 */
export function spellsOf(changes: readonly BreakerChange[], from: number, until: number): BreakerSpell[] {
  const operations = [...new Set(changes.map(({ operation }) => operation))].sort();
  return operations.flatMap((operation) => {
    const own = changes.filter((change) => change.operation === operation);
    const opened = own.find(({ state, at }) => state === 'open' && at >= from && at <= until);
    if (opened === undefined) return [];
    const atEnd = own.filter(({ state, at }) => at <= until && state !== 'half-open').at(-1);
    const closed = own.find(({ state, at }) => state === 'closed' && at > until);
    const closedAt = atEnd?.state === 'closed' ? until : closed?.at;
    return [
      {
        operation,
        opened_s: (opened.at - from) / 1_000,
        closed_s: closedAt === undefined ? null : (closedAt - until) / 1_000,
      },
    ];
  });
}
