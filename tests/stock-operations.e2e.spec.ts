import { randomUUID } from 'node:crypto';
import { runStatements } from '@crossdock/testing/platform';
import { beforeAll, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import type { GatewayClient } from './client/gateway-client.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, settled } from './platform/orders.ts';
import { gbp, LONDON, MANCHESTER } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

type Shelf = Readonly<{ warehouseId: string; onHand: number; allocated: number; version: number }>;
type Refusal = Readonly<{ code: string; field: readonly string[]; currentVersion: number | null }>;

/** Sends a mutation under a new key; answers its payload. */
async function does<Payload>(
  caller: GatewayClient,
  name: string,
  input: object,
  fields: string,
): Promise<Payload> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field } } }`;
  const data = await caller.data<Record<string, Payload>>(document, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  const payload = data[name];
  if (payload === undefined) throw new Error(`${name} answered nothing`);
  return payload;
}

const RESULTS =
  'results { stock { onHand version } broken { quantity orderId } userErrors { code field currentVersion } }';
type Adjusted = Readonly<{
  results: readonly Readonly<{
    stock: Readonly<{ onHand: number; version: number }> | null;
    broken: readonly Readonly<{ quantity: number; orderId: string }>[];
    userErrors: readonly Refusal[];
  }>[];
}>;
const adjust = (caller: GatewayClient, line: object) =>
  does<Adjusted>(caller, 'adjustStock', { lines: [line] }, RESULTS);

/** A product that nobody else orders, with units in London. */
async function stocked(units: number): Promise<string> {
  const sku = `OWN-${randomUUID().slice(0, 8)}`;
  const product = { sku, name: sku, listPrice: gbp('1.00'), lowStockThreshold: 3 };
  await does(world.erp, 'upsertProducts', { products: [product] }, 'replayed');
  await does(
    world.erp,
    'receiveStock',
    { lines: [{ sku, warehouseId: LONDON, quantity: units }] },
    'replayed',
  );
  return sku;
}

async function shelvesOf(sku: string): Promise<readonly Shelf[]> {
  const { product } = await world.erp.data<{ product: { stock: Shelf[] } }>(
    'query ($sku: String!) { product(sku: $sku) { stock { warehouseId onHand allocated version } } }',
    { sku },
  );
  return product.stock;
}

it('lets a WMS count its own shelves from the version it read', async () => {
  const sku = await stocked(10);
  const [shelf] = await shelvesOf(sku);
  const count = { sku, warehouseId: LONDON, counted: 8, expectedVersion: shelf?.version, reason: 'COUNT' };
  expect((await adjust(world.otherWms, count)).results).toMatchObject([
    { stock: null, userErrors: [{ code: 'UNKNOWN_WAREHOUSE' }] },
  ]);
  expect((await adjust(world.wms, count)).results).toMatchObject([{ stock: { onHand: 8 }, userErrors: [] }]);
  expect((await adjust(world.wms, count)).results).toMatchObject([
    { stock: null, userErrors: [{ code: 'CONFLICT', currentVersion: (shelf?.version ?? 0) + 1 }] },
  ]);
  const { product } = await world.wms.data<{ product: { stockHistory: { nodes: object[] } } }>(
    `query ($sku: String!) { product(sku: $sku) {
      stockHistory(warehouseId: "${LONDON}") { nodes { kind delta balance reason } } } }`,
    { sku },
  );
  expect(product.stockHistory.nodes).toEqual([
    { kind: 'ADJUST', delta: -2, balance: 8, reason: 'COUNT' },
    { kind: 'RECEIPT', delta: 10, balance: 10, reason: null },
  ]);
});

it('ships goods from where a transfer brought them', async () => {
  const sku = await stocked(6);
  const road = { fromWarehouseId: LONDON, toWarehouseId: MANCHESTER, lines: [{ sku, quantity: 4 }] };
  type Sent = Readonly<{ transfer: Readonly<{ id: string }> }>;
  const { transfer } = await does<Sent>(world.erp, 'transferStock', road, 'transfer { id }');
  const early = await settled(world.buyer, await accepted(world.buyer, { lines: [{ sku, quantity: 6 }] }));
  expect(early).toMatchObject({ status: 'REJECTED', statusReason: 'STOCK_SHORT' });
  const arrival = { transferId: transfer.id, lines: [{ sku, quantity: 4 }] };
  await does(world.otherWms, 'receiveTransfer', arrival, 'transfer { status }');
  const order = await settled(world.buyer, await accepted(world.buyer, { lines: [{ sku, quantity: 6 }] }));
  expect(order.status).toBe('SHIPPED');
  const units = order.shipments?.map(({ warehouse, lines }) => [warehouse.id, lines[0]?.quantity]);
  expect(units?.sort()).toEqual([
    [LONDON, 2],
    [MANCHESTER, 4],
  ]);
  const left = await eventually(
    () => shelvesOf(sku),
    (shelves) => shelves.every(({ onHand }) => onHand === 0),
  );
  expect(left.map(({ onHand, allocated }) => [onHand, allocated])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

it('says that a product runs low', async () => {
  const sku = await stocked(2);
  const said = `DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM events WHERE type = 'StockLow' AND stream_id = '${sku}') THEN RAISE EXCEPTION 'not yet'; END IF;
  END $$`;
  const isSaid = () =>
    runStatements(world.databaseUrls.inventory, said).then(
      () => true,
      () => false,
    );
  expect(await eventually(isSaid, (seen) => seen)).toBe(true);
});
