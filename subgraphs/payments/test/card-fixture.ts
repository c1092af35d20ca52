// Payments' card calls between its real database and the provider simulator as it ships, whose journal is the witness.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, openDatabase } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { expect } from 'vitest';
import { createProviders } from '../src/adapters/providers.ts';
import { createSimulatorProvider } from '../src/adapters/simulator.ts';
import {
  type CardDispatcher,
  type CardDispatcherOptions,
  startCardDispatcher,
} from '../src/command-handlers/dispatch-card-calls.ts';
import type { PaymentProvider } from '../src/ports.ts';
import { type Hearing, type Said, startHearing, type TestOrder } from './hearing.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from './simulator-process.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const logger = createLogger('payments-test', 'silent');
/** Opens what these tests seal; the real opener has its own. */
const openCardToken = async (sealed: string) => (sealed.startsWith('sealed:') ? sealed.slice(7) : null);
/** Longer than any of these tests. */
const CALL_PATIENCE_MS = 60_000;
const PATIENCE = { timeout: 25_000, interval: 40 };

/** One provider, or several, the preferred one first. */
type Through = PaymentProvider | readonly PaymentProvider[];

type Row = Readonly<{
  status: string;
  sealed: string | null;
  authorised: number;
  captured: number;
  refunded: number;
}>;

/** One worker after the other: it hears, and asks the provider through whatever dispatchers it was given. */
export type Cards = Readonly<{
  database: Database;
  simulator: SimulatorProcess;
  provider: PaymentProvider;
  hear: (...facts: readonly Said[]) => Promise<void>;
  dispatch: (through?: Through, settings?: Partial<CardDispatcherOptions>) => CardDispatcher;
  databaseUrl: string;
  /** Gives the lease back, for a process of its own. */
  leave: () => Promise<void>;
  /** Another process takes the lease: what the first would still write is fenced off. */
  takeOver: (through?: PaymentProvider) => Promise<void>;
  /** Waits for every dispatcher, and ends it. */
  stopAll: () => Promise<void>;
  rowOf: (order: TestOrder) => Promise<Row | undefined>;
  reaches: (order: TestOrder, row: Partial<Row>) => Promise<void>;
  saidOf: (order: TestOrder) => Promise<string[]>;
  /** What the provider did, such as `authorised 2 5000`: kind, epoch and amount. */
  journalOf: (order: TestOrder) => Promise<string[]>;
  close: () => Promise<void>;
}>;

async function rowOf({ sql }: Database, { orderId }: TestOrder): Promise<Row | undefined> {
  const [row] = await sql<Row[]>`
    SELECT status, sealed_card_token AS sealed, authorised_minor::float8 AS authorised, captured_minor::float8 AS captured,
           refunded_minor::float8 AS refunded
    FROM payments WHERE order_id = ${orderId}`;
  return row;
}

async function saidOf({ sql }: Database, { orderId }: TestOrder): Promise<string[]> {
  const rows = await sql<
    { type: string }[]
  >`SELECT type FROM events WHERE stream_id = ${orderId} ORDER BY version`;
  return rows.map((row) => row.type);
}

async function journalOf(simulator: SimulatorProcess, { orderId }: TestOrder): Promise<string[]> {
  const lines = await simulator.journalOf(orderId);
  return lines.map(({ kind, amountMinor, reference }) => `${kind} ${reference.epoch} ${amountMinor}`);
}

const ignore = () => undefined;
const SETTINGS = {
  ...{ openCardToken, logger, poke: ignore, onParked: ignore },
  ...{ codeVersion: 'test', patienceMs: CALL_PATIENCE_MS },
};

function providerAt({ url }: SimulatorProcess): PaymentProvider {
  const registry = createRegistry('payments-test');
  return createSimulatorProvider({ name: 'simulator', url, key: PROVIDER_KEY, logger, registry });
}

export async function openCards(): Promise<Cards> {
  const simulator = await startSimulator();
  const clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 8 });
  const provider = providerAt(simulator);
  const running: CardDispatcher[] = [];
  const begin = () => startHearing(database.sql, () => running.at(-1)?.wake());
  let hearing: Hearing = await begin();
  const dispatch = (
    through: Through = provider,
    settings: Partial<CardDispatcherOptions> = {},
  ): CardDispatcher => {
    const { epoch } = hearing;
    const providers = createProviders(Array.isArray(through) ? through : [through]);
    const options = { ...SETTINGS, sql: database.sql, providers, leaseEpoch: () => epoch };
    const dispatcher = startCardDispatcher({ ...options, ...settings });
    running.push(dispatcher);
    return dispatcher;
  };
  const stopAll = async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  };
  return {
    ...{ database, simulator, provider, dispatch, stopAll, databaseUrl: clone.url },
    leave: () => hearing.leave(),
    hear: (...facts) => hearing.hear(...facts),
    takeOver: async (through = provider) => {
      await hearing.leave();
      hearing = await begin();
      dispatch(through);
    },
    rowOf: (order) => rowOf(database, order),
    reaches: (order, row) => expect.poll(() => rowOf(database, order), PATIENCE).toMatchObject(row),
    saidOf: (order) => saidOf(database, order),
    journalOf: (order) => journalOf(simulator, order),
    close: async () => {
      await stopAll();
      await provider.close();
      await database.close();
      await clone.drop();
      await simulator.stop();
    },
  };
}
