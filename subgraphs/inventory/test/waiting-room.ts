// Orders that wait, and the worker who looks after them, as short as a test wants to write it.
import { randomUUID } from 'node:crypto';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createAdjustStock } from '../src/command-handlers/adjust-stock.ts';
import { createBackorderMetrics } from '../src/command-handlers/backorder-metrics.ts';
import { type ReleaseOptions, releaseBackorders } from '../src/command-handlers/release-backorders.ts';
import { type Inventory, openInventory, warehouse } from './inventory.ts';
import { placed, type TestOrder } from './orders.ts';

export type WaitingRoom = Awaited<ReturnType<typeof openWaitingRoom>>;

/** Units of a SKU that an order has, and those it waits for; null of an order never heard of. */
async function standingOf({ sql }: Inventory, { orderId }: TestOrder, sku: string) {
  const [row] = await sql<{ claimed: number; waiting: number }[]>`
    SELECT (SELECT coalesce(sum((l ->> 1)::int), 0)::int FROM json_array_elements(r.lines) l WHERE l ->> 0 = ${sku}) AS claimed,
           (SELECT coalesce(sum((l ->> 1)::int), 0)::int FROM json_array_elements(r.waiting) l WHERE l ->> 0 = ${sku}) AS waiting
    FROM reservations r WHERE order_id = ${orderId}`;
  return row === undefined ? null : [row.claimed, row.waiting];
}

/** Opens an inventory with one warehouse, N, whose worker's lease is held; call `inventory.close` in `afterAll`. */
export async function openWaitingRoom() {
  const inventory = await openInventory();
  const epoch = await inventory.takeLease();
  await inventory.hear([warehouse('N', 'OPEN')]);
  const options: ReleaseOptions = {
    ...{ sql: inventory.sql, poke: () => undefined, logger: createLogger('inventory', 'error') },
    metrics: createBackorderMetrics(createRegistry('inventory')),
  };
  const adjustStock = createAdjustStock(options);
  return {
    inventory,
    epoch,
    options,
    look: (under = epoch) => releaseBackorders(options, under),
    receive: (sku: string, quantity: number) => inventory.receiveStock([{ sku, warehouseId: 'N', quantity }]),
    adjust: async (deltas: Readonly<Record<string, number>>): Promise<void> => {
      const loss = { warehouseId: 'N', reason: 'LOSS' as const };
      const lines = Object.entries(deltas).map(([sku, delta]) => ({ sku, delta, ...loss }));
      const input = { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const, lines };
      await adjustStock({ input, metadata: {}, own: null });
    },
    /** Orders that wait for what there is not, each placed after the one before. */
    waiting: async (...orders: readonly TestOrder[]): Promise<void> => {
      for (const each of orders) await inventory.hear([placed(each, 'BACKORDER')]);
    },
    standing: (order: TestOrder, sku: string) => standingOf(inventory, order, sku),
    factsOf: async ({ orderId }: TestOrder) =>
      (await inventory.said(orderId)).map(({ type, data }) => ({ type, data })),
  };
}
