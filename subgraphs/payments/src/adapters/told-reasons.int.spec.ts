// What a provider says and partners may not read, over HTTP: the answer is what its adapter makes of it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { newId } from '@crossdock/event-store';
import { createLogger, Registry } from '@crossdock/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PaymentProvider } from '../ports.ts';
import { createSimulatorProvider } from './simulator.ts';
import { createStripeProvider } from './stripe/stripe.ts';

const UNTOLD = [
  ...['stolen_card', 'lost_card', 'pickup_card', 'fraudulent'],
  ...['restricted_card', 'security_violation', 'merchant_blacklist'],
];
const UNSAFE = [
  ...['', 'x'.repeat(65), 'Do Not Honour', '4242 4242 4242 4242', '<b>', 'lost_card\n'],
  ...['tok_1n3t5v', 'tok_visa', 'pm_1abc', 'pm_card_visa', 'pi_3abc_secret_xyz', 'card_1n3t5v', 'cus_abc'],
  ...['sk_test', 'whsec_abc', 'a_secret_b', '4242424242424242', 'abcdefghijklmnopqrstuvwx'],
];
const SAFE = [
  ...['card_declined', 'card_velocity_exceeded', 'card_not_supported', 'card_decline_rate_limit_exceeded'],
  ...['insufficient_funds', 'authentication_required', 'payment_intent_authentication_failure'],
  ...['transaction_not_allowed', 'token_already_used', 'charge_exceeds_source_limit', 'expired_card'],
];

let says = { status: 200, body: '' };
const server = createServer((_request, response) => {
  response.writeHead(says.status, { 'content-type': 'application/json' }).end(says.body);
});
let registry: Registry;
let providers: { openapi: PaymentProvider; stripe: PaymentProvider };

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());
beforeEach(() => {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  registry = new Registry();
  const options = { url, key: 'sk_test', logger: createLogger('payments-test', 'silent'), registry };
  providers = {
    openapi: createSimulatorProvider({ name: 'openapi', ...options }),
    stripe: createStripeProvider({ name: 'stripe', capturesMany: true, ...options }),
  };
  return async () => void (await Promise.all(Object.values(providers).map((each) => each.close())));
});

const declinedIntent = (decline_code: string) => ({
  ...{ object: 'payment_intent', id: 'pi_1', amount: 1_000, amount_received: 0, currency: 'gbp' },
  ...{ status: 'requires_payment_method', last_payment_error: { code: 'card_declined', decline_code } },
  metadata: { order_id: 'o1', purpose: 'order', epoch: '1', instance: '1' },
});
const declinedAuthorisation = (declineCode: string) => ({
  ...{ id: 'auth_1', status: 'declined', amountMinor: 1_000, currencyCode: 'GBP', declineCode, captures: [] },
  reference: { orderId: 'o1', purpose: 'order', epoch: 1, instance: '1' },
});
const cardError = (decline_code: string, more: object = {}) => ({
  error: { type: 'card_error', code: 'card_declined', decline_code, message: 'secret', ...more },
});
const say = (status: number, body: unknown) => {
  says = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};

async function untold(): Promise<string[]> {
  const metrics = await registry.getMetricsAsJSON();
  const found = metrics.find(({ name }) => name === 'crossdock_payments_provider_untold_declines_total');
  return (found?.values ?? []).map(({ labels, value }) => `${labels.provider} ${labels.code} ${value}`);
}

describe.each(UNTOLD)('%s', (code) => {
  const told = { kind: 'done', value: { status: 'DECLINED', declineReason: 'generic_decline' } };

  it('reaches operators alone, when Stripe declines a card', async () => {
    say(402, cardError(code, { payment_intent: declinedIntent(code) }));
    expect(await providers.stripe.confirm('pi_1', newId())).toMatchObject(told);
    expect(await untold()).toEqual([`stripe ${code} 1`]);
    say(200, declinedIntent(code));
    expect(await providers.stripe.read('pi_1')).toMatchObject(told);
  });

  it('reaches operators alone, when Stripe refuses to capture', async () => {
    say(402, cardError(code));
    const reference = { orderId: newId(), purpose: 'shipment', epoch: 1, instance: 's1' };
    const request = { amountMinor: 1_000, currencyCode: 'GBP', final: true, reference };
    const refused = { kind: 'refused', reason: 'generic_decline' };
    expect(await providers.stripe.capture('pi_1', request, newId())).toEqual(refused);
    expect(await untold()).toEqual([`stripe ${code} 1`]);
  });

  it('reaches operators alone, when another provider refuses to capture', async () => {
    const reference = { orderId: newId(), purpose: 'shipment', epoch: 1, instance: 's1' };
    const request = { amountMinor: 1_000, currencyCode: 'GBP', final: true, reference };
    for (const [status, kind] of [
      [402, 'refused'],
      [409, 'unknown'],
    ] as const) {
      say(status, { code });
      const answer = { kind, reason: 'generic_decline' };
      expect(await providers.openapi.capture('auth_1', request, newId())).toEqual(answer);
    }
    expect(await untold()).toEqual([`openapi ${code} 2`]);
  });

  it('reaches operators alone, when another provider says it', async () => {
    say(200, declinedAuthorisation(code));
    expect(await providers.openapi.confirm('auth_1', newId())).toMatchObject(told);
    expect(await untold()).toEqual([`openapi ${code} 1`]);
  });
});

it.each(UNSAFE)('hands on no code that is no word: %j', async (code) => {
  say(402, { code });
  const refused = { kind: 'refused', reason: 'invalid_request' };
  expect(await providers.openapi.confirm('auth_1', newId())).toEqual(refused);
  say(200, declinedAuthorisation(code));
  const declined = { kind: 'done', value: { declineReason: 'invalid_request' } };
  expect(await providers.openapi.confirm('auth_1', newId())).toMatchObject(declined);
});

it.each(SAFE)('hands on the code %s', async (code) => {
  say(402, { code });
  const refused = { kind: 'refused', reason: code };
  expect(await providers.openapi.confirm('auth_1', newId())).toEqual(refused);
});

it('tells partners nothing of a key that is refused', async () => {
  for (const status of [401, 403])
    for (const provider of Object.values(providers)) {
      say(status, {
        error: { type: 'invalid_request_error', code: 'api_key_expired' },
        code: 'api_key_expired',
      });
      expect(await provider.confirm('auth_1', newId())).toEqual({
        kind: 'turned-away',
        reason: 'the provider takes no requests at the moment',
      });
    }
});

it('reads no answer without an end', async () => {
  const padding = ' '.repeat(9 * 1024 * 1024);
  say(200, JSON.stringify(declinedAuthorisation('card_declined')) + padding);
  expect(await providers.openapi.confirm('auth_1', newId())).toMatchObject({ kind: 'unknown' });
  say(200, JSON.stringify(declinedIntent('card_declined')) + padding);
  expect(await providers.stripe.confirm('pi_1', newId())).toMatchObject({ kind: 'unknown' });
});
