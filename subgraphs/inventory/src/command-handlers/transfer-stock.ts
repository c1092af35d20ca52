import { partitionOf } from '@crossdock/contracts';
import { fingerprint, type NewEvent, newId, type Sql } from '@crossdock/event-store';
import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';
import { openShelves, type StockFigures } from '../domain/stock-figures.ts';
import { refuseSending, type Transfer } from '../domain/transfer.ts';
import type { RequestKey } from '../store/request-keys.ts';
import { NOTHING, writeStock } from '../store/stock-write.ts';
import type { Answered, HandlerDependencies, Request } from './request.ts';
import { figuresOnceKnown, type Patience, type Settled, scopeOf, settle } from './stock-request.ts';
import { refuseUnits, type UnitsLine, unitsField } from './transfer-rows.ts';

export type TransferStockInput = Readonly<{
  idempotencyKey: string;
  fromWarehouseId: string;
  toWarehouseId: string;
  lines: readonly UnitsLine[];
}>;
/** What a transfer mutation came to; `transferId` is null where nothing was done. */
export type TransferAnswer = Answered & Readonly<{ transferId: string | null }>;
export type TransferResult = Readonly<{ transferId: string | null; refusals: readonly Refusal[] }>;

const ENDS = ['fromWarehouseId', 'toWarehouseId'] as const;

function refuseInput(input: TransferStockInput): Refusal[] {
  const refusals: Refusal[] = ENDS.filter((end) => !isText(input[end], CODE_LENGTH_MAX)).map((end) =>
    refusal('UNKNOWN_WAREHOUSE', { field: [end] }),
  );
  if (input.fromWarehouseId === input.toWarehouseId) {
    const message = 'Units go from one warehouse to another.';
    refusals.push(refusal('INVALID_INPUT', { message, field: ['toWarehouseId'] }));
  }
  return [...refusals, ...refuseUnits(input.lines, 1)];
}

/** What the figures say against it. */
function refuseByFigures(input: TransferStockInput, figures: StockFigures): Refusal[] {
  const unknown = ENDS.filter((end) => !figures.warehouses.has(input[end]));
  if (unknown.length > 0) return unknown.map((end) => refusal('UNKNOWN_WAREHOUSE', { field: [end] }));
  return refuseSending(input.lines, input.fromWarehouseId, figures).map(({ index, code }) => {
    if (code === 'UNKNOWN_SKU') return refusal(code, { field: unitsField(index, 'sku') });
    const message = 'So many units are not free there: the rest is claimed, assigned or kept back.';
    return refusal(code, { message, field: unitsField(index, 'quantity') });
  });
}

function transferSent(transfer: Transfer, request: Request<TransferStockInput>, keyed: RequestKey): NewEvent {
  const { transferId, fromWarehouseId, toWarehouseId } = transfer;
  const lines = request.input.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return {
    partition: partitionOf(transferId),
    category: 'transfer',
    streamId: transferId,
    version: transfer.version,
    id: newId(),
    type: 'TransferSent',
    data: { transferId, fromWarehouseId, toWarehouseId, lines },
    metadata: { ...request.metadata, request: keyed },
  };
}

/** One round: decides on the figures as they are, and sends. */
async function send(
  sql: Sql,
  request: Request<TransferStockInput>,
  keyed: RequestKey,
  until: Patience,
): Promise<Settled<TransferResult>> {
  const { fromWarehouseId, toWarehouseId, lines } = request.input;
  const skus = lines.map(({ sku }) => sku);
  const figures = await figuresOnceKnown(sql, skus, [fromWarehouseId, toWarehouseId], until);
  const refusals = refuseByFigures(request.input, figures);
  if (refusals.length > 0) return { verdict: 'NEW', result: { transferId: null, refusals } };
  const transfer: Transfer = {
    ...{ transferId: newId(), fromWarehouseId, toWarehouseId, status: 'IN_TRANSIT', version: 1 },
    lines: lines.map(({ sku, quantity }) => [sku, quantity, 0]),
  };
  const sent = transferSent(transfer, request, keyed);
  const shelves = openShelves(figures);
  for (const { sku, quantity } of lines) {
    shelves.move({ kind: 'transfer_out', sku, warehouseId: fromWarehouseId, quantity, cause: sent.id });
  }
  const isOpen = figures.warehouses.get(fromWarehouseId) === true;
  const leaves = {
    shelves: skus.map((sku) => ({ sku, warehouseId: fromWarehouseId, isCovered: true })),
    unclaimed: isOpen ? skus : [],
    transfer,
  };
  const { verdict, result } = await writeStock(
    sql,
    { kind: 'request', ...keyed, result: transfer.transferId, leaves },
    { ...NOTHING, known: new Map([[fromWarehouseId, isOpen]]), moves: shelves.moves(), events: [sent] },
  );
  return { verdict, result: { transferId: result, refusals: [] } };
}

/** Sends units from one warehouse to another: all lines or none, and nothing that is claimed. */
export function createTransferStock({ sql, poke }: HandlerDependencies) {
  return async (request: Request<TransferStockInput>): Promise<TransferAnswer> => {
    const { input } = request;
    const refused = refuseInput(input);
    if (refused.length > 0) return { verdict: 'NEW', transferId: null, refusals: refused };
    const keyed = {
      ...{ scope: scopeOf(null), operation: 'transferStock', key: input.idempotencyKey },
      fingerprint: fingerprint(input),
    };
    const { verdict, result } = await settle<TransferResult>(
      sql,
      keyed,
      (until) => send(sql, request, keyed, until),
      (transferId) => ({ transferId, refusals: [] }),
    );
    if (result?.transferId != null) poke();
    return { verdict, transferId: result?.transferId ?? null, refusals: result?.refusals ?? [] };
  };
}
