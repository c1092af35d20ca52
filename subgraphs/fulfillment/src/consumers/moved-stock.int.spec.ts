// Goods that come and go otherwise than by receipts and shipments change what may be planned.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';

let db: FulfillmentDatabase;
const arrivals = createArrivals();

beforeAll(async () => {
  db = await fulfillmentDatabase();
  await db.warehouses({ id: 'NORTH', priority: 1 }, { id: 'SOUTH', priority: 2 });
});

afterAll(() => db.close());

async function viewOf(sku: string): Promise<unknown> {
  const [row] = await db.sql`SELECT available FROM stock_view WHERE sku = ${sku}`;
  return row?.available;
}

const adjusted = (sku: string, warehouseId: string, delta: number) =>
  arrivals.from('inventory', 'StockAdjusted', {
    adjustmentId: newId(),
    lines: [{ sku, warehouseId, delta, reason: 'COUNT' }],
  });
const road = { transferId: newId(), fromWarehouseId: 'NORTH', toWarehouseId: 'SOUTH' };
const sent = (sku: string, quantity: number) =>
  arrivals.from('inventory', 'TransferSent', { ...road, lines: [{ sku, quantity }] });
const came = (sku: string, quantity: number, isLast: boolean) =>
  arrivals.from('inventory', 'TransferReceived', { ...road, lines: [{ sku, quantity }], isLast });

it('counts what was found and what was not', async () => {
  await db.apply([arrivals.received('NORTH', { COUNTED: 10 }), adjusted('COUNTED', 'NORTH', -4)]);
  expect(await viewOf('COUNTED')).toEqual({ NORTH: 6 });
  await db.apply([adjusted('COUNTED', 'SOUTH', 3)]);
  expect(await viewOf('COUNTED')).toEqual({ NORTH: 6, SOUTH: 3 });
});

it('plans nothing on goods that are on their way, and then where they arrived', async () => {
  await db.apply([arrivals.received('NORTH', { MOVED: 8 }), sent('MOVED', 8)]);
  expect(await viewOf('MOVED')).toEqual({ NORTH: 0 });
  await db.apply([came('MOVED', 5, true)]);
  expect(await viewOf('MOVED')).toEqual({ NORTH: 0, SOUTH: 5 });
  const orderId = newId();
  await db.apply([arrivals.placed(orderId, { MOVED: [5, 1] }), arrivals.confirmed(orderId)]);
  const plans = (await db.events('ShipmentsPlanned')).filter(({ stream_id }) => stream_id === orderId);
  expect(plans).toMatchObject([{ data: { shipments: [{ warehouseId: 'SOUTH' }] } }]);
  expect(await viewOf('MOVED')).toEqual({ NORTH: 0, SOUTH: 0 });
});
