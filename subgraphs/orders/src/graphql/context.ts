import type { LogTail, ReadDatabase, Sql } from '@crossdock/event-store';
import type { DeadLetterDesk, RequestContext } from '@crossdock/subgraph-server';
import type { CancelOrder } from '../command-handlers/cancel-order.ts';
import type { PlaceOrder } from '../command-handlers/place-order.ts';
import type { UpsertPartners } from '../command-handlers/upsert-partners.ts';
import type { Loaders } from './loaders.ts';

/** What resolvers may use. */
export type Context = RequestContext &
  Readonly<{
    sql: Sql;
    read: ReadDatabase;
    tail: LogTail;
    loaders: Loaders;
    placeOrder: PlaceOrder;
    cancelOrder: CancelOrder;
    upsertPartners: UpsertPartners;
    cursorSecret: string;
    deadLetters: DeadLetterDesk;
  }>;
