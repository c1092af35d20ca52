import { appendArrays, type KeyVerdict, type NewEvent, type Sql } from '@crossdock/event-store';

export type ReceiptLine = Readonly<{ sku: string; warehouseId: string; quantity: number }>;
export type ReceiptRefusal = Readonly<{
  index: number;
  code: 'UNKNOWN_SKU' | 'UNKNOWN_WAREHOUSE' | 'TOO_MANY';
}>;
export type ReceiptVerdict = Readonly<{
  verdict: KeyVerdict | 'REFUSED';
  refused: readonly ReceiptRefusal[];
}>;

/** Units of one SKU over all warehouses at most, so that every figure of the API fits its 32 bits. */
export const UNITS_MAX = 2_000_000_000;

/** Books all lines or none, in one call under the client's key. */
export async function receiveStockRows(
  sql: Sql,
  keyed: Readonly<{ scope: string; key: string; fingerprint: string }>,
  lines: readonly ReceiptLine[],
  received: NewEvent,
): Promise<ReceiptVerdict> {
  const event = appendArrays([received]);
  const [row] = await sql<ReceiptVerdict[]>`
    SELECT verdict, refused FROM stock_receive(
      ${keyed.scope}, ${keyed.key}, ${keyed.fingerprint},
      ${lines.map((line) => line.sku)}::text[], ${lines.map((line) => line.warehouseId)}::text[],
      ${lines.map((line) => line.quantity)}::int[], ${UNITS_MAX},
      ${event.partition}::int[], ${event.category}::text[], ${event.streamId}::text[], ${event.version}::int[],
      ${event.id}::uuid[], ${event.type}::text[], ${event.schemaVersion}::int[], ${event.data}::text[],
      ${event.metadata}::text[])`;
  if (row === undefined) throw new Error('stock_receive answered nothing');
  return row;
}
