// Mutations of people and systems that move stock otherwise than by orders.
import { forbidden, refuseIdempotencyKey, refuseKeyVerdict } from '@crossdock/subgraph-server';
import type { Refusal } from '@crossdock/values';
import type { StockRowsAnswer } from '../command-handlers/stock-rows.ts';
import type { TransferAnswer } from '../command-handlers/transfer-stock.ts';
import type { StockView } from '../read-models/products.ts';
import type { Context } from './context.ts';
import type {
  AdjustStockInput,
  ReceiveTransferInput,
  SetSafetyStockInput,
  TransferStockInput,
} from './schema.generated.ts';

/** Where the caller may move stock: null is everywhere, for the ERP. */
function ownWarehouse({ caller }: Context): string | null {
  if (caller.role === 'erp') return null;
  if (caller.role === 'wms' && caller.warehouseId !== null) return caller.warehouseId;
  throw forbidden();
}

function requireErp({ caller }: Context): void {
  if (caller.role !== 'erp') throw forbidden();
}

function metadataOf({ caller, traceparent }: Context) {
  return { actor: caller.subject, ...(traceparent === null ? {} : { traceparent }) };
}

/** The shelf of each row as it stands now; null where the row names none. */
async function levelsOf(
  lines: readonly Readonly<{ sku: string; warehouseId: string }>[],
  { stock }: Context,
): Promise<(StockView | null)[]> {
  // What was read before this mutation is of yesterday.
  stock.clearAll();
  const levels = await stock.loadMany(lines.map(({ sku }) => sku));
  return lines.map(({ warehouseId }, index) => {
    const found = levels[index];
    if (found instanceof Error) throw found;
    return found?.find((level) => level.warehouseId === warehouseId) ?? null;
  });
}

/** One result for each row, with the level that a booked row left. */
async function changePayload(
  { verdict, refusals, results, isBooked }: StockRowsAnswer,
  lines: readonly Readonly<{ sku: string; warehouseId: string }>[],
  context: Context,
) {
  const refused = (userErrors: readonly Refusal[]) => ({ results: [], replayed: false, userErrors });
  const keyTaken = refuseKeyVerdict(verdict);
  if (keyTaken !== null) return refused([keyTaken]);
  if (refusals.length > 0) return refused(refusals);
  const levels = isBooked ? await levelsOf(lines, context) : [];
  return {
    results: results.map(({ broken, refusals: userErrors }, index) => ({
      ...{ index, broken, userErrors },
      stock: userErrors.length === 0 ? (levels[index] ?? null) : null,
    })),
    replayed: verdict === 'REPLAYED',
    userErrors: [],
  };
}

export async function adjustStock(input: AdjustStockInput, context: Context) {
  const own = ownWarehouse(context);
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return { results: [], replayed: false, userErrors: [badKey] };
  const { idempotencyKey, errorPolicy = 'REJECT_ALL', reference, lines } = input;
  const answer = await context.handlers.adjustStock({
    ...{ own, metadata: metadataOf(context) },
    input: { idempotencyKey, errorPolicy, reference, lines },
  });
  return changePayload(answer, lines, context);
}

export async function setSafetyStock(input: SetSafetyStockInput, context: Context) {
  requireErp(context);
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return { results: [], replayed: false, userErrors: [badKey] };
  const { idempotencyKey, errorPolicy = 'REJECT_ALL', lines } = input;
  const answer = await context.handlers.setSafetyStock({
    metadata: metadataOf(context),
    input: { idempotencyKey, errorPolicy, lines },
  });
  return changePayload(answer, lines, context);
}

async function transferPayload({ verdict, refusals, transferId }: TransferAnswer, context: Context) {
  const refused = (userErrors: readonly Refusal[]) => ({ transfer: null, replayed: false, userErrors });
  const keyTaken = refuseKeyVerdict(verdict);
  if (keyTaken !== null) return refused([keyTaken]);
  if (transferId === null) return refused(refusals);
  const transfer = await context.transfers.clear(transferId).load(transferId);
  return { transfer, replayed: verdict === 'REPLAYED', userErrors: [] };
}

export async function transferStock(input: TransferStockInput, context: Context) {
  requireErp(context);
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return { transfer: null, replayed: false, userErrors: [badKey] };
  const answer = await context.handlers.transferStock({ input, metadata: metadataOf(context) });
  return transferPayload(answer, context);
}

export async function receiveTransfer(input: ReceiveTransferInput, context: Context) {
  const own = ownWarehouse(context);
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return { transfer: null, replayed: false, userErrors: [badKey] };
  const { idempotencyKey, transferId, lines, isLast = false } = input;
  const answer = await context.handlers.receiveTransfer({
    ...{ own, metadata: metadataOf(context) },
    input: { idempotencyKey, transferId, lines, isLast },
  });
  return transferPayload(answer, context);
}
