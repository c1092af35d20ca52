import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OrdersApi, serveOrders } from '../../test/orders-api.ts';
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

const LIST = `query ($first: Int, $after: String) {
  operations { stuckOrders(first: $first, after: $after) {
    nodes { id status statusReason holdReason holdOwner } pageInfo { hasNextPage endCursor } } } }`;
const hold = { reason: 'No warehouse is open.', owner: 'warehouse operations' };

async function heldOrder(): Promise<string> {
  const orderId = await db.place();
  await db.hear(orderId, RESERVED, AUTHORISED, ['fulfillment', 'FulfillmentHeld', hold]);
  return orderId;
}

it('shows operators what is stuck, the oldest first, in pages', async () => {
  const [first, , second] = [await heldOrder(), await db.place(), await heldOrder()];
  const node = {
    status: 'ON_HOLD',
    statusReason: hold.reason,
    holdReason: hold.reason,
    holdOwner: hold.owner,
  };
  const page = await api.ask({ role: 'operator' }, LIST, { first: 1 });
  const { nodes, pageInfo } = page.data?.operations?.stuckOrders ?? {};
  expect(nodes).toEqual([{ id: first, ...node }]);
  expect(pageInfo).toMatchObject({ hasNextPage: true });
  const rest = await api.ask({ role: 'operator' }, LIST, { first: 2, after: pageInfo?.endCursor });
  expect(rest.data?.operations?.stuckOrders).toMatchObject({
    nodes: [{ id: second }],
    pageInfo: { hasNextPage: false },
  });
  // Null asks for the default, as every list of every subgraph has it.
  const all = await api.ask({ role: 'operator' }, LIST, { first: null });
  expect(all.data?.operations?.stuckOrders).toMatchObject({ nodes: [{ id: first }, { id: second }] });
});

it('tells in the timeline why, and who must act', async () => {
  const orderId = await heldOrder();
  const query = 'query ($id: ID!) { order(id: $id) { timeline { type source summary } } }';
  const answer = await api.ask({ role: 'buyer', partner: 'p1' }, query, { id: orderId });
  expect(answer.data?.order?.timeline).toEqual(
    expect.arrayContaining([
      {
        ...{ type: 'OrderHeld', source: 'orders' },
        summary:
          'The order goes no further by itself: a person must act. (warehouse operations: No warehouse is open.)',
      },
      {
        ...{ type: 'FulfillmentHeld', source: 'fulfillment' },
        summary: 'No warehouse could be chosen. (No warehouse is open.)',
      },
    ]),
  );
});

it.each([{ role: 'buyer', partner: 'p1' }, { role: 'erp' }, { role: 'wms' }] as const)(
  'is nothing for %o',
  async (claims) => {
    const answer = await api.ask(claims, LIST);
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(answer.data?.operations ?? null).toBeNull();
  },
);

it('refuses a cursor of another list', async () => {
  const answer = await api.ask({ role: 'operator' }, LIST, { after: 'nonsense' });
  expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});
