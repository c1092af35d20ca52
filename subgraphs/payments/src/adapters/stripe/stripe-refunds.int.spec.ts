// A refund that Stripe made and that came to nothing is not booked as given: not at once, and not when its key is replayed.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentProvider } from '../../ports.ts';
import { createStripeProvider } from './stripe.ts';

let server: Server;
let provider: PaymentProvider;
let answered = { status: 'succeeded', isReplay: false };
/** As the refund stands when it is looked up. */
let stands: string | null = null;

const refundOf = (status: string) => ({
  ...{ object: 'refund', id: 're_1', amount: 1_500, status },
  metadata: { instance: 'r1/s1' },
});

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      const data = stands === null ? [] : [refundOf(stands)];
      response.end(JSON.stringify({ object: 'list', url: '/v1/refunds', has_more: false, data }));
      return;
    }
    if (answered.isReplay) response.setHeader('idempotent-replayed', 'true');
    response.end(JSON.stringify(refundOf(answered.status)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  provider = createStripeProvider({
    ...{ name: 'stripe', key: 'sk_test_of_this_test', url: `http://127.0.0.1:${port}`, capturesMany: true },
    ...{ logger: createLogger('payments-test', 'silent'), registry: createRegistry('payments-test') },
  });
});

afterAll(async () => {
  await provider.close();
  await new Promise((resolve) => server.close(resolve));
});

function refund() {
  const reference = { orderId: 'o1', purpose: 'refund', epoch: 1, instance: 'r1/s1' };
  return provider.refund('pi_1/s1', { amountMinor: 1_500, currencyCode: 'GBP', reference }, 'o1:refund');
}

describe('a refund', () => {
  it.each(['succeeded', 'pending'])('that is %s is given', async (status) => {
    answered = { status, isReplay: false };
    expect(await refund()).toEqual({ kind: 'done', value: null });
  });

  it.each(['failed', 'canceled'])('that is %s is not', async (status) => {
    answered = { status, isReplay: false };
    expect(await refund()).toEqual({ kind: 'refused', reason: 'refund_failed' });
  });

  it.each([
    ['failed', 'refused'],
    ['canceled', 'refused'],
    ['succeeded', 'done'],
    [null, 'unknown'],
  ])('that was pending under its key counts as it stands now: %s', async (now, kind) => {
    answered = { status: 'pending', isReplay: true };
    stands = now;
    expect(await refund()).toMatchObject({ kind });
  });
});
