// Writers that cross: orders of many lines both ways round, receipts and warehouses that shut and open, all at once. Locks are taken
// in one order everywhere, so that nobody ever waits for each other.
import { faultKind, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { cancelled, order, placed, planned, shipment } from '../../test/orders.ts';
import { createStockConsumer } from '../consumers/stock-consumer.ts';
import { createShelves } from '../domain/shelves.ts';
import { loadTotals } from './figures.ts';
import { NOTHING, writeStock } from './stock-write.ts';

const SKUS = Array.from({ length: 24 }, (_, index) => `D${String(index).padStart(2, '0')}`);
const ROUNDS = 12;
const ROUNDS_MAX = 500;
const UNFENCED = { consumer: 'spec', epoch: 0, offsets: [], parked: [] };

let inventory: Inventory;
let sql: Sql;
const faults: string[] = [];

beforeAll(async () => {
  inventory = await openInventory();
  sql = inventory.sql;
});

afterAll(() => inventory.close());

/** Tries until nothing that was decided on has moved; anything but a lost guard ends the test. */
async function persist(attempt: () => Promise<unknown>): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      const kind = faultKind(error);
      faults.push(kind === 'guard-lost' ? kind : String(error));
      if (kind !== 'guard-lost' || round === ROUNDS_MAX) throw error;
    }
  }
}

const apply = (events: readonly ArrivedEvent[]) =>
  persist(() => createStockConsumer(sql).apply(events, UNFENCED));

/** Orders of all SKUs, planned on both warehouses, and now and then cancelled. */
async function sell(skus: readonly string[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const amounts = Object.fromEntries(skus.map((sku) => [sku, 1]));
    const [kept, dropped] = [order(amounts), order(amounts)];
    const plan = planned(kept, [shipment(round % 2 === 0 ? 'DN' : 'DS', amounts)]);
    await apply([placed(kept, 'SHIP_AVAILABLE'), placed(dropped, 'BACKORDER'), plan]);
    await apply([cancelled(dropped)]);
  }
}

async function receive(skus: readonly string[]): Promise<void> {
  const lines = skus.flatMap((sku) =>
    ['DS', 'DN', 'DE'].map((warehouseId) => ({ sku, warehouseId, quantity: 1 })),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(await inventory.receiveStock(lines)).toEqual({ verdict: 'NEW', refusals: [] });
  }
}

async function flip(warehouseId: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await apply([warehouse(warehouseId, round % 2 === 0 ? 'DOWN' : 'OPEN')]);
  }
}

/** Goods that are found to be fewer, on shelves in the other order. */
async function lose(skus: readonly string[]): Promise<void> {
  const cause = '00000000-0000-7000-8000-000000000009';
  for (let round = 0; round < ROUNDS; round += 1) {
    await persist(async () => {
      const { totals } = await loadTotals(sql, skus);
      const shelves = createShelves({ totals, stock: [], isOpen: () => true });
      for (const sku of skus) {
        shelves.move({ kind: 'adjust', sku, warehouseId: 'DL', quantity: -1, reason: 'LOSS', cause });
      }
      const write = { ...NOTHING, known: new Map([['DL', true]]), moves: shelves.moves() };
      await writeStock(sql, { kind: 'inbox', inbox: UNFENCED }, write);
    });
  }
}

it('nobody waits for each other, whatever crosses, and the books agree', async () => {
  const shelves = { DN: 40, DS: 40, DE: 40, DL: 40 };
  await inventory.stockUp(Object.fromEntries(SKUS.map((sku) => [sku, shelves])));
  const reversed = SKUS.toReversed();
  const before = inventory.faults.length;
  await Promise.all([
    sell(SKUS),
    sell(reversed),
    receive(SKUS),
    receive(reversed),
    flip('DS'),
    flip('DE'),
    lose(reversed),
  ]);
  expect(new Set(faults)).toEqual(new Set(['guard-lost']));
  expect(inventory.faults.slice(before)).toEqual([]);
  expect(await disagreements(sql)).toEqual([]);
  expect(await oversold(sql)).toEqual([]);
  const [log] = await sql`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`;
  expect(log?.deadlocks).toBe(0);
}, 60_000);
