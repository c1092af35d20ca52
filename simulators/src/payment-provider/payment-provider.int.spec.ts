import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type ChildServer, call, readJournal, startChild } from '../testing/child-server.ts';

let folder: string;
let journalFile: string;
let server: ChildServer;
let keys = 0;

const start = () => startChild('payment-provider', { JOURNAL_FILE: journalFile });
const nextKey = () => `key-${++keys}`;
const post = (path: string, body?: unknown, key = nextKey()) =>
  call('POST', `${server.url}${path}`, body, { 'idempotency-key': key });
const setMode = (mode: object) => call('PUT', `${server.url}/control/mode`, mode);
const referenceOf = (orderId: string, purpose: string, instance: string) => ({
  orderId,
  purpose,
  epoch: 1,
  instance,
});

async function create(orderId: string, cardToken = 'tok_visa', amountMinor = 1_000): Promise<string> {
  const reference = referenceOf(orderId, 'authorisation', orderId);
  const { status, body } = await post('/v1/authorizations', {
    amountMinor,
    currencyCode: 'GBP',
    cardToken,
    reference,
  });
  expect(status).toBe(201);
  return String(body.id);
}

async function authorise(orderId: string): Promise<string> {
  const id = await create(orderId);
  expect((await post(`/v1/authorizations/${id}/confirm`)).body.status).toBe('authorised');
  return id;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-provider-'));
  journalFile = join(folder, 'payments.ndjson');
  server = await start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

describe('the life of a payment', () => {
  it('creates, confirms, captures in parts, refunds and is found by its order', async () => {
    const id = await authorise('order-life');
    const capture = { amountMinor: 400, reference: referenceOf('order-life', 'capture', 'shipment-1') };
    const first = await post(`/v1/authorizations/${id}/captures`, capture);
    expect(first.body).toMatchObject({ authorizationId: id, status: 'captured', amountMinor: 400 });
    expect(await post(`/v1/authorizations/${id}/captures`, { ...capture, amountMinor: 601 })).toMatchObject({
      status: 422,
      body: { code: 'amount_exceeds_authorised' },
    });
    const refund = { amountMinor: 150, reference: referenceOf('order-life', 'refund', 'return-1') };
    expect((await post(`/v1/captures/${first.body.id}/refunds`, refund)).status).toBe(201);
    const { body } = await call('GET', `${server.url}/v1/authorizations?orderId=order-life`);
    expect(body.authorizations).toMatchObject([
      {
        id,
        status: 'authorised',
        capturedMinor: 400,
        refundedMinor: 150,
        captures: [{ reference: capture.reference }],
      },
    ]);
    expect((await post(`/v1/authorizations/${id}/void`)).body).toMatchObject({ status: 'captured' });
  });

  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient', 'insufficient_funds'],
  ])('declines %s', async (token, declineCode) => {
    const id = await create(`order-${declineCode}`, token);
    const { status, body } = await post(`/v1/authorizations/${id}/confirm`);
    expect([status, body.status, body.declineCode]).toEqual([200, 'declined', declineCode]);
  });

  it('takes three seconds for the late card, and tells a twin so', async () => {
    const id = await create('order-late', 'tok_3000ms');
    const from = performance.now();
    const slow = post(`/v1/authorizations/${id}/confirm`, undefined, 'late-key');
    await expect
      .poll(async () => (await post(`/v1/authorizations/${id}/confirm`, {}, 'late-key')).status)
      .toBe(409);
    expect((await slow).body.status).toBe('authorised');
    expect(performance.now() - from).toBeGreaterThan(2_900);
  });
});

describe('idempotency', () => {
  it('answers a key as the first time, also after more has happened, and refuses it for another request', async () => {
    const id = await create('order-key');
    const first = await post(`/v1/authorizations/${id}/confirm`, undefined, 'confirm-key');
    const capture = { amountMinor: 10, reference: referenceOf('order-key', 'capture', 's') };
    await post(`/v1/authorizations/${id}/captures`, capture, 'capture-key');
    const again = await post(`/v1/authorizations/${id}/confirm`, undefined, 'confirm-key');
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    const other = await post(
      `/v1/authorizations/${id}/captures`,
      { ...capture, amountMinor: 11 },
      'capture-key',
    );
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_error']);
  });

  it('captures once for many twins at once', async () => {
    const id = await authorise('order-twins');
    const capture = { amountMinor: 100, reference: referenceOf('order-twins', 'capture', 's') };
    const twins = await Promise.all(
      Array.from({ length: 20 }, () => post(`/v1/authorizations/${id}/captures`, capture, 'twin-key')),
    );
    expect(new Set(twins.map(({ body }) => body.id)).size).toBe(1);
    const journal = await readJournal(server.url);
    expect(journal.filter(({ idempotencyKey }) => idempotencyKey === 'twin-key')).toHaveLength(1);
  });
});

describe('what it refuses', () => {
  const good = {
    amountMinor: 1,
    currencyCode: 'GBP',
    cardToken: 'tok_visa',
    reference: { orderId: 'o', purpose: 'authorisation' },
  };
  it.each([
    ['fractions', { ...good, amountMinor: 1.5 }, 'invalid_request'],
    ['zero', { ...good, amountMinor: 0 }, 'invalid_request'],
    ['a confirmed creation', { ...good, confirm: true }, 'invalid_request'],
    ['no order', { ...good, reference: {} }, 'invalid_request'],
    ['a card number', { ...good, cardToken: '4111111111111111' }, 'invalid_card_token'],
    ['broken JSON', '{"amountMinor":', 'invalid_request'],
    ['no body', undefined, 'invalid_request'],
  ])('%s', async (_case, body, code) => {
    const answer = await post('/v1/authorizations', body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(answer.body)).not.toContain('4111');
  });

  it('a missing idempotency key, a wrong bearer key, unknown ids', async () => {
    const url = `${server.url}/v1/authorizations`;
    expect((await call('POST', url, good)).body.code).toBe('idempotency_key_required');
    expect((await call('POST', url, good, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post('/v1/authorizations/nobody/confirm')).status).toBe(404);
    expect(
      (await post('/v1/captures/nobody/refunds', { amountMinor: 1, reference: good.reference })).status,
    ).toBe(404);
    expect((await call('GET', `${server.url}/v1/nothing`)).body.code).toBe('not_found');
  });
});

describe('faults', () => {
  afterEach(() => setMode({ mode: 'none' }));

  it('charge-then-timeout charges and never answers; the key then tells what happened', async () => {
    const id = await create('order-timeout');
    await setMode({ mode: 'charge-then-timeout' });
    const headers = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'timeout-key' };
    const lost = fetch(`${server.url}/v1/authorizations/${id}/confirm`, {
      method: 'POST',
      headers,
      signal: AbortSignal.timeout(300),
    });
    await expect(lost).rejects.toThrow();
    await setMode({ mode: 'none' });
    const again = await post(`/v1/authorizations/${id}/confirm`, undefined, 'timeout-key');
    expect([again.body.status, again.headers.get('idempotent-replayed')]).toEqual(['authorised', 'true']);
  });

  it.each([
    ['error-500', 500],
    ['error-429', 429],
  ])('%s does nothing', async (mode, status) => {
    const id = await create(`order-${mode}`);
    await setMode({ mode });
    expect((await post(`/v1/authorizations/${id}/confirm`)).status).toBe(status);
    await setMode({ mode: 'none' });
    const { body } = await call('GET', `${server.url}/v1/authorizations/${id}`);
    expect(body.status).toBe('requires_confirmation');
  });

  it('reset cuts the connection, slow answers late, forget-keys takes a capture for another', async () => {
    await setMode({ mode: 'reset' });
    await expect(call('GET', `${server.url}/v1/authorizations/x`)).rejects.toThrow();
    await setMode({ mode: 'slow', slowMinMs: 200, slowMaxMs: 300 });
    const from = performance.now();
    const id = await create('order-slow');
    expect(performance.now() - from).toBeGreaterThan(190);
    await setMode({ mode: 'none' });
    await post(`/v1/authorizations/${id}/confirm`);
    await setMode({ mode: 'forget-keys' });
    const capture = { amountMinor: 10, reference: referenceOf('order-slow', 'capture', 's') };
    const twice = [1, 2].map(() => post(`/v1/authorizations/${id}/captures`, capture, 'forgotten-key'));
    expect(new Set((await Promise.all(twice)).map(({ body }) => body.id)).size).toBe(2);
    expect((await setMode({ mode: 'nonsense' })).status).toBe(400);
  });

  it('forget-keys knows no key: what the state allows is done again, and only that', async () => {
    await setMode({ mode: 'forget-keys' });
    const reference = referenceOf('order-forgotten', 'authorisation', 'o');
    const creation = { amountMinor: 100, currencyCode: 'GBP', cardToken: 'tok_visa', reference };
    const created = [1, 2].map(() => post('/v1/authorizations', creation, 'forgotten-creation'));
    const ids = (await Promise.all(created)).map(({ body }) => String(body.id));
    const confirm = (id: string | undefined) =>
      post(`/v1/authorizations/${id}/confirm`, {}, 'forgotten-confirm');
    for (const id of ids) expect((await confirm(id)).body.status).toBe('authorised');
    expect((await confirm(ids[0])).body.code).toBe('unexpected_state');
    const capture = { amountMinor: 40, reference: referenceOf('order-forgotten', 'capture', 's') };
    const statuses: number[] = [];
    for (const _try of [1, 2, 3])
      statuses.push(
        (await post(`/v1/authorizations/${ids[0]}/captures`, capture, 'forgotten-capture')).status,
      );
    expect(statuses).toEqual([201, 201, 422]);
    const { body } = await call('GET', `${server.url}/v1/authorizations?orderId=order-forgotten`);
    expect(body.authorizations).toMatchObject([
      { status: 'authorised', capturedMinor: 80 },
      { status: 'authorised', capturedMinor: 0 },
    ]);
  });

  it('forget-keys knows of no twin that is running', async () => {
    const id = await create('order-late-twins', 'tok_3000ms');
    await setMode({ mode: 'forget-keys' });
    const twins = await Promise.all(
      [1, 2].map(() => post(`/v1/authorizations/${id}/confirm`, {}, 'late-twin')),
    );
    expect(twins.map(({ body }) => body.code ?? body.status).sort()).toEqual([
      'authorised',
      'unexpected_state',
    ]);
  });

  it('keeps a fault to the operations that it is for', async () => {
    const id = await create('order-operations');
    await setMode({ mode: 'error-500', operations: ['capture', 'report'] });
    expect((await post(`/v1/authorizations/${id}/confirm`)).body.status).toBe('authorised');
    const capture = { amountMinor: 10, reference: referenceOf('order-operations', 'capture', 's') };
    expect((await post(`/v1/authorizations/${id}/captures`, capture)).status).toBe(500);
    expect((await call('GET', `${server.url}/v1/report`)).status).toBe(500);
    expect((await call('GET', `${server.url}/v1/authorizations/${id}`)).body.capturedMinor).toBe(0);
    expect((await setMode({ mode: 'error-500', operations: ['steal'] })).status).toBe(400);
  });
});

describe('kill -9', () => {
  beforeEach(async () => {
    await server.crash();
    server = await start();
  });

  it('loses nothing that was answered, and still knows the keys', async () => {
    const capture = { amountMinor: 10, reference: referenceOf('order-crash', 'capture', 's') };
    const id = await authorise('order-crash');
    const answered = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(`/v1/authorizations/${id}/captures`, capture, `crash-${n}`)),
    );
    const before = await readJournal(server.url);
    await server.crash();
    server = await start();
    expect(await readJournal(server.url)).toEqual(before);
    const replayed = await post(`/v1/authorizations/${id}/captures`, capture, 'crash-7');
    expect(replayed.body).toEqual(answered[7]?.body);
    const { body } = await call('GET', `${server.url}/v1/authorizations/${id}`);
    expect(body.capturedMinor).toBe(500);
  });

  it('knows how a card behaves without having kept its token', async () => {
    const id = await create('order-token', 'tok_insufficient');
    await server.crash();
    server = await start();
    expect((await post(`/v1/authorizations/${id}/confirm`)).body.declineCode).toBe('insufficient_funds');
    expect(await readFile(journalFile, 'utf8')).not.toContain('tok_');
    expect(server.output()).not.toContain('tok_');
  });
});

it('is alive, ready, counted, and says in one sentence what it lacks', async () => {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/journal_lines_total \d+/);
  await expect(startChild('payment-provider', {})).rejects.toThrow(
    /exit 78: Set these environment.*JOURNAL_FILE.*\.\n$/,
  );
});
