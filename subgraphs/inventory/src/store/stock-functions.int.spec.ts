// The three layers against an oversell, and the order of locks: wrong figures, lost races and crossing writers.
import { randomUUID } from 'node:crypto';
import { acquireLease, constraintOf, faultKind, LEASE_LOST, type Sql } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { order, placed, planned, shipment } from '../../test/orders.ts';
import { createStockConsumer } from '../consumers/stock-consumer.ts';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import { unheardOf } from '../domain/reservation/reservation.ts';
import type { TotalDelta } from '../domain/shelves.ts';
import { NOTHING, type StockWrite, writeStock } from './stock-write.ts';

let inventory: Inventory;
let sql: Sql;

beforeAll(async () => {
  inventory = await openInventory();
  sql = inventory.sql;
});

afterEach(async () => {
  expect(await disagreements(sql)).toEqual([]);
  expect(await oversold(sql)).toEqual([]);
});

afterAll(() => inventory.close());

// No offset moves, so that two writers are fenced by nothing but the figures themselves.
const UNFENCED = { consumer: 'spec', epoch: 0, offsets: [], parked: [] };

const write = (part: Partial<StockWrite>) =>
  writeStock(sql, { kind: 'inbox', inbox: UNFENCED }, { ...NOTHING, ...part });
const kindOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'rejected' ? faultKind(result.reason) : 'done';

describe('a batch decided on wrong figures is refused whole', () => {
  const moves = (part: Partial<StockWrite['moves']>) => ({ moves: { ...NOTHING.moves, ...part } });
  const total = (sku: string, delta: Partial<TotalDelta>) =>
    moves({ totals: [{ sku, sellable: 0, reserved: 0, held: 0, withdrawing: 0, ...delta }] });
  const expectRefused = (part: Partial<StockWrite>) =>
    expect(write(part)).rejects.toMatchObject({ code: 'CD002' });

  it('where claims would pass what is sellable, or fall below zero', async () => {
    await inventory.stockUp({ X1: { XN: 5 } });
    await expectRefused(total('X1', { reserved: 6 }));
    await expectRefused(total('X1', { held: 6 }));
    await expectRefused(total('X1', { reserved: -1 }));
    await expectRefused(total('X1', { held: -1 }));
    await expectRefused(total('X1', { withdrawing: -1 }));
    await expectRefused(total('X1', { sellable: -6 }));
    await expectRefused(total('NO-SUCH', { sellable: 1, reserved: 1 }));
  });

  it('where a new claim would take the place of what is being withdrawn', async () => {
    await inventory.stockUp({ X0: { XN: 5 } });
    await expectRefused(total('X0', { reserved: 1, withdrawing: 5 }));
    await expectRefused(total('X0', { held: 3, withdrawing: 3 }));
    await write(total('X0', { reserved: 2, withdrawing: 3 }));
    await write(total('X0', { reserved: -2, withdrawing: 4 }));
    await write(total('X0', { withdrawing: -7 }));
  });

  it('where a shelf would assign more than it has, or fall below zero', async () => {
    await inventory.stockUp({ X2: { XN: 5 } });
    const shelf = { sku: 'X2', warehouseId: 'XN', onHand: 0, allocated: 0, safety: 0 };
    await expectRefused(moves({ stock: [{ ...shelf, allocated: 6 }] }));
    await expectRefused(moves({ stock: [{ ...shelf, allocated: -1 }] }));
    await expectRefused(moves({ stock: [{ ...shelf, onHand: -6 }] }));
    await expectRefused(moves({ stock: [{ ...shelf, safety: -1 }] }));
    await expectRefused(moves({ stock: [{ ...shelf, warehouseId: 'NOWHERE', onHand: -1 }] }));
  });

  it('where a warehouse is not as open as it was thought', async () => {
    await inventory.stockUp({ X3: { XN: 5 } });
    await expectRefused({ known: new Map([['XN', false]]) });
    await expectRefused({ known: new Map([['NO-SUCH', true]]) });
    await write({ known: new Map(Object.entries({ XN: true, 'NO-SUCH': false })) });
  });

  it('where a reservation moved meanwhile', async () => {
    const reservation = (version: number): StoredReservation => ({
      orderId: '00000000-0000-7000-8000-000000000001',
      partnerId: 'P-1',
      partition: 0,
      state: { ...unheardOf, status: 'SHORT' },
      facts: 0,
      version,
    });
    await write({ reservations: [reservation(1)] });
    await expectRefused({ reservations: [reservation(1)] });
    await expectRefused({ reservations: [reservation(3)] });
    await write({ reservations: [reservation(2)] });
  });

  it('where a hold moved meanwhile', async () => {
    const hold = (version: number): StoredHold => ({
      holdId: '00000000-0000-7000-8000-000000000002',
      partnerId: 'P-1',
      partition: 0,
      state: { status: 'RELEASED', lines: [], expiresAt: '2026-03-01T09:30:00.000Z', orderId: null },
      version,
    });
    await write({ holds: [hold(1)] });
    await expectRefused({ holds: [hold(1)] });
    await expectRefused({ holds: [hold(3)] });
    await write({ holds: [hold(2)] });
  });
});

describe('the gate of a write', () => {
  const figures = (reserved: number) => ({
    moves: { ...NOTHING.moves, totals: [{ sku: 'G1', sellable: 0, reserved, held: 0, withdrawing: 0 }] },
  });
  const reservedNow = async () => (await sql`SELECT reserved FROM sku_totals WHERE sku = 'G1'`)[0]?.reserved;

  it('does what a key asks for once, and answers what stands under it', async () => {
    await inventory.stockUp({ G1: { GN: 5 } });
    const request = { kind: 'request', scope: 'S', operation: 'op', key: 'k' } as const;
    const ask = (fingerprint: string, result: string) =>
      writeStock(sql, { ...request, fingerprint, result }, { ...NOTHING, ...figures(1) });
    expect(await ask('one', 'first')).toEqual({ verdict: 'NEW', result: 'first' });
    expect(await ask('one', 'second')).toEqual({ verdict: 'REPLAYED', result: 'first' });
    expect(await ask('two', 'third')).toEqual({ verdict: 'KEY_REUSED', result: 'first' });
    expect(await reservedNow()).toBe(1);
    await write(figures(-1));
  });

  it('fences the worker of an old epoch off', async () => {
    const epoch = await acquireLease(sql, 'worker', 'spec', 0);
    if (epoch === null) throw new Error('the lease is free');
    const work = (under: number, reserved: number) =>
      writeStock(sql, { kind: 'worker', epoch: under }, { ...NOTHING, ...figures(reserved) });
    expect(await work(epoch, 1)).toEqual({ verdict: 'NEW', result: null });
    await expect(work(epoch - 1, 1)).rejects.toMatchObject({ code: LEASE_LOST });
    expect(await reservedNow()).toBe(1);
    await work(epoch, -1);
  });
});

it('makes an oversell impossible to commit by any other road', async () => {
  await inventory.stockUp({ Y1: { YN: 5 } });
  const roads = {
    sku_totals_never_oversold: sql`UPDATE sku_totals SET reserved = 6 WHERE sku = 'Y1'`,
    sku_totals_reserved_not_negative: sql`UPDATE sku_totals SET reserved = -1 WHERE sku = 'Y1'`,
    stock_allocated_is_on_hand: sql`UPDATE stock SET allocated = 6 WHERE sku = 'Y1'`,
    movements_quantity_not_zero: sql`INSERT INTO movements (sku, kind, quantity, cause) VALUES ('Y1', 'ship', 0, gen_random_uuid())`,
  };
  for (const [constraint, road] of Object.entries(roads)) {
    const fault = await road.then(
      () => null,
      (error: unknown) => error,
    );
    expect(constraintOf(fault)).toBe(constraint);
  }
});

describe('writers at the same time', () => {
  it('two unfenced appliers never sell a unit twice: the later one loses its guard and decides again', async () => {
    await inventory.stockUp({ Z1: { ZN: 40 }, Z2: { ZN: 40 } });
    const consumer = createStockConsumer(sql);
    const persist = async (bought: ReturnType<typeof order>): Promise<void> => {
      const outcome = await Promise.allSettled([consumer.apply([placed(bought)], UNFENCED)]);
      if (kindOf(outcome[0]) === 'done') return;
      expect(kindOf(outcome[0])).toBe('guard-lost');
      await persist(bought);
    };
    const buyers = Array.from({ length: 120 }, () => order({ Z1: 1, Z2: 1 }));
    const applier = async (mine: typeof buyers) => {
      for (const bought of mine) await persist(bought);
    };
    await Promise.all([0, 1, 2, 3].map((part) => applier(buyers.filter((_, index) => index % 4 === part))));
    const statuses = await sql`SELECT status, count(*)::int FROM reservations
      WHERE order_id = ANY (${buyers.map((each) => each.orderId)}::uuid[]) GROUP BY 1 ORDER BY 1`;
    expect([...statuses]).toEqual([
      { status: 'RESERVED', count: 40 },
      { status: 'SHORT', count: 80 },
    ]);
  });

  it('receipts never spoil a batch, nor cross it in a deadlock', async () => {
    const skus = Array.from({ length: 40 }, (_, index) => `D${index}`);
    await inventory.stockUp(Object.fromEntries(skus.map((sku) => [sku, { DN: 1_000, DS: 1_000 }])));
    const before = inventory.faults.length;
    const lines = skus.flatMap((sku) =>
      ['DN', 'DS', 'DE'].map((warehouseId) => ({ sku, warehouseId, quantity: 2 })),
    );
    await inventory.stockUp({ D0: { DE: 1 } });
    const receipts = async (mine: typeof lines) => {
      for (let round = 0; round < 15; round += 1) {
        expect(await inventory.receiveStock(mine)).toEqual({ verdict: 'NEW', refusals: [] });
      }
    };
    const batches = async () => {
      for (let round = 0; round < 15; round += 1) {
        const amounts = Object.fromEntries(skus.toReversed().map((sku) => [sku, 1]));
        const buyers = Array.from({ length: 10 }, () => order(amounts));
        const plans = buyers.map((each, index) =>
          planned(each, [shipment(index % 2 ? 'DS' : 'DN', amounts)]),
        );
        await inventory.hear([...buyers.map((each) => placed(each)), ...plans]);
      }
    };
    await Promise.all([receipts(lines), receipts(lines.toReversed()), batches()]);
    expect(inventory.faults.slice(before)).toEqual([]);
    const [total] = await sql`SELECT sellable, reserved FROM sku_totals WHERE sku = 'D1'`;
    expect(total).toEqual({ sellable: 2_000 + 15 * 2 * 3 * 2, reserved: 150 });
  });

  it('the same receipt from two clients is booked once', async () => {
    await inventory.stockUp({ K1: { KN: 1 } });
    const key = randomUUID();
    const line = { sku: 'K1', warehouseId: 'KN', quantity: 7 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => inventory.receiveStock([line], key)));
    expect(answers.map((each) => each.verdict).sort()).toEqual(['NEW', ...Array(7).fill('REPLAYED')]);
    expect((await sql`SELECT on_hand FROM stock WHERE sku = 'K1'`)[0]).toEqual({ on_hand: 8 });
  });

  it('the same products from two clients are registered once each', async () => {
    const skus = Array.from({ length: 50 }, (_, index) => `L${index}`);
    const answers = await Promise.all([
      inventory.upsertProducts(skus),
      inventory.upsertProducts(skus.toReversed()),
      inventory.upsertProducts(skus),
    ]);
    const created = answers.flatMap((each) => each.results.filter((row) => row.created));
    expect(created).toHaveLength(50);
    const events =
      await sql`SELECT type, count(*)::int FROM events WHERE stream_id = ANY (${skus}::text[]) GROUP BY 1`;
    expect([...events]).toEqual([{ type: 'ProductRegistered', count: 50 }]);
  });
});
