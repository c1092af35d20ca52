import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadNotice } from '../ports.ts';
import { createStandardNotices } from './notices.ts';
import { createStripeNotices } from './stripe/stripe-notices.ts';

const AT_S = 1_790_000_000;
const [OLD, NEW, OTHER] = ['old', 'new', 'other'].map(
  (name) => `whsec_${Buffer.from(`${name} secret of the tests, long enough`).toString('base64')}`,
) as [string, string, string];

/** One way of signing: headers over a body, as its provider would send them. */
type Way = Readonly<{
  create: (secrets: readonly string[]) => ReadNotice;
  sign: (body: string, secrets: readonly string[], atSeconds?: number) => Record<string, string>;
  body: string;
  notice: object;
  header: string;
}>;

const standard: Way = {
  create: createStandardNotices,
  sign: (body, secrets, at = AT_S) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(at),
    'webhook-signature': secrets
      .map((secret) => Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .map((key) => `v1,${createHmac('sha256', key).update(`evt_1.${at}.${body}`).digest('base64')}`)
      .join(' '),
  }),
  body: '{"type":"authorization.captured","timestamp":"2026-09-21T13:46:40Z","data":{"authorizationId":"auth_1"}}',
  notice: { eventId: 'evt_1', type: 'authorization.captured', authorisationId: 'auth_1' },
  header: 'webhook-signature',
};
const stripe: Way = {
  create: createStripeNotices,
  sign: (body, secrets, at = AT_S) => ({
    'stripe-signature': [
      `t=${at}`,
      ...secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`),
    ].join(','),
  }),
  body: '{"id":"evt_1","object":"event","type":"charge.captured","data":{"object":{"object":"charge","id":"ch_1","payment_intent":"pi_1"}}}',
  notice: { eventId: 'evt_1', type: 'charge.captured', authorisationId: 'pi_1' },
  header: 'stripe-signature',
};

beforeEach(() => {
  vi.useFakeTimers({ now: AT_S * 1_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['Standard Webhooks', standard],
  ['Stripe', stripe],
])('a webhook of %s', (_name, way) => {
  const read = way.create([NEW, OLD]);

  it('is read with either secret, and with any of several signatures', () => {
    expect(read(way.sign(way.body, [NEW]), way.body)).toEqual(way.notice);
    expect(read(way.sign(way.body, [OLD]), way.body)).toEqual(way.notice);
    expect(read(way.sign(way.body, [OTHER, NEW]), way.body)).toEqual(way.notice);
  });

  it('is not read when another signed it, or when a byte of it changed', () => {
    expect(read(way.sign(way.body, [OTHER]), way.body)).toBeNull();
    expect(read(way.sign(way.body, [NEW]), `${way.body} `)).toBeNull();
    expect(read({ ...way.sign(way.body, [NEW]), [way.header]: 'v1,' }, way.body)).toBeNull();
    expect(read({}, way.body)).toBeNull();
    expect(way.create([])(way.sign(way.body, [NEW]), way.body)).toBeNull();
  });

  it('is not read after five minutes', () => {
    expect(read(way.sign(way.body, [NEW], AT_S - 300), way.body)).toEqual(way.notice);
    expect(read(way.sign(way.body, [NEW], AT_S - 301), way.body)).toBeNull();
  });

  it('is not read five minutes before its time, nor in a year that has not come', () => {
    expect(read(way.sign(way.body, [NEW], AT_S + 300), way.body)).toEqual(way.notice);
    expect(read(way.sign(way.body, [NEW], AT_S + 301), way.body)).toBeNull();
    expect(read(way.sign(way.body, [NEW], AT_S + 31_536_000), way.body)).toBeNull();
  });

  it.each([Number.NaN, -1, 0.5])('is not read with the time %d, whoever signed it', (at) => {
    expect(read(way.sign(way.body, [NEW], at), way.body)).toBeNull();
  });

  it.each(['{}', 'null', '{"type":1}', 'no json', '{"id":"evt_1","type":"v2.core.event"}'])(
    'is told from a forgery when it is signed and says nothing: %j',
    (body) => {
      expect(read(way.sign(body, [NEW]), body)).toBe('not-understood');
      expect(read(way.sign(body, [OTHER]), body)).toBeNull();
    },
  );
});

it('reads what concerns no payment, and the intent itself', () => {
  const read = createStripeNotices([NEW]);
  const said = (object: string) => `{"id":"evt_2","type":"x.y","data":{"object":${object}}}`;
  const payout = said('{"object":"payout","id":"po_1"}');
  expect(read(stripe.sign(payout, [NEW]), payout)).toMatchObject({ authorisationId: null });
  const intent = said('{"object":"payment_intent","id":"pi_2"}');
  expect(read(stripe.sign(intent, [NEW]), intent)).toMatchObject({ authorisationId: 'pi_2' });
});

it.each([
  ['words that begin with a number', 't=1790000000abc'],
  ['no number', 't=abc'],
  ['two times, one of them long ago', `t=${AT_S},t=1`],
  ['no time', 'v0=1'],
])("believes Stripe's signature at no other time than now: %s", (_what, times) => {
  // The library reads the last time, and what of it looks like a number.
  const seen = Number.parseInt(times.split('t=').at(-1) ?? '', 10);
  const signature = createHmac('sha256', NEW).update(`${seen}.${stripe.body}`).digest('hex');
  const headers = { 'stripe-signature': `${times},v1=${signature}` };
  expect(createStripeNotices([NEW])(headers, stripe.body)).toBeNull();
});

it("signs in these tests as Stripe's library does", () => {
  const header = Stripe.webhooks.generateTestHeaderString({
    payload: stripe.body,
    secret: NEW,
    timestamp: AT_S,
  });
  expect(header).toBe(stripe.sign(stripe.body, [NEW])['stripe-signature']);
});

/** What the specification's own library thinks of it. */
function isGoodForLibrary(
  secrets: readonly string[],
  headers: Record<string, string>,
  body: string,
): boolean {
  return secrets.some((secret) => {
    try {
      return new Webhook(secret).verify(body, headers) !== undefined;
    } catch {
      return false;
    }
  });
}

/** Changes that a forger or an unlucky proxy makes to what was signed. */
const CHANGES: readonly ((headers: Record<string, string>) => Record<string, string>)[] = [
  (headers) => headers,
  (headers) => ({ ...headers, 'webhook-id': `${headers['webhook-id']}x` }),
  (headers) => ({ ...headers, 'webhook-id': '' }),
  (headers) => ({ ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }),
  (headers) => ({ ...headers, 'webhook-timestamp': 'soon' }),
  (headers) => ({ ...headers, 'webhook-signature': `v2,x v1 v1, ${headers['webhook-signature']} v1,y` }),
  (headers) => ({
    ...headers,
    'webhook-signature': headers['webhook-signature']?.replaceAll('v1,', 'v2,') ?? '',
  }),
  (headers) => ({ ...headers, 'webhook-signature': headers['webhook-signature']?.replaceAll('=', '') ?? '' }),
  (headers) => ({ ...headers, 'webhook-signature': `${headers['webhook-signature']},more` }),
];

it('reads what the library of Standard Webhooks accepts, and nothing else', () => {
  // Weighted so that a good part is accepted, whatever is drawn.
  const secretsOf = fc.oneof(
    { weight: 2, arbitrary: fc.constant([OLD, NEW]) },
    { weight: 1, arbitrary: fc.subarray([OLD, NEW, OTHER]) },
  );
  const changes = fc.oneof(
    { weight: 1, arbitrary: fc.constant((headers: Record<string, string>) => headers) },
    { weight: 2, arbitrary: fc.constantFrom(...CHANGES) },
  );
  const isOther = fc.constantFrom(false, false, true);
  const seconds = fc.constantFrom(-302, -301, -300, -299, -1, 0, 1, 299, 300, 301, 302);
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  let good = 0;
  fc.assert(
    fc.property(
      ...([secretsOf, secretsOf, seconds, text, isOther, changes] as const),
      (configured, signing, offset, said, isChanged, change) => {
        const body = JSON.stringify({ type: 'x.y', data: {}, said });
        const headers = change(standard.sign(body, signing, AT_S + offset));
        const came = isChanged ? `${body} ` : body;
        const isGood = isGoodForLibrary(configured, headers, came);
        good += isGood ? 1 : 0;
        expect(createStandardNotices(configured)(headers, came) !== null).toBe(isGood);
      },
    ),
    { numRuns: 500 },
  );
  expect(good).toBeGreaterThan(10);
});

it.each(['whsec_', 'whsec_no base64', OLD.slice('whsec_'.length), ''])(
  'takes no secret like %j',
  (secret) => {
    expect(() => createStandardNotices([secret])).toThrow('whsec_ and base64');
  },
);
