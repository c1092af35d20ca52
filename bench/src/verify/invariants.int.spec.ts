import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import type { Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SUBGRAPHS, type Subgraph } from '../platform/run-file.ts';
import type { Evidence } from './evidence.ts';
import { INVARIANTS } from './invariants.ts';
import { logSource } from './log-source.ts';
import {
  connectTo,
  idOf,
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

/** A breach is made by one statement and taken back by another. */
type Seed = readonly [
  invariant: number,
  what: string,
  subgraph: Subgraph,
  make: string,
  unmake: string,
  breach: string,
];

const ORDER = idOf('terms');
const SEEDS: readonly Seed[] = [
  [
    1,
    'an order that is gone from its table',
    'orders',
    `update orders set order_id = '${idOf('elsewhere')}' where order_id = '${ORDER}'`,
    `update orders set order_id = '${ORDER}' where order_id = '${idOf('elsewhere')}'`,
    'is not in the table',
  ],
  [
    1,
    'an order whose lines changed in the log',
    'orders',
    `update events set data = jsonb_set(data, '{lines,0,quantity}', '5') where type = 'OrderPlaced' and stream_id = '${ORDER}'`,
    `update events set data = jsonb_set(data, '{lines,0,quantity}', '4') where type = 'OrderPlaced' and stream_id = '${ORDER}'`,
    'other lines',
  ],
  [
    3,
    'a PO number on two live orders',
    'orders',
    `update orders set po_number = 'po-terms' where order_id = '${idOf('card')}'`,
    `update orders set po_number = 'po-card' where order_id = '${idOf('card')}'`,
    'PO number po-terms',
  ],
  [
    3,
    'a key that stands for another order',
    'orders',
    `update idempotency_keys set result = '${idOf('elsewhere')}' where key = 'key-terms'`,
    `update idempotency_keys set result = '${ORDER}' where key = 'key-terms'`,
    'stored with order',
  ],
  [
    4,
    'an order that hangs',
    'orders',
    `update orders set status = 'CONFIRMED' where order_id = '${ORDER}'`,
    `update orders set status = 'SHIPPED' where order_id = '${ORDER}'`,
    'SO-1: CONFIRMED without an owner',
  ],
  [
    5,
    'a step that is not legal',
    'orders',
    `update events set type = 'OrderRejected' where stream_id = '${ORDER}' and version = 3`,
    `update events set type = 'OrderReleased' where stream_id = '${ORDER}' and version = 3`,
    'OrderRejected follows OrderConfirmed',
  ],
  [
    5,
    'a version that is missing',
    'fulfillment',
    `update events set version = 7 where type = 'ShipmentConfirmed' and data ->> 'orderId' = '${ORDER}'`,
    `update events set version = 2 where type = 'ShipmentConfirmed' and data ->> 'orderId' = '${ORDER}'`,
    'version 7 stands where 2',
  ],
  [
    6,
    'a hole in a log',
    'payments',
    'update events set position = position + 100 where position = 2',
    'update events set position = position - 100 where position = 102',
    'payments partition 3: position 3 stands where 2',
  ],
  [
    7,
    'a consumer that stopped',
    'inventory',
    `update offsets set position = position - 1 where source = 'orders' and partition = 3`,
    `update offsets set position = position + 1 where source = 'orders' and partition = 3`,
    'inventory: stands at',
  ],
  [
    7,
    'a relay that stopped',
    'orders',
    'update intents set position = position - 1 where partition = 3',
    'update intents set position = position + 1 where partition = 3',
    'orders relay: stands at',
  ],
  [
    7,
    'an effect that never came',
    'payments',
    `update events set type = 'CreditLimitSet' where type = 'PaymentCaptured' and stream_id = '${ORDER}'`,
    `update events set type = 'PaymentCaptured' where type = 'CreditLimitSet' and stream_id = '${ORDER}'`,
    '0 × payments PaymentCaptured',
  ],
  [
    9,
    'goods without a movement',
    'inventory',
    'update stock set on_hand = on_hand + 1',
    'update stock set on_hand = on_hand - 1',
    'A in W1: 3 on hand, 2 by its movements',
  ],
  [
    9,
    'a reservation that claims what nobody counts',
    'inventory',
    `update reservations set status = 'ALLOCATED', shipments = '[]' where order_id = '${ORDER}'`,
    `update reservations set status = 'SHIPPED',
       shipments = (select shipments from reservations where order_id = '${idOf('card')}') where order_id = '${ORDER}'`,
    '4 by its open reservations',
  ],
  [
    10,
    'a claim that never fitted',
    'inventory',
    `insert into movements (sku, kind, quantity, cause) values ('A', 'reserve', 11, '${ORDER}')`,
    'delete from movements where quantity = 11',
    '11 reserved of 2',
  ],
  [
    11,
    'stock that a shipped order still holds',
    'inventory',
    `update reservations set lines = '[["A", 9]]' where order_id = '${ORDER}'`,
    `update reservations set lines = '[["A", 4]]' where order_id = '${ORDER}'`,
    'yet 5 units are held',
  ],
  [
    11,
    'credit that no order accounts for',
    'payments',
    'update credit_accounts set exposure_minor = exposure_minor + 1',
    'update credit_accounts set exposure_minor = exposure_minor - 1',
    'exposed by 1001, its orders claim 1000',
  ],
  [
    11,
    'money still promised to a rejected order',
    'payments',
    `update payments set stage = 'AUTHORISED', authorised_minor = 7 where order_id = '${idOf('short')}'`,
    `update payments set stage = 'OPEN', authorised_minor = 0 where order_id = '${idOf('short')}'`,
    'REJECTED, yet 7 of money',
  ],
  [
    12,
    'a capture above what was shipped',
    'fulfillment',
    `update events set data = jsonb_set(data, '{valueMinor}', '999') where type = 'ShipmentConfirmed' and data ->> 'orderId' = '${ORDER}'`,
    `update events set data = jsonb_set(data, '{valueMinor}', '1000') where type = 'ShipmentConfirmed' and data ->> 'orderId' = '${ORDER}'`,
    'payments says 1000 was taken, and 999 was shipped',
  ],
];

describe('a run with a breach', () => {
  it.each(SEEDS)('of %i: %s', async (number, _what, subgraph, make, unmake, breach) => {
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
