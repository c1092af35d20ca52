import type { Sql } from '@crossdock/event-store';

/** A webhook event that nobody looked at yet. `attempts` counts earlier looks. */
export type WaitingEvent = Readonly<{
  provider: string;
  eventId: string;
  type: string;
  authorisationId: string | null;
  attempts: number;
}>;

/** What became of a webhook event; `new`: look again after `delayMs`. */
export type EventSettlement = Readonly<{
  provider: string;
  eventId: string;
  state: 'new' | 'done' | 'failed';
  reason: string | null;
  delayMs: number;
}>;

/** Writes an event down once, to be looked at after `delayMs`; an event that came before is counted, and so a write all the same. */
export async function takeEvent(
  sql: Sql,
  { provider, eventId, type, authorisationId }: Omit<WaitingEvent, 'attempts'>,
  delayMs: number,
): Promise<'new' | 'duplicate'> {
  const [row] = await sql<{ deliveries: number }[]>`
    INSERT INTO webhook_events AS e (provider, event_id, type, authorisation_id, next_try_at)
    VALUES (${provider}, ${eventId}, ${type}, ${authorisationId}, clock_timestamp() + ${delayMs} * interval '1 millisecond')
    ON CONFLICT ON CONSTRAINT webhook_events_once DO UPDATE SET deliveries = e.deliveries + 1
    RETURNING deliveries`;
  return row?.deliveries === 1 ? 'new' : 'duplicate';
}

/** The events whose time has come, the longest due first. */
export async function loadWaitingEvents(sql: Sql, limit: number): Promise<WaitingEvent[]> {
  return sql<WaitingEvent[]>`
    SELECT provider, event_id AS "eventId", type, authorisation_id AS "authorisationId", attempts FROM webhook_events
    WHERE state = 'new' AND next_try_at <= clock_timestamp() ORDER BY next_try_at LIMIT ${limit}`;
}

/** Rejects with LEASE_LOST under an old epoch. */
export async function settleEvents(
  sql: Sql,
  epoch: number,
  events: readonly EventSettlement[],
): Promise<void> {
  await sql`SELECT webhooks_settle(${epoch}, ${JSON.stringify(events)}::text::jsonb)`;
}

/** Deletes settled events older than `days`, at most `limit`; answers how many. */
export async function forgetEvents(sql: Sql, epoch: number, days: number, limit: number): Promise<number> {
  const [row] = await sql<{ forgotten: number }[]>`
    SELECT webhooks_forget(${epoch}, ${days}, ${limit}) AS forgotten`;
  return row?.forgotten ?? 0;
}

/** How many events wait to be looked at. */
export async function countWaitingEvents(sql: Sql): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM webhook_events WHERE state = 'new'`;
  return row?.waiting ?? 0;
}
