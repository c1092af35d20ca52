import { faultKind } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { arrived } from '../../test/inventory.ts';
import { order, placed, rejected, type TestOrder } from '../../test/orders.ts';
import { openWaitingRoom, type WaitingRoom } from '../../test/waiting-room.ts';
import { countBackorders } from '../store/backorders.ts';
import { startBackorderReleaser } from './backorder-releaser.ts';

/** Days on which a cancellation meets a release; each costs a few milliseconds. */
const MEETINGS = 25;
const PATIENCE = { timeout: 20_000, interval: 20 };

let room: WaitingRoom;

beforeAll(async () => {
  room = await openWaitingRoom();
});

afterAll(async () => {
  expect(await disagreements(room.inventory.sql)).toEqual([]);
  expect(await oversold(room.inventory.sql)).toEqual([]);
  await room.inventory.close();
});

describe('a release', () => {
  it('writes nothing under an old epoch', async () => {
    await room.inventory.upsertProducts(['G1']);
    const waits = order({ G1: 2 });
    await room.waiting(waits);
    await room.receive('G1', 2);
    const before = await everything();
    const paused = await room.look(room.epoch - 1).catch((error: unknown) => faultKind(error));
    expect(paused).toBe('lease-lost');
    expect(await everything()).toEqual(before);
    await room.look();
    expect(await room.standing(waits, 'G1')).toEqual([2, 0]);
  });

  it('has one outcome with a cancellation that meets it', async () => {
    await room.inventory.upsertProducts(['H1']);
    const outcomes = new Set<string>();
    for (let day = 0; day < MEETINGS; day += 1) {
      const [gone, stays] = [order({ H1: 2 }, 'P-1'), order({ H1: 2 }, 'P-2')];
      await room.waiting(gone, stays);
      await room.receive('H1', 2);
      await Promise.all([room.look(), room.inventory.hear([cancelled(gone)])]);
      await room.look();
      expect(await room.standing(gone, 'H1')).toEqual([0, 0]);
      expect(await room.standing(stays, 'H1')).toEqual([2, 0]);
      outcomes.add((await room.factsOf(gone)).map(({ type }) => type).join());
      await room.inventory.hear([rejected(stays)]);
      await room.adjust({ H1: -2 });
    }
    const cancelledFirst = 'StockBackordered';
    const releasedFirst = 'StockBackordered,StockReserved,ReservationReleased';
    for (const outcome of outcomes) expect([cancelledFirst, releasedFirst]).toContain(outcome);
    expect(await room.inventory.sql`SELECT * FROM dead_letters`).toEqual([]);
  });

  it('made twice at once gives nothing twice', async () => {
    await room.inventory.upsertProducts(['I1']);
    const waits = order({ I1: 7 });
    await room.waiting(waits);
    for (const units of [2, 2, 2]) {
      await room.receive('I1', units);
      await Promise.all([room.look(), room.look(), room.look()]);
    }
    expect(await room.standing(waits, 'I1')).toEqual([6, 1]);
    const waves = (await room.factsOf(waits)).map(({ data }) => data.wave ?? 1);
    expect(waves).toEqual([1, 1, 2, 3]);
  });

  it('reaches everybody, page after page', async () => {
    const skus = Array.from({ length: 40 }, (_, index) => `J${String(index).padStart(2, '0')}`);
    await room.inventory.upsertProducts(skus);
    const orders = Array.from({ length: 150 }, () => order({ J00: 1 }, 'P-1'));
    const wide = order(Object.fromEntries(skus.map((sku) => [sku, 1])), 'P-2');
    await room.waiting(wide);
    await room.inventory.hear(orders.map((each) => placed(each, 'BACKORDER')));
    await room.inventory.receiveStock(skus.map((sku) => ({ sku, warehouseId: 'N', quantity: 200 })));
    await room.look();
    expect(await room.inventory.sql`SELECT * FROM backorder_totals WHERE sku LIKE 'J%'`).toEqual([]);
    expect(await room.inventory.sql`SELECT * FROM backorders WHERE sku LIKE 'J%'`).toEqual([]);
  });
});

describe('the releaser', () => {
  it('releases when woken, while its process holds the lease', async () => {
    await room.inventory.upsertProducts(['K1']);
    const waits = order({ K1: 1 });
    await room.waiting(waits);
    await room.receive('K1', 1);
    let epoch: number | null = null;
    const releaser = startBackorderReleaser({ ...room.options, leaseEpoch: () => epoch });
    releaser.wake();
    epoch = room.epoch;
    releaser.wake();
    await vi.waitFor(async () => expect(await room.standing(waits, 'K1')).toEqual([1, 0]), PATIENCE);
    await releaser.stop();
  });
});

it('counts what waits', async () => {
  const before = await countBackorders(room.inventory.sql);
  await room.inventory.upsertProducts(['L1', 'L2']);
  await room.waiting(order({ L1: 3, L2: 4 }), order({ L1: 5 }));
  const after = await countBackorders(room.inventory.sql);
  expect([after.units - before.units, after.orders - before.orders]).toEqual([12, 2]);
  expect(after.oldestS).toBeGreaterThan(0);
});

const everything = () => room.inventory.sql`
  SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM movements) AS movements,
         (SELECT json_agg(r ORDER BY order_id) FROM reservations r)::text AS reservations,
         (SELECT json_agg(t ORDER BY sku) FROM sku_totals t)::text AS totals,
         (SELECT json_agg(b ORDER BY sku, order_id) FROM backorders b)::text AS backorders`;

const cancelled = ({ orderId, partnerId }: TestOrder) =>
  arrived('orders', 'OrderCancelled', { orderId, partnerId, number: 'N-1', reason: 'changed its mind' });
