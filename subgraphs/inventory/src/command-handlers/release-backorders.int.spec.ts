import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { arrived } from '../../test/inventory.ts';
import { order, placed, planned, rejected, shipment } from '../../test/orders.ts';
import { openWaitingRoom, type WaitingRoom } from '../../test/waiting-room.ts';
import { createHoldStock } from './hold-stock.ts';

let room: WaitingRoom;

beforeAll(async () => {
  room = await openWaitingRoom();
});

afterAll(async () => {
  expect(await disagreements(room.inventory.sql)).toEqual([]);
  expect(await oversold(room.inventory.sql)).toEqual([]);
  await room.inventory.close();
});

const totalOf = async (sku: string) => {
  const [row] = await room.inventory.sql`
    SELECT t.sellable, t.reserved, coalesce(b.units, 0) AS waiting
    FROM sku_totals t LEFT JOIN backorder_totals b USING (sku) WHERE sku = ${sku}`;
  return row;
};

describe('units that come', () => {
  it('are shared fairly between partners', async () => {
    await room.inventory.upsertProducts(['A1']);
    const [much, more, few] = [order({ A1: 9 }, 'P-1'), order({ A1: 9 }, 'P-2'), order({ A1: 2 }, 'P-3')];
    await room.waiting(much, more, few);
    await room.receive('A1', 10);
    await room.look();
    expect(await room.standing(much, 'A1')).toEqual([4, 5]);
    expect(await room.standing(more, 'A1')).toEqual([4, 5]);
    expect(await room.standing(few, 'A1')).toEqual([2, 0]);
    expect(await totalOf('A1')).toEqual({ sellable: 10, reserved: 10, waiting: 10 });
    const [first, second] = await room.factsOf(much);
    expect(first?.type).toBe('StockBackordered');
    expect(second).toMatchObject({
      type: 'StockReserved',
      data: { lines: [{ sku: 'A1', quantity: 4 }], backordered: [{ sku: 'A1', quantity: 5 }] },
    });
  });

  it('go to the oldest order of a partner first', async () => {
    await room.inventory.upsertProducts(['B1']);
    const [older, younger] = [order({ B1: 4 }), order({ B1: 4 })];
    await room.waiting(older, younger);
    await room.receive('B1', 5);
    await room.look();
    expect([await room.standing(older, 'B1'), await room.standing(younger, 'B1')]).toEqual([
      [4, 0],
      [1, 3],
    ]);
  });

  it('come to an order as one wave of all its SKUs, and come again when more arrives', async () => {
    await room.inventory.upsertProducts(['C1', 'C2']);
    const both = order({ C1: 3, C2: 3 });
    await room.waiting(both);
    await room.receive('C1', 2);
    await room.receive('C2', 3);
    await room.look();
    await room.receive('C1', 5);
    await room.look();
    const [, first, second, ...more] = await room.factsOf(both);
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
    await room.inventory.stockUp({ D1: { N: 5 } });
    const whole = order({ D1: 5 });
    await room.inventory.hear([placed(whole)]);
    await room.adjust({ D1: -3 });
    expect(await room.standing(whole, 'D1')).toEqual([2, 3]);
    await room.receive('D1', 4);
    await room.look();
    expect(await room.standing(whole, 'D1')).toEqual([5, 0]);
    expect(await totalOf('D1')).toEqual({ sellable: 6, reserved: 5, waiting: 0 });
  });
});

describe('whoever comes later', () => {
  it('leaves what others wait for, and takes the rest', async () => {
    await room.inventory.upsertProducts(['E1']);
    const first = order({ E1: 6 }, 'P-1');
    await room.waiting(first);
    await room.receive('E1', 8);
    const [greedy, modest] = [order({ E1: 3 }, 'P-2'), order({ E1: 2 }, 'P-2')];
    await room.inventory.hear([placed(greedy), placed(modest)]);
    const facts = [await room.factsOf(greedy), await room.factsOf(modest)].map(([fact]) => fact);
    expect(facts[0]).toMatchObject({
      type: 'StockShort',
      data: { short: [{ sku: 'E1', requested: 3, available: 2 }] },
    });
    expect(facts[1]?.type).toBe('StockReserved');
    expect(await hold('E1', 1)).toBeNull();
    await room.look();
    expect(await room.standing(first, 'E1')).toEqual([6, 0]);
  });

  it('does not overtake those who began to wait in the same batch', async () => {
    await room.inventory.stockUp({ F1: { N: 4 } });
    const [had, first, next] = [order({ F1: 4 }, 'P-1'), order({ F1: 3 }, 'P-2'), order({ F1: 2 }, 'P-3')];
    await room.inventory.hear([
      placed(had),
      placed(first, 'BACKORDER'),
      rejected(had),
      placed(next, 'BACKORDER'),
    ]);
    expect(await room.standing(next, 'F1')).toEqual([1, 1]);
    await room.look();
    expect([await room.standing(first, 'F1'), await room.standing(next, 'F1')]).toEqual([
      [2, 1],
      [2, 0],
    ]);
  });
});

describe('a claim that came in waves', () => {
  it('counts once when goods are lost', async () => {
    await room.inventory.stockUp({ M1: { N: 3 } });
    const [older, waves] = [order({ M1: 3 }), order({ M1: 4 })];
    await room.inventory.hear([placed(older)]);
    await room.waiting(waves);
    for (const units of [2, 2]) {
      await room.receive('M1', units);
      await room.look();
    }
    await room.adjust({ M1: -6 });
    expect([await room.standing(older, 'M1'), await room.standing(waves, 'M1')]).toEqual([
      [1, 2],
      [0, 4],
    ]);
  });

  it('gives none of a wave to the plan of an older one, which may be all that is paid for', async () => {
    await room.inventory.stockUp({ P1: { N: 5 } });
    const bought = order({ P1: 5 });
    await room.waiting(bought);
    await room.adjust({ P1: -5 });
    await room.receive('P1', 5);
    await room.look();
    const all = [shipment('N', { P1: 5 })];
    await room.inventory.hear([planned(bought, all)]);
    await room.inventory.hear([planned(bought, all, 2)]);
    const [, , second, refused, allocated] = await room.factsOf(bought);
    expect(second).toMatchObject({ type: 'StockReserved', data: { wave: 2 } });
    expect(refused).toMatchObject({ type: 'AllocationRefused', data: { open: [] } });
    expect(allocated?.type).toBe('StockAllocated');
  });

  it('is as new as the wave that brought the lost SKU', async () => {
    await room.inventory.stockUp({ O1: { N: 2 }, O2: { N: 1 } });
    const [first, second] = [order({ O1: 1, O2: 2 }), order({ O1: 1 })];
    await room.waiting(first, second);
    await room.receive('O2', 1);
    await room.look();
    await room.adjust({ O1: -1, O2: -1 });
    expect([await room.standing(first, 'O1'), await room.standing(second, 'O1')]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(await room.standing(first, 'O2')).toEqual([1, 1]);
  });
});

/** The id of a hold of the units; null where it was refused. */
async function hold(sku: string, quantity: number): Promise<string | null> {
  const partner = { partnerId: 'P-9', name: 'Nine', currencyCode: 'GBP', paymentMethods: ['TERMS'] };
  await room.inventory.hear([arrived('orders', 'PartnerRegistered', partner)]);
  const lines = [{ sku, quantity }];
  const input = { idempotencyKey: randomUUID(), partnerId: 'P-9', ttlSeconds: 60, lines };
  return (await createHoldStock(room.options)({ input, metadata: {} })).holdId;
}
