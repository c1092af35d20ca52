import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import type { ConsumerOffset } from './delivery.ts';
import type { PartitionEnd } from './dense-log.ts';
import type { CarriedEpoch, DerivedFact, ReadAhead } from './fenced.ts';
import { rowsOf } from './log-source.ts';

/** Epochs of offsets and intents beside that of the worker's lease, 0 while nobody ever had it. */
export function readEpochs(sql: Sql, subgraph: Subgraph): Promise<readonly CarriedEpoch[]> {
  return sql<CarriedEpoch[]>`
    select ${subgraph} as subgraph, c.what, c.epoch::float8 as epoch,
           coalesce((select l.epoch from leases l where l.name = 'worker'), 0)::float8 as "leaseEpoch"
    from (
      select 'offset of ' || source || ' partition ' || partition as what, epoch from offsets
      union all select 'intent of partition ' || partition, epoch from intents
    ) c`;
}

/** Where readers stand beside what their sources have said that they would publish. */
export function readersOf(
  offsets: readonly ConsumerOffset[],
  intents: readonly PartitionEnd[],
): readonly ReadAhead[] {
  const intended = new Map(
    intents.map((intent) => [`${intent.source} ${intent.partition}`, intent.position]),
  );
  return offsets.map(({ consumer, source, partition, position }) => ({
    ...{ consumer, source, partition, position },
    intended: intended.get(`${source} ${partition}`) ?? 0,
  }));
}

export function readIntents(sql: Sql, source: Subgraph): Promise<readonly PartitionEnd[]> {
  return sql<PartitionEnd[]>`
    select ${source} as source, partition, position::float8 as position, event_id as "eventId" from intents`;
}

export async function* readEventIds(sql: Sql): AsyncGenerator<string> {
  for await (const { id } of rowsOf<{ id: string }>(sql`select event_id as id from events`)) yield id;
}

export function readDerived(sql: Sql, source: Subgraph): AsyncGenerator<DerivedFact> {
  return rowsOf<DerivedFact>(sql`
    select ${source} as source, stream_id as "streamId", type, metadata ->> 'causationId' as "causeId"
    from events where metadata ? 'causationId'`);
}

/** A call is held again under the cause it was asked for by, whenever a person had it tried again in vain. */
const MAY_RECUR = ['PaymentHeld', 'PaymentResumed'];

/**
 * One refund is told for each shipment that it takes from; and one renewal of an authorisation may be what several shipments are taken
 * from.
 */
export function readRepeated(
  sql: Sql,
  source: Subgraph,
): Promise<readonly (DerivedFact & { count: number })[]> {
  return sql<(DerivedFact & { count: number })[]>`
    select ${source} as source, stream_id as "streamId", type, metadata ->> 'causationId' as "causeId", count(*)::int as count
    from events where metadata ? 'causationId' and type <> all (${MAY_RECUR}::text[])
    group by 2, 3, 4, case when type in ('PaymentCaptured', 'PaymentRefunded')
                        then concat_ws(' ', data ->> 'refundId', data ->> 'shipmentId') end
    having count(*) > 1`;
}
