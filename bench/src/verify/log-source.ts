import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import type { ConsumerOffset } from './delivery.ts';
import type { LoggedPosition, PartitionEnd } from './dense-log.ts';
import type { StreamEvent } from './legal-history.ts';

/** Rows fetched at once: enough that round trips do not count, few enough that memory does not. */
const FETCH_ROWS = 5_000;

/** Reads the event log of one subgraph and what its consumer and relay say; writes nothing. */
export interface LogSource {
  readonly positions: () => AsyncGenerator<LoggedPosition>;
  readonly streams: () => AsyncGenerator<StreamEvent>;
  readonly ends: () => Promise<readonly PartitionEnd[]>;
  /** Offsets of the consumers, and the relay's intents as those of the reader `<subgraph> relay`. */
  readonly offsets: () => Promise<readonly ConsumerOffset[]>;
  readonly parkedLetters: () => Promise<number>;
}

export function logSource(sql: Sql, source: Subgraph): LogSource {
  return {
    positions: () =>
      rowsOf<LoggedPosition>(sql`
      select ${source} as source, partition, position::float8 as position, event_id as "eventId"
      from events order by partition, position`),
    streams: () =>
      rowsOf<StreamEvent>(sql`
      select ${source} as source, category, stream_id as "streamId", version, type, data ->> 'status' as status
      from events order by category, stream_id, version`),
    ends: () => sql<PartitionEnd[]>`
      select ${source} as source, partition, position::float8 as position, event_id as "eventId"
      from partitions order by partition`,
    offsets: () => sql<ConsumerOffset[]>`
      select consumer, source, partition, position::float8 as position, event_id as "eventId" from offsets
      union all
      select ${relayOf(source)}, ${source}, partition, position::float8, event_id from intents`,
    parkedLetters: async () => {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int as count from dead_letters where status = 'parked'`;
      return row?.count ?? 0;
    },
  };
}

/** The relay of a subgraph, as a reader of its log. */
export const relayOf = (source: Subgraph) => `${source} relay`;

interface Cursored {
  cursor: (rows: number) => AsyncIterable<readonly object[]>;
}

/** Yields the rows of a query by a cursor, so that a long log never stands in memory as a whole. */
export async function* rowsOf<Row>(query: Cursored): AsyncGenerator<Row> {
  // The query's own columns are the row's fields.
  for await (const rows of query.cursor(FETCH_ROWS)) yield* rows as readonly Row[];
}
