import { partitionOf } from '@crossdock/contracts';
import { awaitTwin, fingerprint, type NewEvent, newId } from '@crossdock/event-store';
import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';
import {
  type ReceiptLine,
  type ReceiptRefusal,
  type ReceiptVerdict,
  receiveStockRows,
} from '../store/receipts.ts';
import { type Answered, ERP_SCOPE, type HandlerDependencies, type Request, ROWS_MAX } from './request.ts';

export type ReceiveStockInput = Readonly<{
  idempotencyKey: string;
  reference?: string | null | undefined;
  lines: readonly ReceiptLine[];
}>;

const QUANTITY_MAX = 1_000_000_000;
const REFERENCE_LENGTH_MAX = 200;
/** A warehouse may still be on its way from fulfillment: it is waited for this long, asking this often. */
const WAREHOUSE_WAIT_MS = 2_000;
const WAREHOUSE_POLL_MS = 100;

const at = (index: number, field: string) => ['lines', String(index), field];

function refuseLine({ sku, warehouseId, quantity }: ReceiptLine, index: number): Refusal[] {
  const refusals: Refusal[] = [];
  // A code that no product or warehouse can have is one that there is not.
  if (!isText(sku, CODE_LENGTH_MAX)) refusals.push(refusal('UNKNOWN_SKU', { field: at(index, 'sku') }));
  if (!isText(warehouseId, CODE_LENGTH_MAX)) {
    refusals.push(refusal('UNKNOWN_WAREHOUSE', { field: at(index, 'warehouseId') }));
  }
  if (quantity < 1 || quantity > QUANTITY_MAX) {
    const message = 'A received quantity is a whole number from 1 to 1,000,000,000.';
    refusals.push(refusal('QUANTITY_OUT_OF_RANGE', { message, field: at(index, 'quantity') }));
  }
  return refusals;
}

function refuseInput({ lines, reference }: ReceiveStockInput): Refusal[] {
  if (lines.length === 0 || lines.length > ROWS_MAX) {
    return [refusal('INVALID_INPUT', { message: 'A receipt has 1 to 1,000 lines.', field: ['lines'] })];
  }
  if (reference != null && !isText(reference, REFERENCE_LENGTH_MAX)) {
    return [
      refusal('INVALID_INPUT', { message: 'A reference has 1 to 200 characters.', field: ['reference'] }),
    ];
  }
  return lines.flatMap(refuseLine);
}

function refusalOf({ index, code }: ReceiptRefusal): Refusal {
  if (code === 'UNKNOWN_SKU') return refusal(code, { field: at(index, 'sku') });
  if (code === 'UNKNOWN_WAREHOUSE') return refusal(code, { field: at(index, 'warehouseId') });
  const message = 'More than 2,000,000,000 units of a SKU cannot be kept.';
  return refusal('QUANTITY_OUT_OF_RANGE', { message, field: at(index, 'quantity') });
}

function stockReceived(
  { input, metadata }: Request<ReceiveStockInput>,
  keyed: Readonly<{ scope: string; key: string; fingerprint: string }>,
): NewEvent {
  const receiptId = newId();
  const reference = input.reference == null ? {} : { reference: input.reference };
  const lines = input.lines.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, quantity }));
  return {
    partition: partitionOf(receiptId),
    category: 'receipt',
    streamId: receiptId,
    version: 1,
    id: newId(),
    type: 'StockReceived',
    data: { receiptId, ...reference, lines },
    metadata: { ...metadata, request: { ...keyed, operation: 'receiveStock' } },
  };
}

/** Books goods that arrived: all lines or none. */
export function createReceiveStock({ sql, poke }: HandlerDependencies) {
  async function book(request: Request<ReceiveStockInput>): Promise<ReceiptVerdict> {
    const { input } = request;
    const keyed = { scope: ERP_SCOPE, key: input.idempotencyKey, fingerprint: fingerprint(input) };
    const received = stockReceived(request, keyed);
    const attempt = () =>
      awaitTwin(
        () => receiveStockRows(sql, keyed, input.lines, received),
        ({ verdict }) => verdict === 'IN_FLIGHT',
      );
    const until = performance.now() + WAREHOUSE_WAIT_MS;
    for (;;) {
      const answer = await attempt();
      const isWaiting = answer.refused.some(({ code }) => code === 'UNKNOWN_WAREHOUSE');
      if (!isWaiting || performance.now() >= until) return answer;
      await new Promise((resolve) => setTimeout(resolve, WAREHOUSE_POLL_MS));
    }
  }

  return async (request: Request<ReceiveStockInput>): Promise<Answered> => {
    const refusals = refuseInput(request.input);
    if (refusals.length > 0) return { verdict: 'NEW', refusals };
    const { verdict, refused } = await book(request);
    if (verdict === 'REFUSED') return { verdict: 'NEW', refusals: refused.map(refusalOf) };
    poke();
    return { verdict, refusals: [] };
  };
}
