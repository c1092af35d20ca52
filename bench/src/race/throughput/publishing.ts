// Publishes placed orders as orders' relay does: one message with slices of all partitions, one in flight, within its sizes.
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { subjectOf } from '@crossdock/contracts';
import type { Bus } from '@crossdock/messaging';
import { intendedStart } from '../../replay/load.ts';
import type { CommitWatch } from './commit-watch.ts';
import type { LogStandIn } from './log-stand-in.ts';
import type { PlacedOrder } from './placed-orders.ts';

/** Of the relay: bytes of a message, and events of one partition in it. */
const MESSAGE_BYTES_MAX = 768 * 1024;
const PARTITION_EVENTS_MAX = 150;
/** Orders on their way at once when as many are sent as are taken: four calls' worth, so that the reserver never waits. */
const WINDOW = 2_048;
const STANDSTILL_MS = 30_000;
const LOOK_MS = 250;

export interface Publishing {
  readonly bus: Bus;
  readonly log: LogStandIn;
  readonly watch: CommitWatch;
  readonly signal: AbortSignal;
  /** Told each order as it is sent, with the place it has in the log and the instant it was due. */
  readonly onSent: (order: PlacedOrder, position: number, dueAt: number) => void;
}

async function publish(
  { bus, log, onSent }: Publishing,
  orders: readonly PlacedOrder[],
  dueAt: number | null,
) {
  const message = log.append(orders);
  const sentAt = performance.now();
  const left = new Map<number, number>();
  for (const order of orders.toReversed()) {
    const behind = left.get(order.partition) ?? 0;
    left.set(order.partition, behind + 1);
    onSent(order, log.head(order.partition) - behind, dueAt ?? sentAt);
  }
  await bus.publish(
    subjectOf(log.source),
    message,
    hash('sha256', orders.map((each) => each.eventId).join()),
  );
}

/** As many orders from the head of a list as fit one message. */
export function messageful(orders: readonly PlacedOrder[], from: number): readonly PlacedOrder[] {
  const counts = new Map<number, number>();
  let bytes = 0;
  let until = from;
  for (; until < orders.length; until += 1) {
    const order = orders[until];
    if (order === undefined) break;
    const count = (counts.get(order.partition) ?? 0) + 1;
    bytes += order.text.length;
    if (until > from && (bytes > MESSAGE_BYTES_MAX || count > PARTITION_EVENTS_MAX)) break;
    counts.set(order.partition, count);
  }
  return orders.slice(from, until);
}

/** Sends all orders, never more than a window ahead of what is committed; resolves when all are. */
export async function publishAll(publishing: Publishing, orders: readonly PlacedOrder[]): Promise<void> {
  const { watch } = publishing;
  const before = watch.committed();
  for (let sent = 0; sent < orders.length; ) {
    const next = messageful(orders, sent);
    await committedUpTo(publishing, before + sent + next.length - WINDOW);
    await publish(publishing, next, null);
    sent += next.length;
  }
  await committedUpTo(publishing, before + orders.length);
}

/** Sends orders one by one on a fixed schedule, whatever becomes of them; resolves when all are committed. */
export async function publishOnSchedule(
  publishing: Publishing,
  orders: readonly PlacedOrder[],
  rate: number,
): Promise<void> {
  const before = publishing.watch.committed();
  const begin = performance.now();
  for (const [index, order] of orders.entries()) {
    const dueAt = intendedStart(begin, index, rate);
    await sleep(Math.max(0, dueAt - performance.now()));
    await publish(publishing, [order], dueAt);
  }
  await committedUpTo(publishing, before + orders.length);
}

async function committedUpTo({ watch, signal }: Publishing, count: number): Promise<void> {
  let movedAt = performance.now();
  while (watch.committed() < count) {
    signal.throwIfAborted();
    const before = watch.committed();
    await watch.moved(LOOK_MS);
    if (watch.committed() > before) movedAt = performance.now();
    if (performance.now() - movedAt > STANDSTILL_MS)
      throw new Error(`The reserver stands still: ${watch.committed()} of ${count} orders are committed`);
  }
}
