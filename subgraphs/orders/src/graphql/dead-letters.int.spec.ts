import { type Database, newId } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hearAs, type ServedOrders, serveOrders } from '../../test/served-orders.ts';
import { createPlaceOrder } from '../command-handlers/place-order.ts';
import { createUpsertPartners } from '../command-handlers/upsert-partners.ts';

const actor = { subject: 'tester', traceparent: null };
const partnerId = 'p1';

let orders: ServedOrders;
let orderId: string;
const unknown = [newId(), newId()];

function arrived(
  source: 'inventory' | 'payments',
  position: number,
  type: string,
  data: object,
  schemaVersion = 1,
): ArrivedEvent {
  return {
    ...{ source, partition: 0, position },
    event: {
      ...{ id: newId(), category: 'x', stream: 's', version: 1, type, schemaVersion, metadata: {} },
      ...{ data: { ...data }, at: '2026-03-01T09:30:00.000Z' },
    },
  };
}

async function placeOne({ sql }: Database): Promise<string> {
  const options = { sql, seal: async () => 'sealed', poke: () => undefined };
  const partner = { id: partnerId, name: 'Shop', currencyCode: 'GBP', shipTo: { country: 'GB' } };
  const row = { ...partner, paymentMethods: ['TERMS'] as const };
  await createUpsertPartners(options)('seed', 'REJECT_ALL', [row], actor);
  await sql`INSERT INTO products VALUES ('a', 'Apple', 250, 'GBP')`;
  const wishes = {
    poNumber: null,
    shipTo: null,
    requestedShipDate: null,
    paymentMethod: null,
    cardToken: null,
  };
  const more = { holdId: null, expectedTotal: null, note: null, waitMs: 0 };
  const lines = [{ sku: 'a', quantity: 2 }];
  const request = { ...wishes, ...more, partnerId, lines, shortagePolicy: 'REJECT' as const };
  const outcome = await createPlaceOrder(options)('one', request, actor);
  if (!('accepted' in outcome)) throw new Error(JSON.stringify(outcome.refusals));
  return outcome.accepted.orderId;
}

/** An event of a version that nobody here reads, one that waits behind it, and two of orders that are not here. */
async function fill(database: Database): Promise<void> {
  orderId = await placeOne(database);
  const reserved = { orderId, partnerId, reservedValueMinor: 500, currencyCode: 'GBP' };
  const authorised = { partnerId, amountMinor: 500, currencyCode: 'GBP', method: 'TERMS' };
  await hearAs(database, [
    arrived('inventory', 1, 'StockReserved', reserved, 2),
    arrived('payments', 1, 'PaymentAuthorised', { orderId, ...authorised }),
    ...unknown.map((id, index) =>
      arrived('payments', index + 2, 'PaymentAuthorised', { orderId: id, ...authorised }),
    ),
  ]);
}

beforeAll(async () => {
  orders = await serveOrders(fill);
});

afterAll(() => orders.close());

const FIELDS = 'letters { letter { id status } outcome error } remaining replayed userErrors { code }';
const REPLAY = `mutation ($input: ReplayDeadLettersInput!) { ordersAnswer: replayOrdersDeadLetters(input: $input) { ${FIELDS} } }`;
const DISCARD = `mutation ($input: DiscardDeadLettersInput!) { ordersAnswer: discardOrdersDeadLetters(input: $input) { ${FIELDS} } }`;
const GROUPS = `{ operations { ordersDeadLetterGroups { fingerprint type count sample { id error attempts } } } }`;
const BY_KEY = `query ($key: String) { operations { ordersDeadLetters(key: $key, status: null) {
  nodes { id status actions { action } } } } }`;

type Group = Readonly<{
  fingerprint: string;
  type: string;
  count: number;
  sample: { id: string; error: string };
}>;
type Done = Readonly<{ letters: { letter: { id: string }; outcome: string; error: string | null }[] }>;

async function request(document: string, input: object): Promise<Done> {
  const { data } = await orders.ask('operator', document, { input: { idempotencyKey: newId(), ...input } });
  return data?.ordersAnswer as Done;
}

async function groups(): Promise<Group[]> {
  const { data } = await orders.ask('operator', GROUPS);
  return (data as { operations: { ordersDeadLetterGroups: Group[] } }).operations.ordersDeadLetterGroups;
}

const outcomes = ({ letters }: Done) => letters.map(({ outcome }) => outcome);

describe('dead letters of orders', () => {
  it('are grouped by what they failed for', async () => {
    expect(await groups()).toEqual([
      {
        ...{ fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), type: 'PaymentAuthorised', count: 2 },
        sample: { id: 'payments:0:2', error: expect.stringContaining('which is not here'), attempts: 3 },
      },
      {
        ...{ fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), type: 'StockReserved', count: 1 },
        sample: { id: 'inventory:0:1', error: expect.stringContaining('schema version 2'), attempts: 3 },
      },
      {
        ...{ fingerprint: 'waits-behind', type: 'PaymentAuthorised', count: 1 },
        sample: { id: 'payments:0:1', error: expect.stringContaining('Waits behind'), attempts: 0 },
      },
    ]);
  });

  it('are tried again group by group', async () => {
    const [group] = await groups();
    const input = { fingerprint: group?.fingerprint };
    expect(outcomes(await request(REPLAY, { ...input, dryRun: true }))).toEqual(['WOULD_FAIL', 'WOULD_FAIL']);
    const done = await request(REPLAY, input);
    expect(outcomes(done)).toEqual(['FAILED', 'FAILED']);
    expect(done.letters[0]?.error).toContain(unknown[0]);
  });

  it('let an order go on when the one nobody can read is given up, and the one behind it is applied', async () => {
    const ids = ['payments:0:1'];
    expect(outcomes(await request(REPLAY, { ids }))).toEqual(['FAILED', 'NOT_REACHED']);
    expect(outcomes(await request(DISCARD, { ids: ['inventory:0:1'], reason: 'sent by mistake' }))).toEqual([
      'DISCARDED',
    ]);
    expect(outcomes(await request(REPLAY, { ids }))).toEqual(['REPLAYED']);
    const [row] = await orders.database.sql`SELECT stock, payment FROM orders WHERE order_id = ${orderId}`;
    expect(row).toEqual({ stock: 'OPEN', payment: 'AUTHORISED' });
    const { data } = await orders.ask('operator', BY_KEY, { key: orderId });
    const actions = (...names: string[]) => names.map((action) => ({ action }));
    expect(data?.operations).toEqual({
      ordersDeadLetters: {
        nodes: [
          {
            ...{ id: 'inventory:0:1', status: 'DISCARDED' },
            actions: actions('PARKED', 'REPLAY_REQUESTED', 'REPLAY_FAILED', 'DISCARD_REQUESTED', 'DISCARDED'),
          },
          {
            ...{ id: 'payments:0:1', status: 'REPLAYED' },
            actions: actions('PARKED', 'REPLAY_REQUESTED', 'REPLAY_STOPPED', 'REPLAY_REQUESTED', 'REPLAYED'),
          },
        ],
      },
    });
  });

  it('are shown to operators alone', async () => {
    const { data, errors } = await orders.ask('erp', GROUPS);
    expect([data, errors?.map(({ extensions }) => extensions?.code)]).toEqual([null, ['FORBIDDEN']]);
  });
});
