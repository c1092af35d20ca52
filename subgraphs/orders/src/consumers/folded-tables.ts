import type { FoldedReadModel } from '@crossdock/messaging';
import { HEARD_SOURCES, productsOf, readHeard, timelineOf, wants } from './heard-facts.ts';

const PRODUCT_FACTS: readonly string[] = ['ProductRegistered', 'ProductRevised'];

/** Tables that are nothing but what the others said. */
export const FOLDED_TABLES: readonly FoldedReadModel[] = [
  {
    kind: 'folded',
    name: 'orders.timeline',
    about: 'what inventory, payments and fulfillment said of each order',
    table: 'timeline_entries',
    consumer: 'orders',
    sources: HEARD_SOURCES,
    wants: (source, type) => wants(source, type) && !PRODUCT_FACTS.includes(type),
    fold: (events) =>
      timelineOf(readHeard(events)).map(({ orderId, occurredAt, ...entry }) => ({
        order_id: orderId,
        occurred_at: occurredAt,
        ...entry,
      })),
  },
  {
    kind: 'folded',
    name: 'orders.products',
    about: "inventory's products, as far as a price needs them",
    table: 'products',
    consumer: 'orders',
    sources: ['inventory'],
    wants: (_source, type) => PRODUCT_FACTS.includes(type),
    fold: (events) =>
      productsOf(readHeard(events)).map(({ sku, name, listPriceMinor, currencyCode }) => ({
        sku,
        name,
        list_price_minor: listPriceMinor,
        currency_code: currencyCode,
      })),
  },
];
