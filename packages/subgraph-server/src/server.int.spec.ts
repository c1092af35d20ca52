// What a subgraph's server says, and what it logs, when a request is refused or breaks: over HTTP, with a real database.
import { openDatabase, type Sql } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import type { FastifyInstance } from 'fastify';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addRawRoute } from './raw-route.ts';
import { createSubgraphServer } from './server.ts';
import { subgraphSettings } from './settings.ts';

const NAME = 'tried';
const CANARY = 'tok_CANARY';
const LOG_READ_SECRET = 'a secret that only tests know';
/** More runs than mercurius waits for until it compiles a document. */
const RUNS = 6;

let database: TestDatabase;
let sql: Sql;
let close: () => Promise<void>;
let app: FastifyInstance;
let url: string;
let token: string;
const logger = createLogger(NAME, 'silent');
const warned = vi.spyOn(logger, 'warn');
const failed = vi.spyOn(logger, 'error');

function schema(): GraphQLSchema {
  const built = buildSchema(`
    input Payment { method: Method! cardToken: String }
    enum Method { TERMS CARD }
    type Query { pay(payment: Payment): String same(text: String!): String broken: String }
  `);
  const query = built.getQueryType()?.getFields() ?? {};
  if (query.broken !== undefined) query.broken.resolve = () => sql`SELECT * FROM not_there`;
  return built;
}

beforeAll(async () => {
  database = await databaseFromTemplate('empty', async () => undefined);
  const opened = openDatabase({ url: database.url, applicationName: NAME });
  ({ sql, close } = opened);
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  token = await new SignJWT({ role: 'operator' })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('crossdock-gateway')
    .setAudience(NAME)
    .setSubject('somebody')
    .setExpirationTime('5m')
    .sign(privateKey);
  const settings = subgraphSettings.parse({
    ...{ PORT: 0, DATABASE_URL: database.url, NATS_URL: '-', REDIS_URL: '-', DRAIN_MS: 0 },
    ...{ INTERNAL_PUBLIC_JWK: JSON.stringify(await exportJWK(publicKey)), SUBGRAPH_URLS: '{}' },
    LOG_READ_SECRET,
  });
  app = await createSubgraphServer({
    ...{ name: NAME, settings, schema: schema(), sql, logger, registry: createRegistry(NAME) },
    context: (base) => base,
    ready: async () => undefined,
  });
  await addRawRoute(app, {
    path: '/hooks/:name',
    bodyBytesMax: 100,
    handle: async ({ name }) => {
      if (name === 'down') throw Object.assign(new Error('connect to 10.0.0.7'), { code: 'ECONNREFUSED' });
      await sql`SELECT * FROM not_there`;
      return 204;
    },
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await close();
  await database.drop();
});
beforeEach(() => {
  warned.mockClear();
  failed.mockClear();
});

async function ask(query: string, variables: unknown): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-internal-auth': token },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
const said = (message: string) => ({ data: null, errors: [{ message }] });

describe('a route that is no GraphQL', () => {
  const post = (path: string, body = '') => fetch(url + path, { method: 'POST', body });

  it('answers its status alone when it breaks, and logs why, once', async () => {
    const response = await post('/hooks/a');
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(failed.mock.calls).toMatchObject([
      [{ err: { code: '42P01' }, method: 'POST', route: '/hooks/:name' }, 'a route failed'],
    ]);
    expect(warned).not.toHaveBeenCalled();
  });

  it('asks to come again when what it needs is away, and warns', async () => {
    const response = await post('/hooks/down');
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      503,
      '1',
      '',
    ]);
    expect(warned.mock.calls).toMatchObject([[{ err: { code: 'ECONNREFUSED' } }, expect.anything()]]);
    expect(failed).not.toHaveBeenCalled();
  });

  it('says what is wrong with a request, and logs nothing', async () => {
    const response = await post('/hooks/a', CANARY.repeat(11));
    expect([response.status, await response.json()]).toEqual([413, { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }]);
    const malformed = await fetch(`${url}/internal/log/read`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${LOG_READ_SECRET}` },
      body: `{"a": ${CANARY}}`,
    });
    expect([malformed.status, await malformed.text()]).toEqual([400, expect.not.stringContaining('CANARY')]);
    expect([failed.mock.calls, warned.mock.calls]).toEqual([[], []]);
  });
});

describe('a value that is refused', () => {
  const inVariables = 'query ($payment: Payment) { pay(payment: $payment) }';

  it.each([
    [inVariables, { payment: { cardToken: CANARY } }],
    [inVariables, { payment: { method: 'CARD', cardToken: { x: CANARY } } }],
    [inVariables, { payment: { method: CANARY } }],
    [inVariables, { payment: { method: 'CARD', cardtoken: CANARY } }],
    ['query ($text: String!) { same(text: $text) }', { text: [CANARY] }],
    [`{ pay(payment: { method: CARD, cardToken: ${CANARY} }) }`, {}],
    [`{ pay(payment: { method: "${CANARY}" }) }`, {}],
  ])('is in no answer and no line of the log, compiled or not: %s %j', async (query, variables) => {
    for (let run = 0; run < RUNS; run += 1) {
      await ask(query, { payment: null, text: 'fine' });
      const answer = await ask(query, variables);
      expect(answer).toMatchObject({ data: null, errors: [{ message: expect.any(String) }] });
      expect(JSON.stringify(answer)).not.toMatch(/CANARY|INTERNAL_SERVER_ERROR|"message":""/);
    }
    expect([failed.mock.calls, warned.mock.calls]).toEqual([[], []]);
  });

  it('is told by its place', async () => {
    const reason = 'String cannot represent a non string value.';
    expect(await ask(inVariables, { payment: { method: 'CARD', cardToken: [CANARY] } })).toMatchObject(
      said(`Variable "$payment" got invalid value at "payment.cardToken"; ${reason}`),
    );
  });
});

it('hides what a resolver meets', async () => {
  expect(await ask('{ broken }', {})).toMatchObject({
    errors: [{ message: 'Something broke on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(failed).toHaveBeenCalledTimes(1);
});
