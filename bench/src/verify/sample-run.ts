// A small clean run written straight into four databases, for the specs of the checker: two orders that shipped (one
// on terms, one by card), one rejected for lack of stock, and one that waits for it. No program but the specs uses it.
import { fileURLToPath } from 'node:url';
import { migrate } from '@crossdock/event-store';
import postgres, { type Sql } from 'postgres';
import type { ClientJournalEntry } from '../journal/client-journal.ts';
import { digestOfLines } from '../journal/client-journal.ts';
import type { FeedEntry } from '../journal/feed-journal.ts';
import type { ProviderEntry } from '../journal/provider-journal.ts';
import { SUBGRAPHS, type Subgraph } from '../platform/run-file.ts';
import { HEARD } from './flow.ts';
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
import { seedReservation, seedStock } from './sample-stock.ts';

type Databases = Readonly<Record<Subgraph, Sql>>;

const LIMIT_MINOR = 1_000_000;
const LINES = [{ sku: 'A', quantity: QUANTITY }];
const KEY_PREFIX = 'key-';
const INSTANT = '2026-03-01T09:30:00.000Z';

export async function migrateSubgraph(subgraph: Subgraph, url: string): Promise<void> {
  const folder = new URL(`../../../subgraphs/${subgraph}/src/store/migrations`, import.meta.url);
  await migrate(url, fileURLToPath(folder));
}

/** Writes the run into migrated, empty databases. */
export async function seedSampleRun(databases: Databases): Promise<void> {
  const limit = { partnerId: PARTNER, limitMinor: LIMIT_MINOR, currencyCode: 'GBP' };
  await append(databases.payments, ['credit', PARTNER, 1, 'CreditLimitSet', limit]);
  await seedRegistered(databases);
  for (const order of ORDERS) {
    await seedOrder(databases.orders, order);
    await seedReservation(databases.inventory, order);
    await seedPayment(databases.payments, order);
    if (order.end === 'SHIPPED') await seedShipment(databases.fulfillment, order);
  }
  await seedStock(databases.inventory);
  await databases.payments`
    insert into credit_accounts (partner_id, partition, currency_code, limit_minor, exposure_minor, version)
    values (${PARTNER}, ${PARTITION}, 'GBP', ${LIMIT_MINOR}, ${VALUE_MINOR}, 1)`;
  for (const source of ['inventory', 'payments', 'fulfillment'] as const)
    await seedTimeline(databases.orders, source, databases[source]);
  await settleReaders(databases);
}

/** A product, a warehouse and a partner, each with its owner's facts and the replica of whoever needs it. */
async function seedRegistered({ orders, inventory, payments, fulfillment }: Databases): Promise<void> {
  const product = { sku: 'A', name: 'Apple', listPriceMinor: 200, currencyCode: 'GBP' };
  const revised = { ...product, listPriceMinor: UNIT_PRICE_MINOR };
  await append(
    inventory,
    ['product', 'A', 1, 'ProductRegistered', product],
    ['product', 'A', 2, 'ProductRevised', revised],
  );
  await orders`insert into products values ('A', 'Apple', ${UNIT_PRICE_MINOR}, 'GBP')`;
  for (const warehouseId of ['W1', 'W2']) {
    const warehouse = { warehouseId, name: warehouseId, status: 'OPEN' };
    await append(fulfillment, ['warehouse', warehouseId, 1, 'WarehouseRegistered', warehouse]);
    await inventory`insert into warehouses values (${warehouseId}, 'OPEN')`;
  }
  const partner = { partnerId: PARTNER, name: 'Shop', currencyCode: 'GBP' };
  await append(orders, ['partner', PARTNER, 1, 'PartnerRegistered', partner]);
  await inventory`insert into partners values (${PARTNER}, ${PARTITION})`;
  await payments`insert into partners values (${PARTNER}, ${PARTITION}, 'GBP')`;
}

/** What a neighbour said of orders, as orders noted it: with the place it stands at and, here, no more than the warehouse. */
async function seedTimeline(orders: Sql, source: Subgraph, neighbour: Sql): Promise<void> {
  const facts = await neighbour<{ order_id: string; position: number; type: string; version: number }[]>`
    select data ->> 'orderId' as order_id, position::int, type, version, date_trunc('milliseconds', recorded_at) as occurred_at,
           case when type = 'StockShort' then '' else data ->> 'warehouseId' end as detail
    from events where data ? 'orderId'`;
  for (const fact of facts) await orders`insert into timeline_entries ${orders({ ...fact, source })}`;
}

/** What the clients of the run kept of it. */
export function sampleClientJournal(): ClientJournalEntry[] {
  const entries = ORDERS.flatMap(({ name, number }): ClientJournalEntry[] => {
    const key = `${KEY_PREFIX}${name}`;
    const sent = { partnerId: PARTNER, poNumber: `po-${name}`, linesDigest: digestOfLines(LINES) };
    return [
      { kind: 'sent', key, ...sent, at: INSTANT },
      { kind: 'acknowledged', key, orderId: idOf(name), number, totalMinor: VALUE_MINOR, at: INSTANT },
    ];
  });
  const refused: ClientJournalEntry = {
    kind: 'refused',
    key: `${KEY_PREFIX}bad`,
    codes: ['UNKNOWN_SKU'],
    at: INSTANT,
  };
  return [...entries, refused, { kind: 'complete', keyPrefix: KEY_PREFIX, at: INSTANT }];
}

const FEED_TYPES = {
  SHIPPED: ['ORDER_PLACED', 'ORDER_CONFIRMED', 'ORDER_RELEASED', 'ORDER_SHIPPED'],
  REJECTED: ['ORDER_PLACED', 'ORDER_REJECTED'],
  BACKORDERED: ['ORDER_PLACED', 'ORDER_BACKORDERED'],
} as const;

/** What a subscriber of the live feed saw of it: each order to its end. */
export function sampleFeedJournal(): FeedEntry[] {
  const from = { subscriber: 'erp', at: INSTANT, cursor: 'c' };
  const events = ORDERS.flatMap(({ name, end }) =>
    FEED_TYPES[end].map(
      (type, index): FeedEntry => ({ kind: 'event', ...from, orderId: idOf(name), version: index + 1, type }),
    ),
  );
  return [{ kind: 'opened', ...from, partnerId: null }, ...events];
}

/** What the payment provider kept of it. */
export function sampleProviderJournal(): ProviderEntry[] {
  const reference = { orderId: idOf('card'), purpose: 'order', epoch: 1 };
  const kinds = ['created', 'authorised', 'captured'] as const;
  return kinds.map((kind) => ({ kind, authorizationId: 'auth-1', amountMinor: VALUE_MINOR, reference }));
}

async function seedOrder(sql: Sql, order: SampleOrder): Promise<void> {
  const id = idOf(order.name);
  const poNumber = `po-${order.name}`;
  const placed = { ...about(order), poNumber, totalMinor: VALUE_MINOR, currencyCode: 'GBP', lines: LINES };
  await append(sql, ['order', id, 1, 'OrderPlaced', placed]);
  const shipmentId = shipmentOf(order);
  const isShipped = order.end === 'SHIPPED';
  if (isShipped) {
    await append(
      sql,
      ['order', id, 2, 'OrderConfirmed', about(order)],
      ['order', id, 3, 'OrderReleased', { ...about(order), shipmentId }],
      ['order', id, 4, 'OrderShipped', { ...about(order), shipmentId }],
    );
  } else if (order.end === 'REJECTED') {
    await append(sql, ['order', id, 2, 'OrderRejected', { ...about(order), reason: 'STOCK_SHORT' }]);
  } else await append(sql, ['order', id, 2, 'OrderBackordered', { ...about(order), lines: LINES }]);
  const units = isShipped ? QUANTITY : null;
  await sql`
    insert into orders (order_id, partition, partner_id, number, po_number, status, version, shortage_policy, currency_code,
      total_minor, units_ordered, units_confirmed, units_shipped, status_reason, placed_by, placed_at)
    values (${id}, ${PARTITION}, ${PARTNER}, ${order.number}, ${poNumber}, ${order.end},
      ${isShipped ? 4 : 2}, 'REJECT', 'GBP', ${VALUE_MINOR}, ${QUANTITY}, ${units}, ${units ?? 0},
      ${order.end === 'REJECTED' ? 'STOCK_SHORT' : null}, 'erp', now() - interval '1 hour')`;
  await sql`
    insert into idempotency_keys (scope, operation, key, fingerprint, result)
    values (${PARTNER}, 'placeOrder', ${KEY_PREFIX + order.name}, 'f', ${id})`;
}

async function seedPayment(sql: Sql, order: SampleOrder): Promise<void> {
  const id = idOf(order.name);
  const shipmentId = shipmentOf(order);
  const money = { ...about(order), amountMinor: VALUE_MINOR, currencyCode: 'GBP', method: order.method };
  const isShipped = order.end === 'SHIPPED';
  const taken = isShipped ? VALUE_MINOR : 0;
  if (isShipped) {
    await append(
      sql,
      ['payment', id, 1, 'PaymentAuthorised', money],
      ['payment', id, 2, 'PaymentCaptured', { ...money, shipmentId }],
    );
  }
  await sql`
    insert into payments (order_id, partner_id, partition, version, stream_version, closed, method, stage, status,
      outcome_unknown, authorised_minor, captured_minor, refunded_minor, authorisation_epoch, shipments)
    values (${id}, ${PARTNER}, ${PARTITION}, 1, 2, ${order.end === 'REJECTED'}, ${order.method},
      ${isShipped ? 'AUTHORISED' : 'OPEN'}, 'CAPTURED', false, ${taken}, ${taken}, 0, 1, '[]')`;
  if (!isShipped) return;
  const kind = order.method === 'CARD' ? 'card_clearing' : 'receivable';
  const debit = `${kind}/${PARTNER}`;
  await sql`
    insert into ledger_accounts (account, currency_code, kind) values (${debit}, 'GBP', ${kind}), ('sales', 'GBP', 'sales')
    on conflict do nothing`;
  await sql`
    insert into ledger_entries (entry_id, order_id, shipment_id, debit_account, credit_account, currency_code, amount_minor)
    values (${idOf(`entry ${order.name}`)}, ${id}, ${shipmentId}, ${debit}, 'sales', 'GBP', ${VALUE_MINOR})`;
  await sql`
    insert into invoices (shipment_id, order_id, partner_id, currency_code, total_minor, lines, method, number, issued_on, terms_days,
      due_on)
    select ${shipmentId}, ${id}, ${PARTNER}, 'GBP', ${VALUE_MINOR}, '[]', ${order.method}, count(*) + 1, current_date, 0, current_date
    from invoices`;
}

async function seedShipment(sql: Sql, order: SampleOrder): Promise<void> {
  const shipmentId = shipmentOf(order);
  const shipment = { ...about(order), shipmentId, warehouseId: 'W1', releaseEpoch: 1 };
  const left = { ...shipment, valueMinor: VALUE_MINOR, currencyCode: 'GBP', lines: LINES };
  await append(
    sql,
    [
      'fulfillment',
      idOf(order.name),
      1,
      'ShipmentsPlanned',
      { ...about(order), planId: planOf(order), attempt: 1 },
    ],
    ['shipment', shipmentId, 1, 'ShipmentReleased', shipment],
    ['shipment', shipmentId, 2, 'ShipmentConfirmed', left],
  );
}

/** Every reader has come to the head of what it reads. */
async function settleReaders(databases: Databases): Promise<void> {
  for (const reader of SUBGRAPHS) {
    const sql = databases[reader];
    await sql`update intents i set position = p.position, event_id = p.event_id from partitions p where p.partition = i.partition`;
    for (const source of HEARD[reader]) {
      const heads = await databases[source]`select partition, position::int, event_id from partitions`;
      for (const { partition, position, event_id } of heads) {
        await sql`
          insert into offsets (consumer, source, partition, position, event_id)
          values (${reader}, ${source}, ${partition}, ${position}, ${event_id})`;
      }
    }
  }
}

export const connectTo = (url: string): Sql => postgres(url, { max: 2, onnotice: () => undefined });
