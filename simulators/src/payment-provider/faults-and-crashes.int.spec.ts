import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type ChildServer, readJournal, startChild } from '../testing/child-server.ts';
import { EVENTUALLY, paymentClient, referenceOf } from '../testing/payment-client.ts';

let folder: string;
let journalFile: string;
let server: ChildServer;

const start = () => startChild('payment-provider', { JOURNAL_FILE: journalFile });
const { post, get, setMode, create, authorise } = paymentClient(() => server);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-faults-'));
  journalFile = join(folder, 'payments.ndjson');
  server = await start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

describe('faults', () => {
  afterEach(() => setMode({ mode: 'none' }));

  it('charge-then-timeout charges and never answers; the key then tells what happened', async () => {
    const id = await create('order-timeout');
    await setMode({ mode: 'charge-then-timeout' });
    const headers = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'timeout-key' };
    const impatience = new AbortController();
    const lost = fetch(`${server.url}/v1/authorizations/${id}/confirm`, {
      method: 'POST',
      headers,
      signal: impatience.signal,
    });
    const ended = expect(lost).rejects.toThrow('impatient');
    const kinds = async () =>
      (await readJournal(server.url)).filter((line) => line.authorizationId === id).map(({ kind }) => kind);
    await expect.poll(kinds, EVENTUALLY).toEqual(['created', 'authorised']);
    impatience.abort(new Error('impatient'));
    await ended;
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
    const { body } = await get(`/v1/authorizations/${id}`);
    expect(body.status).toBe('requires_confirmation');
  });

  it('reset cuts the connection, slow answers late, forget-keys takes a capture for another', async () => {
    await setMode({ mode: 'reset' });
    await expect(get(`/v1/authorizations/x`)).rejects.toThrow();
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
    const { body } = await get(`/v1/authorizations?orderId=order-forgotten`);
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
    expect((await get(`/v1/report`)).status).toBe(500);
    expect((await get(`/v1/authorizations/${id}`)).body.capturedMinor).toBe(0);
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
    const { body } = await get(`/v1/authorizations/${id}`);
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
