// What a restore does when not all is there: JetStream lost some, or all, or holds another history.
import { fileURLToPath } from 'node:url';
import { readSlices } from '@crossdock/contracts';
import {
  appendArrays,
  faultKind,
  isLogClosed,
  loadClosing,
  migrate,
  newId,
  type Sql,
} from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import {
  backupOf,
  type DatabaseBackup,
  databaseFromTemplate,
  freePort,
  type OwnServer,
  ownNats,
  type TestDatabase,
} from '@crossdock/testing';
import { connect, type JetStreamManager } from 'nats';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LOG_SECRET, type Neighbour, startNeighbour, startSubject } from '../../test/neighbour.ts';
import { createLogClient, type LogClient } from '../log-client.ts';
import type { HistoryFold } from './history.ts';
import { createLogGuard } from './log-guard.ts';
import { restoreLog } from './restore-log.ts';

const MIGRATIONS = fileURLToPath(new URL('../../test-migrations', import.meta.url));
const SETTLED = { timeout: 20_000, interval: 50 };
const PARTITION = 3;

let nats: OwnServer;
let clone: TestDatabase;
let backup: DatabaseBackup;
let port: number;
let subject: Awaited<ReturnType<typeof startSubject>>;
let neighbours: Neighbour[];
let log: LogClient;

const start = () =>
  startSubject({
    ...{ name: 'orders', databaseUrl: clone.url, natsUrl: nats.url, port, urls: {} },
    consumerOf: () => ({
      name: 'orders',
      sources: [],
      wants: () => false,
      keyOf: () => '',
      apply: async () => undefined,
    }),
  });

/** A subgraph without tables of its own: all there is to take back is the log. */
const foldOf = (sql: Sql): HistoryFold => ({
  ...{ knows: () => true, needsCauses: false, absorbs: () => false, finish: async () => undefined },
  take: async (page) => void (await sql`SELECT log_import(${JSON.stringify(page.log)}::text::jsonb)`),
});

beforeEach(async () => {
  nats = await ownNats();
  port = await freePort();
  clone = await databaseFromTemplate('messaging', (url) => migrate(url, MIGRATIONS));
  subject = await start();
  neighbours = await Promise.all(
    (['inventory', 'payments', 'fulfillment'] as const).map((name) => startNeighbour(name, nats.url)),
  );
  for (const each of neighbours) each.follow('orders', `http://127.0.0.1:${port}`);
  const [inventory = '', payments = '', fulfillment = ''] = neighbours.map(({ url }) => url);
  log = createLogClient({ inventory, payments, fulfillment }, LOG_SECRET, 'orders');
  await append(2);
  await heardByAll(2);
  await subject.stop();
  backup = await backupOf(clone.url);
  subject = await start();
});

afterEach(async () => {
  await subject.stop();
  await Promise.all([log.close(), ...neighbours.map((each) => each.stop())]);
  await backup.drop();
  await clone.drop();
  await nats.stop();
});

/** Appends events one by one, each published by itself. */
async function append(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    const event = {
      partition: PARTITION,
      category: 'order',
      streamId: newId(),
      version: 1,
      id: newId(),
      type: 'Something',
    };
    const arrays = appendArrays([{ ...event, data: {}, metadata: {} }]);
    await subject.sql`SELECT log_append(${arrays.partition}::int[], ${arrays.category}::text[], ${arrays.streamId}::text[],
      ${arrays.version}::int[], ${arrays.id}::uuid[], ${arrays.type}::text[], ${arrays.schemaVersion}::int[],
      ${arrays.data}::text[], ${arrays.metadata}::text[])`;
    subject.poke();
    await vi.waitFor(async () => {
      const [row] =
        await subject.sql`SELECT i.position = c.position AS published FROM intents i JOIN partitions c USING (partition)
        WHERE partition = ${PARTITION}`;
      expect(row?.published).toBe(true);
    }, SETTLED);
  }
}

async function heardByAll(count: number): Promise<void> {
  await vi.waitFor(async () => {
    for (const each of neighbours) expect(await each.heard()).toHaveLength(count);
  }, SETTLED);
}

/** The database as it was at the backup, with nobody at work on it. */
async function restoreDatabase(): Promise<void> {
  await subject.stop();
  await backup.restore();
}

async function withJetStream(work: (manager: JetStreamManager) => Promise<unknown>): Promise<void> {
  const connection = await connect({ servers: nats.url });
  await work(await connection.jetstreamManager());
  await connection.close();
}

/** Deletes the message of one position: what follows it is there and cannot be taken. */
async function forget(manager: JetStreamManager, position: number): Promise<void> {
  const { state } = await manager.streams.info('EVENTS');
  for (let sequence = state.first_seq; sequence <= state.last_seq; sequence += 1) {
    const message = await manager.streams.getMessage('EVENTS', { seq: sequence });
    const [slice] = readSlices(message.string(), 'orders');
    if (slice?.after.position === position - 1) await manager.streams.deleteMessage('EVENTS', sequence);
  }
}

/** Whoever is asked has a second to answer, which a busy machine may let pass: then once more. */
const run = (more: Partial<{ dryRun: boolean; acceptLoss: boolean }> = {}) =>
  vi.waitFor(async () => {
    const outcome = await restoreLog({
      ...{ subgraph: 'orders', sql: subject.sql, natsUrl: nats.url, log, fold: foldOf(subject.sql) },
      ...{ dryRun: false, acceptLoss: false, ...more },
    });
    if (outcome.kind === 'refused' && outcome.why.includes('cannot be asked')) throw new Error(outcome.why);
    return outcome;
  }, SETTLED);
const guardOf = () =>
  createLogGuard({
    ...{ subgraph: 'orders', sql: subject.sql, natsUrl: nats.url, log },
    ...{ logger: createLogger('guard-test', 'silent'), registry: createRegistry('guard-test') },
  });

it('takes back everything, and those who stopped go on', async () => {
  await append(5);
  await heardByAll(7);
  await restoreDatabase();
  subject = await start();
  await expect.poll(() => guardOf().check()).toBe(false);
  const refusal = await append(1).catch((error: unknown) => error);
  expect([isLogClosed(refusal), faultKind(refusal)]).toEqual([true, 'infrastructure']);
  await vi.waitFor(
    async () => expect(await Promise.all(neighbours.map((each) => each.forked()))).toEqual([1, 1, 1]),
    SETTLED,
  );
  expect(await run({ dryRun: true })).toMatchObject({ kind: 'looked', findings: { events: 5, lost: [] } });
  expect(await loadClosing(subject.sql)).not.toBeNull();
  expect(await run()).toMatchObject({
    kind: 'opened',
    findings: { events: 5, survey: { found: [{ partition: PARTITION, from: 3, to: 7 }], gaps: [] } },
  });
  expect(await guardOf().check()).toBe(true);
  await append(1);
  await heardByAll(8);
  await vi.waitFor(
    async () => expect(await Promise.all(neighbours.map((each) => each.forked()))).toEqual([0, 0, 0]),
    SETTLED,
  );
  expect(await run()).toEqual({ kind: 'whole' });
});

it('finds what could not be published at first behind what came later', async () => {
  await append(1);
  await heardByAll(3);
  await withJetStream((manager) => manager.streams.delete('EVENTS'));
  // The first finds no stream and makes one; it follows the next.
  await append(3);
  await heardByAll(6);
  await withJetStream(async (manager) => {
    await vi.waitFor(
      async () => expect((await manager.streams.info('EVENTS')).state.messages).toBe(3),
      SETTLED,
    );
  });
  await restoreDatabase();
  subject = await start();
  expect(await run({ dryRun: true })).toMatchObject({
    kind: 'looked',
    findings: { lost: [{ from: 3, to: 6 }], survey: { gaps: [{ from: 3, to: 3 }] } },
  });
});

it('lists what JetStream lost, and stays closed until that is given up', async () => {
  await append(5);
  await heardByAll(7);
  await restoreDatabase();
  await withJetStream((manager) => forget(manager, 5));
  subject = await start();
  const outcome = await run();
  expect(outcome).toMatchObject({
    kind: 'still-closed',
    findings: {
      survey: { found: [{ from: 3, to: 4 }], gaps: [{ from: 5, to: 5 }] },
      lost: [{ partition: PARTITION, from: 5, to: 7 }],
    },
  });
  const [lost] = outcome.kind === 'still-closed' ? outcome.findings.lost : [];
  expect(lost?.knownTo).toEqual([
    'JetStream (to 7)',
    'inventory (to 7)',
    'payments (to 7)',
    'fulfillment (to 7)',
  ]);
  expect(isLogClosed(await append(1).catch((error: unknown) => error))).toBe(true);
  expect(await run({ acceptLoss: true })).toMatchObject({ kind: 'opened' });
  // What was given up closes nothing again, though JetStream and the consumers still know of it.
  expect(await guardOf().check()).toBe(true);
  await append(1);
  await vi.waitFor(
    async () => expect(await Promise.all(neighbours.map((each) => each.forked()))).toEqual([1, 1, 1]),
    SETTLED,
  );
});

it('is closed by the word of a consumer where JetStream has forgotten all', async () => {
  await append(3);
  await heardByAll(5);
  await restoreDatabase();
  await withJetStream((manager) => manager.streams.delete('EVENTS'));
  subject = await start();
  await expect.poll(() => guardOf().check()).toBe(false);
  expect((await loadClosing(subject.sql))?.reason).toContain(
    'knows position 5 of partition 3, where this log ends at 2',
  );
  expect(await run()).toMatchObject({
    kind: 'still-closed',
    findings: { events: 0, lost: [{ from: 3, to: 5 }] },
  });
});

it('refuses, and changes nothing, where two histories part', async () => {
  await append(3);
  await heardByAll(5);
  await restoreDatabase();
  subject = await start();
  await append(1);
  const outcome = await run();
  expect(outcome).toMatchObject({ kind: 'refused' });
  expect(outcome.kind === 'refused' && outcome.why).toContain('different events at position 3');
  expect(await loadClosing(subject.sql)).toBeNull();
});

it('refuses, and changes nothing, where a consumer cannot be asked or the tables cannot be folded', async () => {
  await append(1);
  await heardByAll(3);
  await restoreDatabase();
  subject = await start();
  const options = {
    subgraph: 'orders',
    sql: subject.sql,
    natsUrl: nats.url,
    dryRun: false,
    acceptLoss: true,
  } as const;
  const nobody = createLogClient({ inventory: 'http://127.0.0.1:9' }, LOG_SECRET, 'orders');
  const fold = foldOf(subject.sql);
  expect(await restoreLog({ ...options, fold, log: nobody })).toMatchObject({
    why: 'inventory, payments, fulfillment cannot be asked how much of this log it consumed: start it first.',
  });
  expect(await restoreLog({ ...options, log, fold: { ...fold, knows: () => false } })).toMatchObject({
    why: 'This code cannot fold Something.',
  });
  expect(await restoreLog({ ...options, log, fold: 'No.' })).toEqual({ kind: 'refused', why: 'No.' });
  expect(await loadClosing(subject.sql)).toBeNull();
  await nobody.close();
});
