// The four subgraphs with made-up answers: one order for each id, three lines of two products.
import { createStubLog, type StubLog } from './stub-log.ts';
import { type StubSubgraph, startStubSubgraph } from './stub-subgraph.ts';

export type StubPlatform = Readonly<{
  orders: StubSubgraph;
  inventory: StubSubgraph;
  payments: StubSubgraph;
  fulfillment: StubSubgraph;
  log: StubLog;
  urls: Readonly<Record<string, string>>;
  stop: () => Promise<void>;
}>;

const money = (amount: string) => ({ amount, currencyCode: 'GBP' });
const line = (index: number, sku: string) => ({
  id: String(index),
  sku,
  name: `Product ${sku}`,
  product: { sku },
  quantity: 1,
  unitPrice: money('1.00'),
  lineTotal: money('1.00'),
  reserved: 0,
  backordered: 0,
  shipped: 0,
  cancelled: 0,
});

export const orderOf = (id: string) => ({
  id,
  number: `SO-${id}`,
  version: 1,
  status: 'PLACED',
  partner: { id: '12345', name: 'A shop', currencyCode: 'GBP' },
  placedAt: '2026-03-01T09:30:00.000Z',
  placedBy: 'somebody',
  shortagePolicy: 'REJECT',
  lines: [line(1, 'A'), line(2, 'B'), line(3, 'A')],
  subtotal: money('3.00'),
  total: money('3.00'),
  timeline: [],
});

const ordersResolvers = {
  Query: {
    order: (_: unknown, { id }: { id: string }) => (id === 'none' ? null : orderOf(id)),
    viewer: () => ({ subject: 'somebody', role: 'BUYER', partners: [] }),
    orders: () => {
      throw new Error('connect ECONNREFUSED postgres://secret@10.0.0.7/orders');
    },
  },
  Mutation: {
    placeOrder: (_: unknown, { input }: { input: { note?: string } }) => ({
      order: { ...orderOf('1'), note: input.note },
      replayed: false,
      userErrors: [],
    }),
  },
  Order: { __resolveReference: ({ id }: { id: string }) => orderOf(id) },
};

const inventoryResolvers = {
  Product: {
    __resolveReference: ({ sku }: { sku: string }) => ({ sku, name: `Product ${sku}`, casePack: 1 }),
    weightGrams: ({ sku }: { sku: string }) => {
      if (sku === 'B') throw new Error('nobody weighed it');
      return 5;
    },
  },
};

export async function startStubPlatform(): Promise<StubPlatform> {
  const log = createStubLog();
  const [orders, inventory, payments, fulfillment] = await Promise.all([
    startStubSubgraph('orders', ordersResolvers, log),
    startStubSubgraph('inventory', inventoryResolvers),
    startStubSubgraph('payments', { Order: { payment: () => null } }),
    startStubSubgraph('fulfillment', {}),
  ]);
  const all = [orders, inventory, payments, fulfillment];
  return {
    orders,
    inventory,
    payments,
    fulfillment,
    log,
    urls: Object.fromEntries(all.map(({ name, url }) => [name, url])),
    stop: async () => {
      await Promise.all(all.map((subgraph) => subgraph.stop()));
    },
  };
}
