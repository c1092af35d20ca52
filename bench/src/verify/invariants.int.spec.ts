import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import type { Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SUBGRAPHS, type Subgraph } from '../platform/run-file.ts';
import type { Evidence } from './evidence.ts';
import { INVARIANTS } from './invariants.ts';
import { logSource } from './log-source.ts';
import { ORDER, SAMPLE_BREACHES } from './sample-breaches.ts';
import { idOf } from './sample-log.ts';
import {
  connectTo,
  migrateSubgraph,
  sampleClientJournal,
  sampleFeedJournal,
  sampleProviderJournal,
  seedSampleRun,
} from './sample-run.ts';
import { waitUntilSettled } from './settling.ts';

interface Opened {
  readonly sql: Sql;
  readonly drop: () => Promise<void>;
}

const opened = new Map<Subgraph, Opened>();
const undo: (() => Promise<unknown>)[] = [];

async function open(subgraph: Subgraph): Promise<Opened> {
  const database: TestDatabase = await databaseFromTemplate(subgraph, (url) =>
    migrateSubgraph(subgraph, url),
  );
  const sql = connectTo(database.url);
  const drop = async () => {
    await sql.end();
    await database.drop();
  };
  return { sql, drop };
}

function sqlOf(subgraph: Subgraph): Sql {
  const database = opened.get(subgraph);
  if (database === undefined) throw new Error(`the database of ${subgraph} is not open`);
  return database.sql;
}

function bySubgraph<Value>(make: (subgraph: Subgraph) => Value): Record<Subgraph, Value> {
  // Each subgraph is in the list once.
  return Object.fromEntries(SUBGRAPHS.map((subgraph) => [subgraph, make(subgraph)])) as Record<
    Subgraph,
    Value
  >;
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    databases: bySubgraph(sqlOf),
    logs: bySubgraph((subgraph) => logSource(sqlOf(subgraph), subgraph)),
    clientJournals: [],
    feedJournals: [],
    clientEntries: async function* () {
      yield* sampleClientJournal();
    },
    providerEntries: async function* () {
      yield* sampleProviderJournal();
    },
    feedEntries: async function* () {
      yield* sampleFeedJournal();
    },
    close: async () => undefined,
    ...change,
  };
}

async function breachesOf(number: number, seen = evidence()): Promise<readonly string[]> {
  const invariant = INVARIANTS.find((each) => each.number === number);
  if (invariant === undefined) throw new Error(`there is no invariant ${number}`);
  return (await invariant.check(seen)).breaches;
}

beforeAll(async () => {
  for (const subgraph of SUBGRAPHS) opened.set(subgraph, await open(subgraph));
  await seedSampleRun(bySubgraph(sqlOf));
});
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});
afterAll(async () => {
  for (const { drop } of opened.values()) await drop();
});

describe('a clean run', () => {
  it('is settled', async () => {
    const said: string[] = [];
    await waitUntilSettled(evidence(), (text) => said.push(text));
    expect(said).toEqual([]);
  });

  it.each(INVARIANTS.map(({ number, name }) => [number, name]))('keeps %i, %s', async (number) => {
    expect(await breachesOf(Number(number))).toEqual([]);
  });
});

describe('a run with a breach', () => {
  it.each(SAMPLE_BREACHES)('of %i: %s', async (number, _what, subgraph, make, unmake, breach) => {
    undo.push(() => sqlOf(subgraph).unsafe(unmake));
    await sqlOf(subgraph).unsafe(make);
    expect(await breachesOf(number)).toContainEqual(expect.stringContaining(breach));
  });

  it('of 12: a card charged twice', async () => {
    const twice = evidence({
      providerEntries: async function* () {
        yield* sampleProviderJournal();
        yield* sampleProviderJournal()
          .slice(1)
          .map((entry) => ({ ...entry, authorizationId: 'auth-2' }));
      },
    });
    const breaches = await breachesOf(12, twice);
    expect(breaches).toContainEqual(expect.stringContaining('2 live authorisations'));
    expect(breaches).toContainEqual(
      expect.stringContaining('the provider says 2000 was taken, and 1000 was shipped'),
    );
  });

  it('of 16: a subscriber whose feed fell silent', async () => {
    const silent = evidence({
      feedEntries: async function* () {
        yield* sampleFeedJournal().slice(0, -1);
      },
    });
    expect(await breachesOf(16, silent)).toEqual([expect.stringContaining('ends with version 1 of 2')]);
  });
});

describe('an event that a person owns', () => {
  it('is missed in no table', async () => {
    const place = `source = 'inventory' and position = (select min(position) from timeline_entries where source = 'inventory')`;
    undo.push(() =>
      sqlOf('orders').unsafe(
        'insert into timeline_entries select * from put_aside; drop table put_aside; delete from dead_letters',
      ),
    );
    await sqlOf('orders').unsafe(`create table put_aside as select * from timeline_entries where ${place}`);
    await sqlOf('orders').unsafe(`delete from timeline_entries where ${place}`);
    expect(await breachesOf(8)).toHaveLength(1);
    await sqlOf('orders').unsafe(
      `insert into dead_letters (consumer, source, partition, position, key, event, error, attempts, code_version)
       select 'orders', source, 3, position, order_id, '{}', 'poison', 3, 'test' from put_aside`,
    );
    expect(await breachesOf(8)).toEqual([]);
  });
});

describe('an order that a person owns', () => {
  it('may rest where it is', async () => {
    undo.push(() =>
      sqlOf('orders').unsafe(`update orders set status = 'SHIPPED' where order_id = '${ORDER}'`),
    );
    undo.push(() => sqlOf('fulfillment').unsafe('delete from orders'));
    await sqlOf('orders').unsafe(`update orders set status = 'CONFIRMED' where order_id = '${ORDER}'`);
    await sqlOf('fulfillment').unsafe(
      `insert into orders (order_id, partner_id, partition, number, currency_code, lines, state, plan_attempts, hold_reason, hold_owner, version)
       values ('${ORDER}', '17850', 3, 'SO-1', 'GBP', '[]', 'ON_HOLD', 3, 'no warehouse', 'fulfillment desk', 1)`,
    );
    expect(await breachesOf(4)).toEqual([]);
  });

  it('may be on hold', async () => {
    undo.push(() =>
      sqlOf('orders').unsafe(
        `update orders set status = 'SHIPPED', held_from = null, hold_reason = null, hold_owner = null where order_id = '${ORDER}'`,
      ),
    );
    await sqlOf('orders').unsafe(
      `update orders set status = 'ON_HOLD', held_from = 'PLACED', hold_reason = 'no answer', hold_owner = 'order operations'
       where order_id = '${ORDER}'`,
    );
    expect(await breachesOf(4)).toEqual([]);
  });
});

describe('a renewal that a person owns', () => {
  const CARD = idOf('card');
  const held = { operation: 'authorise', instance: '1000001', reason: 'card_expired', owner: 'finance' };

  it('excuses what its order did not take, which is a breach without it', async () => {
    const payments = sqlOf('payments');
    undo.push(() =>
      payments.unsafe(`
        insert into events select * from put_aside; drop table put_aside;
        update payments set in_depth = null where order_id = '${CARD}'`),
    );
    const captured = `type = 'PaymentCaptured' and stream_id = '${CARD}'`;
    await payments.unsafe(`
      create table put_aside as select * from events where ${captured};
      delete from events where ${captured}`);
    const seen = evidence({
      providerEntries: async function* () {
        yield* sampleProviderJournal().filter(({ kind }) => kind !== 'captured');
      },
    });
    const missing = async () =>
      (await breachesOf(7, seen)).filter((breach) => breach.includes('0 × payments PaymentCaptured'));
    const untaken = async () =>
      (await breachesOf(12, seen)).filter((breach) => breach.includes('payments says 0 was taken'));
    expect([await missing(), await untaken()]).toEqual([[expect.any(String)], [expect.any(String)]]);
    const inDepth = JSON.stringify({ held: [held] });
    await payments.unsafe(`update payments set in_depth = '${inDepth}' where order_id = '${CARD}'`);
    expect([await missing(), await untaken()]).toEqual([[], []]);
  });
});
