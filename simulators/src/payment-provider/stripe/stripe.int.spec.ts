import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type ChildServer, call, readJournal, startChild } from '../../testing/child-server.ts';

let folder: string;
let journalFile: string;
let server: ChildServer;
let keys = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-stand-in-'));
  journalFile = join(folder, 'payments.ndjson');
  server = await startChild('payment-provider', { JOURNAL_FILE: journalFile });
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

type Shown = Readonly<{ status: number; replayed: boolean; body: Record<string, unknown> }>;

async function ask(
  method: string,
  path: string,
  form: Record<string, string> = {},
  key?: string,
): Promise<Shown> {
  const isPost = method === 'POST';
  const text = new URLSearchParams(form).toString();
  const response = await fetch(`${server.url}/v1${path}${isPost || text === '' ? '' : `?${text}`}`, {
    method,
    headers: {
      authorization: `Bearer ${API_KEY}`,
      ...(isPost ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: isPost ? text : null,
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, replayed: response.headers.get('idempotent-replayed') === 'true', body };
}

const post = (path: string, form?: Record<string, string>, key?: string) => ask('POST', path, form, key);
const nextKey = () => `stripe-${++keys}`;

const NEW = { amount: '1000', currency: 'gbp', capture_method: 'manual', payment_method: 'pm_card_visa' };
const MANY = { 'payment_method_options[card][request_multicapture]': 'if_available' };
const ours = (orderId: string) => ({
  ...{ 'metadata[order_id]': orderId, 'metadata[purpose]': 'order' },
  ...{ 'metadata[epoch]': '1', 'metadata[instance]': '1' },
});

async function intent(form: Record<string, string> = {}): Promise<string> {
  const { status, body } = await post('/payment_intents', { ...NEW, ...form });
  expect(status).toBe(200);
  return String(body.id);
}

async function authorised(form: Record<string, string> = {}): Promise<string> {
  const id = await intent(form);
  expect((await post(`/payment_intents/${id}/confirm`)).body.status).toBe('requires_capture');
  return id;
}

describe('the life of a payment intent', () => {
  it('is created, confirmed, captured in parts, refunded and shown', async () => {
    const id = await authorised({ ...MANY, ...ours('stripe-life'), customer: 'cus_1' });
    const first = { amount_to_capture: '400', final_capture: 'false', 'metadata[c1]': '400 s1' };
    expect((await post(`/payment_intents/${id}/capture`, first)).body).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 600,
      amount_received: 400,
    });
    await post(`/payment_intents/${id}/capture`, { amount_to_capture: '500', 'metadata[c2]': '500 s2' });
    const back = { payment_intent: id, amount: '150', 'metadata[capture]': 's2', 'metadata[instance]': 'r1' };
    expect((await post('/refunds', back)).body).toMatchObject({
      object: 'refund',
      amount: 150,
      payment_intent: id,
      status: 'succeeded',
    });
    expect((await ask('GET', `/payment_intents/${id}`, { 'expand[0]': 'latest_charge' })).body).toMatchObject(
      {
        object: 'payment_intent',
        status: 'succeeded',
        currency: 'gbp',
        customer: 'cus_1',
        amount_received: 900,
        payment_method: 'pm_card_visa',
        metadata: { order_id: 'stripe-life', c1: '400 s1', c2: '500 s2' },
        latest_charge: { object: 'charge', amount_captured: 900, amount_refunded: 150 },
      },
    );
    expect((await ask('GET', '/refunds', { payment_intent: id })).body).toMatchObject({
      object: 'list',
      has_more: false,
      data: [{ amount: 150, metadata: { capture: 's2' } }],
    });
    const lines = (await readJournal(server.url)).filter(
      ({ reference }) => (reference as { orderId: string }).orderId === 'stripe-life',
    );
    expect(lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual([
      ...['created 1000', 'authorised 1000', 'captured 400', 'captured 500', 'refunded 150'],
    ]);
  });

  it('ends with its first capture where more were not asked for', async () => {
    const id = await authorised();
    const part = { amount_to_capture: '400', final_capture: 'false' };
    expect((await post(`/payment_intents/${id}/capture`, part)).body.status).toBe('succeeded');
  });

  it('is cancelled, and then neither confirmed nor captured', async () => {
    const id = await authorised();
    expect((await post(`/payment_intents/${id}/cancel`)).body.status).toBe('canceled');
    for (const step of ['confirm', 'capture', 'cancel'])
      expect(await post(`/payment_intents/${id}/${step}`)).toMatchObject({
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' } },
      });
  });

  it('is the authorisation of the other routes', async () => {
    const id = await authorised();
    const other = `${server.url}/v1/authorizations/${id.replace('pi_', 'auth_')}`;
    expect((await call('GET', other)).body).toMatchObject({ status: 'authorised', amountMinor: 1_000 });
  });

  it('is listed, the newest first and page by page', async () => {
    const made = [await intent(), await intent(), await intent()].reverse();
    const first = await ask('GET', '/payment_intents', { limit: '2' });
    expect(first.body).toMatchObject({ has_more: true, data: made.slice(0, 2).map((id) => ({ id })) });
    const next = await ask('GET', '/payment_intents', { limit: '1', starting_after: made[1] ?? '' });
    expect(next.body).toMatchObject({ data: [{ id: made[2] }] });
  });
});

describe('a card', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('declines with 402 and its intent: %s', async (payment_method, decline_code) => {
    const id = await intent({ payment_method });
    const error = { type: 'card_error', code: 'card_declined', decline_code };
    const declined = { id, status: 'requires_payment_method', last_payment_error: { decline_code } };
    const key = nextKey();
    for (const replayed of [false, true])
      expect(await post(`/payment_intents/${id}/confirm`, {}, key)).toMatchObject({
        status: 402,
        replayed,
        body: { error: { ...error, payment_intent: declined } },
      });
    expect((await ask('GET', `/payment_intents/${id}`)).body).toMatchObject(declined);
  });
});

describe('a key', () => {
  it('replays its answer, also after kill -9, and refuses other parameters', async () => {
    const key = nextKey();
    const first = await post('/payment_intents', NEW, key);
    expect(first).toMatchObject({ status: 200, replayed: false });
    await server.crash();
    server = await startChild('payment-provider', { JOURNAL_FILE: journalFile });
    expect(await post('/payment_intents', NEW, key)).toEqual({ ...first, replayed: true });
    expect(await post('/payment_intents', { ...NEW, amount: '1001' }, key)).toMatchObject({
      status: 400,
      body: { error: { type: 'idempotency_error' } },
    });
  });

  it('says that its first request is still running', async () => {
    const id = await intent({ payment_method: 'pm_card_visa_3000ms' });
    const key = nextKey();
    const twins = [
      post(`/payment_intents/${id}/confirm`, {}, key),
      post(`/payment_intents/${id}/confirm`, {}, key),
    ];
    const [slow, refused] = (await Promise.all(twins)).sort((a, b) => a.status - b.status);
    expect(slow).toMatchObject({ status: 200, replayed: false, body: { status: 'requires_capture' } });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_in_use' } } });
    expect(await post(`/payment_intents/${id}/confirm`, {}, key)).toMatchObject({
      status: 200,
      replayed: true,
    });
  });
});

describe('an error', () => {
  it.each([
    ['POST', '/payment_intents', { ...NEW, currency: 'GBP' }, 400, 'invalid_request_error'],
    ['POST', '/payment_intents', { ...NEW, payment_method: 'tok_visa' }, 400, 'invalid_request_error'],
    ['POST', '/payment_intents', { ...NEW, 'metadata[k]': 'x'.repeat(501) }, 400, 'invalid_request_error'],
    ['GET', '/payment_intents/pi_none', {}, 404, 'invalid_request_error'],
    ['GET', '/payment_intents', { limit: '101' }, 400, 'invalid_request_error'],
    ['POST', '/refunds', { payment_intent: 'pi_none' }, 404, 'invalid_request_error'],
  ])('has the shape of Stripe: %s %s %j', async (method, path, form, status, type) => {
    const shown = await ask(method, path, form);
    expect(shown).toMatchObject({ status, body: { error: { type, message: expect.any(String) } } });
  });

  it.each([
    ['error-500', 500, 'api_error'],
    ['error-429', 429, 'invalid_request_error'],
  ])('of the fault %s too', async (mode, status, type) => {
    await call('PUT', `${server.url}/control/mode`, { mode });
    expect(await post('/payment_intents', NEW)).toMatchObject({ status, body: { error: { type } } });
    await call('PUT', `${server.url}/control/mode`, { mode: 'none' });
  });

  it('answers nobody without the key', async () => {
    const response = await fetch(`${server.url}/v1/payment_intents`);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { error: { type: 'invalid_request_error' } },
    ]);
  });
});
