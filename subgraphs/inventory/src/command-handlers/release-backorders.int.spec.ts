import { randomUUID } from 'node:crypto';
import { faultKind } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { arrived, type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { order, placed, rejected, type TestOrder } from '../../test/orders.ts';
import { countBackorders } from '../store/backorders.ts';
import { createAdjustStock } from './adjust-stock.ts';
import { createBackorderMetrics } from './backorder-metrics.ts';
import { startBackorderReleaser } from './backorder-releaser.ts';
import { createHoldStock } from './hold-stock.ts';
import { type ReleaseOptions, releaseBackorders } from './release-backorders.ts';

/** Days on which a cancellation meets a release; each costs a few milliseconds. */
const MEETINGS = 25;

let inventory: Inventory;
let options: ReleaseOptions;
let leased: number;

beforeAll(async () => {
  inventory = await openInventory();
  leased = await inventory.takeLease();
  await inventory.hear([warehouse('N', 'OPEN')]);
  options = {
    ...{ sql: inventory.sql, poke: () => undefined, logger: createLogger('inventory', 'error') },
    metrics: createBackorderMetrics(createRegistry('inventory')),
  };
});

afterAll(async () => {
  expect(await disagreements(inventory.sql)).toEqual([]);
  expect(await oversold(inventory.sql)).toEqual([]);
  await inventory.close();
});

const look = (epoch = leased) => releaseBackorders(options, epoch);
const receive = (sku: string, quantity: number) =>
  inventory.receiveStock([{ sku, warehouseId: 'N', quantity }]);

/** Orders that wait for all they ask, each placed after the one before. */
async function waiting(...orders: readonly TestOrder[]): Promise<void> {
  for (const each of orders) await inventory.hear([placed(each, 'BACKORDER')]);
}

/** Units of a SKU that an order has, and those it waits for. */
async function standing({ orderId }: TestOrder, sku: string) {
  const [row] = await inventory.sql<{ claimed: number; waiting: number }[]>`
    SELECT (SELECT coalesce(sum((l ->> 1)::int), 0)::int FROM json_array_elements(r.lines) l WHERE l ->> 0 = ${sku}) AS claimed,
           (SELECT coalesce(sum((l ->> 1)::int), 0)::int FROM json_array_elements(r.waiting) l WHERE l ->> 0 = ${sku}) AS waiting
    FROM reservations r WHERE order_id = ${orderId}`;
  return row === undefined ? null : [row.claimed, row.waiting];
}

const factsOf = async ({ orderId }: TestOrder) =>
  (await inventory.said(orderId)).map(({ type, data }) => ({ type, data }));
const totalOf = async (sku: string) => {
  const [row] = await inventory.sql`
    SELECT t.sellable, t.reserved, coalesce(b.units, 0) AS waiting
    FROM sku_totals t LEFT JOIN backorder_totals b USING (sku) WHERE sku = ${sku}`;
  return row;
};

describe('units that come', () => {
  it('are shared fairly between partners', async () => {
    await inventory.upsertProducts(['A1']);
    const [much, more, few] = [order({ A1: 9 }, 'P-1'), order({ A1: 9 }, 'P-2'), order({ A1: 2 }, 'P-3')];
    await waiting(much, more, few);
    await receive('A1', 10);
    await look();
    expect(await standing(much, 'A1')).toEqual([4, 5]);
    expect(await standing(more, 'A1')).toEqual([4, 5]);
    expect(await standing(few, 'A1')).toEqual([2, 0]);
    expect(await totalOf('A1')).toEqual({ sellable: 10, reserved: 10, waiting: 10 });
    const [first, second] = await factsOf(much);
    expect(first?.type).toBe('StockBackordered');
    expect(second).toMatchObject({
      type: 'StockReserved',
      data: { lines: [{ sku: 'A1', quantity: 4 }], backordered: [{ sku: 'A1', quantity: 5 }] },
    });
  });

  it('go to the oldest order of a partner first', async () => {
    await inventory.upsertProducts(['B1']);
    const [older, younger] = [order({ B1: 4 }), order({ B1: 4 })];
    await waiting(older, younger);
    await receive('B1', 5);
    await look();
    expect([await standing(older, 'B1'), await standing(younger, 'B1')]).toEqual([
      [4, 0],
      [1, 3],
    ]);
  });

  it('come to an order as one wave of all its SKUs, and come again when more arrives', async () => {
    await inventory.upsertProducts(['C1', 'C2']);
    const both = order({ C1: 3, C2: 3 });
    await waiting(both);
    await receive('C1', 2);
    await receive('C2', 3);
    await look();
    await receive('C1', 5);
    await look();
    const [, first, second, ...more] = await factsOf(both);
    expect(first).toMatchObject({
      type: 'StockReserved',
      data: {
        lines: [
          { sku: 'C1', quantity: 2 },
          { sku: 'C2', quantity: 3 },
        ],
        backordered: [{ sku: 'C1', quantity: 1 }],
      },
    });
    expect(second).toMatchObject({
      type: 'StockReserved',
      data: { wave: 2, lines: [{ sku: 'C1', quantity: 1 }] },
    });
    expect(more).toEqual([]);
  });

  it('come back to an order that lost them and was to come whole', async () => {
    await inventory.stockUp({ D1: { N: 5 } });
    const whole = order({ D1: 5 });
    await inventory.hear([placed(whole)]);
    await adjust('D1', -3);
    expect(await standing(whole, 'D1')).toEqual([2, 3]);
    await receive('D1', 4);
    await look();
    expect(await standing(whole, 'D1')).toEqual([5, 0]);
    expect(await totalOf('D1')).toEqual({ sellable: 6, reserved: 5, waiting: 0 });
  });
});

describe('whoever comes later', () => {
  it('leaves what others wait for, and takes the rest', async () => {
    await inventory.upsertProducts(['E1']);
    const first = order({ E1: 6 }, 'P-1');
    await waiting(first);
    await receive('E1', 8);
    const [greedy, modest] = [order({ E1: 3 }, 'P-2'), order({ E1: 2 }, 'P-2')];
    await inventory.hear([placed(greedy), placed(modest)]);
    const facts = [await factsOf(greedy), await factsOf(modest)].map(([fact]) => fact);
    expect(facts[0]).toMatchObject({
      type: 'StockShort',
      data: { short: [{ sku: 'E1', requested: 3, available: 2 }] },
    });
    expect(facts[1]?.type).toBe('StockReserved');
    expect(await hold('E1', 1)).toBeNull();
    await look();
    expect(await standing(first, 'E1')).toEqual([6, 0]);
  });

  it('does not overtake those who began to wait in the same batch', async () => {
    await inventory.stockUp({ F1: { N: 4 } });
    const [had, first, next] = [order({ F1: 4 }, 'P-1'), order({ F1: 3 }, 'P-2'), order({ F1: 2 }, 'P-3')];
    await inventory.hear([placed(had), placed(first, 'BACKORDER'), rejected(had), placed(next, 'BACKORDER')]);
    expect(await standing(next, 'F1')).toEqual([1, 1]);
    await look();
    expect([await standing(first, 'F1'), await standing(next, 'F1')]).toEqual([
      [2, 1],
      [2, 0],
    ]);
  });
});

describe('a release', () => {
  it('writes nothing under an old epoch', async () => {
    await inventory.upsertProducts(['G1']);
    const waits = order({ G1: 2 });
    await waiting(waits);
    await receive('G1', 2);
    const before = await everything();
    const paused = await look(leased - 1).catch((error: unknown) => faultKind(error));
    expect(paused).toBe('lease-lost');
    expect(await everything()).toEqual(before);
    await look();
    expect(await standing(waits, 'G1')).toEqual([2, 0]);
  });

  it('has one outcome with a cancellation that meets it', async () => {
    await inventory.upsertProducts(['H1']);
    const outcomes = new Set<string>();
    for (let day = 0; day < MEETINGS; day += 1) {
      const [gone, stays] = [order({ H1: 2 }, 'P-1'), order({ H1: 2 }, 'P-2')];
      await waiting(gone, stays);
      await receive('H1', 2);
      await Promise.all([look(), inventory.hear([cancelled(gone)])]);
      await look();
      expect(await standing(gone, 'H1')).toEqual([0, 0]);
      expect(await standing(stays, 'H1')).toEqual([2, 0]);
      outcomes.add((await factsOf(gone)).map(({ type }) => type).join());
      await inventory.hear([rejected(stays)]);
      await adjust('H1', -2);
    }
    const cancelledFirst = 'StockBackordered';
    const releasedFirst = 'StockBackordered,StockReserved,ReservationReleased';
    for (const outcome of outcomes) expect([cancelledFirst, releasedFirst]).toContain(outcome);
    expect(await inventory.sql`SELECT * FROM dead_letters`).toEqual([]);
  });

  it('made twice at once gives nothing twice', async () => {
    await inventory.upsertProducts(['I1']);
    const waits = order({ I1: 7 });
    await waiting(waits);
    for (const units of [2, 2, 2]) {
      await receive('I1', units);
      await Promise.all([look(), look(), look()]);
    }
    expect(await standing(waits, 'I1')).toEqual([6, 1]);
    const waves = (await factsOf(waits)).map(({ data }) => data.wave ?? 1);
    expect(waves).toEqual([1, 1, 2, 3]);
  });

  it('reaches everybody, page after page', async () => {
    const skus = Array.from({ length: 40 }, (_, index) => `J${String(index).padStart(2, '0')}`);
    await inventory.upsertProducts(skus);
    const orders = Array.from({ length: 150 }, () => order({ J00: 1 }, 'P-1'));
    const wide = order(Object.fromEntries(skus.map((sku) => [sku, 1])), 'P-2');
    await waiting(wide);
    await inventory.hear(orders.map((each) => placed(each, 'BACKORDER')));
    await inventory.receiveStock(skus.map((sku) => ({ sku, warehouseId: 'N', quantity: 200 })));
    await look();
    expect(await inventory.sql`SELECT * FROM backorder_totals WHERE sku LIKE 'J%'`).toEqual([]);
    expect(await inventory.sql`SELECT * FROM backorders WHERE sku LIKE 'J%'`).toEqual([]);
  });
});

describe('the releaser', () => {
  it('releases when woken, while its process holds the lease', async () => {
    await inventory.upsertProducts(['K1']);
    const waits = order({ K1: 1 });
    await waiting(waits);
    await receive('K1', 1);
    let epoch: number | null = null;
    const releaser = startBackorderReleaser({ ...options, leaseEpoch: () => epoch });
    releaser.wake();
    epoch = leased;
    releaser.wake();
    await vi.waitFor(async () => expect(await standing(waits, 'K1')).toEqual([1, 0]));
    await releaser.stop();
  });
});

it('counts what waits', async () => {
  const before = await countBackorders(inventory.sql);
  await inventory.upsertProducts(['L1', 'L2']);
  await waiting(order({ L1: 3, L2: 4 }), order({ L1: 5 }));
  const after = await countBackorders(inventory.sql);
  expect([after.units - before.units, after.orders - before.orders]).toEqual([12, 2]);
  expect(after.oldestS).toBeGreaterThan(0);
});

const everything = () => inventory.sql`
  SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM movements) AS movements,
         (SELECT json_agg(r ORDER BY order_id) FROM reservations r)::text AS reservations,
         (SELECT json_agg(t ORDER BY sku) FROM sku_totals t)::text AS totals,
         (SELECT json_agg(b ORDER BY sku, order_id) FROM backorders b)::text AS backorders`;

const cancelled = ({ orderId, partnerId }: TestOrder) =>
  arrived('orders', 'OrderCancelled', { orderId, partnerId, number: 'N-1', reason: 'changed its mind' });

async function adjust(sku: string, delta: number): Promise<void> {
  const lines = [{ sku, warehouseId: 'N', delta, reason: 'LOSS' as const }];
  const input = { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const, lines };
  await createAdjustStock(options)({ input, metadata: {}, own: null });
}

/** The id of a hold of the units; null where it was refused. */
async function hold(sku: string, quantity: number): Promise<string | null> {
  const partner = { partnerId: 'P-9', name: 'Nine', currencyCode: 'GBP', paymentMethods: ['TERMS'] };
  await inventory.hear([arrived('orders', 'PartnerRegistered', partner)]);
  const lines = [{ sku, quantity }];
  const input = { idempotencyKey: randomUUID(), partnerId: 'P-9', ttlSeconds: 60, lines };
  return (await createHoldStock(options)({ input, metadata: {} })).holdId;
}
