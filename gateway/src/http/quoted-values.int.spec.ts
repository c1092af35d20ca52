// A card token beside a mistake, through the real gateway process: in no answer and in no line of its log.
import { natsUrl } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer } from '../../test/issuer.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';

const CANARY = 'tok_CANARY';
const PLACE_ORDER = 'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) { replayed } }';
const card = { method: 'CARD', cardToken: CANARY };

let platform: StubPlatform;
let gateway: GatewayProcess;
let token: string;

beforeAll(async () => {
  const [started, issuer] = await Promise.all([startStubPlatform(), createIssuer()]);
  platform = started;
  gateway = await startGateway({ issuer, subgraphUrls: platform.urls, natsUrl: natsUrl() });
  token = await issuer.token({ role: 'buyer', partner: '12345' });
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  await platform.stop();
});

async function textOf(body: object, headers: object = {}): Promise<string> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
  return response.text();
}

it.each([
  ['no lines', { idempotencyKey: 'k', payment: card }, 'Field \\"lines\\" of required type'],
  [
    'an object for a token',
    { idempotencyKey: 'k', lines: [], payment: { ...card, cardToken: { x: CANARY } } },
    'at \\"i.payment.cardToken\\"; String cannot represent a non string value.',
  ],
  [
    'a typing error',
    { idempotencyKey: 'k', lines: [], payment: { method: 'CARD', cardtoken: CANARY } },
    'at \\"i.payment\\"; Field \\"cardtoken\\" is not defined',
  ],
])('is not repeated beside %s', async (_, input, told) => {
  for (const accept of ['application/json', 'text/event-stream']) {
    const text = await textOf({ query: PLACE_ORDER, variables: { i: input } }, { accept });
    expect(text).toContain(told);
    expect(text).not.toContain(CANARY);
  }
  expect(JSON.stringify(gateway.logged)).not.toContain(CANARY);
});

it.each([
  `mutation { placeOrder(input: { payment: { method: CARD, cardToken: ${CANARY} } }) { replayed } }`,
  `mutation { placeOrder(input: { payment: "${CANARY}" }) { replayed } }`,
  `mutation { placeOrder(input: { payment: { cardToken "${CANARY}" } }) { replayed } }`,
])('is not repeated where it stands in the document: %s', async (query) => {
  const text = await textOf({ query });
  expect(JSON.parse(text).errors[0]).toMatchObject({ locations: [expect.anything()] });
  expect(text).not.toContain(CANARY);
  expect(JSON.stringify(gateway.logged)).not.toContain(CANARY);
});
