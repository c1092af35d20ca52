import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buyerOf, ERP, serveInventory } from '../../test/api.ts';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { order, placed, planned, rejected, shipment } from '../../test/orders.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let inventory: Inventory;
let api: Awaited<ReturnType<typeof serveInventory>>;

beforeAll(async () => {
  inventory = await openInventory();
  api = await serveInventory(inventory);
});

afterAll(async () => {
  await api.close();
  await inventory.close();
});

const UPSERT = `mutation ($input: UpsertProductsInput!) { upsertProducts(input: $input) {
  replayed results { index id created userErrors { code field } } userErrors { code field } } }`;
const RECEIVE = `mutation ($input: ReceiveStockInput!) { receiveStock(input: $input) {
  replayed stock { sku warehouseId onHand allocated available warehouse { id } } userErrors { code field } } }`;
const RESERVATIONS = `query ($ids: [_Any!]!) { _entities(representations: $ids) {
  ... on Order { id reservation { status decidedAt lines { sku quantity } } } } }`;

const gbp = (amount: string) => ({ amount, currencyCode: 'GBP' });
const upsert = (products: readonly object[], more: object = {}) =>
  api.ask(ERP, UPSERT, { input: { idempotencyKey: randomUUID(), products, ...more } });
const receive = (lines: readonly object[], idempotencyKey: string = randomUUID()) =>
  api.ask(ERP, RECEIVE, { input: { idempotencyKey, lines } });
const reservations = (claims: Parameters<typeof api.ask>[0], ...ids: string[]) =>
  api.ask(claims, RESERVATIONS, { ids: ids.map((id) => ({ __typename: 'Order', id })) });

describe('upsertProducts', () => {
  it('registers, revises, leaves alone, and tells of each once', async () => {
    const cup = { sku: 'CUP', name: 'Cup', listPrice: gbp('1.25') };
    const stored = (created: boolean) => ({
      upsertProducts: {
        replayed: false,
        results: [{ index: 0, id: 'CUP', created, userErrors: [] }],
        userErrors: [],
      },
    });
    expect((await upsert([cup])).data).toEqual(stored(true));
    expect((await upsert([cup])).data).toEqual(stored(false));
    expect((await upsert([{ ...cup, listPrice: gbp('1.5') }])).data).toEqual(stored(false));
    expect((await inventory.said('CUP')).map(({ type, data }) => [type, data.listPriceMinor])).toEqual([
      ['ProductRegistered', 125],
      ['ProductRevised', 150],
    ]);
  });

  it('answers a replay as the first time, and other input under the key not at all', async () => {
    const idempotencyKey = randomUUID();
    const jug = { sku: 'JUG', name: 'Jug', listPrice: gbp('3') };
    const first = await upsert([jug], { idempotencyKey });
    const second = await upsert([{ ...jug, listPrice: gbp('3.00') }], { idempotencyKey });
    expect(second.data).toEqual({
      upsertProducts: { ...(first.data?.upsertProducts as object), replayed: true },
    });
    const other = await upsert([{ ...jug, name: 'Other' }], { idempotencyKey });
    expect(other.data).toMatchObject({
      upsertProducts: {
        results: [],
        userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }],
      },
    });
  });

  it('stores nothing beside a refused row, unless told to', async () => {
    const rows = [
      { sku: 'ROW', name: 'Row', listPrice: gbp('1') },
      { sku: 'ROW', name: 'Row', listPrice: gbp('1') },
      { sku: '', name: '\u0000', listPrice: gbp('1.001') },
      { sku: 'NEG', name: 'x', listPrice: gbp('-1'), casePack: 0, minOrderQuantity: 0, weightGrams: -1 },
      { sku: 'CUR', name: 'x', listPrice: { amount: '1', currencyCode: 'pounds' } },
    ];
    const field = (index: number, name: string) => ['products', String(index), name];
    const invalid = (index: number, ...names: string[]) =>
      names.map((name) => ({ code: 'INVALID_INPUT', field: field(index, name) }));
    const refusals = [
      [],
      [{ code: 'DUPLICATE_SKU', field: field(1, 'sku') }],
      invalid(2, 'sku', 'name', 'listPrice'),
      invalid(3, 'listPrice', 'casePack', 'minOrderQuantity', 'weightGrams'),
      invalid(4, 'listPrice'),
    ];
    const results = (id: string | null) =>
      refusals.map((userErrors, index) => ({
        index,
        id: index === 0 ? id : null,
        created: index === 0 && id !== null,
        userErrors,
      }));
    expect((await upsert(rows)).data).toEqual({
      upsertProducts: { replayed: false, results: results(null), userErrors: [] },
    });
    expect((await upsert(rows, { errorPolicy: 'REJECT_ROWS' })).data).toEqual({
      upsertProducts: { replayed: false, results: results('ROW'), userErrors: [] },
    });
  });

  it('takes 1 to 1,000 rows, with a usable key, from the ERP alone', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({
      sku: `M${index}`,
      name: 'm',
      listPrice: gbp('1'),
    }));
    for (const rows of [[], many]) {
      expect((await upsert(rows)).data).toMatchObject({
        upsertProducts: { userErrors: [{ code: 'INVALID_INPUT', field: ['products'] }] },
      });
    }
    expect((await upsert(many.slice(1), { idempotencyKey: ' ' })).data).toMatchObject({
      upsertProducts: { userErrors: [{ code: 'INVALID_INPUT', field: ['idempotencyKey'] }] },
    });
    expect((await upsert(many.slice(1))).data).toMatchObject({ upsertProducts: { userErrors: [] } });
    const input = { idempotencyKey: 'k', products: many.slice(1, 2) };
    for (const claims of [buyerOf('P-1'), { role: 'wms' } as const, { role: 'operator' } as const]) {
      expect((await api.ask(claims, UPSERT, { input })).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });
});

describe('receiveStock', () => {
  it('books all lines, answers the levels, and the same once more to a replay', async () => {
    await inventory.stockUp({ RA: { RN: 1 }, RB: { RS: 1 } });
    const lines = [
      { sku: 'RA', warehouseId: 'RN', quantity: 4 },
      { sku: 'RB', warehouseId: 'RN', quantity: 2 },
      { sku: 'RA', warehouseId: 'RN', quantity: 1 },
    ];
    const level = (sku: string, onHand: number) => ({
      sku,
      warehouseId: 'RN',
      onHand,
      allocated: 0,
      available: onHand,
      warehouse: { id: 'RN' },
    });
    const stock = [level('RA', 6), level('RB', 2), level('RA', 6)];
    const key = randomUUID();
    expect((await receive(lines, key)).data).toEqual({
      receiveStock: { replayed: false, stock, userErrors: [] },
    });
    expect((await receive(lines, key)).data).toEqual({
      receiveStock: { replayed: true, stock, userErrors: [] },
    });
    expect((await receive(lines.slice(1), key)).data).toMatchObject({
      receiveStock: { stock: [], userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
    });
  });

  it('names every line it cannot book, and books none', async () => {
    await inventory.stockUp({ KNOWN: { RN: 5 } });
    const refused = await receive([
      { sku: 'KNOWN', warehouseId: 'RN', quantity: 1 },
      { sku: 'UNHEARD', warehouseId: 'RN', quantity: 1 },
      { sku: 'KNOWN', warehouseId: 'NOWHERE', quantity: 1 },
    ]);
    expect(refused.data).toEqual({
      receiveStock: {
        replayed: false,
        stock: [],
        userErrors: [
          { code: 'UNKNOWN_SKU', field: ['lines', '1', 'sku'] },
          { code: 'UNKNOWN_WAREHOUSE', field: ['lines', '2', 'warehouseId'] },
        ],
      },
    });
    const [stock] = await inventory.sql`SELECT on_hand FROM stock WHERE sku = 'KNOWN'`;
    expect(stock).toEqual({ on_hand: 5 });
  });

  it('refuses codes and quantities that cannot be', async () => {
    const refused = await receive([
      { sku: '\u0000', warehouseId: '\ud800', quantity: 0 },
      { sku: 'RA', warehouseId: 'RN', quantity: 1_000_000_001 },
    ]);
    expect(refused.data).toMatchObject({
      receiveStock: {
        userErrors: [
          { code: 'UNKNOWN_SKU' },
          { code: 'UNKNOWN_WAREHOUSE' },
          { code: 'QUANTITY_OUT_OF_RANGE', field: ['lines', '0', 'quantity'] },
          { code: 'QUANTITY_OUT_OF_RANGE', field: ['lines', '1', 'quantity'] },
        ],
      },
    });
    for (const lines of [[], Array(1_001).fill({ sku: 'RA', warehouseId: 'RN', quantity: 1 })]) {
      expect((await receive(lines)).data).toMatchObject({
        receiveStock: { userErrors: [{ code: 'INVALID_INPUT', field: ['lines'] }] },
      });
    }
  });

  it('keeps every figure within the 32 bits of the API', async () => {
    await inventory.stockUp({ HUGE: { RN: 1_000_000_000, RS: 1_000_000_000 } });
    expect((await receive([{ sku: 'HUGE', warehouseId: 'RN', quantity: 1 }])).data).toMatchObject({
      receiveStock: { userErrors: [{ code: 'QUANTITY_OUT_OF_RANGE', field: ['lines', '0', 'quantity'] }] },
    });
  });

  it('waits for a warehouse that is still on its way', async () => {
    await inventory.stockUp({ LATE: {} });
    // Anew where this machine stood still for as long as a warehouse is waited for.
    await vi.waitFor(async () => {
      const warehouseId = randomUUID();
      const waiting = receive([{ sku: 'LATE', warehouseId, quantity: 3 }]);
      setTimeout(() => void inventory.hear([warehouse(warehouseId, 'OPEN')]), 300);
      expect((await waiting).data).toMatchObject({
        receiveStock: { stock: [{ onHand: 3 }], userErrors: [] },
      });
    }, PATIENCE);
  });
});

describe('products', () => {
  const PAGE = `query ($search: String, $skus: [String!], $first: Int, $after: String) {
    products(search: $search, skus: $skus, first: $first, after: $after) {
      nodes { sku } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
  type Page = { nodes: { sku: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const page = async (variables: object) =>
    (await api.ask(buyerOf('P-1'), PAGE, variables)).data?.products as Page;

  it('shows what is there and free, over open warehouses and in each', async () => {
    await inventory.stockUp({ 'P-A': { PN: 10, PS: 4 } });
    const bought = order({ 'P-A': 3 });
    await inventory.hear([placed(bought), planned(bought, [shipment('PN', { 'P-A': 2 })])]);
    await inventory.hear([warehouse('PS', 'PAUSED')]);
    const query = `{ product(sku: "P-A") { sku name casePack availability { onHand safety reserved held available }
      stock { warehouseId onHand allocated available } } nothing: product(sku: "P-\u0000") { sku } }`;
    expect(await api.ask(buyerOf('P-1'), query)).toEqual({
      data: {
        product: {
          sku: 'P-A',
          name: 'Product P-A',
          casePack: 1,
          availability: { onHand: 10, safety: 0, reserved: 3, held: 0, available: 7 },
          stock: [
            { warehouseId: 'PN', onHand: 10, allocated: 2, available: 8 },
            { warehouseId: 'PS', onHand: 4, allocated: 0, available: 4 },
          ],
        },
        nothing: null,
      },
    });
  });

  it('pages by SKU, and finds by the start of a SKU or a part of a name', async () => {
    await inventory.upsertProducts(['Q%1', 'Q%2', 'Q%3', 'QX4']);
    const first = await page({ search: 'Q%', first: 2 });
    expect(first.nodes.map((node) => node.sku)).toEqual(['Q%1', 'Q%2']);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect((await page({ search: 'Q%', first: null })).nodes.length).toBeGreaterThan(2);
    const second = await page({ search: 'Q%', first: 2, after: first.pageInfo.endCursor });
    expect(second).toMatchObject({ nodes: [{ sku: 'Q%3' }], pageInfo: { hasNextPage: false } });
    expect((await page({ search: 'uct qx' })).nodes).toEqual([{ sku: 'QX4' }]);
    expect((await page({ skus: ['QX4', 'Q%1', 'NONE', '\u0000'] })).nodes).toEqual([
      { sku: 'Q%1' },
      { sku: 'QX4' },
    ]);
    expect((await page({ search: '\u0000' })).nodes).toEqual([]);
  });

  it('refuses pages and cursors that cannot be', async () => {
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { after: 'x' },
      { skus: Array(1_001).fill('A') },
    ]) {
      const answer = await api.ask(buyerOf('P-1'), PAGE, variables);
      expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    }
  });

  it('answers entities together, and null for what there is not', async () => {
    const representations = ['Q%1', 'NONE', 'QX4'].map((sku) => ({ __typename: 'Product', sku }));
    const query = `query ($ids: [_Any!]!) { _entities(representations: $ids) {
      ... on Product { name availability { available } } } }`;
    const answer = await api.ask(buyerOf('P-1'), query, { ids: representations });
    const view = (name: string) => ({ name, availability: { available: 0 } });
    expect(answer.data?._entities).toEqual([view('Product Q%1'), null, view('Product QX4')]);
  });
});

describe('the reservation of an order', () => {
  it('is shown to those who may see its partner', async () => {
    await inventory.stockUp({ OA: { ON: 5 } });
    const [mine, other, ended, unknown] = [
      order({ OA: 2 }, 'P-1'),
      order({ OA: 1 }, 'P-2'),
      order({ OA: 1 }, 'P-1'),
      order({}, 'P-1'),
    ];
    await inventory.hear([placed(mine), placed(other), rejected(ended)]);
    const found = { status: 'RESERVED', decidedAt: expect.any(String), lines: [{ sku: 'OA', quantity: 2 }] };
    const ids = [mine.orderId, other.orderId, ended.orderId, unknown.orderId];
    const answer = await reservations(buyerOf('P-1'), ...ids);
    expect(answer.data?._entities).toEqual([
      { id: mine.orderId, reservation: found },
      { id: other.orderId, reservation: null },
      { id: ended.orderId, reservation: null },
      { id: unknown.orderId, reservation: null },
    ]);
    const seen = (await reservations({ role: 'rep', partners: ['P-1', 'P-2'] }, ...ids)).data?._entities;
    expect(seen).toMatchObject([{ reservation: found }, { reservation: { status: 'RESERVED' } }, {}, {}]);
    expect((await reservations(ERP, 'no-uuid')).data?._entities).toEqual([null]);
  });
});
