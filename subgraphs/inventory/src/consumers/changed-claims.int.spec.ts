// What becomes of claims after they were made: cancelled units, holds that orders take over, warehouses that shut.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { arrived, type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import {
  type Amounts,
  cancelled,
  cancelledLines,
  confirmed,
  order,
  placed,
  planned,
  shipment,
} from '../../test/orders.ts';
import type { StoredHold } from '../domain/batch.ts';
import { createShelves } from '../domain/shelves.ts';
import { databaseNow } from '../store/figures.ts';
import { NOTHING, writeStock } from '../store/stock-write.ts';

let inventory: Inventory;

beforeAll(async () => {
  inventory = await openInventory();
});

afterEach(async () => {
  expect(await disagreements(inventory.sql)).toEqual([]);
  expect(await oversold(inventory.sql)).toEqual([]);
  expect([...(await inventory.sql`SELECT error FROM dead_letters`)]).toEqual([]);
});

afterAll(() => inventory.close());

const said = async (stream: string) =>
  (await inventory.said(stream)).map(({ type, data }) => {
    const { orderId: _, partnerId: __, holdId: ___, ...rest } = data;
    return [type, rest];
  });
const typesOf = async (stream: string) => (await inventory.said(stream)).map(({ type }) => type);

async function totals(sku: string) {
  const [row] = await inventory.sql`
    SELECT sellable, reserved, held, withdrawing FROM sku_totals WHERE sku = ${sku}`;
  return row;
}

const movementsOf = async (sku: string) => {
  const rows = await inventory.sql`
    SELECT kind, quantity, sellable_delta FROM movements WHERE sku = ${sku} AND kind <> 'receipt' ORDER BY id`;
  return rows.map(({ kind, quantity, sellable_delta: sellable }) => [kind, quantity, sellable]);
};

/** Holds units for a partner, until `ttl_ms` from now. */
async function hold(lines: Amounts, ttl_ms = 60_000, partnerId = 'P-1'): Promise<string> {
  const expiresAt = new Date((await databaseNow(inventory.sql)).getTime() + ttl_ms).toISOString();
  const held: StoredHold = {
    ...{ holdId: randomUUID(), partnerId, partition: 0, version: 1 },
    state: { status: 'ACTIVE', lines: Object.entries(lines), expiresAt, orderId: null },
  };
  const shelves = createShelves({ totals: [], stock: [], isOpen: () => true });
  const placedHold = { type: 'HoldPlaced', data: { lines: held.state.lines, expiresAt } } as const;
  shelves.bookHold(placedHold, held.holdId, randomUUID());
  const inbox = { consumer: 'spec', epoch: 0, offsets: [], parked: [] };
  const write = { ...NOTHING, holds: [held], moves: shelves.moves() };
  await writeStock(inventory.sql, { kind: 'inbox', inbox }, write);
  return held.holdId;
}

describe('cancelling', () => {
  it('gives units back, those that wait first, and then the rest', async () => {
    await inventory.stockUp({ A1: { N: 6 }, A2: { N: 9 } });
    const bought = order({ A1: 10, A2: 2 });
    await inventory.hear([placed(bought, 'BACKORDER'), cancelledLines(bought, { A1: 5 })]);
    const money = { valueMinor: 250, currencyCode: 'GBP', cause: 'no need' };
    const [, reduced] = await said(bought.orderId);
    expect(reduced).toEqual([
      'ReservationReduced',
      { lines: [{ sku: 'A1', quantity: 1 }], backordered: [{ sku: 'A1', quantity: 4 }], ...money },
    ]);
    expect(await totals('A1')).toMatchObject({ reserved: 5 });
    await inventory.hear([cancelled(bought), cancelledLines(bought, { A1: 1 })]);
    expect(await typesOf(bought.orderId)).toEqual([
      'StockReserved',
      'ReservationReduced',
      'ReservationReleased',
    ]);
    expect(await totals('A1')).toMatchObject({ reserved: 0 });
  });

  it('ends an order whose cancellation came first, and one that only waits', async () => {
    await inventory.stockUp({ B1: {} });
    const [first, waits] = [order({ B1: 1 }), order({ B1: 1 })];
    await inventory.hear([cancelled(first), placed(first), placed(waits, 'BACKORDER')]);
    await inventory.hear([cancelled(waits)]);
    expect(await typesOf(first.orderId)).toEqual([]);
    expect(await typesOf(waits.orderId)).toEqual(['StockBackordered']);
    expect(await inventory.sql`SELECT * FROM backorders WHERE sku = 'B1'`).toHaveLength(0);
  });
});

describe('an order that names a hold', () => {
  const holdRow = async (holdId: string) =>
    (await inventory.sql`SELECT status, order_id, version FROM holds WHERE hold_id = ${holdId}`)[0];

  it('has its units to itself, and frees what it does not ask for', async () => {
    await inventory.stockUp({ C1: { N: 5 }, C2: { N: 2 } });
    const holdId = await hold({ C1: 5, C2: 1 });
    const [other, bought] = [order({ C1: 1 }), order({ C1: 4 })];
    await inventory.hear([placed(other), placed(bought, 'REJECT', holdId)]);
    expect(await typesOf(other.orderId)).toEqual(['StockShort']);
    expect(await typesOf(bought.orderId)).toEqual(['StockReserved']);
    expect(await said(holdId)).toEqual([['HoldClaimed', {}]]);
    expect(await holdRow(holdId)).toEqual({ status: 'CLAIMED', order_id: bought.orderId, version: 2 });
    expect(await totals('C1')).toEqual({ sellable: 5, reserved: 4, held: 0, withdrawing: 0 });
    expect(await movementsOf('C1')).toEqual([
      ['hold', 5, 0],
      ['claim', 4, 0],
      ['unhold', 1, 0],
      ['reserve', 4, 0],
    ]);
  });

  it('claims it once, in one batch and in two', async () => {
    await inventory.stockUp({ D1: { N: 4 } });
    const holdId = await hold({ D1: 4 });
    const orders = [order({ D1: 3 }), order({ D1: 3 }), order({ D1: 3 })] as const;
    await inventory.hear([placed(orders[0], 'REJECT', holdId), placed(orders[1], 'REJECT', holdId)]);
    await inventory.hear([placed(orders[2], 'REJECT', holdId)]);
    const types = await Promise.all(orders.map(({ orderId }) => typesOf(orderId)));
    expect(types.flat()).toEqual(['StockReserved', 'StockShort', 'StockShort']);
  });

  it('goes without one that is over, another partner’s, unknown, or not enough', async () => {
    await inventory.stockUp({ E1: { N: 9 } });
    const holds = [
      await hold({ E1: 3 }, -1),
      await hold({ E1: 3 }, 60_000, 'P-2'),
      await hold({ E1: 3 }),
    ] as const;
    const orders = [1, 1, 1, 4].map((units) => order({ E1: units }));
    const named = [holds[0], holds[1], randomUUID(), holds[2]];
    await inventory.hear(orders.map((each, index) => placed(each, 'REJECT', named[index] ?? null)));
    const types = await Promise.all(orders.map(({ orderId }) => typesOf(orderId)));
    expect(types.flat()).toEqual(['StockShort', 'StockShort', 'StockShort', 'StockShort']);
    expect(await Promise.all(holds.map(holdRow))).toMatchObject([
      { status: 'ACTIVE' },
      { status: 'ACTIVE' },
      { status: 'ACTIVE' },
    ]);
  });
});

describe('a warehouse that shuts', () => {
  it('is never refused: the newest claims break, and what becomes of them hangs on how they were to come', async () => {
    await inventory.stockUp({ F1: { 'F-N': 6, 'F-S': 4 } });
    const policies = ['REJECT', 'SHIP_AVAILABLE', 'BACKORDER', 'REJECT'] as const;
    const orders = policies.map(() => order({ F1: 2 }));
    for (const [index, each] of orders.entries()) await inventory.hear([placed(each, policies[index])]);
    await inventory.hear([warehouse('F-N', 'PAUSED')]);
    const broken = { lines: [{ sku: 'F1', quantity: 2 }], valueMinor: 500, currencyCode: 'GBP' };
    const words = await Promise.all(orders.map(async ({ orderId }) => (await said(orderId)).slice(1)));
    expect(words).toEqual([
      [],
      [],
      [['ReservationBroken', { ...broken, cause: 'WAREHOUSE_SHUT', rest: 'BACKORDERED' }]],
      [['ReservationBroken', { ...broken, cause: 'WAREHOUSE_SHUT', rest: 'HELD' }]],
    ]);
    expect(await totals('F1')).toEqual({ sellable: 4, reserved: 4, held: 0, withdrawing: 0 });
    expect(await inventory.sql`SELECT * FROM backorders WHERE sku = 'F1'`).toHaveLength(2);
    await inventory.hear([warehouse('F-N', 'OPEN')]);
    expect((await movementsOf('F1')).slice(4)).toEqual([
      ['break', 2, 0],
      ['break', 2, 0],
      ['shut', -6, -6],
      ['open', 6, 6],
    ]);
  });

  it('breaks claims of the same batch before older ones, and holds last', async () => {
    await inventory.stockUp({ G1: { 'G-N': 9, 'G-S': 3 } });
    const holds = [await hold({ G1: 2 }), await hold({ G1: 2 })] as const;
    const [older, newer] = [order({ G1: 3 }), order({ G1: 3 })];
    await inventory.hear([placed(older)]);
    await inventory.hear([placed(newer), warehouse('G-N', 'DOWN')]);
    expect(await typesOf(older.orderId)).toEqual(['StockReserved', 'ReservationBroken']);
    expect(await typesOf(newer.orderId)).toEqual(['StockReserved', 'ReservationBroken']);
    expect(await said(holds[0])).toEqual([]);
    expect(await said(holds[1])).toEqual([
      ['HoldBroken', { lines: [{ sku: 'G1', quantity: 1 }], cause: 'WAREHOUSE_SHUT' }],
    ]);
    expect(await totals('G1')).toEqual({ sellable: 3, reserved: 0, held: 3, withdrawing: 0 });
  });

  it('suspends what is assigned there until it left or the warehouse opens', async () => {
    await inventory.stockUp({ H1: { 'H-N': 5, 'H-S': 5 } });
    const bought = order({ H1: 4 });
    const [one, two] = [shipment('H-S', { H1: 3 }), shipment('H-S', { H1: 1 })];
    await inventory.hear([placed(bought), planned(bought, [one, two])]);
    await inventory.hear([warehouse('H-S', 'PAUSED')]);
    expect(await totals('H1')).toEqual({ sellable: 5, reserved: 0, held: 0, withdrawing: 4 });
    const next = order({ H1: 2 });
    await inventory.hear([placed(next, 'SHIP_AVAILABLE'), confirmed(bought, one)]);
    expect((await said(next.orderId))[0]?.[1]).toMatchObject({ lines: [{ sku: 'H1', quantity: 1 }] });
    expect(await totals('H1')).toEqual({ sellable: 5, reserved: 1, held: 0, withdrawing: 1 });
    await inventory.hear([warehouse('H-S', 'OPEN')]);
    expect(await totals('H1')).toEqual({ sellable: 7, reserved: 2, held: 0, withdrawing: 0 });
    expect((await movementsOf('H1')).slice(3)).toEqual([
      ['suspend', 4, 0],
      ['shut', -5, -5],
      ['reserve', 1, 0],
      ['ship_shut', 3, 0],
      ['open', 2, 2],
      ['resume', 1, 0],
    ]);
  });

  it('asks once, when it goes down, whether what is assigned there left', async () => {
    await inventory.stockUp({ I1: { 'I-N': 2, 'I-S': 9 } });
    const [before, same, gone] = [order({ I1: 2 }), order({ I1: 3 }), order({ I1: 1 })];
    const shipments = [before, same, gone].map(({ lines }) => shipment('I-S', lines));
    const [one, two, three] = shipments as [
      (typeof shipments)[0],
      (typeof shipments)[0],
      (typeof shipments)[0],
    ];
    await inventory.hear([placed(before), planned(before, [one]), placed(gone), planned(gone, [three])]);
    await inventory.hear([
      confirmed(gone, three),
      placed(same),
      planned(same, [two]),
      warehouse('I-S', 'DOWN'),
    ]);
    await inventory.hear([warehouse('I-S', 'DOWN')]);
    const asked = (left: typeof one) => [
      'AllocationBroken',
      {
        ...{ warehouseId: 'I-S', cause: 'WAREHOUSE_DOWN' },
        shipments: [{ shipmentId: left.shipmentId, lines: [{ sku: 'I1', quantity: left.lines.I1 }] }],
      },
    ];
    expect((await said(before.orderId)).slice(2)).toEqual([asked(one)]);
    expect((await said(same.orderId)).slice(2)).toEqual([asked(two)]);
    expect(await typesOf(gone.orderId)).not.toContain('AllocationBroken');
    expect(await totals('I1')).toEqual({ sellable: 2, reserved: 0, held: 0, withdrawing: 5 });
    await inventory.hear([confirmed(same, two), confirmed(before, one)]);
    expect(await totals('I1')).toEqual({ sellable: 2, reserved: 0, held: 0, withdrawing: 0 });
  });
});

it('keeps a replica of the partners, each with the partition it lives in', async () => {
  const partner = { partnerId: 'P-9', name: 'Nine', currencyCode: 'GBP' };
  const terms = { terms: null, approvalLimitMinor: null, paymentMethods: ['TERMS'] };
  const heard = arrived('orders', 'PartnerRegistered', { ...partner, ...terms });
  await inventory.hear([heard]);
  await inventory.hear([arrived('orders', 'PartnerRevised', { ...partner, ...terms })]);
  const rows = await inventory.sql`SELECT * FROM partners`;
  expect([...rows]).toEqual([{ partner_id: 'P-9', partition: heard.partition }]);
});
