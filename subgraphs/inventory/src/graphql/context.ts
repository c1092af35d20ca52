import type { ReadDatabase } from '@crossdock/event-store';
import type { DeadLetterDesk, RequestContext } from '@crossdock/subgraph-server';
import DataLoader from 'dataloader';
import type { createAdjustStock } from '../command-handlers/adjust-stock.ts';
import type { createExtendHold } from '../command-handlers/extend-hold.ts';
import type { createHoldStock } from '../command-handlers/hold-stock.ts';
import type { createReceiveStock } from '../command-handlers/receive-stock.ts';
import type { createReceiveTransfer } from '../command-handlers/receive-transfer.ts';
import type { createReleaseHold } from '../command-handlers/release-hold.ts';
import type { createSetSafetyStock } from '../command-handlers/set-safety-stock.ts';
import type { createTransferStock } from '../command-handlers/transfer-stock.ts';
import type { createUpsertProducts } from '../command-handlers/upsert-products.ts';
import {
  type AvailabilityView,
  availabilityOf,
  type ProductView,
  productsBySku,
  type StockView,
  stockOf,
} from '../read-models/products.ts';
import { type ReservationView, reservationsByOrder } from '../read-models/reservations.ts';
import { type TransferView, transfersById } from '../read-models/transfers.ts';

export type Handlers = Readonly<{
  upsertProducts: ReturnType<typeof createUpsertProducts>;
  receiveStock: ReturnType<typeof createReceiveStock>;
  adjustStock: ReturnType<typeof createAdjustStock>;
  transferStock: ReturnType<typeof createTransferStock>;
  receiveTransfer: ReturnType<typeof createReceiveTransfer>;
  setSafetyStock: ReturnType<typeof createSetSafetyStock>;
  holdStock: ReturnType<typeof createHoldStock>;
  extendHold: ReturnType<typeof createExtendHold>;
  releaseHold: ReturnType<typeof createReleaseHold>;
}>;

/** What resolvers of one request share: one query for each kind of thing, however many are asked for. */
export type Context = RequestContext &
  Readonly<{
    read: ReadDatabase;
    handlers: Handlers;
    deadLetters: DeadLetterDesk;
    products: DataLoader<string, ProductView | null>;
    availability: DataLoader<string, AvailabilityView>;
    stock: DataLoader<string, StockView[]>;
    reservations: DataLoader<string, ReservationView | null>;
    transfers: DataLoader<string, TransferView | null>;
  }>;

export function createContext(
  base: RequestContext,
  dependencies: Readonly<{ read: ReadDatabase; handlers: Handlers; deadLetters: DeadLetterDesk }>,
): Context {
  const { read, handlers, deadLetters } = dependencies;
  return {
    ...base,
    read,
    handlers,
    deadLetters,
    products: new DataLoader((skus) => productsBySku(read, skus)),
    availability: new DataLoader((skus) => availabilityOf(read, skus)),
    stock: new DataLoader((skus) => stockOf(read, skus)),
    reservations: new DataLoader((orderIds) => reservationsByOrder(read, orderIds)),
    transfers: new DataLoader((ids) => transfersById(read, ids)),
  };
}
