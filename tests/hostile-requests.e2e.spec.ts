import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatewayClient, send } from './client/gateway-client.ts';
import { BAD_DOCUMENTS, HEAVY_DOCUMENTS } from './hostile/bad-documents.ts';
import { BAD_LITERALS, badRequests, goodBody } from './hostile/bad-values.ts';
import { failuresOf, faultsOfRefusal, indiscretions } from './hostile/verdict.ts';
import { type CallerName, enterPlatform, type World } from './platform/callers.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

const JSON_TYPE = 'application/json';

function post(caller: CallerName, { headers, ...request }: RequestInit & { search?: string }) {
  const authorization = `Bearer ${world.tokenOf(caller)}`;
  return send(world.gatewayUrl, {
    ...request,
    headers: { 'content-type': JSON_TYPE, ...headers, authorization },
  });
}

const faultsIn = async (answering: ReturnType<typeof post>) => {
  const answer = await answering;
  return { answer, faults: faultsOfRefusal(answer, world.innerAddresses) };
};

async function newestOrder(): Promise<string | undefined> {
  const { orders } = await world.erp.data<{ orders: { nodes: { id: string }[] } }>(
    '{ orders(first: 1) { nodes { id } } }',
  );
  return orders.nodes[0]?.id;
}

describe('values', () => {
  it('that are out of range, of another shape or of no field are refused, and leave nothing behind', async () => {
    const before = await newestOrder();
    const failures = await failuresOf(
      badRequests(),
      ({ name }) => name,
      ({ mutation, body }) => faultsIn(post(mutation.caller, { body })),
    );
    expect(failures).toEqual([]);
    expect(await newestOrder()).toBe(before);
  });

  it('that are no quantity are refused as literals, too', async () => {
    const failures = await failuresOf(
      BAD_LITERALS,
      (query) => query,
      (query) => faultsIn(post('erp', { body: JSON.stringify({ query }) })),
    );
    expect(failures).toEqual([]);
  });

  it.each(['orders', 'products', 'partners', 'shipments', 'orderChanges'])(
    'are no page size of %s',
    async (list) => {
      const query = `query ($first: Int) { ${list}(first: $first) { pageInfo { hasNextPage } } }`;
      const sizes = [
        '0',
        '-1',
        '101',
        '2147483647',
        '2147483648',
        '1.5',
        '1e308',
        '"10"',
        'true',
        '[10]',
        '{}',
        'NaN',
      ];
      const failures = await failuresOf(
        sizes,
        (size) => size,
        (size) =>
          faultsIn(post('erp', { body: `{"query":${JSON.stringify(query)},"variables":{"first":${size}}}` })),
      );
      expect(failures).toEqual([]);
    },
  );

  it.each(['placedFrom', 'placedTo'])('are no instant for %s', async (bound) => {
    const query = `query ($at: DateTime) { orders(filter: { ${bound}: $at }) { nodes { id } } }`;
    const instants = [
      '5',
      'true',
      '[]',
      '{}',
      '["2026-03-01T00:00:00Z"]',
      '"now"',
      '"2026-99-99"',
      '"infinity"',
      '""',
    ];
    const failures = await failuresOf(
      instants,
      (at) => at,
      (at) => faultsIn(post('erp', { body: `{"query":${JSON.stringify(query)},"variables":{"at":${at}}}` })),
    );
    expect(failures).toEqual([]);
  });
});

describe('documents', () => {
  it.each(Object.keys(BAD_DOCUMENTS))('of %s are refused', async (name) => {
    const { faults } = await faultsIn(
      post('buyer', { body: JSON.stringify({ query: BAD_DOCUMENTS[name] }) }),
    );
    expect(faults).toEqual([]);
  });

  it.each(Object.keys(HEAVY_DOCUMENTS))('of %s do no harm', async (name) => {
    const answer = await world.operator.ask(HEAVY_DOCUMENTS[name] ?? '');
    expect([name, indiscretions(answer, world.innerAddresses), answer.text.slice(0, 300)]).toEqual([
      name,
      [],
      expect.any(String),
    ]);
    expect((await world.buyer.ask('{ viewer { subject } }')).data).toEqual({ viewer: { subject: 'buyer' } });
  });

  it('that are nearly right get no advice', async () => {
    const answer = await world.buyer.ask(
      '{ vewer { subject } orders(filter: { skus: "A" }) { nodes { idd } } }',
    );
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/Did you mean|viewer/);
  });
});

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** Requests whose fault is HTTP's, with the status they deserve. */
const REQUESTS: readonly (readonly [
  name: string,
  request: () => RequestInit & { search?: string },
  status: number,
])[] = [
  ['10 MB', () => ({ body: goodBody().replace('Ring twice', 'x'.repeat(10_000_000)) }), 413],
  ['10 MB of nothing', () => ({ body: ' '.repeat(10_000_000) }), 413],
  ['an empty body', () => ({ body: '' }), 400],
  ['half a JSON', () => ({ body: goodBody().slice(0, -20) }), 400],
  ['JSON and more', () => ({ body: `${goodBody()}}` }), 400],
  ['a trailing comma', () => ({ body: '{"query":"{ viewer { subject } }",}' }), 400],
  ['single quotes', () => ({ body: "{'query':'{ viewer { subject } }'}" }), 400],
  ['bytes that are no text', () => ({ body: bytes('\xff\xfe\x00{') }), 400],
  ['100,000 brackets', () => ({ body: '['.repeat(100_000) }), 400],
  ['JSON that is deep', () => ({ body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }), 400],
  ['null', () => ({ body: 'null' }), 400],
  ['a number', () => ({ body: '5' }), 400],
  ['a batch', () => ({ body: `[${goodBody()},${goodBody()}]` }), 400],
  ['no document', () => ({ body: '{"variables":{}}' }), 400],
  ['a document that is a number', () => ({ body: '{"query":5}' }), 400],
  ['a document that is an object', () => ({ body: '{"query":{"a":1}}' }), 400],
  ['variables that are a text', () => ({ body: '{"query":"{ viewer { subject } }","variables":"{"}' }), 400],
  ['variables that are a list', () => ({ body: '{"query":"{ viewer { subject } }","variables":[1]}' }), 400],
  [
    'extensions that are a list',
    () => ({ body: '{"query":"{ viewer { subject } }","extensions":[1]}' }),
    400,
  ],
  [
    'an operation that is not there',
    () => ({ body: '{"query":"{ viewer { subject } }","operationName":"X"}' }),
    400,
  ],
  ['plain text', () => ({ body: goodBody(), headers: { 'content-type': 'text/plain' } }), 415],
  [
    'a form',
    () => ({
      body: 'query=%7B__typename%7D',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    415,
  ],
  [
    'an upload',
    () => ({ body: goodBody(), headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
    415,
  ],
  [
    'GraphQL as a type',
    () => ({ body: '{ viewer { subject } }', headers: { 'content-type': 'application/graphql' } }),
    415,
  ],
  ['XML', () => ({ body: '<a/>', headers: { 'content-type': 'application/xml' } }), 415],
  ['a content type that is none', () => ({ body: goodBody(), headers: { 'content-type': 'x' } }), 415],
  [
    'a body that is packed',
    () => ({ body: gzipSync(goodBody()), headers: { 'content-encoding': 'gzip' } }),
    400,
  ],
  ['a type nobody serves', () => ({ body: goodBody(), headers: { accept: 'image/png' } }), 406],
  [
    'a mutation by GET',
    () => ({
      method: 'GET',
      search: `?query=${encodeURIComponent('mutation { placeOrder(input: { idempotencyKey: "g", lines: [] }) { replayed } }')}`,
    }),
    405,
  ],
  ['GET without a document', () => ({ method: 'GET' }), 400],
  [
    'GET with half a JSON',
    () => ({ method: 'GET', search: '?query=%7Bviewer%7Bsubject%7D%7D&variables=%7B' }),
    400,
  ],
  ['GET with a bad escape', () => ({ method: 'GET', search: '?query=%E0%A4%A' }), 400],
  ['PUT', () => ({ method: 'PUT', body: goodBody() }), 405],
  ['PATCH', () => ({ method: 'PATCH', body: goodBody() }), 405],
  ['DELETE', () => ({ method: 'DELETE', body: goodBody() }), 405],
  ['OPTIONS', () => ({ method: 'OPTIONS', body: goodBody() }), 405],
];

describe('requests', () => {
  it.each(REQUESTS)('of %s are refused', async (_, request, status) => {
    const { answer, faults } = await faultsIn(post('buyer', request()));
    expect([faults, answer.status]).toEqual([[], status]);
  });

  it.each([
    '/',
    '/graphqlx',
    '/graphql/x',
    '/%00',
    '/..%2f..%2fetc/passwd',
    '/internal/log/heads',
    '/%E0%A4%A',
  ])('to %s find nothing', async (path) => {
    const authorization = `Bearer ${world.tokenOf('operator')}`;
    const response = await fetch(`${world.gatewayUrl}${path}`, { headers: { authorization } });
    const text = await response.text();
    expect([400, 404]).toContain(response.status);
    expect(text).not.toMatch(/node_modules|\bat /);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('leave the platform as it was', async () => {
    const { placeOrder } = await gatewayClient(world.gatewayUrl, world.tokenOf('erp')).data<{
      placeOrder: { userErrors: unknown[] };
    }>(JSON.parse(goodBody()).query, JSON.parse(goodBody()).variables);
    expect(placeOrder.userErrors).toEqual([]);
  });
});
