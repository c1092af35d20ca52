// Transfers and the history of figures through the subgraph's schema.
import { randomUUID } from 'node:crypto';
import { constraintOf } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerOf, type Claims, ERP, serveInventory, wmsOf } from '../../test/api.ts';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { confirmed, order, placed, planned, shipment } from '../../test/orders.ts';

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

const OPERATOR: Claims = { role: 'operator' };
const TRANSFER = 'id fromWarehouseId toWarehouseId status sentAt lines { sku sent received lost }';
const PAYLOAD = `transfer { ${TRANSFER} } replayed userErrors { code field }`;
const SEND = `mutation ($input: TransferStockInput!) { transferStock(input: $input) { ${PAYLOAD} } }`;
const RECEIVE = `mutation ($input: ReceiveTransferInput!) { receiveTransfer(input: $input) { ${PAYLOAD} } }`;

type Row = Readonly<Record<string, unknown>>;
type Payload = Readonly<{
  transfer: Readonly<{ id: string; status: string; lines: Row[] }> | null;
  replayed: boolean;
  userErrors: readonly Readonly<{ code: string; field: string[] }>[];
}>;

async function moved(document: string, name: string, input: Row, claims: Claims = ERP): Promise<Payload> {
  const answer = await api.ask(claims, document, { input: { idempotencyKey: randomUUID(), ...input } });
  expect(answer.errors).toBeUndefined();
  // The shape of the documents above.
  return answer.data?.[name] as Payload;
}
const unitsOf = (units: Readonly<Record<string, number>>) =>
  Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
const send = (from: string, to: string, units: Record<string, number>, more: Row = {}) =>
  moved(SEND, 'transferStock', { fromWarehouseId: from, toWarehouseId: to, lines: unitsOf(units), ...more });
const receive = (transferId: string, units: Record<string, number>, more: Row = {}, claims?: Claims) =>
  moved(RECEIVE, 'receiveTransfer', { transferId, lines: unitsOf(units), ...more }, claims);
const reasons = ({ userErrors }: Payload) => userErrors.map(({ code, field }) => [code, field.join('.')]);
async function sentFrom(from: string, to: string, units: Record<string, number>): Promise<string> {
  const { transfer, userErrors } = await send(from, to, units);
  expect(userErrors).toEqual([]);
  return transfer?.id ?? '';
}
const sellable = async (sku: string) =>
  (await inventory.sql`SELECT sellable FROM sku_totals WHERE sku = ${sku}`)[0]?.sellable;

describe('a transfer', () => {
  it('is for sale nowhere on its way, and where it arrives', async () => {
    await inventory.stockUp({ TA: { TN: 10 }, TB: { TN: 5, TS: 1 } });
    const idempotencyKey = randomUUID();
    const sent = await send('TN', 'TS', { TA: 6, TB: 5 }, { idempotencyKey });
    const id = sent.transfer?.id ?? '';
    expect(sent).toMatchObject({
      replayed: false,
      transfer: { fromWarehouseId: 'TN', status: 'IN_TRANSIT' },
    });
    expect([await sellable('TA'), await sellable('TB')]).toEqual([4, 1]);
    const came = await receive(id, { TA: 4 }, {}, wmsOf('TS'));
    expect(came.transfer?.lines).toEqual([
      { sku: 'TA', sent: 6, received: 4, lost: 0 },
      { sku: 'TB', sent: 5, received: 0, lost: 0 },
    ]);
    expect([await sellable('TA'), await sellable('TB')]).toEqual([8, 1]);
    const last = await receive(id, { TA: 1, TB: 5 }, { isLast: true });
    expect(last.transfer).toMatchObject({
      status: 'RECEIVED',
      lines: [
        { received: 5, lost: 1 },
        { received: 5, lost: 0 },
      ],
    });
    expect([await sellable('TA'), await sellable('TB')]).toEqual([9, 6]);
    const again = await send('TN', 'TS', { TA: 6, TB: 5 }, { idempotencyKey });
    expect(again).toMatchObject({ replayed: true, transfer: { id, status: 'RECEIVED' } });
    expect((await inventory.said(id)).map(({ type, data }) => [type, data.isLast])).toEqual([
      ['TransferSent', undefined],
      ['TransferReceived', false],
      ['TransferReceived', true],
    ]);
    const query = `query ($id: ID!) { stockTransfer(id: $id) { ${TRANSFER} } }`;
    expect((await api.ask(OPERATOR, query, { id })).data?.stockTransfer).toEqual(last.transfer);
    expect((await api.ask(buyerOf('P-1'), query, { id })).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  it('never takes what is claimed, assigned or kept back', async () => {
    await inventory.stockUp({ TC: { TN: 10, TS: 10 } });
    const bought = order({ TC: 8 });
    await inventory.hear([placed(bought), planned(bought, [shipment('TN', { TC: 8 })])]);
    expect(reasons(await send('TN', 'TS', { TC: 3 }))).toEqual([['INSUFFICIENT_STOCK', 'lines.0.quantity']]);
    await inventory.hear([placed(order({ TC: 11 }))]);
    expect(reasons(await send('TS', 'TN', { TC: 2 }))).toEqual([['INSUFFICIENT_STOCK', 'lines.0.quantity']]);
    await sentFrom('TS', 'TN', { TC: 1 });
    await inventory.hear([warehouse('TS', 'PAUSED')]);
    expect(await sellable('TC')).toBe(10);
    await sentFrom('TS', 'TN', { TC: 9 });
    expect(await sellable('TC')).toBe(10);
    await inventory.hear([warehouse('TS', 'OPEN')]);
  });

  it('is refused where it cannot be', async () => {
    await inventory.stockUp({ TD: { TN: 10, TS: 1 } });
    expect(reasons(await send('TN', 'TN', { TD: 1 }))).toEqual([['INVALID_INPUT', 'toWarehouseId']]);
    expect(reasons(await send('TN', 'NOWHERE', { TD: 1 }))).toEqual([['UNKNOWN_WAREHOUSE', 'toWarehouseId']]);
    expect(reasons(await send('TN', 'TS', { NONE: 1, TD: 11 }))).toEqual([
      ['UNKNOWN_SKU', 'lines.0.sku'],
      ['INSUFFICIENT_STOCK', 'lines.1.quantity'],
    ]);
    const id = await sentFrom('TN', 'TS', { TD: 5 });
    expect(reasons(await receive(id, { TD: 6 }))).toEqual([['QUANTITY_OUT_OF_RANGE', 'lines.0.quantity']]);
    expect(reasons(await receive(id, {}))).toEqual([['INVALID_INPUT', 'lines']]);
    expect(reasons(await receive(id, { TD: 1 }, {}, wmsOf('TN')))).toEqual([
      ['UNKNOWN_TRANSFER', 'transferId'],
    ]);
    expect(reasons(await receive(randomUUID(), { TD: 1 }))).toEqual([['UNKNOWN_TRANSFER', 'transferId']]);
    expect((await receive(id, {}, { isLast: true })).transfer?.lines).toMatchObject([{ lost: 5 }]);
    expect(reasons(await receive(id, { TD: 1 }))).toEqual([['CONFLICT', 'transferId']]);
    const more = inventory.sql`UPDATE transfers SET lines = '[["TD", 5, 6]]' WHERE transfer_id = ${id}`;
    const fault = await more.then(
      () => null,
      (error: unknown) => error,
    );
    expect(constraintOf(fault)).toBe('transfers_received_was_sent');
  });

  it('arrives once however many say so at the same time', async () => {
    await inventory.stockUp({ TE: { TN: 40, TS: 1 } });
    const id = await sentFrom('TN', 'TS', { TE: 40 });
    const came = await Promise.all(Array.from({ length: 12 }, () => receive(id, { TE: 5 })));
    const taken = came.filter(({ userErrors }) => userErrors.length === 0);
    expect(taken).toHaveLength(8);
    expect(await sellable('TE')).toBe(41);
  });
});

describe('stockHistory', () => {
  const HISTORY = `query ($sku: String!, $figure: StockFigure!, $at: ID, $first: Int, $after: String) {
    product(sku: $sku) { stockHistory(figure: $figure, warehouseId: $at, first: $first, after: $after) {
      nodes { kind delta balance warehouseId orderId reason causeId at } pageInfo { hasNextPage endCursor } } } }`;
  type Page = { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const history = async (figure: string, more: Row = {}) => {
    const answer = await api.ask(ERP, HISTORY, { sku: 'HA', figure, ...more });
    return (answer.data?.product as { stockHistory: Page } | undefined)?.stockHistory ?? answer.errors;
  };

  it('tells why each figure is what it is, page by page', async () => {
    await inventory.stockUp({ HA: { HN: 10, HS: 5 } });
    const bought = order({ HA: 4 });
    const left = shipment('HN', { HA: 4 });
    await inventory.hear([placed(bought), planned(bought, [left])]);
    await inventory.hear([confirmed(bought, left)]);
    await inventory.hear([warehouse('HS', 'PAUSED')]);
    const rows = (page: unknown) =>
      (page as Page).nodes.map(({ kind, delta, balance }) => [kind, delta, balance]);
    expect(rows(await history('ON_HAND', { at: 'HN' }))).toEqual([
      ['SHIP', -4, 6],
      ['RECEIPT', 10, 10],
    ]);
    expect(rows(await history('ON_HAND'))).toEqual([
      ['SHIP', -4, 11],
      ['RECEIPT', 5, 15],
      ['RECEIPT', 10, 10],
    ]);
    expect(rows(await history('SELLABLE'))).toEqual([
      ['SHUT', -5, 6],
      ['SHIP', -4, 11],
      ['RECEIPT', 5, 15],
      ['RECEIPT', 10, 10],
    ]);
    const first = (await history('RESERVED', { first: 1 })) as Page;
    expect(first.nodes).toMatchObject([{ kind: 'SHIP', delta: -4, balance: 0, orderId: bought.orderId }]);
    const second = (await history('RESERVED', { first: 1, after: first.pageInfo.endCursor })) as Page;
    expect(second).toMatchObject({
      nodes: [{ kind: 'RESERVE', delta: 4, balance: 4, warehouseId: null }],
      pageInfo: { hasNextPage: false },
    });
  });

  it('is for the ERP, operators, and a WMS in its own warehouse', async () => {
    await inventory.stockUp({ HA: { HN: 1 } });
    const codeFor = async (claims: Claims, figure: string, at: string | null) =>
      (await api.ask(claims, HISTORY, { sku: 'HA', figure, at })).errors?.[0]?.extensions?.code ?? null;
    expect(await codeFor(OPERATOR, 'HELD', null)).toBeNull();
    expect(await codeFor(wmsOf('HN'), 'ON_HAND', 'HN')).toBeNull();
    expect(await codeFor(wmsOf('HN'), 'ON_HAND', 'HS')).toBe('FORBIDDEN');
    expect(await codeFor(wmsOf('HN'), 'RESERVED', null)).toBe('FORBIDDEN');
    expect(await codeFor(buyerOf('P-1'), 'ON_HAND', 'HN')).toBe('FORBIDDEN');
    expect(await codeFor(ERP, 'RESERVED', 'HN')).toBe('BAD_USER_INPUT');
  });
});
