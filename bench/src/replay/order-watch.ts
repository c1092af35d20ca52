import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';

/** How far an order came, as the orders database tells; instants in ms of the machine's wall clock. */
export interface OrderState {
  readonly id: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly placedAt: number;
  readonly confirmedAt: number | null;
  readonly shippedAt: number | null;
}

/** States that no fact to come will change by itself. */
const FINAL = new Set(['SHIPPED', 'REJECTED', 'CANCELLED', 'BACKORDERED', 'AWAITING_APPROVAL', 'ON_HOLD']);
export const isFinal = (status: string) => FINAL.has(status);

const LOOK_EVERY_MS = 500;
/** Orders become final about in the order they were placed, so each look asks for the oldest open ones only. */
const LOOK_AT_MOST = 2_000;

export interface Watch {
  readonly orderIds: readonly string[];
  /** Wall clock (ms) at which waiting ends whatever is open. */
  readonly until: number;
  readonly signal: AbortSignal;
  readonly onLook: (final: number) => void;
}

/** Waits until every order is final or the time is up; answers the state of all, final or not. */
export async function watchOrders(
  sql: Sql,
  { orderIds, until, signal, onLook }: Watch,
): Promise<OrderState[]> {
  const open = new Set(orderIds);
  const states: OrderState[] = [];
  for (;;) {
    const asked = [...open].slice(0, LOOK_AT_MOST);
    const found = (await readStates(sql, asked)).filter(({ status }) => isFinal(status));
    for (const state of found) {
      open.delete(state.id);
      states.push(state);
    }
    onLook(states.length);
    if (open.size === 0) return states;
    if (Date.now() >= until || signal.aborted) return [...states, ...(await readAll(sql, [...open]))];
    if (found.length < asked.length) await sleep(LOOK_EVERY_MS);
  }
}

async function readAll(sql: Sql, ids: readonly string[]): Promise<OrderState[]> {
  const states: OrderState[] = [];
  for (let at = 0; at < ids.length; at += LOOK_AT_MOST) {
    states.push(...(await readStates(sql, ids.slice(at, at + LOOK_AT_MOST))));
  }
  return states;
}

async function readStates(sql: Sql, ids: readonly string[]): Promise<readonly OrderState[]> {
  return sql<OrderState[]>`
    select order_id as id, status, status_reason as "statusReason",
           extract(epoch from placed_at)::float8 * 1000 as "placedAt",
           extract(epoch from confirmed_at)::float8 * 1000 as "confirmedAt",
           extract(epoch from shipped_at)::float8 * 1000 as "shippedAt"
    from orders where order_id = any(${[...ids]}::uuid[])`;
}
