import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import {
  databaseFromTemplate,
  type OwnServer,
  ownNats,
  redisUrl,
  type TestDatabase,
} from '@crossdock/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newOrder, orderPlaced, startHearing, stockReserved } from '../../test/hearing.ts';
import { type PaymentsProcess, startPayments } from '../../test/payments-process.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const OPERATOR = { role: 'operator' };
const SEALED = 'a sealed token that nobody may see';

let nats: OwnServer;
let clone: TestDatabase;
let database: Database;
let payments: PaymentsProcess;
const order = newOrder(newId());
const given = newOrder(newId());
const keyOf = ({ orderId }: typeof order) => `order ${orderId}`;

const LETTER = `id source partition position key type schemaVersion error fingerprint attempts codeVersion trace status pending
  event actions { action actor reason error }`;
const LIST = `query ($key: String, $status: DeadLetterStatus, $after: String, $first: Int = 20) {
  operations { paymentsDeadLetters(key: $key, status: $status, after: $after, first: $first) {
    nodes { ${LETTER} } pageInfo { hasNextPage endCursor } } } }`;
const GROUPS = '{ operations { paymentsDeadLetterGroups { fingerprint type count sample { id } } } }';
const RESULT = `letters { letter { id status attempts } outcome error } remaining replayed userErrors { code field }`;
const REPLAY = `mutation ($input: ReplayDeadLettersInput!) { paymentsAnswer: replayPaymentsDeadLetters(input: $input) { ${RESULT} } }`;
const DISCARD = `mutation ($input: DiscardDeadLettersInput!) { paymentsAnswer: discardPaymentsDeadLetters(input: $input) { ${RESULT} } }`;

type Letter = Readonly<Record<string, unknown>> &
  Readonly<{ id: string; event: string; fingerprint: string }>;
type Result = Readonly<{ letter: { id: string; attempts: number }; outcome: string; error: string | null }>;
type Answer = Readonly<{
  letters: Result[];
  remaining: number;
  replayed: boolean;
  userErrors: { code: string; field: string[] }[];
}>;

async function page(variables: object): Promise<{ nodes: Letter[]; pageInfo: { endCursor: string } }> {
  const { data } = await payments.ask(OPERATOR, LIST, { status: 'PARKED', ...variables });
  return (data as { operations: { paymentsDeadLetters: never } }).operations.paymentsDeadLetters;
}

const letters = async (key: string, status: string | null = 'PARKED') => (await page({ key, status })).nodes;

async function request(document: string, input: object): Promise<Answer> {
  const { data } = await payments.ask(OPERATOR, document, { input: { idempotencyKey: newId(), ...input } });
  return data?.paymentsAnswer as Answer;
}

const outcomes = ({ letters: results }: Answer) => results.map(({ outcome }) => outcome);

beforeAll(async () => {
  // Its own: what a worker of another test publishes would be heard here.
  nats = await ownNats();
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  // A rule that payments by card break: what a bug of the code would be.
  await database.sql`ALTER TABLE payments ADD CONSTRAINT broken CHECK (method IS DISTINCT FROM 'CARD')`;
  const ignore = () => undefined;
  const hearing = await startHearing(database.sql, ignore, ignore);
  for (const each of [order, given])
    await hearing.hear(orderPlaced(each, 2_500, SEALED), stockReserved(each, 2_500));
  await hearing.leave();
  payments = await startPayments({
    ...{ databaseUrl: clone.url, natsUrl: nats.url, redisUrl: redisUrl() },
    cardTokenPrivateJwk: await exportJWK(
      (await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true })).privateKey,
    ),
    provider: { url: 'http://127.0.0.1:9', key: 'unused' },
  });
});

afterAll(async () => {
  expect(await payments.stop()).toBe(0);
  await database.close();
  await clone.drop();
  await nats.stop();
});

describe('dead letters of payments', () => {
  it('are shown to operators with what happened, without the card', async () => {
    const [placed, reserved] = await letters(keyOf(order));
    expect(placed).toMatchObject({
      ...{ source: 'orders', key: keyOf(order), type: 'OrderPlaced', schemaVersion: 1, attempts: 3 },
      ...{ codeVersion: 'test', status: 'PARKED', pending: false },
      error: expect.stringContaining('violates check constraint "broken"'),
      actions: [{ action: 'PARKED', actor: 'worker', reason: null }],
    });
    expect(placed?.id).toBe(`orders:${placed?.partition}:${placed?.position}`);
    expect(reserved).toMatchObject({ source: 'inventory', fingerprint: 'waits-behind', attempts: 0 });
    expect(JSON.parse(placed?.event ?? '').data).toMatchObject({ orderId: order.orderId, totalMinor: 2_500 });
    expect(JSON.stringify(await page({}))).not.toContain(SEALED);
    expect(placed?.event).not.toContain('sealedCardToken');
  });

  it('come in pages and in groups', async () => {
    const first = await page({ first: 3 });
    const rest = await page({ first: 3, after: first.pageInfo.endCursor });
    expect([first.nodes.length, rest.nodes.length]).toEqual([3, 1]);
    expect((await page({ first: null })).nodes).toHaveLength(4);
    const [placed, reserved] = first.nodes;
    const { data } = await payments.ask(OPERATOR, GROUPS, {});
    expect(data?.operations).toEqual({
      paymentsDeadLetterGroups: [
        { fingerprint: placed?.fingerprint, type: 'OrderPlaced', count: 2, sample: { id: placed?.id } },
        { fingerprint: 'waits-behind', type: 'StockReserved', count: 2, sample: { id: reserved?.id } },
      ],
    });
  });

  it.each(['buyer', 'approver', 'rep', 'erp', 'wms'])('are no business of the role %s', async (role) => {
    const claims = { role, partner: order.partnerId };
    const input = { idempotencyKey: newId(), key: keyOf(order), reason: 'curious' };
    for (const [document, variables] of [
      [LIST, {}],
      [GROUPS, {}],
      [REPLAY, { input }],
      [DISCARD, { input }],
    ] as const) {
      const { errors } = await payments.ask(claims, document, variables);
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    }
  });

  it.each([
    ['nothing', {}, 'INVALID_INPUT', ['ids']],
    ['two choices', { key: 'k', fingerprint: 'f' }, 'INVALID_INPUT', ['ids']],
    ['no ids', { ids: [] }, 'INVALID_INPUT', ['ids']],
    ['101 ids', { ids: Array.from({ length: 101 }, () => 'orders:0:1') }, 'INVALID_INPUT', ['ids']],
    ['an id of nothing', { ids: ['orders:0:999'] }, 'UNKNOWN_DEAD_LETTER', ['ids', '0']],
    ['a second name', { ids: ['orders:0:1', 'orders:00:1'] }, 'UNKNOWN_DEAD_LETTER', ['ids', '1']],
    ['a key of nothing', { key: 'no such key' }, 'UNKNOWN_DEAD_LETTER', ['key']],
    ['a group of nothing', { fingerprint: 'nothing' }, 'UNKNOWN_DEAD_LETTER', ['fingerprint']],
    ['a key of nothing, dry', { key: 'no such key', dryRun: true }, 'UNKNOWN_DEAD_LETTER', ['key']],
    ['a key of NUL', { key: '\u0000' }, 'INVALID_INPUT', ['key']],
    ['a blank reason', { key: 'k', reason: ' ' }, 'INVALID_INPUT', ['reason']],
    ['an empty idempotency key', { key: 'k', idempotencyKey: '' }, 'INVALID_INPUT', ['idempotencyKey']],
  ])('are not touched by a request with %s', async (_name, input, code, field) => {
    for (const document of [REPLAY, DISCARD]) {
      const answer = await request(document, { reason: 'a reason', ...input });
      expect(answer).toMatchObject({ letters: [], userErrors: [{ code, field }] });
    }
    expect(await letters(keyOf(order))).toHaveLength(2);
  });

  it('leave an idempotency key to the request that was meant', async () => {
    const idempotencyKey = newId();
    const mistyped = await request(REPLAY, { idempotencyKey, key: `${keyOf(order)} ` });
    expect(mistyped.userErrors).toEqual([{ code: 'UNKNOWN_DEAD_LETTER', field: ['key'] }]);
    const meant = await request(REPLAY, { idempotencyKey, key: keyOf(order), reason: 'hope' });
    expect(meant).toMatchObject({ replayed: false, userErrors: [] });
    expect(outcomes(meant)).toEqual(['FAILED', 'NOT_REACHED']);
  });

  it('fail again while the bug is there, and tell so beforehand', async () => {
    const before = await letters(keyOf(order));
    const dry = await request(REPLAY, { key: keyOf(order), dryRun: true });
    expect(outcomes(dry)).toEqual(['WOULD_FAIL', 'WOULD_NOT_BE_REACHED']);
    expect(dry.letters[0]?.error).toContain('"broken"');
    expect(await letters(keyOf(order))).toEqual(before);
    const answer = await request(REPLAY, { key: keyOf(order), reason: 'hope' });
    expect(outcomes(answer)).toEqual(['FAILED', 'NOT_REACHED']);
    expect(answer.letters.map(({ letter }) => letter.attempts)).toEqual([5, 0]);
  });

  it('are given up with a reason, once', async () => {
    const input = { idempotencyKey: newId(), key: keyOf(given), reason: 'the order was taken by hand' };
    expect(outcomes(await request(DISCARD, { ...input, dryRun: true }))).toEqual([
      'WOULD_SUCCEED',
      'WOULD_SUCCEED',
    ]);
    expect(await letters(keyOf(given))).toHaveLength(2);
    const answer = await request(DISCARD, input);
    expect([outcomes(answer), answer.replayed]).toEqual([['DISCARDED', 'DISCARDED'], false]);
    expect(await request(DISCARD, input)).toEqual({ ...answer, replayed: true });
    const [letter] = await letters(keyOf(given), null);
    expect(letter?.actions).toEqual([
      expect.objectContaining({ action: 'PARKED' }),
      { action: 'DISCARD_REQUESTED', actor: 'tester', reason: input.reason, error: null },
      { action: 'DISCARDED', actor: 'tester', reason: input.reason, error: null },
    ]);
    const replay = await request(REPLAY, { ids: [letter?.id] });
    expect(outcomes(replay)).toEqual(['DISCARDED']);
  });

  it('are applied once the bug is mended, in order and once, and the order goes on', async () => {
    await database.sql`ALTER TABLE payments DROP CONSTRAINT broken`;
    const [, reserved] = await letters(keyOf(order));
    const input = { idempotencyKey: newId(), ids: [reserved?.id], reason: 'mended' };
    expect(outcomes(await request(REPLAY, { ...input, dryRun: true }))).toEqual([
      'WOULD_SUCCEED',
      'WOULD_SUCCEED',
    ]);
    const answer = await request(REPLAY, input);
    expect([outcomes(answer), answer.replayed]).toEqual([['REPLAYED', 'REPLAYED'], false]);
    expect(await request(REPLAY, input)).toEqual({ ...answer, replayed: true });
    const other = await request(REPLAY, { ...input, reason: 'another' });
    expect(other.userErrors.map(({ code }) => code)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    const rows = await database.sql`SELECT method, reserved_minor::int AS reserved FROM payments
      WHERE order_id = ${order.orderId}`;
    expect([...rows]).toEqual([{ method: 'CARD', reserved: 2_500 }]);
    expect(await letters(keyOf(order))).toEqual([]);
    expect([...(await database.sql`SELECT key FROM parked_keys`)]).toEqual([]);
  });
});
