// The other subgraphs as a spec of orders needs them: logs in memory, and a consumer that hears of every fact at once.
import { SOURCES, type Source, type TravellingEvent } from '@crossdock/contracts';
import { acquireLease, loadOffsets, newId, type Sql } from '@crossdock/event-store';
import { type ArrivedEvent, type Consumer, type LogClient, offsetMoves } from '@crossdock/messaging';

export type Said = Readonly<{
  source: Source;
  partition: number;
  type: string;
  data: TravellingEvent['data'];
}>;

export type Neighbours = Readonly<{
  log: LogClient;
  /** Appends facts to the logs and has the consumer apply them in one batch. */
  say: (facts: readonly Said[]) => Promise<void>;
  /** Appends a fact and parks it: its offset moves without its effect. */
  park: (fact: Said) => Promise<ArrivedEvent>;
  /** Everything said so far. */
  said: () => readonly ArrivedEvent[];
}>;

/** The logs as `LogClient` shows them. */
function logOf(logs: ReadonlyMap<string, readonly TravellingEvent[]>): LogClient {
  return {
    compare: async () => [],
    consumed: async () => [],
    close: async () => undefined,
    read: async (source, after, limit) =>
      after.flatMap(({ partition, position }) => {
        const log = logs.get(`${source}/${partition}`) ?? [];
        const events = log.slice(position, position + limit);
        const eventId = log[position - 1]?.id ?? null;
        return events.length === 0 ? [] : [{ partition, after: { position, eventId }, events }];
      }),
  };
}

/** An event of a log, as the `count`th of all. */
function eventOf({ type, data }: Said, version: number, count: number): TravellingEvent {
  return {
    ...{ id: newId(), category: 'said', stream: 's', version, type, schemaVersion: 1, data, metadata: {} },
    at: new Date(Date.UTC(2026, 2, 1) + count).toISOString(),
  };
}

export async function startNeighbours(sql: Sql, consumer: Consumer): Promise<Neighbours> {
  const logs = new Map<string, TravellingEvent[]>();
  const all: ArrivedEvent[] = [];
  const epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(
    sql,
    consumer.name,
    SOURCES.filter((each) => each !== consumer.name),
    epoch,
  );

  function append(fact: Said): ArrivedEvent {
    const { source, partition } = fact;
    const log = logs.get(`${source}/${partition}`) ?? [];
    logs.set(`${source}/${partition}`, log);
    const event = eventOf(fact, log.length + 1, all.length);
    const arrived = { source, partition, position: log.push(event), event };
    all.push(arrived);
    return arrived;
  }

  const inboxOf = (events: readonly ArrivedEvent[]) => ({
    ...{ consumer: consumer.name, epoch, parked: [] },
    offsets: offsetMoves(events),
  });

  return {
    log: logOf(logs),
    say: async (facts) => {
      const events = facts.map(append);
      await consumer.apply(events, inboxOf(events));
    },
    park: async (fact) => {
      const arrived = append(fact);
      const { source, partition, position, event } = arrived;
      const letter = { source, partition, position, key: consumer.keyOf(event), event };
      const parked = [{ ...letter, error: 'poison', attempts: 3, codeVersion: 'test', trace: null }];
      const inbox = JSON.stringify({ ...inboxOf([arrived]), parked });
      await sql`SELECT log_consume(${inbox}::text::jsonb)`;
      return arrived;
    },
    said: () => all,
  };
}
