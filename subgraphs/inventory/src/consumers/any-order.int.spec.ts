// However badly the network behaves, inventory ends with the same rows, and never oversells: real Postgres, the real consumer,
// a bad day drawn by a seed.
import { derivedId } from '@crossdock/event-store';
import { type Fact, type OtherSide, randomOf, seeded } from '@crossdock/testing';
import { type Ear, type Mishaps, openEar } from '@crossdock/testing/deliveries';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { type Life, otherSideOf, SPARE, someLife, WAREHOUSES, warehouseSaid } from '../../test/other-side.ts';
import { createStockConsumer } from './stock-consumer.ts';

/** Days, each with SKUs and orders of its own, and the orders of one. */
const RUNS = 8;
const ORDERS = 8;
/** Units of each SKU where nobody goes without. */
const AMPLE = 100;

const fc = seeded(fastCheck);
type Subject = Readonly<{ inventory: Inventory; ear: Ear }>;
let calm: Subject;
let stormy: Subject;
let run = 0;

async function openSubject(): Promise<Subject> {
  const inventory = await openInventory();
  const { sql } = inventory;
  const ear = await openEar({ sql, consumer: createStockConsumer(sql), look: () => standing(inventory) });
  const warehouses = WAREHOUSES.map((id) => warehouseSaid(id, 'OPEN', 'first'));
  await ear.hearInTurn({ opening: warehouses, answer: () => [] });
  return { inventory, ear };
}

beforeAll(async () => {
  [calm, stormy] = [await openSubject(), await openSubject()];
});

afterAll(async () => {
  await Promise.all([calm.inventory.close(), stormy.inventory.close()]);
});

/** Every row but for instants, numbers of rows and places in logs, which may differ. */
async function standing({ sql }: Inventory) {
  return {
    reservations: await sql`
      SELECT order_id, partner_id, partition, status, closed, policy, lines, waiting, short, wave, facts,
             (SELECT json_agg(s ORDER BY s ->> 'shipmentId') FROM json_array_elements(shipments) s) AS shipments
      FROM reservations ORDER BY order_id`,
    totals: await sql`SELECT * FROM sku_totals ORDER BY sku`,
    stock: await sql`
      SELECT sku, warehouse_id, on_hand, allocated, safety FROM stock ORDER BY sku, warehouse_id`,
    warehouses: await sql`SELECT * FROM warehouses ORDER BY warehouse_id`,
    backorders: await sql`SELECT sku, order_id, quantity FROM backorders ORDER BY sku, order_id`,
    movements: await sql`
      SELECT sku, warehouse_id, kind, quantity, order_id FROM movements WHERE order_id IS NOT NULL ORDER BY order_id, sku, kind, quantity, 2`,
    letters: await sql`SELECT * FROM dead_letters`,
  };
}

/**
 * What was said of each order, but for the figures of the moment in which a plan was refused. Two shipments of one order leave in
 * any order, so that nothing but the count is their order.
 */
async function said({ sql }: Inventory) {
  return sql`
    SELECT stream_id, type, data - 'available' - 'open' AS data FROM events WHERE category = 'reservation'
    ORDER BY stream_id, type, data ->> 'planId', data ->> 'shipmentId'`;
}

type Shelves = Record<string, Record<string, number>>;

async function stockUp(shelves: Shelves, ...subjects: readonly Subject[]): Promise<void> {
  const lines = Object.entries(shelves).flatMap(([sku, units]) =>
    Object.entries(units).map(([warehouseId, quantity]) => ({ sku, warehouseId, quantity })),
  );
  for (const { inventory } of subjects) {
    await inventory.upsertProducts(Object.keys(shelves));
    await inventory.receiveStock(lines.filter(({ quantity }) => quantity > 0));
  }
}

/** A day's SKUs, orders and other side; `unitsOf` fills a shelf. */
function drawDay(
  seed: number,
  unitsOf: (random: ReturnType<typeof randomOf>) => number,
  warehouses: readonly Fact[],
) {
  const random = randomOf(seed);
  run += 1;
  const skus = ['A', 'B', 'C'].map((sku) => `${sku}-${run}`);
  const shelves: Shelves = Object.fromEntries(
    skus.map((sku) => [sku, { N: unitsOf(random), S: unitsOf(random) }]),
  );
  const lives: Life[] = Array.from({ length: ORDERS }, (_, index) =>
    someLife(derivedId(`inventory ${run}`, 'order', index), skus, random),
  );
  const otherSide = (): OtherSide => otherSideOf(lives, shelves, warehouses);
  return { random, skus, shelves, lives, otherSide };
}

const total: Mishaps = { dropped: 0, duplicates: 0, gaps: 0, refilled: 0, takeOvers: 0 };

function count(mishaps: Mishaps): void {
  for (const kind of Object.keys(total) as (keyof Mishaps)[]) total[kind] += mishaps[kind];
}

/** A warehouse that nobody plans on shuts and opens meanwhile. */
const comings = () =>
  (['DOWN', 'OPEN', 'PAUSED', 'OPEN'] as const).map((status, index) =>
    warehouseSaid(SPARE, status, `${run} ${index}`),
  );

describe('on a stormy day', () => {
  it('ends as on a calm one where there is enough for all', async () => {
    const day = async (seed: number) => {
      const { random, shelves, otherSide } = drawDay(seed, () => AMPLE, comings());
      for (const units of Object.values(shelves)) units[SPARE] = AMPLE;
      await stockUp(shelves, calm, stormy);
      await calm.ear.hearInTurn(otherSide());
      count(await stormy.ear.hearAnyhow(otherSide(), random));
      expect(await standing(stormy.inventory)).toEqual(await standing(calm.inventory));
      expect(await said(stormy.inventory)).toEqual(await said(calm.inventory));
      await stormy.ear.expectOffsetsAtHeads();
    };
    await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
    expect(
      Object.values(total).every((count) => count > 0),
      JSON.stringify(total),
    ).toBe(true);
  }, 60_000);

  it('sells nothing twice where there is not, and each order has one end', async () => {
    const day = async (seed: number) => {
      const { random, shelves, lives, otherSide } = drawDay(seed, (draws) => draws.below(9), []);
      await stockUp(shelves, stormy);
      await stormy.ear.hearAnyhow(otherSide(), random);
      expect(await disagreements(stormy.inventory.sql)).toEqual([]);
      expect(await oversold(stormy.inventory.sql)).toEqual([]);
      for (const life of lives) await expectOneEnd(life);
      expect(await stormy.inventory.sql`SELECT * FROM dead_letters`).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
  }, 60_000);

  it('sells nothing twice where warehouses shut with what was promised of them', async () => {
    const day = async (seed: number) => {
      const flips = ['N', 'S', 'N', 'S'].flatMap((id, index) => [
        warehouseSaid(id, index < 2 ? 'DOWN' : 'PAUSED', `${seed} ${run} shuts ${index}`),
        warehouseSaid(id, 'OPEN', `${seed} ${run} opens ${index}`),
      ]);
      const { random, shelves, otherSide } = drawDay(seed, (draws) => draws.below(12), flips);
      await stockUp(shelves, stormy);
      await stormy.ear.hearAnyhow(otherSide(), random);
      expect(await disagreements(stormy.inventory.sql)).toEqual([]);
      expect(await oversold(stormy.inventory.sql)).toEqual([]);
      expect(await stormy.inventory.sql`SELECT * FROM dead_letters`).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
    const [broken] = await stormy.inventory.sql`
      SELECT count(*)::int AS orders FROM events WHERE type IN ('ReservationBroken', 'AllocationBroken')`;
    expect(broken?.orders).toBeGreaterThan(0);
  }, 60_000);
});

async function expectOneEnd({ orderId, fate }: Life): Promise<void> {
  const types = (await stormy.inventory.said(orderId)).map(({ type }) => type);
  const [first] = types;
  expect(['StockReserved', 'StockShort', 'StockBackordered']).toContain(first);
  const count = (type: string) => types.filter((each) => each === type).length;
  expect(count('StockReserved') + count('StockShort') + count('StockBackordered')).toBe(1);
  expect(count('StockAllocated') + count('ReservationReleased')).toBeLessThanOrEqual(1);
  if (fate === 'EXPIRED' || fate === 'DECLINED')
    expect(count('ReservationReleased')).toBe(count('StockReserved'));
}
