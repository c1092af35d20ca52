// A lively day: orders of every policy, cancellations, receipts and losses at once. In the evening orders and inventory say the
// same of every order, whoever heard of what first.
import { randomUUID } from 'node:crypto';
import { type Random, randomOf } from '@crossdock/testing';
import { beforeAll, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, cancel } from './platform/orders.ts';
import { gbp, LONDON } from './platform/wholesaler.ts';

const ORDERS = 40;
const EVENTS = 120;
const SEED = 20_261_127;
const QUIET_MS = 2_000;
const SETTLE_MS = 60_000;
const POLICIES = ['REJECT', 'SHIP_AVAILABLE', 'BACKORDER', 'BACKORDER'] as const;
const RESTING = new Set(['SHIPPED', 'REJECTED', 'CANCELLED', 'BACKORDERED']);

type Line = Readonly<{
  sku: string;
  quantity: number;
  reserved: number;
  backordered: number;
  shipped: number;
  cancelled: number;
}>;
type Seen = Readonly<{
  status: string;
  version: number;
  lines: readonly Line[];
  timeline: readonly Readonly<{ type: string }>[];
  reservation: Readonly<{
    lines: readonly Readonly<{ sku: string; quantity: number; backordered: number }>[];
  }> | null;
}>;

const ORDER = `query ($id: ID!) { order(id: $id) { status version
  lines { sku quantity reserved backordered shipped cancelled }
  reservation { lines { sku quantity backordered } } timeline { type } } }`;
const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`;

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

const tell = (name: string, type: string, input: object) =>
  world.erp.data(mutation(name, type), { input: { idempotencyKey: randomUUID(), ...input } });

async function newProducts(): Promise<readonly string[]> {
  const skus = ['A', 'B', 'C'].map((letter) => `DAY-${letter}-${randomUUID().slice(0, 8)}`);
  const products = skus.map((sku) => ({ sku, name: sku, listPrice: gbp('1.00') }));
  await tell('upsertProducts', 'UpsertProductsInput', { products });
  for (const sku of skus) await move(sku, 6);
  return skus;
}

async function move(sku: string, units: number): Promise<void> {
  const line = { sku, warehouseId: LONDON };
  if (units > 0) await tell('receiveStock', 'ReceiveStockInput', { lines: [{ ...line, quantity: units }] });
  else await tell('adjustStock', 'AdjustStockInput', { lines: [{ ...line, delta: units, reason: 'LOSS' }] });
}

/** A partner does not want some of what it ordered, or nothing of it. */
async function regret(order: string, skus: readonly string[], random: Random): Promise<void> {
  const lines = [{ sku: random.pick(skus), quantity: 1 + random.below(3) }];
  await cancel(world.buyer, order, random.chance(0.3) ? {} : { lines });
}

/** One thing that happens: something arrives or is lost, or a partner regrets. */
async function happen(orders: readonly string[], skus: readonly string[], random: Random): Promise<void> {
  if (random.chance(0.4)) return move(random.pick(skus), random.pick([1, 2, 3, 4, -1, -2]));
  await regret(random.pick(orders), skus, random);
}

const seen = async (id: string) => (await world.buyer.data<{ order: Seen }>(ORDER, { id })).order;

type Book = Readonly<{
  units: number;
  quantity: number;
  orders: readonly number[];
  inventory: readonly number[];
}>;

/** What both say of each line: reserved or shipped, and backordered. */
const booksOf = ({ lines, reservation }: Seen): readonly Book[] =>
  lines.map(({ sku, quantity, reserved, backordered, shipped, cancelled }) => {
    const there = reservation?.lines.find((each) => each.sku === sku);
    return {
      units: reserved + backordered + shipped + cancelled,
      quantity,
      orders: [reserved + shipped, backordered],
      inventory: [there?.quantity ?? 0, there?.backordered ?? 0],
    };
  });

const agrees = (order: Seen) =>
  booksOf(order).every(({ orders, inventory }) => orders.join() === inventory.join());

/** Nothing has moved for a while, and nothing is on its way to a warehouse, or between the two: as long as that may take. */
async function atRest(ids: readonly string[]): Promise<readonly Seen[]> {
  const look = async () => {
    const before = await Promise.all(ids.map(seen));
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return { before, after: await Promise.all(ids.map(seen)) };
  };
  const isQuiet = ({ before, after }: Awaited<ReturnType<typeof look>>) =>
    after.every((order, index) => {
      const { status, version, lines } = order;
      const rests = RESTING.has(status) || lines.every(({ reserved }) => reserved === 0);
      return rests && version === before[index]?.version && agrees(order);
    });
  return (await eventually(look, isQuiet, SETTLE_MS)).after;
}

it('ends with orders and inventory saying the same of every order', { timeout: 180_000 }, async () => {
  const random = randomOf(SEED);
  const skus = await newProducts();
  const orders: string[] = [];
  for (let index = 0; index < ORDERS; index += 1) {
    const some = skus.filter(() => random.chance(0.7));
    const lines = (some.length > 0 ? some : skus).map((sku) => ({ sku, quantity: 1 + random.below(5) }));
    const order = await accepted(world.buyer, { lines, shortagePolicy: random.pick(POLICIES), waitMs: 0 });
    orders.push(order);
    const atOnce = random.chance(0.4) ? regret(order, skus, random) : undefined;
    await Promise.all([atOnce, happen(orders, skus, random)]);
  }
  for (let index = 0; index < EVENTS; index += 4)
    await Promise.all([0, 1, 2, 3].map(() => happen(orders, skus, random)));

  const evening = await atRest(orders);
  for (const [index, order] of evening.entries()) {
    const { status, lines, reservation } = order;
    const name = `order ${orders[index]}: ${JSON.stringify({ status, lines, reservation })}`;
    for (const book of booksOf(order)) {
      expect(book.units, name).toBe(book.quantity);
      expect(book.orders, name).toEqual(book.inventory);
    }
  }
  // A day on which nothing of this happened would prove nothing.
  const said = new Set(evening.flatMap(({ timeline }) => timeline.map(({ type }) => type)));
  for (const type of ['OrderCancelled', 'OrderLinesCancelled', 'OrderReplenished', 'OrderShipped'])
    expect(said).toContain(type);
});
