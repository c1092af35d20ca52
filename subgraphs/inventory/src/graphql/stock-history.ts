import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  forbidden,
  pageSize,
} from '@crossdock/subgraph-server';
import { CODE_LENGTH_MAX, isText } from '@crossdock/values';
import { isOfWarehouses } from '../domain/stock-history.ts';
import { type HistoryPlace, stockHistory } from '../read-models/stock-history.ts';
import type { Context } from './context.ts';
import type { ProductStockHistoryArgs } from './schema.generated.ts';

const WHOLE_NUMBER = /^-?\d{1,15}$/;

/** A cursor holds its movement and the figure before it, from which the next page goes on. */
function placeBehind(cursor: string | null | undefined): HistoryPlace | null {
  if (cursor == null) return null;
  const parts = decodePageCursor(cursor, 2);
  const [id = '', balance = ''] = parts ?? [];
  if (!WHOLE_NUMBER.test(id) || !WHOLE_NUMBER.test(balance))
    throw badInput('after is not a cursor of this list.');
  return { id: Number(id), balance: Number(balance) };
}

/** A WMS sees the figures of its own warehouse and nothing that is of all. */
function requireSight({ caller }: Context, warehouseId: string | null): void {
  if (caller.role === 'erp' || caller.role === 'operator') return;
  const isOwn = caller.role === 'wms' && caller.warehouseId !== null && caller.warehouseId === warehouseId;
  if (!isOwn) throw forbidden();
}

/** Why a figure of the product is what it is, the newest movement first. */
export async function productHistory(sku: string, args: ProductStockHistoryArgs, context: Context) {
  const { figure = 'ON_HAND', first, after } = args;
  const warehouseId = args.warehouseId ?? null;
  requireSight(context, warehouseId);
  const size = pageSize(first);
  if (warehouseId !== null && !isText(warehouseId, CODE_LENGTH_MAX))
    throw badInput('There is no such warehouse.');
  if (warehouseId !== null && !isOfWarehouses(figure)) {
    throw badInput(`${figure} is of all warehouses: leave warehouseId out.`);
  }
  const place = { after: placeBehind(after), limit: size + 1 };
  const rows = await stockHistory(context.read, { sku, figure, warehouseId, ...place });
  const page = connection(rows, size, after, ({ id, balance, delta }) =>
    encodePageCursor(String(id), String(balance - delta)),
  );
  return page;
}
