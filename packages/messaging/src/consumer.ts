import type { Source, TravellingEvent } from '@crossdock/contracts';
import {
  consumeOnly,
  faultKind,
  type Inbox,
  type OffsetMove,
  type Parked,
  type Reminder,
  type Sql,
} from '@crossdock/event-store';
import { backoffMs, pause } from '@crossdock/resilience';
import { letterOf, plightOf } from './letters.ts';
import type { ArrivedEvent } from './slice-queue.ts';

export type { ArrivedEvent } from './slice-queue.ts';

/** Tries of one event that fails by itself, before it is parked with an owner. */
const POISON_ATTEMPTS = 3;
const RETRY_BASE_MS = 50;
const RETRY_CAP_MS = 2_000;
/** Milliseconds that the poison of one batch may wait between its tries: beyond them it is tried at once, for others wait too. */
const POISON_PATIENCE_MS = 300;
/** Rounds a batch is decided again at once when a guard was lost, before it waits between rounds. */
const GUARD_ROUNDS = 3;

/** A letter that a person gives up, and who that is. */
export type GivenUpLetter = Readonly<{ letter: ArrivedEvent; actor: string | null }>;

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
   * The key whose parked letters an event asks to try again, else null. Such an event never waits behind a dead letter: it
   * is applied as any other where it is wanted, and the letters are replayed after its commit.
   */
  reminds?: (source: Source, event: TravellingEvent) => string | null;
  /**
   * Decides and writes all of it in one call whose first act is `log_consume(inbox)`: all or nothing. A lost guard must
   * raise; the same events come again. Anything thrown that is no fault of infrastructure counts against the events.
   */
  apply: (events: readonly ArrivedEvent[], inbox: Inbox) => Promise<void>;
  /**
   * For letters whose giving up means more than that nobody applies them: it decides and writes that in the one call that discards the
   * letter, under the terms of `apply`. Absent where none does.
   */
  giveUp?: Readonly<{
    wants: (source: Source, type: string) => boolean;
    apply: (given: GivenUpLetter, inbox: Inbox) => Promise<void>;
  }>;
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

/** What the poison of a batch may still wait, in milliseconds. */
type Patience = { left_ms: number };

/** Applies batches until nothing stands in their way: waits out infrastructure, decides again, bisects to the poison. */
export function createApplier(options: ApplierOptions): Apply {
  async function applyAll(events: readonly ArrivedEvent[], patience: Patience): Promise<void> {
    let attempts = 0;
    let poison: unknown = null;
    for (let round = 1; !options.signal.aborted; round += 1) {
      try {
        if (attempts < POISON_ATTEMPTS) await applyOnce(options, events);
        else await parkAll(options, events, poison);
        return;
      } catch (error) {
        const kind = faultKind(error);
        options.onFault(kind, error);
        if (kind === 'lease-lost') throw error;
        if (kind === 'guard-lost' && round <= GUARD_ROUNDS) continue;
        if (kind === 'decision' && events.length > 1) return halves(events, patience);
        if (kind === 'decision') {
          attempts += 1;
          poison = error;
        }
        await wait(kind === 'decision' ? patience : null, round);
      }
    }
  }

  async function halves(events: readonly ArrivedEvent[], patience: Patience): Promise<void> {
    const middle = Math.ceil(events.length / 2);
    await applyAll(events.slice(0, middle), patience);
    await applyAll(events.slice(middle), patience);
  }

  async function wait(patience: Patience | null, round: number): Promise<void> {
    const wanted_ms = backoffMs(round, RETRY_BASE_MS, RETRY_CAP_MS);
    const granted_ms = patience === null ? wanted_ms : Math.min(wanted_ms, patience.left_ms);
    if (patience !== null) patience.left_ms -= granted_ms;
    await pause(granted_ms, options.signal);
  }

  return (events) => applyAll(events, { left_ms: POISON_PATIENCE_MS });
}

function inboxOf(options: ApplierOptions, events: readonly ArrivedEvent[], parked: readonly Parked[]): Inbox {
  const reminders = remindersIn(options, events);
  return {
    ...{ consumer: options.consumer.name, epoch: options.epoch, offsets: offsetMoves(events), parked },
    ...(reminders.length === 0 ? {} : { reminders }),
  };
}

function remindersIn({ consumer, parkedKeys }: ApplierOptions, events: readonly ArrivedEvent[]): Reminder[] {
  if (parkedKeys.size === 0) return [];
  return events.flatMap(({ source, event }) => {
    const key = consumer.reminds?.(source, event) ?? null;
    return key !== null && parkedKeys.has(key) ? [{ key, reason: `${event.type} ${event.id}` }] : [];
  });
}

/** True for an event whose key has a dead letter, unless it is the very event that asks to try that again. */
function waitsBehind({ consumer, parkedKeys }: ApplierOptions, { source, event }: ArrivedEvent): boolean {
  return parkedKeys.has(consumer.keyOf(event)) && (consumer.reminds?.(source, event) ?? null) === null;
}

/** One call: events behind a dead letter of their key join it, the others are decided. */
async function applyOnce(options: ApplierOptions, events: readonly ArrivedEvent[]): Promise<void> {
  const { consumer, parkedKeys, codeVersion } = options;
  const wanted = events.filter((each) => consumer.wants(each.source, each.event.type));
  const behind = new Set(parkedKeys.size === 0 ? [] : wanted.filter((each) => waitsBehind(options, each)));
  const flowing = behind.size === 0 ? wanted : wanted.filter((each) => !behind.has(each));
  const joining = [...behind].map((each) => letterOf(each, consumer.keyOf(each.event), codeVersion));
  const inbox = inboxOf(options, events, joining);
  if (flowing.length === 0) await consumeOnly(options.sql, inbox);
  else await consumer.apply(marked(flowing, options.recorded ?? new Set()), inbox);
}

/** Events whose outcome came back with a restored log say so, so that nobody decides them again. */
export function marked(
  events: readonly ArrivedEvent[],
  recorded: ReadonlySet<string>,
): readonly ArrivedEvent[] {
  if (recorded.size === 0) return events;
  return events.map((each) => (recorded.has(each.event.id) ? { ...each, isRecorded: true } : each));
}

async function parkAll(
  options: ApplierOptions,
  events: readonly ArrivedEvent[],
  error: unknown,
): Promise<void> {
  const { consumer, codeVersion } = options;
  const parked = events.map((each) =>
    letterOf(each, consumer.keyOf(each.event), codeVersion, plightOf(each, error, POISON_ATTEMPTS)),
  );
  await consumeOnly(options.sql, inboxOf(options, events, parked));
  for (const each of parked) {
    options.parkedKeys.add(each.key);
    options.onParked(each);
  }
}
