import type { ReadDatabase } from '@crossdock/event-store';
import DataLoader from 'dataloader';
import {
  type ForeignFact,
  foreignFactsOf,
  type OrderRecord,
  ordersByIds,
  type StreamFact,
  streamsOf,
} from '../read-models/orders/queries.ts';
import { type PartnerRecord, partnersByIds } from '../read-models/partners/queries.ts';
import { type ProductRecord, productsBySku } from '../read-models/prices/queries.ts';

/** One query for all that a request asks of a kind. */
export type Loaders = Readonly<{
  order: DataLoader<string, OrderRecord | null>;
  stream: DataLoader<string, readonly StreamFact[]>;
  foreignFacts: DataLoader<string, readonly ForeignFact[]>;
  partner: DataLoader<string, PartnerRecord | null>;
  product: DataLoader<string, ProductRecord | null>;
}>;

function one<Row>(load: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, Row | null>(async (keys) => {
    const rows = new Map((await load(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

function many<Row>(load: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, readonly Row[]>(async (keys) => {
    const rows = Map.groupBy(await load(keys), keyOf);
    return keys.map((key) => rows.get(key) ?? []);
  });
}

export function createLoaders(database: ReadDatabase): Loaders {
  return {
    order: one(
      (ids) => ordersByIds(database, ids),
      (row) => row.orderId,
    ),
    stream: many(
      (ids) => streamsOf(database, ids),
      (row) => row.streamId,
    ),
    foreignFacts: many(
      (ids) => foreignFactsOf(database, ids),
      (row) => row.orderId,
    ),
    partner: one(
      (ids) => partnersByIds(database, ids),
      (row) => row.partnerId,
    ),
    product: one(
      (skus) => productsBySku(database, skus),
      (row) => row.sku,
    ),
  };
}
