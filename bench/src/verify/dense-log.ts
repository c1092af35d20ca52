import { counted, type Rows, type Verdict } from './verdict.ts';

/** An event's place in a log. Rows come by partition and position. */
export interface LoggedPosition {
  readonly source: string;
  readonly partition: number;
  readonly position: number;
  readonly eventId: string;
}

/** Where a log says that a partition ends. */
export interface PartitionEnd {
  readonly source: string;
  readonly partition: number;
  readonly position: number;
  readonly eventId: string | null;
}

/** 6. Per partition, positions are 1..n without hole or duplicate, and the partition's own row names the last. */
export async function checkDenseLog(
  events: Rows<LoggedPosition>,
  ends: readonly PartitionEnd[],
): Promise<Verdict> {
  const last = new Map<string, LoggedPosition>();
  const breaches: string[] = [];
  let count = 0;
  for await (const event of events) {
    count += 1;
    const name = nameOf(event);
    const expected = (last.get(name)?.position ?? 0) + 1;
    if (event.position !== expected)
      breaches.push(`${name}: position ${event.position} stands where ${expected} belongs`);
    last.set(name, event);
  }
  for (const end of ends) {
    const name = nameOf(end);
    const found = last.get(name);
    if (end.position === (found?.position ?? 0) && end.eventId === (found?.eventId ?? null)) continue;
    breaches.push(
      `${name}: its row says that it ends at ${end.position}, its last event stands at ${found?.position ?? 0}`,
    );
  }
  const logs = new Set(ends.map(({ source }) => source)).size;
  const partitions = ends.length / Math.max(1, logs);
  return {
    summary: `${partitions} partitions × ${counted(logs, 'log')}, ${counted(count, 'event')}`,
    breaches,
  };
}

function nameOf({ source, partition }: { source: string; partition: number }): string {
  return `${source} partition ${partition}`;
}
