import { partitionOf } from '@crossdock/contracts';
import { fingerprint, type NewEvent, newId, type Sql } from '@crossdock/event-store';
import { isUuid, type Refusal, refusal } from '@crossdock/values';
import { openShelves } from '../domain/stock-figures.ts';
import { type ArrivalRefusal, decideArrival, type Transfer } from '../domain/transfer.ts';
import type { RequestKey } from '../store/request-keys.ts';
import { NOTHING, writeStock } from '../store/stock-write.ts';
import { loadTransfer } from '../store/transfers.ts';
import type { HandlerDependencies, Request } from './request.ts';
import {
  figuresOnceKnown,
  type OwnWarehouse,
  type Patience,
  type Settled,
  scopeOf,
  settle,
} from './stock-request.ts';
import { refuseUnits, type UnitsLine, unitsField } from './transfer-rows.ts';
import type { TransferAnswer, TransferResult } from './transfer-stock.ts';

export type ReceiveTransferInput = Readonly<{
  idempotencyKey: string;
  transferId: string;
  lines: readonly UnitsLine[];
  isLast: boolean;
}>;
/** `own`: a WMS takes in what comes to its own warehouse, and knows of no other transfer. */
export type ReceiveTransferRequest = Request<ReceiveTransferInput> & Readonly<{ own: OwnWarehouse }>;

const unknownTransfer = () => refusal('UNKNOWN_TRANSFER', { field: ['transferId'] });
const refusedWith = (...refusals: Refusal[]): Settled<TransferResult> => ({
  verdict: 'NEW',
  result: { transferId: null, refusals },
});

function refuseInput({ transferId, lines, isLast }: ReceiveTransferInput): Refusal[] {
  // An id that no transfer can have is one that there is not.
  if (!isUuid(transferId)) return [unknownTransfer()];
  return refuseUnits(lines, isLast ? 0 : 1);
}

function arrivalRefusal({ index, code }: ArrivalRefusal): Refusal {
  if (code === 'UNKNOWN_SKU') {
    return refusal(code, { message: 'The transfer has no such SKU.', field: unitsField(index, 'sku') });
  }
  const message =
    code === 'MORE_THAN_SENT'
      ? 'Fewer units of it are on their way: book what came beyond them as found.'
      : 'More than 2,000,000,000 units of a SKU cannot be kept.';
  return refusal('QUANTITY_OUT_OF_RANGE', { message, field: unitsField(index, 'quantity') });
}

function transferReceived(
  { transferId, fromWarehouseId, toWarehouseId, version }: Transfer,
  isLast: boolean,
  { input, metadata }: Request<ReceiveTransferInput>,
  keyed: RequestKey,
): NewEvent {
  const lines = input.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return {
    partition: partitionOf(transferId),
    category: 'transfer',
    streamId: transferId,
    version,
    id: newId(),
    type: 'TransferReceived',
    data: { transferId, fromWarehouseId, toWarehouseId, lines, isLast },
    metadata: { ...metadata, request: keyed },
  };
}

/** One round: decides on the transfer and the figures as they are, and books what arrived. */
async function receive(
  sql: Sql,
  request: ReceiveTransferRequest,
  keyed: RequestKey,
  until: Patience,
): Promise<Settled<TransferResult>> {
  const { input, own } = request;
  const sent = await loadTransfer(sql, input.transferId);
  if (sent === null || (own !== null && own !== sent.toWarehouseId)) return refusedWith(unknownTransfer());
  const to = sent.toWarehouseId;
  const figures = await figuresOnceKnown(
    sql,
    input.lines.map(({ sku }) => sku),
    [to],
    until,
  );
  const decision = decideArrival(sent, input, figures);
  if (decision.kind === 'ended') {
    const message = 'Nothing of this transfer is on its way any more.';
    return refusedWith(refusal('CONFLICT', { message, field: ['transferId'] }));
  }
  if (decision.kind === 'refused') return refusedWith(...decision.refusals.map(arrivalRefusal));
  const { transfer, isLast } = decision;
  const received = transferReceived(transfer, isLast, request, keyed);
  const shelves = openShelves(figures);
  for (const { sku, quantity } of input.lines) {
    shelves.move({ kind: 'transfer_in', sku, warehouseId: to, quantity, cause: received.id });
  }
  const { verdict, result } = await writeStock(
    sql,
    {
      ...{ kind: 'request', ...keyed, result: transfer.transferId },
      leaves: { shelves: [], unclaimed: [], transfer },
    },
    {
      ...{ ...NOTHING, moves: shelves.moves(), events: [received] },
      known: new Map([[to, figures.warehouses.get(to) === true]]),
    },
  );
  return { verdict, result: { transferId: result, refusals: [] } };
}

/** Books units of a transfer that arrived, in as many parts as they come; with the last one, what is missing is lost. */
export function createReceiveTransfer({ sql, poke }: HandlerDependencies) {
  return async (asked: ReceiveTransferRequest): Promise<TransferAnswer> => {
    const refused = refuseInput(asked.input);
    if (refused.length > 0) return { verdict: 'NEW', transferId: null, refusals: refused };
    const input = { ...asked.input, transferId: asked.input.transferId.toLowerCase() };
    const request = { ...asked, input };
    const keyed = {
      ...{ scope: scopeOf(asked.own), operation: 'receiveTransfer', key: input.idempotencyKey },
      fingerprint: fingerprint(input),
    };
    const { verdict, result } = await settle<TransferResult>(
      sql,
      keyed,
      (until) => receive(sql, request, keyed, until),
      (transferId) => ({ transferId, refusals: [] }),
    );
    if (result?.transferId != null) poke();
    return { verdict, transferId: result?.transferId ?? null, refusals: result?.refusals ?? [] };
  };
}
