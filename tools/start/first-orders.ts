/** Sends real orders of the data set and follows them until each is shipped or refused. */
import { type DatasetOrder, readOrders, readProducts } from '../../bench/src/dataset/index.ts';
import type { GatewayClient } from '../seed/gateway-client.ts';

export interface FollowedOrder {
  readonly number: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly placedAt: string;
  readonly total: { readonly amount: string };
  readonly lines: readonly { readonly quantity: number }[];
  readonly timeline: readonly { readonly type: string; readonly occurredAt: string }[];
}

const PLACE_ORDER = `mutation FirstOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id } userErrors { code message } }
}`;
const FOLLOW_ORDERS = `query FirstOrders($from: DateTime!, $after: String) {
  orders(filter: { placedFrom: $from }, first: 100, after: $after) {
    nodes { id status } pageInfo { hasNextPage endCursor }
  }
}`;
const READ_ORDER = `query FirstOrderInFull($id: ID!) {
  order(id: $id) {
    number status statusReason placedAt total { amount } lines { quantity } timeline { type occurredAt }
  }
}`;

/** Sent at once; a person at a desk sends fewer. */
const CONCURRENCY = 8;
/** Every fifth order is paid by card … */
const CARD_EVERY = 5;
/** … and the bank declines this one, so that a newcomer sees a refusal, too. */
const DECLINED_ORDER = 7;
const POLL_MS = 150;
/** Longest quiet time: without any order moving on, what is not there yet is reported as it is. */
const STANDSTILL_MS = 20_000;
const FINAL = new Set(['SHIPPED', 'REJECTED', 'CANCELLED', 'BACKORDERED', 'ON_HOLD']);

/** Places the first `count` orders of the data set and waits for their ends; answers them as they stand then. */
export async function sendFirstOrders(
  client: GatewayClient,
  count: number,
  note: (text: string) => void,
): Promise<FollowedOrder[]> {
  const skus = new Set((await Array.fromAsync(readProducts())).map(({ sku }) => sku));
  const orders = await firstOf(readOrders(skus), count);
  const from = new Date(Date.now() - 1_000).toISOString();
  const run = Date.now().toString(36);
  const ids: string[] = [];
  await inParallel(orders, async (order, index) => {
    ids.push(await place(client, order, index, run));
    note(`${ids.length} placed`);
  });
  await untilFinal(client, from, new Set(ids), note);
  const read: FollowedOrder[] = [];
  await inParallel(ids, async (id) => {
    const { order } = await client.send<{ order: FollowedOrder }>(READ_ORDER, { id });
    read.push(order);
  });
  return read;
}

async function place(
  client: GatewayClient,
  order: DatasetOrder,
  index: number,
  run: string,
): Promise<string> {
  const payment = paymentOf(index);
  const input = {
    idempotencyKey: `first-${run}-${order.invoice}`,
    partnerId: order.partnerId,
    poNumber: `${order.invoice}-${run}`,
    lines: order.lines,
    ...(payment ? { payment } : {}),
  };
  const data = await client.send<{ placeOrder: { order: { id: string } } }>(PLACE_ORDER, { input });
  return data.placeOrder.order.id;
}

function paymentOf(index: number) {
  if (index === DECLINED_ORDER) return { method: 'CARD', cardToken: 'tok_declined' };
  return index % CARD_EVERY === CARD_EVERY - 1 ? { method: 'CARD', cardToken: 'tok_visa' } : undefined;
}

async function untilFinal(
  client: GatewayClient,
  from: string,
  ids: ReadonlySet<string>,
  note: (text: string) => void,
): Promise<void> {
  let seen = '';
  let moved_ms = Date.now();
  while (Date.now() - moved_ms < STANDSTILL_MS) {
    const statuses = await statusesSince(client, from, ids);
    const shipped = statuses.filter((status) => status === 'SHIPPED').length;
    const otherEnds = statuses.filter((status) => FINAL.has(status)).length - shipped;
    note(`${ids.size} placed, ${shipped} shipped${otherEnds > 0 ? `, ${otherEnds} refused` : ''}`);
    if (statuses.length === ids.size && statuses.every((status) => FINAL.has(status))) return;
    const now = statuses.join();
    if (now !== seen) moved_ms = Date.now();
    seen = now;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

interface Page {
  readonly orders: {
    readonly nodes: readonly { readonly id: string; readonly status: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function statusesSince(
  client: GatewayClient,
  from: string,
  ids: ReadonlySet<string>,
): Promise<string[]> {
  const statuses: string[] = [];
  let after: string | null = null;
  do {
    const { orders }: Page = await client.send<Page>(FOLLOW_ORDERS, { from, after });
    statuses.push(...orders.nodes.filter(({ id }) => ids.has(id)).map(({ status }) => status));
    after = orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null;
  } while (after !== null);
  return statuses;
}

async function firstOf<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const first: Item[] = [];
  if (count === 0) return first;
  for await (const item of items) {
    first.push(item);
    if (first.length === count) break;
  }
  return first;
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>) {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) await work(item, index);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
