// What others know of a log and it does not have: the part of a restore that a person must judge.
import { SOURCES, type Source } from '@crossdock/contracts';
import { eventIdsAtPlaces, loadLogEnds, type Sql } from '@crossdock/event-store';
import type { LogClient } from '../log-client.ts';
import type { Range, Survey } from './history.ts';

/** Events that somebody consumed, or that JetStream holds behind a gap, and that this log cannot have. */
export type Loss = Range & Readonly<{ knownTo: readonly string[] }>;

/** How far another subgraph consumed this log. */
export type Consumed = Readonly<{ by: Source; partition: number; position: number; eventId: string | null }>;

/** How far each of the others has consumed this log. All must answer, or a loss would stay unseen: else who did not. */
export async function consumedByOthers(
  subgraph: Source,
  log: LogClient,
): Promise<readonly Consumed[] | string> {
  const others = SOURCES.filter((each) => each !== subgraph);
  const asked = await Promise.allSettled(others.map((by) => log.consumed(by, subgraph)));
  const silent = others.filter((_, index) => asked[index]?.status === 'rejected');
  if (silent.length > 0)
    return `${silent.join(', ')} cannot be asked how much of this log it consumed: start it first.`;
  return asked.flatMap((answer, index) => {
    const by = others[index];
    return answer.status === 'rejected' || by === undefined
      ? []
      : answer.value.map((head) => ({ ...head, by }));
  });
}

/** What is known of this log beyond what is here and what continues it. */
export async function lossOf(sql: Sql, survey: Survey, consumed: readonly Consumed[]): Promise<Loss[]> {
  return (await loadLogEnds(sql)).flatMap(({ partition, position, givenUp }) => {
    const ofPartition = (each: { partition: number }) => each.partition === partition;
    const end = Math.max(position, survey.found.find(ofPartition)?.to ?? 0);
    const beyond = Math.max(end, givenUp);
    const seen = survey.seen.find(ofPartition)?.position ?? 0;
    const knowing = consumed.filter((each) => ofPartition(each) && each.position > beyond);
    const to = Math.max(seen, ...knowing.map((each) => each.position));
    if (to <= beyond) return [];
    const knownTo = knowing.map((each) => `${each.by} (to ${each.position})`);
    if (seen > beyond) knownTo.unshift(`JetStream (to ${seen})`);
    return [{ partition, from: end + 1, to, knownTo }];
  });
}

/** Those who consumed another event than this log holds at the place: they stay stopped. */
export async function disagreeing(sql: Sql, consumed: readonly Consumed[]): Promise<Consumed[]> {
  const rows = await eventIdsAtPlaces(sql, consumed);
  const here = new Map(rows.map((row) => [`${row.partition}/${row.position}`, row.eventId]));
  return consumed.filter(({ partition, position, eventId }) => {
    const ours = here.get(`${partition}/${position}`);
    return ours !== undefined && ours !== eventId;
  });
}
