// The facts of counts, transfers, safety and low stock, taken back by a log that was restored.
import type { ReadFact, TravellingEvent } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { HistoryPage } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import type { Shelves } from '../domain/shelves.ts';
import type { Transfer, TransferLine } from '../domain/transfer.ts';
import {
  type HistoricAlert,
  type HistoricTransfer,
  loadRestored,
  type ShelfPlace,
} from '../store/stock-history.ts';

type Own = ReadFact<'inventory'>;
type OfType<Type extends Own['type']> = Extract<Own, { type: Type }>;

export const STOCK_FACTS = [
  'StockAdjusted',
  'SafetyStockSet',
  'TransferSent',
  'TransferReceived',
  'StockLow',
] as const;
export type StockFact = OfType<(typeof STOCK_FACTS)[number]>;

export const isStockFact = (fact: Own): fact is StockFact => STOCK_FACTS.some((type) => type === fact.type);

/** What a page's facts of stock come to, while it is folded. Movements go to the page's shelves. */
export type StockFolding = Readonly<{
  shelves: Shelves;
  bookedAt: Map<string, string>;
  /** Units kept back, by shelf, as the pages before left them. */
  safety: Map<string, number>;
  /** Transfers as the pages before left them, and as this one does. */
  stored: ReadonlyMap<string, Transfer>;
  transfers: Map<string, HistoricTransfer>;
  alerts: Map<string, HistoricAlert>;
}>;

const keyOf = ({ sku, warehouseId }: ShelfPlace) => `${warehouseId}\u001f${sku}`;

/** Reads what the page's facts go on from: they name what stands after them. */
export async function openStockFolding(
  sql: Sql,
  page: HistoryPage,
  { shelves, bookedAt }: Pick<StockFolding, 'shelves' | 'bookedAt'>,
): Promise<StockFolding> {
  const transferIds = new Set<string>();
  const places = new Map<string, ShelfPlace>();
  for (const { event } of page.events) {
    if (event.category === 'transfer') transferIds.add(event.stream);
    if (event.type !== 'SafetyStockSet') continue;
    // Written by this subgraph to the contract, which takeStockFact's caller reads it by.
    for (const line of event.data.lines as ShelfPlace[]) places.set(keyOf(line), line);
  }
  const { safety, transfers } = await loadRestored(sql, [...places.values()], [...transferIds]);
  return {
    ...{ shelves, bookedAt, transfers: new Map(), alerts: new Map() },
    safety: new Map(safety.map((each) => [keyOf(each), each.safety])),
    stored: new Map(transfers.map((transfer) => [transfer.transferId, transfer])),
  };
}

/** Takes one fact. */
export function takeStockFact(folding: StockFolding, fact: StockFact, event: TravellingEvent): void {
  folding.bookedAt.set(event.id, event.at);
  switch (fact.type) {
    case 'StockAdjusted':
      return adjust(folding, fact.data, event.id);
    case 'SafetyStockSet':
      return keepBack(folding, fact.data, event.id);
    case 'TransferSent':
      return send(folding, fact.data, event);
    case 'TransferReceived':
      return receive(folding, fact.data, event);
    case 'StockLow':
      return void folding.alerts.set(fact.data.sku, { sku: fact.data.sku, alerts: event.version });
  }
}

function adjust({ shelves }: StockFolding, { lines }: OfType<'StockAdjusted'>['data'], cause: string): void {
  for (const { sku, warehouseId, delta: quantity, reason } of lines) {
    const kind = reason === 'RETURN' ? 'return' : 'adjust';
    shelves.move({ kind, sku, warehouseId, quantity, reason, cause });
  }
}

function keepBack(
  { shelves, safety }: StockFolding,
  { lines }: OfType<'SafetyStockSet'>['data'],
  cause: string,
): void {
  for (const line of lines) {
    const { sku, warehouseId } = line;
    const quantity = line.safety - (safety.get(keyOf(line)) ?? 0);
    safety.set(keyOf(line), line.safety);
    if (quantity !== 0) shelves.move({ kind: 'safety', sku, warehouseId, quantity, cause });
  }
}

function send(
  { shelves, transfers }: StockFolding,
  { transferId, fromWarehouseId, toWarehouseId, lines }: OfType<'TransferSent'>['data'],
  { id: cause, version, at: sentAt }: TravellingEvent,
): void {
  for (const { sku, quantity } of lines) {
    shelves.move({ kind: 'transfer_out', sku, warehouseId: fromWarehouseId, quantity, cause });
  }
  const sent = lines.map(({ sku, quantity }): TransferLine => [sku, quantity, 0]);
  const ends = { transferId, fromWarehouseId, toWarehouseId };
  transfers.set(transferId, { ...ends, status: 'IN_TRANSIT', lines: sent, version, sentAt });
}

function receive(
  { shelves, stored, transfers }: StockFolding,
  { transferId, toWarehouseId, lines, isLast }: OfType<'TransferReceived'>['data'],
  { id: cause, version }: TravellingEvent,
): void {
  for (const { sku, quantity } of lines) {
    shelves.move({ kind: 'transfer_in', sku, warehouseId: toWarehouseId, quantity, cause });
  }
  const before = transfers.get(transferId) ?? stored.get(transferId);
  invariant(before !== undefined, `transfer ${transferId} was sent before it arrived`);
  const arrived = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  transfers.set(transferId, {
    sentAt: null,
    ...before,
    ...{ status: isLast ? 'RECEIVED' : 'IN_TRANSIT', version },
    lines: before.lines.map(([sku, sent, received]) => [sku, sent, received + (arrived.get(sku) ?? 0)]),
  });
}
