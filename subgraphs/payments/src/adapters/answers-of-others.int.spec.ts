// Not every 200 comes from the provider, or is about what was asked: only an answer that names what was asked says that it was done.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { back, part, REAL } from '../../test/provider-subjects.ts';
import type { PaymentProvider } from '../ports.ts';
import { captureMetadata } from './stripe/stripe-metadata.ts';

const ORDER = newId();
const CAPTURE = part(ORDER, 's1', 4_000);
const REFUND = back(ORDER, 'r1', 1_000);

let body = '';
let server: Server;
let url = '';
const open: PaymentProvider[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, it has an address of that kind.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => void (await Promise.all(open.splice(0).map((each) => each.close()))));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const captureAs = (more: object) => ({
  ...{ id: 'cap_1', status: 'captured', amountMinor: 4_000, currencyCode: 'GBP', refunds: [] },
  ...{ reference: CAPTURE.reference, ...more },
});
const refundAs = (more: object) => ({
  ...{ id: 'ref_1', status: 'refunded', amountMinor: 1_000, currencyCode: 'GBP' },
  ...{ reference: REFUND.reference, ...more },
});
const intentAs = (more: object) => ({
  ...{ object: 'payment_intent', id: 'auth_1', amount: 10_000, amount_received: 4_000, currency: 'gbp' },
  ...{ status: 'requires_capture', metadata: captureMetadata({ instance: 's1', amount: 4_000 }), ...more },
});
const stripeRefundAs = (more: object) => ({
  ...{ object: 'refund', id: 're_1', amount: 1_000, status: 'succeeded', metadata: { instance: 'r1' } },
  ...more,
});

const FOREIGN: readonly [string, readonly unknown[], readonly unknown[]][] = [
  [
    'the simulator over HTTP',
    [
      captureAs({ amountMinor: 3_999 }),
      captureAs({ currencyCode: 'EUR' }),
      captureAs({ reference: { ...CAPTURE.reference, instance: 's2' } }),
      captureAs({ reference: { ...CAPTURE.reference, orderId: newId() } }),
    ],
    [
      refundAs({ amountMinor: 10_000 }),
      refundAs({ currencyCode: 'EUR' }),
      refundAs({ reference: { ...REFUND.reference, instance: 'r2' } }),
    ],
  ],
  [
    'Stripe through its library',
    [
      intentAs({ metadata: {} }),
      intentAs({ metadata: captureMetadata({ instance: 's1', amount: 3_999 }) }),
      intentAs({ metadata: captureMetadata({ instance: 's2', amount: 4_000 }) }),
      intentAs({ amount_received: 0 }),
      intentAs({ id: 'auth_2' }),
    ],
    [stripeRefundAs({ amount: 10_000 }), stripeRefundAs({ metadata: {} })],
  ],
];
const GOOD = new Map<string, readonly [unknown, unknown]>([
  ['the simulator over HTTP', [captureAs({}), refundAs({})]],
  ['Stripe through its library', [intentAs({}), stripeRefundAs({})]],
]);

describe.each(REAL)('what answers in the place of %s', (name, subject) => {
  const [, captures = [], refunds = []] = FOREIGN.find(([of]) => of === name) ?? [];

  function answering(answer: unknown): PaymentProvider {
    body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    const provider = subject.open(url);
    open.push(provider);
    return provider;
  }

  it.each(['<html>Sign in to the network</html>', '', null, {}, { id: 'cap_1' }])(
    'takes and gives back nothing with %j',
    async (answer) => {
      const provider = answering(answer);
      expect((await provider.capture('auth_1', CAPTURE, newId())).kind).toBe('unknown');
      expect((await provider.refund('cap_1', REFUND, newId())).kind).toBe('unknown');
    },
  );

  it.each(captures.map((answer) => [answer]))('says nothing of this capture: %j', async (answer) => {
    expect((await answering(answer).capture('auth_1', CAPTURE, newId())).kind).toBe('unknown');
  });

  it.each(refunds.map((answer) => [answer]))('says nothing of this refund: %j', async (answer) => {
    expect((await answering(answer).refund('cap_1', REFUND, newId())).kind).toBe('unknown');
  });

  it('is believed where it names what was asked', async () => {
    const [taken, given] = GOOD.get(name) ?? [];
    expect(await answering(taken).capture('auth_1', CAPTURE, newId())).toMatchObject({ kind: 'done' });
    expect(await answering(given).refund('cap_1', REFUND, newId())).toMatchObject({ kind: 'done' });
  });

  it('has given nothing back that still holds its money', async () => {
    const held =
      name === 'Stripe through its library'
        ? intentAs({ amount_received: 0, metadata: {} })
        : {
            ...{ id: 'auth_1', status: 'authorised', amountMinor: 10_000, currencyCode: 'GBP' },
            ...{ reference: { orderId: ORDER, purpose: 'order' }, captures: [] },
          };
    const released = await answering(held).release('auth_1', newId());
    expect(released.kind).toBe('unknown');
  });
});
