// Goods of the sample run: two SKUs in two warehouses, all that can happen to them, and what orders and holds claim.
import type { Sql } from 'postgres';
import {
  about,
  append,
  idOf,
  ORDERS,
  PARTITION,
  PARTNER,
  planOf,
  QUANTITY,
  type SampleOrder,
  shipmentOf,
  UNIT_PRICE_MINOR,
  VALUE_MINOR,
} from './sample-log.ts';

const RECEIVED = 10;
const CLAIM = [['A', QUANTITY, UNIT_PRICE_MINOR]];

export async function seedReservation(sql: Sql, order: SampleOrder): Promise<void> {
  const id = idOf(order.name);
  const shipmentId = shipmentOf(order);
  const isShipped = order.end === 'SHIPPED';
  const facts = {
    SHIPPED: [
      ['StockReserved', { reservedValueMinor: VALUE_MINOR }],
      ['StockAllocated', { planId: planOf(order), shipmentIds: [shipmentId] }],
      ['StockShipped', { shipmentId, warehouseId: 'W1' }],
    ],
    REJECTED: [['StockShort', { short: [] }]],
    BACKORDERED: [['StockBackordered', { lines: [{ sku: 'A', quantity: QUANTITY }] }]],
  } as const;
  for (const [index, [type, data]] of facts[order.end].entries())
    await append(sql, ['reservation', id, index + 1, type, { ...about(order), ...data }]);
  const lines = [['A', QUANTITY]];
  const shipments = isShipped ? [{ shipmentId, warehouseId: 'W1', lines, left: true }] : [];
  const waits = order.end === 'BACKORDERED' ? CLAIM : [];
  const status = { SHIPPED: 'SHIPPED', REJECTED: 'SHORT', BACKORDERED: 'BACKORDERED' }[order.end];
  await sql`
    insert into reservations (order_id, partner_id, partition, status, closed, lines, shipments, waiting, facts, version)
    values (${id}, ${PARTNER}, ${PARTITION}, ${status}, false, ${JSON.stringify(isShipped ? CLAIM : [])}::text::json,
      ${JSON.stringify(shipments)}::text::json, ${JSON.stringify(waits)}::text::json, 1, 1)`;
  if (waits.length === 0) return;
  await sql`
    insert into backorders (sku, order_id, partner_id, partition, quantity)
    values ('A', ${id}, ${PARTNER}, ${PARTITION}, ${QUANTITY})`;
}

interface Moved {
  readonly kind: string;
  readonly quantity: number;
  readonly sku?: string;
  readonly warehouseId?: string;
  readonly sellable?: number;
  readonly holdId?: string;
}

const move = (
  sql: Sql,
  cause: string,
  { kind, quantity, sku = 'B', warehouseId, sellable, holdId }: Moved,
) => sql`
  insert into movements (sku, warehouse_id, kind, quantity, sellable_delta, hold_id, cause)
  values (${sku}, ${warehouseId ?? null}, ${kind}, ${quantity}, ${sellable ?? 0}, ${holdId ?? null}, ${idOf(cause)})`;

const receive = (sql: Sql, sku: string, quantity: number) =>
  append(sql, [
    ...(['receipt', idOf(`receipt ${sku}`), 1, 'StockReceived'] as const),
    { receiptId: idOf(`receipt ${sku}`), lines: [{ sku, warehouseId: 'W1', quantity }] },
  ]);

/** What was received of A, and what shipped of it. */
export async function seedStock(sql: Sql): Promise<void> {
  await receive(sql, 'A', RECEIVED);
  const shelf = { sku: 'A', warehouseId: 'W1' };
  await move(sql, 'receipt', { ...shelf, kind: 'receipt', quantity: RECEIVED, sellable: RECEIVED });
  const shipped = ORDERS.filter(({ end }) => end === 'SHIPPED');
  for (const { name } of shipped) {
    await move(sql, name, { sku: 'A', kind: 'reserve', quantity: QUANTITY });
    await move(sql, name, { ...shelf, kind: 'allocate', quantity: QUANTITY });
    await move(sql, name, { ...shelf, kind: 'ship', quantity: QUANTITY, sellable: -QUANTITY });
  }
  const left = RECEIVED - shipped.length * QUANTITY;
  await sql`insert into stock (sku, warehouse_id, on_hand) values ('A', 'W1', ${left})`;
  await sql`insert into sku_totals (sku, sellable) values ('A', ${left})`;
  await seedNetwork(sql);
  await seedHolds(sql);
}

/** B was received in W1, found broken there, kept back, and sent to W2, where a unit never arrived. */
async function seedNetwork(sql: Sql): Promise<void> {
  const ids = { adjustmentId: idOf('adjustment'), transferId: idOf('transfer') };
  const line = { sku: 'B', warehouseId: 'W1' };
  const way = { transferId: ids.transferId, fromWarehouseId: 'W1', toWarehouseId: 'W2' };
  await receive(sql, 'B', 20);
  await append(
    sql,
    [
      ...(['adjustment', ids.adjustmentId, 1, 'StockAdjusted'] as const),
      { adjustmentId: ids.adjustmentId, lines: [{ ...line, delta: -1, reason: 'DAMAGE' }] },
    ],
    ['safety', idOf('safety'), 1, 'SafetyStockSet', { lines: [{ ...line, safety: 2 }] }],
    ['transfer', ids.transferId, 1, 'TransferSent', { ...way, lines: [{ sku: 'B', quantity: 5 }] }],
    [
      ...(['transfer', ids.transferId, 2, 'TransferReceived'] as const),
      { ...way, lines: [{ sku: 'B', quantity: 4 }], isLast: true },
    ],
  );
  await move(sql, 'receipt B', { kind: 'receipt', quantity: 20, warehouseId: 'W1', sellable: 20 });
  await move(sql, 'adjustment', { kind: 'adjust', quantity: -1, warehouseId: 'W1', sellable: -1 });
  await move(sql, 'safety', { kind: 'safety', quantity: 2, warehouseId: 'W1', sellable: -2 });
  await move(sql, 'transfer', { kind: 'transfer_out', quantity: 5, warehouseId: 'W1', sellable: -5 });
  await move(sql, 'transfer 2', { kind: 'transfer_in', quantity: 4, warehouseId: 'W2', sellable: 4 });
  await sql`insert into stock (sku, warehouse_id, on_hand, safety) values ('B', 'W1', 14, 2), ('B', 'W2', 4, 0)`;
  await sql`insert into sku_totals (sku, sellable, held) values ('B', 16, 3)`;
  await sql`
    insert into transfers (transfer_id, from_warehouse_id, to_warehouse_id, status, lines, version)
    values (${ids.transferId}, 'W1', 'W2', 'RECEIVED', '[["B", 5, 4]]', 2)`;
}

/** Three units are held, two were held until their time was up. */
async function seedHolds(sql: Sql): Promise<void> {
  const expiresAt = '2026-03-01T10:00:00.000Z';
  for (const { name, quantity, end } of [
    { name: 'live', quantity: 3, end: null },
    { name: 'over', quantity: 2, end: 'HoldExpired' },
  ]) {
    const holdId = idOf(`hold ${name}`);
    const hold = { holdId, partnerId: PARTNER };
    const lines = [{ sku: 'B', quantity }];
    await append(sql, ['hold', holdId, 1, 'HoldPlaced', { ...hold, expiresAt, lines }]);
    await move(sql, holdId, { kind: 'hold', quantity, holdId });
    if (end !== null) {
      await append(sql, ['hold', holdId, 2, end, hold]);
      await move(sql, `${holdId} over`, { kind: 'expire', quantity, holdId });
    }
    await sql`
      insert into holds (hold_id, partner_id, partition, status, lines, expires_at, version)
      values (${holdId}, ${PARTNER}, ${PARTITION}, ${end === null ? 'ACTIVE' : 'EXPIRED'},
        ${JSON.stringify([['B', quantity]])}::text::json, ${expiresAt}, ${end === null ? 1 : 2})`;
  }
}
