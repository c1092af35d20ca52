// The facts of stock operations, folded page by page into an empty database, come to the tables that they were said by.
import { randomUUID } from 'node:crypto';
import type { TravellingEvent } from '@crossdock/contracts';
import { acquireLease, type PublishedEvent } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { order, placed, planned, shipment } from '../../test/orders.ts';
import { createAdjustStock } from '../command-handlers/adjust-stock.ts';
import { lookForLowStock } from '../command-handlers/low-stock-watch.ts';
import { createReceiveTransfer } from '../command-handlers/receive-transfer.ts';
import { createSetSafetyStock } from '../command-handlers/set-safety-stock.ts';
import { createTransferStock } from '../command-handlers/transfer-stock.ts';
import { createUpsertProducts } from '../command-handlers/upsert-products.ts';
import { createOwnHistory } from './own-history.ts';

/** Events of one page of the fold: few, so that what a page goes on from was folded by another. */
const PAGE = 3;

let live: Inventory;
let restored: Inventory;

beforeAll(async () => {
  [live, restored] = [await openInventory(), await openInventory()];
});

afterAll(async () => {
  await Promise.all([live.close(), restored.close()]);
});

const ALL = { metadata: {}, own: null };
const keyed = <Input>(input: Input) => ({
  ...ALL,
  input: { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const, ...input },
});

/** A day of counts, transfers and claims; answers what was heard of others. */
async function liveThroughADay(): Promise<ArrivedEvent[]> {
  const commands = { sql: live.sql, poke: () => undefined };
  const [adjust, safety] = [createAdjustStock(commands), createSetSafetyStock(commands)];
  const [send, receive] = [createTransferStock(commands), createReceiveTransfer(commands)];
  const found = (sku: string, delta: number, reason: 'DAMAGE' | 'RETURN') =>
    adjust(keyed({ lines: [{ sku, warehouseId: 'N', delta, reason }] }));
  const price = { listPrice: { amount: '1.00', currencyCode: 'GBP' }, casePack: 1, minOrderQuantity: 1 };
  const products = [{ sku: 'A', name: 'A', ...price, weightGrams: 0, lowStockThreshold: 5 }];

  await live.stockUp({ A: { N: 20, S: 10 } });
  await createUpsertProducts(commands)(keyed({ products }));
  await safety(keyed({ lines: [{ sku: 'A', warehouseId: 'N', safety: 6 }] }));
  await safety(keyed({ lines: [{ sku: 'A', warehouseId: 'N', safety: 4 }] }));
  const { transferId } = await send(
    keyed({ fromWarehouseId: 'S', toWarehouseId: 'N', lines: [{ sku: 'A', quantity: 6 }] }),
  );
  await receive(keyed({ transferId: transferId ?? '', lines: [{ sku: 'A', quantity: 2 }], isLast: false }));
  const [first, second] = [order({ A: 12 }), order({ A: 10 })];
  const heard = [placed(first), placed(second, 'BACKORDER'), planned(first, [shipment('N', { A: 12 })])];
  await live.hear(heard);
  await found('A', 1, 'RETURN');
  await found('A', -20, 'DAMAGE');
  await receive(keyed({ transferId: transferId ?? '', lines: [{ sku: 'A', quantity: 3 }], isLast: true }));
  await lookForLowStock(live.sql, (await acquireLease(live.sql, 'worker', 'spec', 0)) ?? 0, '');
  return heard;
}

async function publishedBy({ sql }: Inventory): Promise<PublishedEvent[]> {
  return sql<PublishedEvent[]>`
    SELECT partition, position::int, event_id AS id, category, stream_id AS stream, version, type,
           schema_version AS "schemaVersion", data, metadata, to_json(recorded_at) #>> '{}' AS at
    FROM events ORDER BY recorded_at, partition, position`;
}

function asArrived({ partition, position, ...event }: PublishedEvent): ArrivedEvent {
  // An event as it was published is one as it travels.
  return { source: 'inventory', partition, position, event: event as TravellingEvent };
}

const BOOKS = [
  'SELECT sku, low_stock_threshold, version FROM products',
  'SELECT * FROM stock ORDER BY sku, warehouse_id',
  'SELECT sku, sellable, reserved, held, withdrawing, is_low, alerts FROM sku_totals',
  'SELECT transfer_id, from_warehouse_id, to_warehouse_id, status, lines::text, version FROM transfers',
  'SELECT order_id, status, lines::text, waiting::text, shipments::text, facts FROM reservations ORDER BY order_id',
  'SELECT sku, warehouse_id, kind, quantity, sellable_delta, order_id, reason, cause FROM movements ORDER BY kind, quantity, cause, order_id',
];
const booksOf = ({ sql }: Inventory) =>
  Promise.all(BOOKS.map(async (query) => [...(await sql.unsafe(query))]));

it('come to the same figures, transfers, alerts and ledger', async () => {
  const heard = await liveThroughADay();
  const events = await publishedBy(live);
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set([
      ...[
        'ProductRegistered',
        'ProductRevised',
        'StockReceived',
        'SafetyStockSet',
        'TransferSent',
        'TransferReceived',
      ],
      ...[
        'StockReserved',
        'StockAllocated',
        'StockAdjusted',
        'ReservationBroken',
        'AllocationBroken',
        'StockLow',
      ],
    ]),
  );
  const { sql } = restored;
  await sql`SELECT log_close('a spec')`;
  const fold = createOwnHistory(sql);
  const absorbed = ['N', 'S'].map((id) => warehouse(id, 'OPEN'));
  const causes = new Map(heard.map((each) => [each.event.id, each]));
  for (let from = 0; from < events.length; from += PAGE) {
    const page = events.slice(from, from + PAGE);
    await fold.take({
      events: page.map(asArrived),
      log: { events: page, inputs: [], published: [] },
      absorbed,
      causeOf: ({ metadata }) => causes.get(metadata.causationId ?? ''),
    });
  }
  await fold.finish(absorbed);
  expect(await booksOf(restored)).toEqual(await booksOf(live));
});
