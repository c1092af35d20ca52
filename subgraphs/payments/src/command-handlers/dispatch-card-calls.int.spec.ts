// Card calls against the simulator as it ships, its journal the witness: a process that dies anywhere charges once.
import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  type Database,
  migrate,
  newId,
  openDatabase,
  releaseLease,
} from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dyingAt, type Step } from '../../test/dying-provider.ts';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  orderRejected,
  shipmentConfirmed,
  startHearing,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';
import { createProviders } from '../adapters/providers.ts';
import { createSimulatorProvider } from '../adapters/simulator.ts';
import type { PaymentProvider } from '../ports.ts';
import { type CardDispatcher, startCardDispatcher } from './dispatch-card-calls.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const logger = createLogger('payments-test', 'silent');
/** Opens what these tests seal; the real opener has its own. */
const openCardToken = async (sealed: string) => (sealed.startsWith('sealed:') ? sealed.slice(7) : null);

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;
let simulator: SimulatorProcess;
let provider: ReturnType<typeof createSimulatorProvider>;
let running: CardDispatcher[] = [];
let leaseEpoch: number;

beforeAll(async () => {
  simulator = await startSimulator();
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 8 });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
  await simulator.stop();
});

beforeEach(async () => {
  const registry = createRegistry('payments-test');
  provider = createSimulatorProvider({
    name: 'simulator',
    url: simulator.url,
    key: PROVIDER_KEY,
    logger,
    registry,
  });
  hearing = await startHearing(database.sql, () => running.at(-1)?.wake());
  leaseEpoch = hearing.epoch;
});

afterEach(async () => {
  await simulator.setMode({ mode: 'none' });
  await Promise.all(running.map((each) => each.stop()));
  running = [];
  await provider.close();
  await releaseLease(database.sql, 'worker', hearing.owner, leaseEpoch);
});

function dispatch(through: PaymentProvider = provider, epoch = leaseEpoch): CardDispatcher {
  const { sql } = database;
  const dispatcher = startCardDispatcher({
    sql,
    providers: createProviders([through]),
    openCardToken,
    logger,
    poke: () => undefined,
    leaseEpoch: () => epoch,
    ...{ patienceMs: 60_000, codeVersion: 'test', onParked: () => undefined },
  });
  running.push(dispatcher);
  return dispatcher;
}

async function rowOf({ orderId }: TestOrder) {
  const [row] = await database.sql<
    { status: string; sealed: string | null; captured: number; provider_id: string | null }[]
  >`
    SELECT status, sealed_card_token AS sealed, captured_minor::float8 AS captured, provider_authorisation_id AS provider_id
    FROM payments WHERE order_id = ${orderId}`;
  return row;
}

async function saidOf({ orderId }: TestOrder): Promise<string[]> {
  const rows = await database.sql<
    { type: string }[]
  >`SELECT type FROM events WHERE stream_id = ${orderId} ORDER BY version`;
  return rows.map((row) => row.type);
}

async function versionOf({ orderId }: TestOrder): Promise<unknown> {
  const [row] = await database.sql`SELECT version FROM payments WHERE order_id = ${orderId}`;
  return row?.version;
}

const PATIENCE = { timeout: 25_000, interval: 40 };
const reaches = (order: TestOrder, status: string) =>
  expect.poll(async () => (await rowOf(order))?.status, PATIENCE).toBe(status);

async function journalOf({ orderId }: TestOrder): Promise<string[]> {
  return (await simulator.journalOf(orderId)).map((line) => line.kind);
}

async function cardOrder(token = 'tok_visa', valueMinor = 10_000): Promise<TestOrder> {
  const order = newOrder(newId());
  await hearing.hear(orderPlaced(order, valueMinor, `sealed:${token}`), stockReserved(order, valueMinor));
  return order;
}

describe('a card payment', () => {
  it('is authorised outside the batch, and forgets the token', async () => {
    const order = await cardOrder();
    expect(await rowOf(order)).toMatchObject({ status: 'PENDING', sealed: 'sealed:tok_visa' });
    dispatch();
    await reaches(order, 'AUTHORISED');
    expect(await rowOf(order)).toMatchObject({ sealed: null });
    const [traces] = await database.sql`
      SELECT count(*)::int AS found FROM (SELECT p::text AS row FROM payments p UNION ALL SELECT e::text FROM events e
        UNION ALL SELECT c::text FROM payment_calls c UNION ALL SELECT a::text FROM payment_attempts a) every WHERE row LIKE '%tok_visa%'`;
    expect(traces?.found).toBe(0);
    expect(await saidOf(order)).toEqual(['PaymentAuthorised']);
    expect(await journalOf(order)).toEqual(['created', 'authorised']);
    const attempts = await database.sql`
      SELECT operation, outcome, reason FROM payment_attempts WHERE order_id = ${order.orderId}`;
    expect([...attempts]).toEqual([{ operation: 'authorise', outcome: 'succeeded', reason: null }]);
  });

  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient', 'insufficient_funds'],
    ['not a token', 'card_token_not_accepted'],
  ])('is declined for %s', async (token, reason) => {
    const order = await cardOrder(token);
    dispatch();
    await reaches(order, 'DECLINED');
    const [event] = await database.sql`SELECT data FROM events WHERE stream_id = ${order.orderId}`;
    expect(event?.data).toMatchObject({ reason, amountMinor: 10_000, method: 'CARD' });
    expect((await rowOf(order))?.sealed).toBeNull();
  });

  it('is captured as shipments leave, and booked', async () => {
    const order = await cardOrder();
    dispatch();
    await reaches(order, 'AUTHORISED');
    await hearing.hear(shipmentConfirmed(order, 4_000), shipmentConfirmed(order, 6_000));
    await reaches(order, 'CAPTURED');
    expect(await saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentCaptured', 'PaymentCaptured']);
    expect(await journalOf(order)).toEqual(['created', 'authorised', 'captured', 'captured']);
    const [sum] = await database.sql`
      SELECT sum(amount_minor)::float8 AS total FROM ledger_lines WHERE order_id = ${order.orderId} AND account = 'sales'`;
    expect(sum?.total).toBe(-10_000);
  });

  it('is voided when the order is rejected', async () => {
    const order = await cardOrder();
    dispatch();
    await reaches(order, 'AUTHORISED');
    await hearing.hear(orderRejected(order));
    await reaches(order, 'VOIDED');
    expect(await saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentVoided']);
    expect(await journalOf(order)).toEqual(['created', 'authorised', 'voided']);
  });

  it('asks nobody when the order closed first', async () => {
    const order = await cardOrder();
    await hearing.hear(orderRejected(order));
    dispatch();
    await reaches(order, 'VOIDED');
    expect(await journalOf(order)).toEqual([]);
    expect(await saidOf(order)).toEqual([]);
  });

  it('is voided when the order closes while the card is asked', async () => {
    const order = await cardOrder();
    dispatch({
      ...provider,
      confirm: async (id, key) => {
        await hearing.hear(orderRejected(order));
        return provider.confirm(id, key);
      },
    });
    await reaches(order, 'VOIDED');
    expect(await saidOf(order)).toEqual(['PaymentVoided']);
    expect(await journalOf(order)).toEqual(['created', 'authorised', 'voided']);
  });
});

describe('a provider in trouble', () => {
  it.each(['error-500', 'reset', 'forget-keys', 'error-429'])('charges once through %s', async (mode) => {
    // By this seed the first confirmation and the first capture meet it.
    await simulator.setMode({ mode, probability: 0.5, seed: 14_788 });
    const order = await cardOrder();
    dispatch();
    await reaches(order, 'AUTHORISED');
    await hearing.hear(shipmentConfirmed(order, 10_000));
    await reaches(order, 'CAPTURED');
    const kinds = (await journalOf(order)).filter((kind) => kind !== 'created');
    expect(kinds).toEqual(['authorised', 'captured']);
    expect(await simulator.faultsMet(mode)).toBeGreaterThan(0);
  });

  it('finds out what happened when the answer never came', async () => {
    const order = await cardOrder();
    // The confirmation works and its answer is lost, once.
    let lost = 0;
    const isSeen = Promise.withResolvers<void>();
    dispatch({
      ...provider,
      // Nobody looks for what became of it before it was seen to be unknown.
      read: async (id) => {
        await isSeen.promise;
        return provider.read(id);
      },
      confirm: async (id, key) => {
        const answer = await provider.confirm(id, key);
        lost += 1;
        return lost === 1 ? { kind: 'unknown', reason: 'timeout' } : answer;
      },
    });
    await reaches(order, 'UNKNOWN');
    isSeen.resolve();
    await reaches(order, 'AUTHORISED');
    expect(lost).toBe(1);
    expect(await journalOf(order)).toEqual(['created', 'authorised']);
  });

  it('leaves to a person what the provider refuses for good', async () => {
    const order = await cardOrder();
    dispatch();
    await reaches(order, 'AUTHORISED');
    await hearing.hear(shipmentConfirmed(order, 10_001));
    const stateOf = async () =>
      (
        await database.sql`SELECT state FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'capture'`
      )[0]?.state;
    await expect.poll(stateOf, PATIENCE).toBe('held');
    expect(await rowOf(order)).toMatchObject({ status: 'AUTHORISED', captured: 0 });
  });
});

describe('a process that dies', () => {
  /** Another process takes the lease: what the first would still write is fenced off. */
  async function takeOver(): Promise<void> {
    await releaseLease(database.sql, 'worker', hearing.owner, hearing.epoch);
    const epoch = await acquireLease(database.sql, 'worker', hearing.owner, 0);
    if (epoch === null) throw new Error('The lease was not free');
    leaseEpoch = epoch;
    dispatch();
  }

  const EVERYWHERE: [Step, 'before' | 'after'][] = (
    ['create', 'confirm', 'capture', 'release'] as const
  ).flatMap((step): [Step, 'before' | 'after'][] => [
    [step, 'before'],
    [step, 'after'],
  ]);

  it.each(EVERYWHERE)('at %s, %s the call, moves money once', async (step, when) => {
    const order = await cardOrder();
    const { deadly, died, revive } = dyingAt(provider, step, when);
    dispatch(deadly);
    const ended = step === 'capture' ? 'CAPTURED' : step === 'release' ? 'VOIDED' : 'AUTHORISED';
    if (ended !== 'AUTHORISED') await reaches(order, 'AUTHORISED');
    if (ended === 'CAPTURED') await hearing.hear(shipmentConfirmed(order, 10_000));
    if (ended === 'VOIDED') await hearing.hear(orderRejected(order));
    await died;
    await takeOver();
    await reaches(order, ended);
    const last = { AUTHORISED: [], CAPTURED: ['captured'], VOIDED: ['voided'] }[ended];
    expect(await journalOf(order)).toEqual(['created', 'authorised', ...last]);
    const said = { AUTHORISED: [], CAPTURED: ['PaymentCaptured'], VOIDED: ['PaymentVoided'] }[ended];
    expect(await saidOf(order)).toEqual(['PaymentAuthorised', ...said]);
    // The dead process was only stopped: what it learns now it writes nowhere, and its calls change nothing.
    const before = await versionOf(order);
    revive();
    await Promise.all(running.map((each) => each.stop()));
    expect(await versionOf(order)).toBe(before);
    expect(await journalOf(order)).toEqual(['created', 'authorised', ...last]);
  });
});
