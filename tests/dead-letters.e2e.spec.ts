import { randomUUID } from 'node:crypto';
import { runStatements } from '@crossdock/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, settled } from './platform/orders.ts';
import { POOR } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

type Letter = Readonly<{
  id: string;
  type: string;
  status: string;
  attempts: number;
  error: string;
  event: string;
  actions: readonly Readonly<{ action: string; actor: string; reason: string | null }>[];
}>;
type Subgraph = 'payments' | 'inventory' | 'fulfillment';
type Done = Readonly<{
  letters: readonly Readonly<{ letter: { id: string }; outcome: string; error: string | null }>[];
  replayed: boolean;
  userErrors: readonly { code: string }[];
}>;

const LETTER = 'id type status attempts error event actions { action actor reason }';
const LIST = `query ($key: String!) { operations {
  payments: paymentsDeadLetters(key: $key, status: null) { nodes { ${LETTER} } }
  inventory: inventoryDeadLetters(key: $key, status: null) { nodes { ${LETTER} } }
  fulfillment: fulfillmentDeadLetters(key: $key, status: null) { nodes { ${LETTER} } }
  ordersDeadLetters(key: $key) { nodes { id } } } }`;
const RESULT = '{ letters { letter { id } outcome error } replayed userErrors { code } }';
const mutation = (verb: 'Replay' | 'Discard', subgraph: string) =>
  `mutation ($input: ${verb}DeadLettersInput!) { done: ${verb.toLowerCase()}${subgraph}DeadLetters(input: $input) ${RESULT} }`;

type Lists = Readonly<{ operations: Readonly<Record<Subgraph, { nodes: Letter[] }>> }>;

const lettersOf = async (subgraph: Subgraph, key: string) =>
  (await world.operator.data<Lists>(LIST, { key })).operations[subgraph].nodes;

const outcomes = ({ letters }: Done) => letters.map(({ outcome }) => outcome);
const isDone = (answer: Done) => !outcomes(answer).includes('PENDING');

/** Asks, and again under the same key while it is not done: a busy machine takes longer than a request waits. */
async function request(document: string, input: object): Promise<Done> {
  const all = { idempotencyKey: randomUUID(), ...input };
  const ask = async () => (await world.operator.data<{ done: Done }>(document, { input: all })).done;
  const first = await ask();
  return isDone(first) ? first : { ...(await eventually(ask, isDone)), replayed: first.replayed };
}

const history = ({ actions }: Letter) => actions.map(({ action, actor }) => `${action} by ${actor}`);

describe('a bug that stops the orders of one partner', () => {
  const REPLAY = mutation('Replay', 'Payments');
  const inPayments = (statements: string) => runStatements(world.databaseUrls.payments, statements);

  afterAll(() => inPayments('ALTER TABLE payments DROP CONSTRAINT IF EXISTS broken'));

  it('leaves the others alone; once it is mended, an operator tries the letters again and the order ships', async () => {
    await inPayments(`ALTER TABLE payments ADD CONSTRAINT broken CHECK (partner_id <> '${POOR}') NOT VALID`);
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const stuck = await accepted(world.poor, { lines });
    const others = await accepted(world.buyer, { lines });
    expect((await settled(world.buyer, others)).status).toBe('SHIPPED');
    const key = `order ${stuck}`;
    const letters = await eventually(
      () => lettersOf('payments', key),
      (seen) => seen.length === 2,
    );
    expect(letters.map(({ type }) => type).sort()).toEqual(['OrderPlaced', 'StockReserved']);
    expect(letters[0]).toMatchObject({
      status: 'PARKED',
      attempts: 3,
      error: expect.stringContaining('broken'),
    });
    expect(JSON.parse(letters[0]?.event ?? '').data).toMatchObject({ orderId: stuck, partnerId: POOR });

    const input = { key, reason: 'The rule is mended' };
    expect(outcomes(await request(REPLAY, { ...input, dryRun: true }))).toEqual([
      'WOULD_FAIL',
      'WOULD_NOT_BE_REACHED',
    ]);
    expect(outcomes(await request(REPLAY, { key, reason: 'Too early' }))).toEqual(['FAILED', 'NOT_REACHED']);
    await inPayments('ALTER TABLE payments DROP CONSTRAINT broken');
    expect(outcomes(await request(REPLAY, { ...input, dryRun: true }))).toEqual([
      'WOULD_SUCCEED',
      'WOULD_SUCCEED',
    ]);
    const idempotencyKey = randomUUID();
    const done = await request(REPLAY, { ...input, idempotencyKey });
    expect([outcomes(done), done.replayed]).toEqual([['REPLAYED', 'REPLAYED'], false]);
    expect(await request(REPLAY, { ...input, idempotencyKey })).toEqual({ ...done, replayed: true });
    expect((await settled(world.poor, stuck)).status).toBe('SHIPPED');
    const [first] = await lettersOf('payments', key);
    expect(first === undefined ? [] : history(first)).toEqual([
      'PARKED by worker',
      'REPLAY_REQUESTED by operator',
      'REPLAY_FAILED by operator',
      'REPLAY_REQUESTED by operator',
      'REPLAYED by operator',
    ]);
  });
});

describe('an event of a version that nobody reads yet', () => {
  it('waits with every subgraph that heard it, until an operator gives it up with a reason', async () => {
    const orderId = randomUUID();
    const data = JSON.stringify({ orderId, partnerId: 'nobody', sealedCardToken: 'sealed' });
    // Not of the category of orders, so that no list of orders looks for the order.
    await runStatements(
      world.databaseUrls.orders,
      `SELECT log_append(ARRAY[3], ARRAY['journey'], ARRAY['${orderId}'], ARRAY[1], ARRAY['${randomUUID()}']::uuid[],
        ARRAY['OrderRejected'], ARRAY[99], ARRAY['${data}'], ARRAY['{}'])`,
    );
    const reason = 'Made for this journey';
    for (const [subgraph, name, key] of [
      ['payments', 'Payments', `order ${orderId}`],
      ['inventory', 'Inventory', orderId],
      ['fulfillment', 'Fulfillment', orderId],
    ] as const) {
      const [letter] = await eventually(
        () => lettersOf(subgraph, key),
        (seen) => seen.length === 1,
      );
      expect(letter).toMatchObject({
        type: 'OrderRejected',
        error: expect.stringContaining('schema version 99'),
      });
      expect(letter?.event).not.toContain('sealed');
      const ids = [letter?.id];
      const discard = mutation('Discard', name);
      expect((await request(discard, { ids, reason: '' })).userErrors).toEqual([{ code: 'INVALID_INPUT' }]);
      expect(outcomes(await request(mutation('Replay', name), { ids, dryRun: true }))).toEqual([
        'WOULD_FAIL',
      ]);
      expect(outcomes(await request(discard, { ids, reason }))).toEqual(['DISCARDED']);
      const [given] = await lettersOf(subgraph, key);
      expect(given?.actions.at(-1)).toEqual({ action: 'DISCARDED', actor: 'operator', reason });
    }
  });
});
