import type { Sql } from '@crossdock/event-store';
import type { CardOperation } from '../domain/card-calls.ts';

/** A call this process may make now, until its claim ends. `state` unknown: an earlier try may have reached the provider. */
export type ClaimedCall = Readonly<{
  orderId: string;
  operation: CardOperation;
  instance: string;
  state: 'due' | 'unknown';
  providerKey: string;
  attempt: number;
  causeId: string | null;
  traceparent: string | null;
}>;

/** What became of a claimed call. `state` null keeps the claim: more of the call follows. */
export type CallSettlement = Readonly<{
  orderId: string;
  operation: CardOperation;
  instance: string;
  attempt: number;
  state: 'due' | 'unknown' | 'done' | 'refused' | null;
  outcome: 'unknown' | 'succeeded' | 'declined' | 'failed';
  reason: string | null;
  delayMs: number;
}>;

/** Claims up to `limit` due calls for `claimMs`; rejects with LEASE_LOST under an old epoch. */
export async function claimCalls(
  sql: Sql,
  epoch: number,
  limit: number,
  claimMs: number,
): Promise<ClaimedCall[]> {
  return sql<ClaimedCall[]>`
    SELECT order_id AS "orderId", operation, instance, state, provider_key AS "providerKey", attempt, cause_id AS "causeId", traceparent
    FROM calls_claim(${epoch}, ${limit}, ${claimMs})`;
}

/** Makes the open calls of these orders due now, but for those that are being made; answers how many those were. */
export async function hastenCalls(sql: Sql, epoch: number, orderIds: readonly string[]): Promise<number> {
  const [row] = await sql<{ hastened: number }[]>`
    SELECT calls_hasten(${epoch}, ${[...orderIds]}::uuid[]) AS hastened`;
  return row?.hastened ?? 0;
}

/** Frees what an earlier holder of the worker lease had claimed; answers how many calls that were. */
export async function takeOverCalls(sql: Sql, epoch: number): Promise<number> {
  const [row] = await sql<{ freed: number }[]>`SELECT calls_take_over(${epoch}) AS freed`;
  return row?.freed ?? 0;
}
