import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claims, type OrdersApi, serveOrders } from '../../test/orders-api.ts';
import { AUTHORISED, type OrdersDatabase, ordersDatabase, RESERVED } from '../../test/orders-database.ts';

let db: OrdersDatabase;
let api: OrdersApi;

beforeAll(async () => {
  db = await ordersDatabase();
  api = await serveOrders(db);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const CANCEL = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) {
  order { id status statusReason version lines { sku reserved backordered shipped cancelled } timeline { type summary } }
  replayed userErrors { code field currentVersion message } } }`;
const buyer: Claims = { role: 'buyer', partner: 'p1' };

async function cancel(claims: Claims, orderId: string, more: object = {}) {
  const input = { idempotencyKey: newId(), orderId, reason: 'ordered twice', ...more };
  const answer = await api.ask(claims, CANCEL, { input });
  return { payload: answer.data?.cancelOrder, code: answer.errors?.[0]?.extensions?.code };
}

describe('cancelOrder', () => {
  it('answers the order as it is after it, and again with replayed', async () => {
    const orderId = await db.place();
    const key = { idempotencyKey: newId() };
    const order = {
      ...{ id: orderId, status: 'CANCELLED', statusReason: 'ordered twice', version: 2 },
      lines: [{ sku: 'a', reserved: 0, backordered: 0, shipped: 0, cancelled: 2 }],
    };
    expect((await cancel(buyer, orderId, key)).payload).toMatchObject({
      order,
      replayed: false,
      userErrors: [],
    });
    const again = (await cancel(buyer, orderId, key)).payload;
    expect(again).toMatchObject({ order, replayed: true, userErrors: [] });
    expect(again?.order?.timeline.at(-1)).toEqual({
      type: 'OrderCancelled',
      summary: 'The order was cancelled. (ordered twice)',
    });
  });

  it('is for the partner’s own people, its reps and the ERP', async () => {
    for (const claims of [
      buyer,
      { role: 'approver', partner: 'p1' },
      { role: 'rep', partners: ['p0', 'p1'] },
      { role: 'erp' },
    ] as Claims[])
      expect((await cancel(claims, await db.place())).payload?.order?.status).toBe('CANCELLED');
    for (const role of ['operator', 'wms'] as const)
      expect(await cancel({ role }, await db.place())).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('knows no order of another partner, and none that is not there', async () => {
    const unknown = {
      order: null,
      replayed: false,
      userErrors: [{ code: 'UNKNOWN_ORDER', field: ['orderId'] }],
    };
    const orderId = await db.place();
    expect((await cancel({ role: 'buyer', partner: 'p2' }, orderId)).payload).toMatchObject(unknown);
    expect((await cancel({ role: 'rep', partners: ['p2'] }, orderId)).payload).toMatchObject(unknown);
    for (const id of [newId(), 'none', '\u0000'])
      expect((await cancel(buyer, id)).payload).toMatchObject(unknown);
    expect((await cancel(buyer, orderId, { idempotencyKey: '' })).payload?.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', field: ['idempotencyKey'] },
    ]);
  });

  it('tells what stands against it, and shows the order as it is', async () => {
    const orderId = await db.place();
    await db.hear(orderId, RESERVED, AUTHORISED);
    expect((await cancel(buyer, orderId)).payload).toMatchObject({
      order: { status: 'CONFIRMED' },
      userErrors: [
        { code: 'ORDER_STATE', message: 'The order is confirmed: it can no longer be cancelled.' },
      ],
    });
    expect((await cancel(buyer, orderId, { expectedVersion: 1 })).payload?.userErrors).toMatchObject([
      { code: 'CONFLICT', currentVersion: 2 },
    ]);
  });

  it('is found by status', async () => {
    const query = `query ($statuses: [OrderStatus!]) { orders(filter: { statuses: $statuses }, first: 100) { nodes { id status } } }`;
    const [waiting, cancelled] = [await db.place({ shortagePolicy: 'BACKORDER' }), await db.place()];
    await db.hear(waiting, ['inventory', 'StockBackordered', { lines: [{ sku: 'a', quantity: 2 }] }]);
    await cancel(buyer, cancelled);
    const ask = async (...statuses: string[]) =>
      (await api.ask(buyer, query, { statuses })).data?.orders?.nodes;
    expect(await ask('BACKORDERED')).toEqual([{ id: waiting, status: 'BACKORDERED' }]);
    expect(await ask('CANCELLED')).toContainEqual({ id: cancelled, status: 'CANCELLED' });
  });
});
