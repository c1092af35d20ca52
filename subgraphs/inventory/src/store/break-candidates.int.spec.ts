// Whose units may break, found in ledgers that are long already: with more holds than anybody reads at once, and years of orders.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, warehouse } from '../../test/inventory.ts';
import { order, placed, planned, shipment } from '../../test/orders.ts';
import { openWaitingRoom, type WaitingRoom } from '../../test/waiting-room.ts';
import { createAdjustStock } from '../command-handlers/adjust-stock.ts';
import { loadNewestAssigned } from './assigned-orders.ts';
import { loadAssigned, loadBreakCandidates } from './break-candidates.ts';
import { loadNewestUnits } from './newest-units.ts';

const MANY_HOLDS = 1_200;
const OLD_ORDERS = 2_000;
/** A first page of the ledger: nothing more was looked at. */
const FIRST_PAGE = 64;
const MORE_THAN_ALL = 1_000_000;

let room: WaitingRoom;
let inventory: Inventory;

beforeAll(async () => {
  room = await openWaitingRoom();
  inventory = room.inventory;
});

afterAll(() => inventory.close());

/** Holds of one unit each, placed one after the other. Answers them, the oldest first. */
async function heldOnce(sku: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await inventory.sql`
    INSERT INTO holds (hold_id, partner_id, partition, status, lines, expires_at, placed_at, version)
    SELECT h, 'P-1', 0, 'ACTIVE', json_build_array(json_build_array(${sku}::text, 1)), now() + interval '1 hour',
           now() + n * interval '1 ms', 1
    FROM unnest(${`{${ids.join(',')}}`}::uuid[]) WITH ORDINALITY AS u (h, n)`;
  await inventory.sql`
    INSERT INTO movements (sku, kind, quantity, hold_id, cause)
    SELECT ${sku}, 'hold', 1, h, h FROM unnest(${`{${ids.join(',')}}`}::uuid[]) WITH ORDINALITY AS u (h, n) ORDER BY n`;
  await inventory.sql`UPDATE sku_totals SET held = held + ${count} WHERE sku = ${sku}`;
  return ids;
}

/** Orders of one unit each that came, were claimed, assigned to N, and left: three movements for each, and the goods' own. */
async function shippedBefore(sku: string, count: number): Promise<void> {
  const shipped = await inventory.sql`
    INSERT INTO reservations (order_id, partner_id, partition, status, closed, lines, shipments, facts, version)
    SELECT gen_random_uuid(), 'P-1', 0, 'SHIPPED', false, json_build_array(json_build_array(${sku}::text, 1)),
           json_build_array(json_build_object('shipmentId', gen_random_uuid(), 'warehouseId', 'N', 'left', true,
                                              'lines', json_build_array(json_build_array(${sku}::text, 1)))), 3, 3
    FROM generate_series(1, ${count}) RETURNING order_id`;
  const ids = `{${shipped.map((row) => row.order_id).join(',')}}`;
  await inventory.sql`
    INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, cause)
    VALUES (${sku}, 'N', 'receipt', ${count}, ${count}, ${randomUUID()})`;
  await inventory.sql`
    INSERT INTO movements (sku, warehouse_id, kind, quantity, sellable_delta, order_id, cause)
    SELECT ${sku}, CASE WHEN k = 'reserve' THEN NULL ELSE 'N' END, k, 1, CASE WHEN k = 'ship' THEN -1 ELSE 0 END, o, o
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS u (o, n), unnest('{reserve,allocate,ship}'::text[]) WITH ORDINALITY AS s (k, i)
    ORDER BY n, i`;
}

const adjust = (lines: readonly Readonly<{ sku: string; delta: number }>[]) =>
  createAdjustStock({ sql: inventory.sql, poke: () => undefined })({
    ...{ metadata: {}, own: null },
    input: {
      ...{ idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const },
      lines: lines.map((each) => ({ ...each, warehouseId: 'N', reason: 'CORRECTION' as const })),
    },
  });

async function expectBooksToAgree(): Promise<void> {
  expect(await disagreements(inventory.sql)).toEqual([]);
  expect(await oversold(inventory.sql)).toEqual([]);
}

describe('more holds than are read at once', () => {
  it('break to the oldest, of each SKU the newest first, when a count finds less', async () => {
    await inventory.stockUp({ HA: { N: MANY_HOLDS }, HB: { N: 5 } });
    const older = await heldOnce('HB', 5);
    const newer = await heldOnce('HA', MANY_HOLDS);
    const { results } = await adjust([
      { sku: 'HA', delta: 1 - MANY_HOLDS },
      { sku: 'HB', delta: -3 },
    ]);
    const broken = results.map((each) => each.broken.map(({ holdId }) => holdId));
    expect(broken).toEqual([newer.slice(1).toReversed(), older.slice(2).toReversed()]);
    await expectBooksToAgree();
  });

  it('break when their warehouse shuts', async () => {
    await inventory.stockUp({ HC: { C: MANY_HOLDS } });
    await heldOnce('HC', MANY_HOLDS);
    await inventory.hear([warehouse('C', 'PAUSED')]);
    expect(inventory.faults).toEqual([]);
    expect(await inventory.sql`SELECT sellable, held FROM sku_totals WHERE sku = 'HC'`).toEqual([
      { sellable: 0, held: 0 },
    ]);
    await expectBooksToAgree();
  });
});

describe('an old ledger', () => {
  it('is read no further than the newest claims, even where they do not suffice', async () => {
    await inventory.stockUp({ OA: { N: 10 } });
    await shippedBefore('OA', OLD_ORDERS);
    const [first, second] = [order({ OA: 4 }), order({ OA: 6 })];
    await inventory.hear([placed(first), placed(second)]);
    const few = await loadBreakCandidates(inventory.sql, new Map([['OA', 5]]));
    expect(few.newest.get('OA')).toEqual([second.orderId]);
    const all = await loadBreakCandidates(inventory.sql, new Map([['OA', MORE_THAN_ALL]]));
    expect(all.newest.get('OA')).toEqual([second.orderId, first.orderId]);
    expect(all.read).toBe(FIRST_PAGE);
    await expectBooksToAgree();
  });

  it('tells the newest assigned orders of a shelf without reading on', async () => {
    await inventory.stockUp({ OB: { N: 10, M: 5 } });
    await shippedBefore('OB', OLD_ORDERS);
    const [first, second, elsewhere] = [order({ OB: 4 }), order({ OB: 3 }), order({ OB: 5 })];
    await inventory.hear([placed(first), placed(second), placed(elsewhere)]);
    await inventory.hear([
      planned(first, [shipment('N', { OB: 2 }), shipment('N', { OB: 2 })]),
      planned(second, [shipment('N', { OB: 3 })]),
      planned(elsewhere, [shipment('M', { OB: 5 })]),
    ]);
    const shelf = { sku: 'OB', warehouseId: 'N' };
    const { owners, read } = await loadNewestUnits(inventory.sql, 'assigned', [
      { ...shelf, wanted: MORE_THAN_ALL },
    ]);
    expect(owners[0]).toMatchObject([
      { id: second.orderId, units: 3 },
      { id: first.orderId, units: 4 },
    ]);
    expect(read).toBe(FIRST_PAGE);
    expect(await loadNewestAssigned(inventory.sql, [{ ...shelf, quantity: 3 }])).toEqual([
      { ...shelf, orderId: second.orderId },
    ]);
    const assigned = await loadAssigned(
      inventory.sql,
      'N',
      [{ sku: 'OB', allocated: 7 }],
      new Set([first.orderId]),
    );
    expect(assigned.map(({ orderId }) => orderId)).toEqual([second.orderId]);
  });

  it('tells claims below what left since, each order once, in longer and longer pages', async () => {
    await inventory.stockUp({ OC: { N: 5 } });
    const [waves, newest] = [order({ OC: 8 }), order({ OC: 1 })];
    await inventory.hear([placed(waves, 'BACKORDER')]);
    await room.receive('OC', 4);
    await room.look();
    await inventory.hear([placed(newest)]);
    expect(await room.standing(waves, 'OC')).toEqual([8, 0]);
    expect(
      await inventory.sql`SELECT count(*)::int FROM movements WHERE sku = 'OC' AND kind = 'reserve'`,
    ).toEqual([{ count: 3 }]);
    await shippedBefore('OC', OLD_ORDERS);
    const found = await loadBreakCandidates(inventory.sql, new Map([['OC', MORE_THAN_ALL]]));
    expect(found.newest.get('OC')).toEqual([newest.orderId, waves.orderId]);
    expect(found.read).toBeGreaterThan(3 * OLD_ORDERS);
  });

  it('is looked up for many SKUs together, each to its own end', async () => {
    const skus = Array.from({ length: 300 }, (_, index) => `OM${index}`);
    await inventory.stockUp(Object.fromEntries(skus.map((sku) => [sku, { N: 2 }])));
    const [older, newer] = [skus.slice(0, 200), skus.slice(100)].map((some) =>
      order(Object.fromEntries(some.map((sku) => [sku, 1]))),
    );
    if (older === undefined || newer === undefined) throw new Error('two orders were asked for');
    await inventory.hear([placed(older), placed(newer)]);
    const found = await loadBreakCandidates(inventory.sql, new Map(skus.map((sku) => [sku, 2])));
    expect(found.newest.get('OM0')).toEqual([older.orderId]);
    expect(found.newest.get('OM150')).toEqual([newer.orderId, older.orderId]);
    expect(found.newest.get('OM299')).toEqual([newer.orderId]);
    expect(found.reservations.map(({ orderId }) => orderId).toSorted()).toEqual(
      [older.orderId, newer.orderId].toSorted(),
    );
    expect(found.holds).toEqual([]);
  });
});
