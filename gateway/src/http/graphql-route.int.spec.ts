import { readFileSync, writeFileSync } from 'node:fs';
import { natsUrl } from '@crossdock/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer, type Issuer } from '../../test/issuer.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';

let platform: StubPlatform;
let issuer: Issuer;
let gateway: GatewayProcess;
let buyer: string;
let operator: string;

beforeAll(async () => {
  [platform, issuer] = await Promise.all([startStubPlatform(), createIssuer()]);
  gateway = await startGateway({ issuer, subgraphUrls: platform.urls, natsUrl: natsUrl() });
  buyer = await issuer.token({ role: 'buyer', partner: '12345' });
  operator = await issuer.token({ role: 'operator' });
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  await platform.stop();
});
beforeEach(() => {
  for (const stub of [platform.orders, platform.inventory, platform.payments]) stub.received.length = 0;
});

type Answer = {
  status: number;
  text: string;
  body: { data?: Record<string, unknown> | null; errors?: AnswerError[] };
};
type AnswerError = { message: string; path?: (string | number)[]; extensions: Record<string, unknown> };

async function send(init: RequestInit & { token?: string; search?: string }): Promise<Answer> {
  const { token = buyer, search = '', ...request } = init;
  const headers = {
    'content-type': 'application/json',
    ...request.headers,
    authorization: `Bearer ${token}`,
  };
  const response = await fetch(`${gateway.url}/graphql${search}`, { method: 'POST', ...request, headers });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}
const ask = (query: string, variables: object = {}, token = buyer) =>
  send({ body: JSON.stringify({ query, variables }), token });
const codes = ({ body }: Answer) => body.errors?.map((error) => error.extensions.code);

describe('queries and mutations', () => {
  it('joins the subgraphs and asks for each entity once', async () => {
    const answer = await ask('query($id: ID!) { order(id: $id) { number lines { product { sku name } } } }', {
      id: '7',
    });
    expect(answer.body).toEqual({
      data: {
        order: {
          number: 'SO-7',
          lines: ['A', 'B', 'A'].map((sku) => ({ product: { sku, name: `Product ${sku}` } })),
        },
      },
    });
    const representations = platform.inventory.received[0]?.variables.representations;
    expect(representations).toEqual(['A', 'B'].map((sku) => ({ __typename: 'Product', sku })));
  });

  it('says at every place of a repeated entity what went wrong with it', async () => {
    const { body } = await ask('{ order(id: "1") { lines { product { weightGrams } } } }');
    expect(body.errors?.map(({ path }) => path)).toEqual([['order', 'lines', 1, 'product', 'weightGrams']]);
    expect(body.data).toMatchObject({
      order: { lines: [{ product: { weightGrams: 5 } }, { product: null }, {}] },
    });
  });

  it('tells the subgraph who asks, and passes no header of the client', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await send({
      body: JSON.stringify({ query: '{ viewer { subject } }' }),
      headers: { traceparent, 'x-evil': '1' },
    });
    const headers = platform.orders.received[0]?.headers ?? {};
    expect(decodeJwt(String(headers['x-internal-auth']))).toMatchObject({
      iss: 'crossdock-gateway',
      aud: 'orders',
      sub: 'somebody',
      role: 'buyer',
      partner: '12345',
    });
    expect(headers).toMatchObject({ traceparent });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('x-evil');
  });

  it.each(['a\ud800b', 'a\u0000b', '🛒', '\u202e'])('carries the text %j through and back', async (note) => {
    const input = { idempotencyKey: 'k', lines: [], note };
    const { status, body } = await ask(
      'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { note } } }',
      { input },
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({ placeOrder: { order: { note } } });
  });

  it('gives null fields and one code while a subgraph is down, and recovers', async () => {
    await platform.payments.stop();
    const down = await ask('{ order(id: "1") { number payment { status } } }');
    expect(down.status).toBe(200);
    expect(down.body.data).toEqual({ order: { number: 'SO-1', payment: null } });
    expect(codes(down)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(down.text).not.toMatch(/127\.0\.0\.1|ECONN|payments|serviceName|stack/);
    // Polled for: on a busy machine another one, too, may take longer to answer than a probe waits.
    const ready = async () => {
      const reply = await fetch(`${gateway.url}/readyz`);
      return [reply.status, await reply.json()];
    };
    await expect.poll(ready).toMatchObject([200, { warnings: ['payments does not answer'] }]);
    await platform.payments.restart();
    expect((await ask('{ order(id: "1") { payment { status } } }')).body.errors).toBeUndefined();
  });

  it('hides what broke inside', async () => {
    const answer = await ask('{ orders { nodes { id } } }');
    expect(codes(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(Object.keys(answer.body.errors?.[0]?.extensions ?? {})).toEqual(['code', 'requestId']);
    expect(answer.text).not.toMatch(/secret|ECONN|orders\/|serviceName|stack/);
  });
});

describe('who may ask', () => {
  it.each([
    ['nothing', ''],
    ['rubbish', 'Bearer abc'],
    ['another scheme', 'Basic abc'],
    ['no signature', `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
  ])('refuses %s in the authorization header', async (_, authorization) => {
    const headers = { 'content-type': 'application/json', authorization };
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: '{' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('refuses tokens that expired, are another issuer’s or name no role', async () => {
    const tokens = await Promise.all([
      issuer.token({ role: 'erp' }, { lifetimeSeconds: -60 }),
      issuer.token({ role: 'erp' }, { issuer: 'somebody-else' }),
      issuer.token({ role: 'emperor' }),
      issuer.token({ role: 'buyer' }),
    ]);
    for (const token of tokens) {
      const answer = await ask('{ viewer { subject } }', {}, token);
      expect([answer.status, codes(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
    }
  });

  it('refuses a field of another role through aliases and fragments, and calls nobody', async () => {
    const document =
      'mutation { ...F } fragment F on Mutation { placeOrder: setCreditLimits(input: {idempotencyKey: "k", limits: []}) { replayed } }';
    const answer = await ask(document);
    expect([answer.status, codes(answer)]).toEqual([403, ['FORBIDDEN']]);
    expect(platform.payments.received).toEqual([]);
  });

  it('shows the schema to an operator alone', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect(codes(await ask(query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect((await ask(query, {}, operator)).body.data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
    expect((await ask('{ __typename }')).body.data).toEqual({ __typename: 'Query' });
  });
});

describe('GraphQL over HTTP', () => {
  const malformed: [string, RequestInit & { search?: string }, number, string][] = [
    ['malformed JSON', { body: '{"query":' }, 400, 'BAD_REQUEST'],
    ['an empty body', { body: '' }, 400, 'BAD_REQUEST'],
    ['a text', { body: '"{ viewer }"' }, 400, 'BAD_REQUEST'],
    ['null', { body: 'null' }, 400, 'BAD_REQUEST'],
    ['no document', { body: '{"variables":{}}' }, 400, 'BAD_REQUEST'],
    ['a batch', { body: '[{"query":"{ __typename }"}]' }, 400, 'BAD_REQUEST'],
    ['variables as a list', { body: '{"query":"{ __typename }","variables":[]}' }, 400, 'BAD_REQUEST'],
    [
      'an operation name as number',
      { body: '{"query":"{ __typename }","operationName":1}' },
      400,
      'BAD_REQUEST',
    ],
    [
      'several operations, none named',
      { body: '{"query":"query A { __typename } query B { __typename }"}' },
      400,
      'BAD_REQUEST',
    ],
    [
      'an unknown operation',
      { body: '{"query":"query A { __typename }","operationName":"B"}' },
      400,
      'BAD_REQUEST',
    ],
    ['bad syntax', { body: '{"query":"{"}' }, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'a lone surrogate in the document',
      { body: '{"query":"{ order(id: \\"\\ud800\\") { id } }"}' },
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      '2,001 tokens',
      { body: JSON.stringify({ query: `{${' __typename'.repeat(2_000)}}` }) },
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['an unknown field', { body: '{"query":"{ vewer { subject } }"}' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a missing variable',
      { body: '{"query":"query($id: ID!) { order(id: $id) { id } }"}' },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a form',
      { body: 'query={__typename}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'BAD_REQUEST',
    ],
    ['more than 4 MiB', { body: `{"query":"${' '.repeat(4 * 1_024 * 1_024)}"}` }, 413, 'PAYLOAD_TOO_LARGE'],
    ['PUT', { method: 'PUT', body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE without a body', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', { method: 'OPTIONS' }, 405, 'METHOD_NOT_ALLOWED'],
    [
      'a mutation by GET',
      { method: 'GET', search: '?query=mutation%7B__typename%7D' },
      405,
      'METHOD_NOT_ALLOWED',
    ],
    [
      'a hash alone',
      { body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}' },
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    [
      'a subscription',
      { body: '{"query":"subscription { orderFeed { __typename } }"}' },
      406,
      'SUBSCRIPTION_TRANSPORT_REQUIRED',
    ],
    [
      'a type nobody serves',
      { body: '{"query":"{ __typename }"}', headers: { accept: 'text/html' } },
      406,
      'BAD_REQUEST',
    ],
  ];
  it.each(malformed)('answers %s', async (_, request, status, code) => {
    const answer = await send(request);
    expect([answer.status, codes(answer)]).toEqual([status, [code]]);
    expect(answer.text).not.toMatch(/stack|Did you mean|node_modules/);
  });

  it('answers GET, with and without variables', async () => {
    const query = encodeURIComponent('query Q($id: ID!) { order(id: $id) { number } }');
    const variables = encodeURIComponent('{"id":"3"}');
    const answer = await send({
      method: 'GET',
      search: `?query=${query}&variables=${variables}&operationName=Q`,
    });
    expect([answer.status, answer.body]).toEqual([200, { data: { order: { number: 'SO-3' } } }]);
  });

  it('speaks the media type that is asked for', async () => {
    const headers = {
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${buyer}`,
      'content-type': 'application/json',
    };
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ __typename }"}',
    });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  it('takes the operation that is named', async () => {
    const query = 'query A { order(id: "1") { number } } query B { order(id: "2") { number } }';
    for (const [operationName, number] of [
      ['A', 'SO-1'],
      ['B', 'SO-2'],
      ['A', 'SO-1'],
    ]) {
      const { body } = await send({ body: JSON.stringify({ query, operationName }) });
      expect(body.data).toEqual({ order: { number } });
    }
  });
});

describe('a new supergraph', () => {
  it('is refused when it does not load, and taken when it does', async () => {
    const good = readFileSync(gateway.supergraphFile, 'utf8');
    let said = '';
    gateway.child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    writeFileSync(gateway.supergraphFile, 'type Query { broken');
    await expect.poll(() => said).toContain('the new supergraph does not load');
    expect((await ask('{ viewer { subject } }')).body.data).toEqual({ viewer: { subject: 'somebody' } });
    writeFileSync(gateway.supergraphFile, good.replaceAll('orderByNumber(', 'orderByItsNumber('));
    await expect
      .poll(async () => codes(await ask('{ orderByNumber(number: "1") { id } }')))
      .toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});
