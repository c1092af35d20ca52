// Counts, transfers and safety stock through the subgraph's schema, as the gateway asks for them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerOf, type Claims, ERP, serveInventory, wmsOf } from '../../test/api.ts';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { order, placed, planned, shipment } from '../../test/orders.ts';

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

const RESULTS = `replayed userErrors { code field } results { index stock { onHand allocated safety version }
  broken { quantity orderId holdId } userErrors { code field currentVersion } }`;
const ADJUST = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { ${RESULTS} } }`;
const SAFETY = `mutation ($input: SetSafetyStockInput!) { setSafetyStock(input: $input) { ${RESULTS} } }`;

type Row = Readonly<Record<string, unknown>>;
type Result = Readonly<{ stock: Row | null; broken: Row[]; userErrors: Row[] }>;
type Changed = Readonly<{ replayed: boolean; userErrors: Row[]; results: Result[] }>;

async function change(
  name: 'adjustStock' | 'setSafetyStock',
  lines: readonly Row[],
  more: Row = {},
  claims = ERP,
) {
  const input = { idempotencyKey: randomUUID(), lines, ...more };
  const answer = await api.ask(claims, name === 'adjustStock' ? ADJUST : SAFETY, { input });
  expect(answer.errors).toBeUndefined();
  // The shape of the document above.
  return answer.data?.[name] as Changed;
}
const adjust = (lines: readonly Row[], more?: Row, claims?: Claims) =>
  change('adjustStock', lines, more, claims);
const found = (sku: string, warehouseId: string, delta: number, reason = 'DAMAGE') => ({
  ...{ sku, warehouseId, delta, reason },
});
const codes = ({ results }: Changed) => results.map(({ userErrors }) => userErrors.map(({ code }) => code));
const totals = async (sku: string) => {
  const [row] =
    await inventory.sql`SELECT sellable, reserved, held, withdrawing FROM sku_totals WHERE sku = ${sku}`;
  return row;
};
const typesOf = async (orderId: string) => (await inventory.said(orderId)).map(({ type }) => type);

describe('adjustStock', () => {
  it('books differences and counts, says so, and answers a replay alike', async () => {
    await inventory.stockUp({ AA: { AN: 10, AS: 5 } });
    const idempotencyKey = randomUUID();
    const lines = [
      found('AA', 'AN', -3),
      { sku: 'AA', warehouseId: 'AS', counted: 7, expectedVersion: 1, reason: 'COUNT', note: 'twice' },
    ];
    const first = await adjust(lines, { idempotencyKey, reference: 'Sheet 1' });
    expect(first).toEqual({
      ...{ replayed: false, userErrors: [] },
      results: [
        { index: 0, stock: { onHand: 7, allocated: 0, safety: 0, version: 2 }, broken: [], userErrors: [] },
        { index: 1, stock: { onHand: 7, allocated: 0, safety: 0, version: 2 }, broken: [], userErrors: [] },
      ],
    });
    expect(await adjust(lines, { idempotencyKey, reference: 'Sheet 1' })).toEqual({
      ...first,
      replayed: true,
    });
    expect(await totals('AA')).toMatchObject({ sellable: 14 });
    const said =
      await inventory.sql`SELECT data - 'adjustmentId' AS data FROM events WHERE category = 'adjustment' ORDER BY version`;
    expect(said.map(({ data }) => data)).toEqual([
      { reference: 'Sheet 1', lines: [found('AA', 'AN', -3)] },
      {
        reference: 'Sheet 1',
        lines: [{ sku: 'AA', warehouseId: 'AS', delta: 2, reason: 'COUNT', note: 'twice' }],
      },
    ]);
    const other = await adjust([found('AA', 'AN', -4)], { idempotencyKey });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  it('breaks the newest claims for what is not there, then the shipments of the shelf', async () => {
    await inventory.stockUp({ AB: { AN: 10 } });
    const [first, second, third] = [order({ AB: 4 }), order({ AB: 3 }), order({ AB: 3 })];
    await inventory.hear([placed(first), placed(second, 'BACKORDER'), placed(third)]);
    await inventory.hear([planned(first, [shipment('AN', { AB: 4 })])]);
    const idempotencyKey = randomUUID();
    const lines = [found('AB', 'AN', -4)];
    const lost = await adjust(lines, { idempotencyKey });
    expect(lost.results).toMatchObject([
      {
        stock: { onHand: 6, allocated: 4 },
        broken: [
          { quantity: 3, orderId: third.orderId, holdId: null },
          { quantity: 1, orderId: second.orderId, holdId: null },
        ],
      },
    ]);
    expect(await adjust(lines, { idempotencyKey })).toEqual({ ...lost, replayed: true });
    expect(await totals('AB')).toEqual({ sellable: 6, reserved: 6, held: 0, withdrawing: 0 });
    expect((await typesOf(third.orderId)).at(-1)).toBe('ReservationBroken');
    const gone = await adjust([found('AB', 'AN', -5, 'LOSS')]);
    expect(gone.results).toMatchObject([
      {
        stock: { onHand: 1, allocated: 1 },
        broken: [
          { quantity: 3, orderId: first.orderId },
          { quantity: 2, orderId: second.orderId },
        ],
      },
    ]);
    expect(await totals('AB')).toEqual({ sellable: 1, reserved: 1, held: 0, withdrawing: 3 });
    const [broken] = (await inventory.said(first.orderId)).filter(({ type }) => type === 'AllocationBroken');
    expect(broken?.data).toMatchObject({
      warehouseId: 'AN',
      cause: 'LOSS',
      shipments: [{ lines: [{ sku: 'AB', quantity: 3 }] }],
    });
  });

  it('breaks holds where no claim is left to break', async () => {
    await inventory.stockUp({ AH: { AN: 10 } });
    const [holdId, bought] = [randomUUID(), order({ AH: 2 })];
    await inventory.sql`INSERT INTO holds (hold_id, partner_id, partition, status, lines, expires_at, version)
      VALUES (${holdId}, 'P-1', 0, 'ACTIVE', '[["AH", 7]]', now() + interval '1 hour', 1)`;
    await inventory.sql`INSERT INTO movements (sku, kind, quantity, hold_id, cause) VALUES ('AH', 'hold', 7, ${holdId}, ${holdId})`;
    await inventory.sql`UPDATE sku_totals SET held = 7 WHERE sku = 'AH'`;
    await inventory.hear([placed(bought, 'BACKORDER')]);
    expect((await adjust([found('AH', 'AN', -6)])).results).toMatchObject([
      {
        broken: [
          { quantity: 2, orderId: bought.orderId, holdId: null },
          { quantity: 3, orderId: null, holdId },
        ],
      },
    ]);
    expect(await totals('AH')).toEqual({ sellable: 4, reserved: 0, held: 4, withdrawing: 0 });
    expect(await inventory.said(holdId)).toMatchObject([
      { type: 'HoldBroken', data: { lines: [{ sku: 'AH', quantity: 3 }] } },
    ]);
  });

  it('gives up what was kept back and does not lie there either', async () => {
    await inventory.stockUp({ AC: { AN: 10 } });
    await change('setSafetyStock', [{ sku: 'AC', warehouseId: 'AN', safety: 6 }]);
    expect((await adjust([found('AC', 'AN', -7)])).results).toMatchObject([
      { stock: { onHand: 3, safety: 3 } },
    ]);
    expect(await totals('AC')).toMatchObject({ sellable: 0 });
    const [said] = await inventory.sql`
      SELECT data FROM events WHERE type = 'SafetyStockSet' AND data::text LIKE '%"AC"%' ORDER BY recorded_at DESC LIMIT 1`;
    expect(said?.data).toEqual({ lines: [{ sku: 'AC', warehouseId: 'AN', safety: 3 }] });
  });

  it('loses what a shut warehouse had assigned without touching what others claim', async () => {
    await inventory.stockUp({ AD: { AX: 5, AN: 3 } });
    const [there, other] = [order({ AD: 5 }), order({ AD: 3 })];
    await inventory.hear([placed(there), planned(there, [shipment('AX', { AD: 5 })]), placed(other)]);
    await inventory.hear([warehouse('AX', 'PAUSED')]);
    expect(await totals('AD')).toEqual({ sellable: 3, reserved: 3, held: 0, withdrawing: 5 });
    const lost = await adjust([found('AD', 'AX', -2)]);
    expect(lost.results).toMatchObject([
      { stock: { onHand: 3, allocated: 3 }, broken: [{ quantity: 2, orderId: there.orderId }] },
    ]);
    expect(await totals('AD')).toEqual({ sellable: 3, reserved: 3, held: 0, withdrawing: 5 });
    expect((await typesOf(other.orderId)).at(-1)).toBe('StockReserved');
  });

  it('refuses rows that contradict the books or the contract, and stores nothing beside them unless told to', async () => {
    await inventory.stockUp({ AE: { AN: 5, AS: 5 } });
    const rows = [
      found('AE', 'AN', -1),
      found('AE', 'AN', -1),
      found('AE', 'AS', -6),
      found('NONE', 'AN', 1),
      found('AE', 'NOWHERE', 1),
      { sku: 'AE', warehouseId: 'AS', reason: 'COUNT' },
    ];
    const refused = await adjust(rows);
    expect(codes(refused)).toEqual([[], ['DUPLICATE_SKU'], [], [], [], ['INVALID_INPUT', 'DUPLICATE_SKU']]);
    expect(refused.results.every(({ stock }) => stock === null)).toBe(true);
    const partly = await adjust(rows, { errorPolicy: 'REJECT_ROWS' });
    expect(codes(partly).slice(0, 5)).toEqual([
      [],
      ['DUPLICATE_SKU'],
      ['INSUFFICIENT_STOCK'],
      ['UNKNOWN_SKU'],
      ['UNKNOWN_WAREHOUSE'],
    ]);
    expect(partly.results[0]?.stock).toMatchObject({ onHand: 4 });
  });

  it('refuses a count of a shelf that moved, with the version that stands', async () => {
    await inventory.stockUp({ AF: { AN: 5 } });
    await inventory.receiveStock([{ sku: 'AF', warehouseId: 'AN', quantity: 2 }]);
    const count = { sku: 'AF', warehouseId: 'AN', counted: 5, expectedVersion: 1, reason: 'COUNT' };
    expect((await adjust([count])).results).toMatchObject([
      {
        stock: null,
        userErrors: [{ code: 'CONFLICT', currentVersion: 2, field: ['lines', '0', 'expectedVersion'] }],
      },
    ]);
    expect((await adjust([{ ...count, counted: 7, expectedVersion: 2 }])).results).toMatchObject([
      { stock: { onHand: 7, version: 2 }, userErrors: [] },
    ]);
  });

  it('books one of several counts that began from the same version', async () => {
    await inventory.stockUp({ AI: { AN: 5 } });
    const counts = Array.from({ length: 8 }, (_, index) =>
      adjust([{ sku: 'AI', warehouseId: 'AN', counted: 10 + index, expectedVersion: 1, reason: 'COUNT' }]),
    );
    const answers = codes({
      replayed: false,
      userErrors: [],
      results: (await Promise.all(counts)).flatMap((each) => each.results),
    });
    expect(answers.filter((each) => each.length === 0)).toHaveLength(1);
    expect(answers.filter(([code]) => code === 'CONFLICT')).toHaveLength(7);
    const [shelf] = await inventory.sql`SELECT version FROM stock WHERE sku = 'AI'`;
    expect(shelf).toEqual({ version: 2 });
  });

  it('lets a WMS adjust in its own warehouse, and know of no other', async () => {
    await inventory.stockUp({ AG: { AN: 5, AS: 5 } });
    const rows = [found('AG', 'AN', 1, 'RETURN'), found('AG', 'AS', 1)];
    const answer = await adjust(rows, { errorPolicy: 'REJECT_ROWS' }, wmsOf('AN'));
    expect(codes(answer)).toEqual([[], ['UNKNOWN_WAREHOUSE']]);
    const [kinds] =
      await inventory.sql`SELECT kind, reason FROM movements WHERE sku = 'AG' ORDER BY id DESC LIMIT 1`;
    expect(kinds).toEqual({ kind: 'return', reason: 'RETURN' });
    for (const claims of [buyerOf('P-1'), { role: 'operator' } as const, { role: 'wms' } as const]) {
      const input = { idempotencyKey: 'k', lines: rows };
      const refused = await api.ask(claims, ADJUST, { input });
      expect(refused.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });
});

describe('setSafetyStock', () => {
  const safety = (lines: readonly Row[], more?: Row) => change('setSafetyStock', lines, more);

  it('keeps back what nobody claims, and refuses the rest', async () => {
    await inventory.stockUp({ SA: { SN: 10, SS: 4 } });
    await inventory.hear([placed(order({ SA: 9 }))]);
    const set = await safety([
      { sku: 'SA', warehouseId: 'SN', safety: 3 },
      { sku: 'SA', warehouseId: 'SS', safety: 2 },
    ]);
    expect(set.results).toMatchObject([{ stock: { safety: 3 } }, { stock: { safety: 2 } }]);
    expect(await totals('SA')).toMatchObject({ sellable: 9, reserved: 9 });
    expect(codes(await safety([{ sku: 'SA', warehouseId: 'SN', safety: 4 }]))).toEqual([
      ['INSUFFICIENT_STOCK'],
    ]);
    expect(codes(await safety([{ sku: 'SA', warehouseId: 'SN', safety: 0 }]))).toEqual([[]]);
    expect(codes(await safety([{ sku: 'SA', warehouseId: 'SN', safety: 0 }]))).toEqual([[]]);
    const said =
      await inventory.sql`SELECT data FROM events WHERE type = 'SafetyStockSet' AND data::text LIKE '%"SA"%'`;
    expect(said).toHaveLength(2);
  });

  it('ends as one of several requests said, whoever comes last', async () => {
    await inventory.stockUp({ SB: { SN: 30 } });
    const set = Array.from({ length: 8 }, (_, index) =>
      safety([{ sku: 'SB', warehouseId: 'SN', safety: 10 + index }]),
    );
    expect((await Promise.all(set)).flatMap(codes)).toEqual(Array(8).fill([]));
    const [last] = await inventory.sql`
      SELECT s.safety, (SELECT sum(quantity)::int FROM movements WHERE sku = 'SB' AND kind = 'safety') AS moved,
             (SELECT (data -> 'lines' -> 0 ->> 'safety')::int FROM events WHERE type = 'SafetyStockSet' AND data::text LIKE '%"SB"%'
              ORDER BY recorded_at DESC LIMIT 1) AS said
      FROM stock s WHERE s.sku = 'SB'`;
    expect(last?.safety).toBe(last?.moved);
    expect(last?.safety).toBe(last?.said);
  });
});
