import type { Source, TravellingEvent } from '@crossdock/contracts';
import {
  consumeOnly,
  faultKind,
  type Inbox,
  type OffsetMove,
  type Parked,
  type Sql,
} from '@crossdock/event-store';
import { backoffMs, pause } from '@crossdock/resilience';
import type { ArrivedEvent } from './slice-queue.ts';

export type { ArrivedEvent } from './slice-queue.ts';

/** Tries of one event that fails by itself, before it is parked with an owner. */
const POISON_ATTEMPTS = 3;
const RETRY_BASE_MS = 50;
const RETRY_CAP_MS = 2_000;
/** Rounds a batch is decided again at once when a guard was lost, before it waits between rounds. */
const GUARD_ROUNDS = 3;

/** What a subgraph does with what it hears. */
export type Consumer = Readonly<{
  /** The subgraph's own name: the owner of the offsets. */
  name: string;
  /** The most urgent first: under load what a client waits for goes before what it does not. */
  sources: readonly Source[];
  /** True for events this subgraph acts on; of the others only the offset moves. */
  wants: (source: Source, type: string) => boolean;
  /** How long a batch gathers under load; a subgraph whose steps others do not wait for may gather longer. */
  gather?: Readonly<{ perEvent_ms: number; max_ms: number }>;
  /** The key whose events must stay in order: the order, the partner, the SKU. */
  keyOf: (event: TravellingEvent) => string;
  /**
   * Decides and writes all of it in one call whose first act is `log_consume(inbox)`: all or nothing. A lost guard must
   * raise; the same events come again. Anything thrown that is no fault of infrastructure counts against the events.
   */
  apply: (events: readonly ArrivedEvent[], inbox: Inbox) => Promise<void>;
}>;

export type ApplierOptions = Readonly<{
  sql: Sql;
  consumer: Consumer;
  epoch: number;
  codeVersion: string;
  parkedKeys: Set<string>;
  /** Ids of events whose effects came back with a restored log; absent or empty at all other times. */
  recorded?: ReadonlySet<string>;
  signal: AbortSignal;
  onFault: (kind: string, error: unknown) => void;
  onParked: (parked: Parked) => void;
}>;

/** The offsets a run of events moves; the events are contiguous in each partition. */
export function offsetMoves(events: readonly ArrivedEvent[]): OffsetMove[] {
  const moves = new Map<
    string,
    { source: string; partition: number; from: number; to: number; eventId: string }
  >();
  for (const { source, partition, position, event } of events) {
    const key = `${source}/${partition}`;
    const move = moves.get(key);
    if (move === undefined)
      moves.set(key, { source, partition, from: position - 1, to: position, eventId: event.id });
    else Object.assign(move, { to: position, eventId: event.id });
  }
  return [...moves.values()];
}

/** Applies a run of events, contiguous in each partition; resolves when all of it is settled. */
export type Apply = (events: readonly ArrivedEvent[]) => Promise<void>;

/** Applies batches until nothing stands in their way: waits out infrastructure, decides again, bisects to the poison. */
export function createApplier(options: ApplierOptions): Apply {
  async function applyAll(events: readonly ArrivedEvent[]): Promise<void> {
    let attempts = 0;
    for (let round = 1; !options.signal.aborted; round += 1) {
      try {
        await applyOnce(options, events);
        return;
      } catch (error) {
        const kind = faultKind(error);
        options.onFault(kind, error);
        if (kind === 'lease-lost') throw error;
        if (kind === 'guard-lost' && round <= GUARD_ROUNDS) continue;
        if (kind === 'decision') {
          attempts += 1;
          if (events.length > 1) return halves(events);
          if (attempts >= POISON_ATTEMPTS) return parkAll(options, events, error);
        }
        await pause(backoffMs(round, RETRY_BASE_MS, RETRY_CAP_MS), options.signal);
      }
    }
  }

  async function halves(events: readonly ArrivedEvent[]): Promise<void> {
    const middle = Math.ceil(events.length / 2);
    await applyAll(events.slice(0, middle));
    await applyAll(events.slice(middle));
  }

  return applyAll;
}

function parkedOf(options: ApplierOptions, arrived: ArrivedEvent, error: string, attempts: number): Parked {
  return {
    source: arrived.source,
    partition: arrived.partition,
    position: arrived.position,
    key: options.consumer.keyOf(arrived.event),
    event: arrived.event,
    error,
    attempts,
    codeVersion: options.codeVersion,
    trace: arrived.event.metadata.traceparent ?? null,
  };
}

function inboxOf(options: ApplierOptions, events: readonly ArrivedEvent[], parked: readonly Parked[]): Inbox {
  return { consumer: options.consumer.name, epoch: options.epoch, offsets: offsetMoves(events), parked };
}

/** One call: events behind a dead letter of their key join it, the others are decided. */
async function applyOnce(options: ApplierOptions, events: readonly ArrivedEvent[]): Promise<void> {
  const { consumer, parkedKeys } = options;
  const wanted = events.filter((each) => consumer.wants(each.source, each.event.type));
  const behind =
    parkedKeys.size === 0 ? [] : wanted.filter((each) => parkedKeys.has(consumer.keyOf(each.event)));
  const flowing = behind.length === 0 ? wanted : wanted.filter((each) => !behind.includes(each));
  const joining = behind.map((each) =>
    parkedOf(options, each, 'Waits behind a dead letter of the same key', 0),
  );
  const inbox = inboxOf(options, events, joining);
  if (flowing.length === 0) await consumeOnly(options.sql, inbox);
  else await consumer.apply(marked(flowing, options.recorded ?? new Set()), inbox);
}

function marked(events: readonly ArrivedEvent[], recorded: ReadonlySet<string>): readonly ArrivedEvent[] {
  if (recorded.size === 0) return events;
  return events.map((each) => (recorded.has(each.event.id) ? { ...each, isRecorded: true } : each));
}

async function parkAll(
  options: ApplierOptions,
  events: readonly ArrivedEvent[],
  error: unknown,
): Promise<void> {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const parked = events.map((each) => parkedOf(options, each, text, POISON_ATTEMPTS));
  await consumeOnly(options.sql, inboxOf(options, events, parked));
  for (const each of parked) {
    options.parkedKeys.add(each.key);
    options.onParked(each);
  }
}
