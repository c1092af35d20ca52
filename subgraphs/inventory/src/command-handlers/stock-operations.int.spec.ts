// Whatever people do to stock while orders flow: the books add up, the history of every figure folds to it, and no claim stands
// without goods. Real Postgres, a day drawn by a seed; then many at the same time.
import { randomUUID } from 'node:crypto';
import { compareReadModel, openOwnConnection } from '@crossdock/event-store';
import { type Random, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import {
  confirmed,
  order,
  placed,
  planned,
  rejected,
  shipment,
  type TestOrder,
  type TestShipment,
} from '../../test/orders.ts';
import { EFFECTS, type Figure } from '../domain/ledger.ts';
import type { HistoryFigure } from '../domain/stock-history.ts';
import { COMPARED_TABLES } from '../read-models/compared-tables.ts';
import { type HistoryPlace, stockHistory } from '../read-models/stock-history.ts';
import { createAdjustStock } from './adjust-stock.ts';
import { createReceiveTransfer } from './receive-transfer.ts';
import { createSetSafetyStock } from './set-safety-stock.ts';
import { createTransferStock } from './transfer-stock.ts';

const RUNS = 6;
const STEPS = 40;
const WAREHOUSES = ['N', 'S'] as const;
const PAGE = 7;

const fc = seeded(fastCheck);
let inventory: Inventory;
let operations: ReturnType<typeof operationsOf>;
let run = 0;

function operationsOf({ sql }: Inventory) {
  const commands = { sql, poke: () => undefined };
  const [adjust, send] = [createAdjustStock(commands), createTransferStock(commands)];
  const [receive, safety] = [createReceiveTransfer(commands), createSetSafetyStock(commands)];
  const request = <Input>(input: Input) => ({
    ...{ metadata: {}, own: null },
    input: { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const, ...input },
  });
  return {
    adjust: (sku: string, warehouseId: string, delta: number) =>
      adjust(request({ lines: [{ sku, warehouseId, delta, reason: 'CORRECTION' as const }] })),
    keepBack: (sku: string, warehouseId: string, units: number) =>
      safety(request({ lines: [{ sku, warehouseId, safety: units }] })),
    send: (sku: string, from: string, to: string, quantity: number) =>
      send(request({ fromWarehouseId: from, toWarehouseId: to, lines: [{ sku, quantity }] })),
    receive: (transferId: string, sku: string, quantity: number, isLast: boolean) =>
      receive(request({ transferId, isLast, lines: [{ sku, quantity }] })),
  };
}

beforeAll(async () => {
  inventory = await openInventory();
  operations = operationsOf(inventory);
});

afterAll(() => inventory.close());

const COLUMNS: Readonly<Record<Figure, string>> = {
  ...{ onHand: 'on_hand', allocated: 'allocated', safety: 'safety' },
  ...{ reserved: 'reserved', held: 'held', withdrawing: 'withdrawing' },
};
const OF_SHELVES: readonly Figure[] = ['onHand', 'allocated', 'safety'];
const HISTORIES: readonly HistoryFigure[] = [
  ...(['ON_HAND', 'ALLOCATED', 'SAFETY', 'SELLABLE', 'RESERVED', 'HELD', 'WITHDRAWING'] as const),
];

/** The ledger's kinds and factors of a figure, as SQL knows them. */
const movedBy = (figure: Figure) =>
  Object.entries(EFFECTS)
    .map(
      ([kind, effect]) =>
        `WHEN '${kind}' THEN ${(effect as Partial<Record<Figure, number>>)[figure] ?? 0} * quantity`,
    )
    .join(' ');

/** Every figure is what the movements say; shelves hold what they assign and keep back; what is for sale lies in OPEN warehouses. */
async function expectBooksToAgree(): Promise<void> {
  const { sql } = inventory;
  for (const figure of Object.keys(COLUMNS) as Figure[]) {
    const ofShelf = OF_SHELVES.includes(figure);
    const [table, key] = ofShelf ? ['stock', 'sku, warehouse_id'] : ['sku_totals', 'sku'];
    const differing = await sql.unsafe(`
      SELECT * FROM (SELECT ${key}, sum(CASE kind ${movedBy(figure)} END)::int AS moved FROM movements
                     ${ofShelf ? 'WHERE warehouse_id IS NOT NULL' : ''} GROUP BY ${key}) m
      FULL JOIN (SELECT ${key}, ${COLUMNS[figure]} AS stands FROM ${table}) t USING (${key})
      WHERE coalesce(moved, 0) <> coalesce(stands, 0)`);
    expect({ figure, differing: [...differing] }).toEqual({ figure, differing: [] });
  }
  const odd = await sql`
    SELECT sku FROM stock WHERE allocated + safety > on_hand
    UNION ALL
    SELECT t.sku FROM sku_totals t WHERE t.sellable <> coalesce((
      SELECT sum(s.on_hand - s.safety) FROM stock s JOIN warehouses w USING (warehouse_id)
      WHERE s.sku = t.sku AND w.status = 'OPEN'), 0)`;
  expect([...odd]).toEqual([]);
  expect([...(await sql`SELECT error FROM dead_letters`)]).toEqual([]);
}

/** Every compared table, folded anew, is what it was. */
async function expectTablesToBeWhatTheLogSays(): Promise<void> {
  const own = openOwnConnection(inventory.url, 'inventory-spec');
  for (const model of COMPARED_TABLES) {
    const { missing, extra, different, examples } = await compareReadModel(own.sql, model);
    expect({ table: model.table, missing, extra, different, examples }).toEqual({
      ...{ table: model.table, missing: 0, extra: 0, different: 0, examples: [] },
    });
  }
  await own.close();
}

/** Follows a history to its end: each page goes on where the one before stopped, and before the first movement there was nothing. */
async function expectHistoryToFold(
  sku: string,
  figure: HistoryFigure,
  warehouseId: string | null,
): Promise<void> {
  let after: HistoryPlace | null = null;
  let next: number | null = null;
  for (;;) {
    const page = await stockHistory(inventory.database.read, {
      sku,
      figure,
      warehouseId,
      after,
      limit: PAGE,
    });
    for (const { balance, delta } of page) {
      if (next !== null) expect(balance).toBe(next);
      next = balance - delta;
    }
    const last = page.at(-1);
    if (last === undefined || next === null) break;
    after = { id: last.id, balance: next };
  }
  expect(next ?? 0).toBe(0);
}

type Life = { of: TestOrder; shipment: TestShipment | null; isOver: boolean };

/** One thing that happens to the SKUs, drawn anew. */
async function step(
  skus: readonly string[],
  lives: Life[],
  transfers: string[][],
  random: Random,
): Promise<void> {
  const [sku, at, units] = [random.pick(skus), random.pick(WAREHOUSES), 1 + random.below(6)];
  const other = at === 'N' ? 'S' : 'N';
  const life = lives.length > 0 ? random.pick(lives) : null;
  switch (random.below(11)) {
    case 0:
    case 1: {
      const made = order(Object.fromEntries(skus.map((each) => [each, 1 + random.below(4)])));
      lives.push({ of: made, shipment: null, isOver: false });
      return inventory.hear([placed(made, random.pick(['REJECT', 'SHIP_AVAILABLE', 'BACKORDER']))]);
    }
    case 2:
    case 10:
      if (life === null || life.shipment !== null || life.isOver) return;
      life.shipment = shipment(at, life.of.lines);
      return inventory.hear([planned(life.of, [life.shipment])]);
    case 3: {
      if (life?.shipment == null || life.isOver) return;
      const said = (await inventory.said(life.of.orderId)).map(({ type }) => type);
      if (!said.includes('StockAllocated')) return;
      life.isOver = true;
      return inventory.hear([confirmed(life.of, life.shipment)]);
    }
    case 4:
      if (life === null || life.shipment !== null) return;
      life.isOver = true;
      return inventory.hear([rejected(life.of)]);
    case 5:
      return void (await operations.keepBack(sku, at, units));
    case 6: {
      const { transferId } = await operations.send(sku, at, other, units);
      if (transferId !== null) transfers.push([transferId, sku]);
      return;
    }
    case 7: {
      const [transferId = '', of = ''] = transfers.length > 0 ? random.pick(transfers) : [];
      if (transferId !== '')
        await operations.receive(transferId, of, 1 + random.below(3), random.chance(0.3));
      return;
    }
    case 8:
      return inventory.hear([warehouse('S', random.pick(['OPEN', 'PAUSED', 'OPEN']))]);
    default:
      return void (await operations.adjust(sku, at, units * random.pick([1, -1, -3])));
  }
}

it('adds up after every step of any day, and every history folds to its figure', async () => {
  const day = async (seed: number) => {
    const random = randomOf(seed);
    run += 1;
    const skus = [`A-${run}`, `B-${run}`];
    await inventory.stockUp(Object.fromEntries(skus.map((sku) => [sku, { N: 12, S: 8 }])));
    const [lives, transfers]: [Life[], string[][]] = [[], []];
    for (let taken = 0; taken < STEPS; taken += 1) {
      await step(skus, lives, transfers, random);
      await expectBooksToAgree();
    }
    for (const sku of skus) {
      for (const figure of HISTORIES) await expectHistoryToFold(sku, figure, null);
      for (const at of WAREHOUSES) await expectHistoryToFold(sku, 'ON_HAND', at);
    }
    await expectTablesToBeWhatTheLogSays();
    await inventory.hear([warehouse('S', 'OPEN')]);
  };
  await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
}, 120_000);

it('never refuses a decrease since units are promised, however many move them at the same time', async () => {
  await inventory.stockUp({ RACE: { N: 200, S: 200 } });
  const before = Array.from({ length: 60 }, () => order({ RACE: 5 }));
  await inventory.hear(before.map((each) => placed(each)));
  await inventory.hear(before.slice(0, 20).map((each) => planned(each, [shipment('N', { RACE: 5 })])));
  const lost: number[] = [];
  const losing = async (at: string) => {
    for (let round = 0; round < 15; round += 1) {
      const { results } = await operations.adjust('RACE', at, -10);
      expect(results.map(({ refusals }) => refusals)).toEqual([[]]);
      lost.push(...results.flatMap(({ broken }) => broken.map(({ quantity }) => quantity)));
    }
  };
  const buying = async () => {
    for (let round = 0; round < 40; round += 1) {
      const bought = Array.from({ length: 5 }, () => order({ RACE: 2 }));
      const plans = bought.map((each) => planned(each, [shipment(round % 2 ? 'N' : 'S', { RACE: 2 })]));
      await inventory.hear([...bought.map((each) => placed(each, 'SHIP_AVAILABLE')), ...plans.slice(0, 2)]);
    }
  };
  const sending = async () => {
    for (let round = 0; round < 20; round += 1) await operations.send('RACE', 'N', 'S', 1);
  };
  const keepingBack = async () => {
    for (let round = 0; round < 20; round += 1) await operations.keepBack('RACE', 'S', (round * 7) % 20);
  };
  await Promise.all([losing('N'), losing('S'), buying(), sending(), keepingBack()]);
  await expectBooksToAgree();
  expect(lost.reduce((sum, units) => sum + units, 0)).toBeGreaterThanOrEqual(200);
}, 60_000);
