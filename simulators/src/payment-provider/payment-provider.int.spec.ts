import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildServer, call, readJournal, startChild } from '../testing/child-server.ts';
import { paymentClient, referenceOf } from '../testing/payment-client.ts';

let folder: string;
let server: ChildServer;
const { post, get, create, authorise } = paymentClient(() => server);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-provider-'));
  server = await startChild('payment-provider', { JOURNAL_FILE: join(folder, 'payments.ndjson') });
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
    const { body } = await get(`/v1/authorizations?orderId=order-life`);
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
    expect((await get(`/v1/nothing`)).body.code).toBe('not_found');
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
