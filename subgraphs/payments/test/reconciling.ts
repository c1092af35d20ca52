// Payments beside the fake provider, whose books a test may change behind its back.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase, type Sql } from '@crossdock/event-store';
import { createLogger } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { expect } from 'vitest';
import { createProviders } from '../src/adapters/providers.ts';
import { type CardDispatcher, startCardDispatcher } from '../src/command-handlers/dispatch-card-calls.ts';
import type { CompareOptions } from '../src/command-handlers/look-closely.ts';
import { reconcileOnce } from '../src/command-handlers/reconcile.ts';
import type { PaymentProvider, Providers } from '../src/ports.ts';
import { beginRunWhenDue } from '../src/store/reconciliations.ts';
import { createFakeProvider } from './fake-provider.ts';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  type Said,
  shipmentConfirmed,
  startHearing,
  stockReserved,
  type TestOrder,
} from './hearing.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const PATIENCE = { timeout: 20_000, interval: 30 };
const STEPS_MAX = 100;
/** Longer than any of these tests. */
const PATIENCE_MS = 60_000;
const logger = createLogger('payments-test', 'silent');
const openCardToken = async (sealed: string) => (sealed.startsWith('sealed:') ? sealed.slice(7) : null);

export type BreakRow = Readonly<{
  kind: string;
  state: string;
  subject: string;
  expected: number | null;
  found: number | null;
}>;

type StatusRow = Readonly<{ status: string; captured: number; id: string | null }>;

export type Reconciling = Readonly<{
  database: Database;
  provider: PaymentProvider;
  providers: Providers;
  options: CompareOptions;
  epoch: () => number;
  hear: (...facts: readonly Said[]) => Promise<void>;
  dispatch: (through?: PaymentProvider) => CardDispatcher;
  /** Another process takes the lease: what ran under the old one writes nothing more. */
  takeOver: () => Promise<void>;
  /** An order by card that is authorised, and taken when `shippedMinor` is given; answers the provider's id. */
  order: (minor: number, shippedMinor?: number) => Promise<{ order: TestOrder; id: string }>;
  /** The whole comparison, from its beginning to its end. */
  reconcile: () => Promise<void>;
  breaksOf: (order: TestOrder) => Promise<BreakRow[]>;
  statusOf: (order: TestOrder) => Promise<StatusRow | undefined>;
  close: () => Promise<void>;
}>;

async function statusIn(sql: Sql, { orderId }: TestOrder): Promise<StatusRow | undefined> {
  const [row] = await sql<StatusRow[]>`
    SELECT status, captured_minor::float8 AS captured, provider_authorisation_id AS id FROM payments WHERE order_id = ${orderId}`;
  return row;
}

async function breaksIn(sql: Sql, { orderId }: TestOrder): Promise<BreakRow[]> {
  return sql<BreakRow[]>`
    SELECT kind, state, subject, expected_minor::float8 AS expected, found_minor::float8 AS found FROM payment_breaks
    WHERE order_id = ${orderId} ORDER BY id`;
}

/** An order by card, authorised by whatever dispatcher runs, and taken when something of it shipped. */
async function orderByCard(
  hear: Reconciling['hear'],
  statusOf: Reconciling['statusOf'],
  minor: number,
  shippedMinor: number | undefined,
): Promise<{ order: TestOrder; id: string }> {
  const order = newOrder(newId());
  await hear(orderPlaced(order, minor, 'sealed:tok_visa'), stockReserved(order, minor));
  await expect.poll(async () => (await statusOf(order))?.status, PATIENCE).toBe('AUTHORISED');
  if (shippedMinor !== undefined) {
    await hear(shipmentConfirmed(order, shippedMinor));
    await expect.poll(async () => (await statusOf(order))?.captured, PATIENCE).toBe(shippedMinor);
  }
  return { order, id: (await statusOf(order))?.id ?? '' };
}

export async function openReconciling(
  change: (fake: PaymentProvider) => PaymentProvider,
): Promise<Reconciling> {
  const clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 8 });
  const { sql } = database;
  const provider = change(createFakeProvider());
  const providers = createProviders([provider]);
  const running: CardDispatcher[] = [];
  const begin = () => startHearing(sql, () => running.at(-1)?.wake());
  let hearing: Hearing = await begin();
  const options: CompareOptions = { sql, providers, logger, codeVersion: 'test', isStopped: () => false };
  const dispatch = (through: PaymentProvider = provider): CardDispatcher => {
    const { epoch } = hearing;
    const dispatcher = startCardDispatcher({
      ...{ sql, providers: createProviders([through]), openCardToken, logger, leaseEpoch: () => epoch },
      ...{ poke: () => undefined, onParked: () => undefined, patienceMs: PATIENCE_MS, codeVersion: 'test' },
    });
    running.push(dispatcher);
    return dispatcher;
  };
  const stopAll = async () => void (await Promise.all(running.splice(0).map((each) => each.stop())));
  const statusOf = (order: TestOrder) => statusIn(sql, order);
  return {
    ...{ database, provider, providers, options, dispatch, statusOf },
    epoch: () => hearing.epoch,
    hear: (...facts) => hearing.hear(...facts),
    takeOver: async () => {
      await hearing.leave();
      hearing = await begin();
    },
    order: (minor, shippedMinor) =>
      orderByCard((...facts) => hearing.hear(...facts), statusOf, minor, shippedMinor),
    reconcile: async () => {
      await beginRunWhenDue(sql, hearing.epoch, newId(), 0);
      for (let step = 0; step < STEPS_MAX; step += 1)
        if (!(await reconcileOnce(options, hearing.epoch))) return;
      throw new Error('The comparison came to no end');
    },
    breaksOf: (order) => breaksIn(sql, order),
    close: async () => {
      await stopAll();
      await hearing.leave();
      await database.close();
      await clone.drop();
    },
  };
}
