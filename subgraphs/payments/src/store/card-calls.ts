import type { Sql } from '@crossdock/event-store';
import type { CardOperation } from '../domain/card-operation.ts';

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
  /** Whom an authorisation is asked of; null for what follows from one, which is asked of the same. */
  provider: string | null;
  /** The try that chose the provider. */
  boundAttempt: number | null;
  /** Milliseconds since it was first to be made. */
  waitedMs: number;
}>;

/** What became of a claimed call. `state` null keeps the claim: more of the call follows. */
export type CallSettlement = Readonly<{
  orderId: string;
  operation: CardOperation;
  instance: string;
  attempt: number;
  state: 'due' | 'unknown' | 'done' | 'held' | null;
  outcome: 'unknown' | 'succeeded' | 'declined' | 'failed';
  reason: string | null;
  delayMs: number;
  /** False when this try never left us: another provider may be asked. */
  left?: boolean;
}>;

/** Claims up to `limit` due calls for `claimMs`; new authorisations are to be asked of `provider`. Rejects with LEASE_LOST under an old epoch. */
export async function claimCalls(
  sql: Sql,
  epoch: number,
  limit: number,
  claimMs: number,
  provider: string,
): Promise<ClaimedCall[]> {
  return sql<ClaimedCall[]>`
    SELECT order_id AS "orderId", operation, instance, state, provider_key AS "providerKey", attempt, cause_id AS "causeId", traceparent,
           provider, bound_attempt AS "boundAttempt", waited_ms AS "waitedMs"
    FROM calls_claim(${epoch}, ${limit}, ${claimMs}, ${provider})`;
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

/** Asks `provider` instead, for an authorisation of which nothing ever left us; answers whether it is so. */
export async function rebindCall(
  sql: Sql,
  epoch: number,
  { orderId, instance, attempt }: Pick<ClaimedCall, 'orderId' | 'instance' | 'attempt'>,
  provider: string,
): Promise<boolean> {
  const [row] = await sql<{ rebound: boolean }[]>`
    SELECT calls_rebind(${epoch}, ${orderId}, ${instance}, ${attempt}, ${provider}) AS rebound`;
  return row?.rebound === true;
}
