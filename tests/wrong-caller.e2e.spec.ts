import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf, send } from './client/gateway-client.ts';
import { type Claims, standardClaims } from './client/tokens.ts';
import { OPERATIONS, ROLES } from './hostile/operations.ts';
import { indiscretions, userErrorsIn } from './hostile/verdict.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { ACME } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

describe.each(ROLES)('the role %s', (role) => {
  const allowed = OPERATIONS.filter(({ roles }) => roles.includes(role));
  const refused = OPERATIONS.filter(({ roles }) => !roles.includes(role));

  it.each(allowed)('may use $name', async ({ document }) => {
    const answer = await world[role].ask(document);
    expect([answer.status, codesOf(answer)]).toEqual([200, []]);
    for (const { field } of userErrorsIn(answer.data)) expect(field).toEqual(['idempotencyKey']);
  });

  if (refused.length > 0) {
    it.each(refused)('may not use $name', async ({ document }) => {
      const answer = await world[role].ask(document);
      expect([answer.status, codesOf(answer), answer.data]).toEqual([403, ['FORBIDDEN'], null]);
      expect(indiscretions(answer, world.innerAddresses)).toEqual([]);
    });
  }
});

it('does nothing of a document in which one field is not the caller’s', async () => {
  const before = await world.erp.data('{ orders(first: 1) { nodes { id } } }');
  const document = `mutation { ...Both } fragment Both on Mutation {
    placeOrder(input: { idempotencyKey: "both", lines: [{ sku: "MUG", quantity: 1 }] }) { order { id } }
    harmless: setCreditLimits(input: { idempotencyKey: "both", limits: [] }) { replayed }
  }`;
  const answer = await world.buyer.ask(document);
  expect([answer.status, codesOf(answer), answer.data]).toEqual([403, ['FORBIDDEN'], null]);
  expect(await world.erp.data('{ orders(first: 1) { nodes { id } } }')).toEqual(before);
});

it('shows an operator the schema, and nothing of how it is put together', async () => {
  const { __schema } = await world.operator.data<{ __schema: { types: { name: string }[] } }>(
    '{ __schema { types { name } } }',
  );
  const names = __schema.types.map(({ name }) => name);
  expect(names).toContain('Order');
  expect(names.filter((name) => /^(_|join|link)/.test(name) && !name.startsWith('__'))).toEqual([]);
});

const buyer = (): Claims => ({ ...standardClaims(), sub: 'somebody', role: 'buyer', partner: ACME });
const without = (name: string): Claims =>
  Object.fromEntries(Object.entries(buyer()).filter(([key]) => key !== name));
const HOUR_S = 3_600;
const now_s = () => Math.floor(Date.now() / 1_000);

/** Tokens with a good signature that say too little, or something impossible. */
const BAD_CLAIMS: Readonly<Record<string, () => Claims>> = {
  'that expired': () => ({ ...buyer(), exp: now_s() - 60 }),
  'that is not valid yet': () => ({ ...buyer(), nbf: now_s() + HOUR_S }),
  'that never expires': () => without('exp'),
  'that expires at no number': () => ({ ...buyer(), exp: 'tomorrow' }),
  'of another issuer': () => ({ ...buyer(), iss: 'https://issuer.example' }),
  'of no issuer': () => without('iss'),
  'for another audience': () => ({ ...buyer(), aud: 'orders' }),
  'for no audience': () => without('aud'),
  'of nobody': () => without('sub'),
  'of an empty subject': () => ({ ...buyer(), sub: '' }),
  'of a subject that is an object': () => ({ ...buyer(), sub: { name: 'somebody' } }),
  'of a subject of 10,000 characters': () => ({ ...buyer(), sub: 'x'.repeat(10_000) }),
  'without a role': () => without('role'),
  'of an unknown role': () => ({ ...buyer(), role: 'admin' }),
  'of a role in capitals': () => ({ ...buyer(), role: 'ERP' }),
  'of several roles': () => ({ ...buyer(), role: ['buyer', 'erp'] }),
  'of a buyer without a partner': () => without('partner'),
  'of a buyer of an empty partner': () => ({ ...buyer(), partner: '' }),
  'of a buyer of several partners': () => ({ ...buyer(), partner: [ACME] }),
  'of a buyer of a partner that is a number': () => ({ ...buyer(), partner: 10_001 }),
  'of a rep without partners': () => ({ ...buyer(), role: 'rep' }),
  'of a rep whose partners are a text': () => ({ ...buyer(), role: 'rep', partners: ACME }),
  'of a rep of numbers': () => ({ ...buyer(), role: 'rep', partners: [10_001] }),
  'of a WMS without a warehouse': () => ({ ...buyer(), role: 'wms' }),
};

/** The payload of one token under the signature of another. */
function tampered(): string {
  const [header, , signature] = world.tokens.signed(buyer()).split('.');
  const [, payload] = world.tokens.signed({ ...buyer(), role: 'erp' }).split('.');
  return [header, payload, signature].join('.');
}

const BAD_HEADERS: Readonly<Record<string, () => string>> = {
  nothing: () => '',
  'a scheme alone': () => 'Bearer',
  'a scheme and a blank': () => 'Bearer ',
  'another scheme': () => `Basic ${world.tokenOf('erp')}`,
  'no scheme': () => world.tokenOf('erp'),
  rubbish: () => 'Bearer rubbish',
  dots: () => 'Bearer ..',
  'half a token': () => `Bearer ${world.tokenOf('erp').slice(0, -10)}`,
  'a token and more': () => `Bearer ${world.tokenOf('erp')}x`,
  'two tokens': () => `Bearer ${world.tokenOf('buyer')} ${world.tokenOf('erp')}`,
  'two tokens and a comma': () => `Bearer ${world.tokenOf('buyer')}, Bearer ${world.tokenOf('erp')}`,
  '10,000 characters': () => `Bearer ${'a'.repeat(10_000)}`,
  'a token by somebody else': () => `Bearer ${world.tokens.bySomebodyElse(buyer())}`,
  'a token by nobody': () => `Bearer ${world.tokens.unsigned(buyer())}`,
  'a token by the public key as a secret': () => `Bearer ${world.tokens.byPublicKey(buyer())}`,
  'a token whose claims were changed': () => `Bearer ${tampered()}`,
  ...Object.fromEntries(
    Object.entries(BAD_CLAIMS).map(([name, claims]) => [
      `a token ${name}`,
      () => `Bearer ${world.tokens.signed(claims())}`,
    ]),
  ),
};

describe('a stranger with', () => {
  it.each(Object.keys(BAD_HEADERS))('%s is not let in', async (name) => {
    const authorization = BAD_HEADERS[name]?.() ?? '';
    const headers = { 'content-type': 'application/json', authorization };
    for (const query of ['{ viewer { subject } }', '{ __typename }', 'mutation { nothing }']) {
      const answer = await send(world.gatewayUrl, { headers, body: JSON.stringify({ query }) });
      expect([answer.status, codesOf(answer), answer.data]).toEqual([401, ['UNAUTHENTICATED'], null]);
      expect(indiscretions(answer, world.innerAddresses)).toEqual([]);
    }
  });

  it('no header at all is not let in, whatever it sends', async () => {
    for (const init of [
      { body: '{' },
      { body: '{}' },
      { method: 'GET', search: '?query=%7B__typename%7D' },
    ]) {
      const answer = await send(world.gatewayUrl, {
        headers: { 'content-type': 'application/json' },
        ...init,
      });
      expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
    }
  });

  it('a good token is let in, which shows that the others fail by their fault alone', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${world.tokens.signed(buyer())}`,
    };
    const answer = await send(world.gatewayUrl, { headers, body: '{"query":"{ viewer { subject } }"}' });
    expect([answer.status, answer.data]).toEqual([200, { viewer: { subject: 'somebody' } }]);
  });
});
