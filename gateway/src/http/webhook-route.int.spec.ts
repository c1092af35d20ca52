import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { natsUrl } from '@crossdock/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer } from '../../test/issuer.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';

type Came = {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
};

let platform: StubPlatform;
let gateway: GatewayProcess;
let payments: Server;
let answer = 204;
const came: Came[] = [];

beforeAll(async () => {
  platform = await startStubPlatform();
  payments = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers } = request;
    came.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    // Zero: no answer at all.
    if (answer !== 0) response.writeHead(answer).end('what payments says is nobody else’s business');
  });
  await new Promise<void>((resolve) => payments.listen(0, '127.0.0.1', resolve));
  const { port } = payments.address() as AddressInfo;
  const subgraphUrls = { ...platform.urls, payments: `http://127.0.0.1:${port}` };
  const environment = { TRUSTED_PROXIES: '127.0.0.0/8' };
  gateway = await startGateway({
    issuer: await createIssuer(),
    subgraphUrls,
    natsUrl: natsUrl(),
    environment,
  });
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  payments.closeAllConnections();
  payments.close();
  await platform.stop();
});
beforeEach(() => {
  came.length = 0;
  answer = 204;
});

/** pino's level. */
const ERROR = 50;
const PATIENCE = { timeout: 15_000 };
/** All that the gateway holds at once. */
const AT_ONCE = 256;
/** And so many more, to be turned away. */
const MORE = 8;
/** All that it waits for from one address. */
const OF_ADDRESS = 32;
/** As many addresses as it takes that each may send what it sends. */
const someAddress = (index: number) => `192.0.2.${Math.floor(index / OF_ADDRESS) + 1}:${40_000 + index}`;

/** Says that it sends two bytes, and sends one. */
function halfSent(from: string): ClientRequest {
  const half = httpRequest(`${gateway.url}/webhooks/simulator`, {
    method: 'POST',
    headers: { 'content-length': '2', 'x-forwarded-for': from },
    agent: false,
  });
  half.on('error', () => undefined);
  half.write('{');
  return half;
}

/** How many there are of each status. */
const counted = (statuses: readonly (number | undefined)[]) =>
  Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((each) => each === status).length]),
  );

async function statusOf(request: ClientRequest): Promise<number | undefined> {
  // Whoever waits for a response gets one message.
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  message.resume();
  return message.statusCode;
}

/** On a machine so busy that the first are given up before the last have come, they are sent again; so often at most. */
const ATTEMPTS_MAX = 5;
/** A body is given up three seconds after its first byte. */
const TOGETHER_MS = 1_500;

interface Together {
  readonly count: number;
  readonly addressOf: (index: number) => string;
  /** What those beyond the bound are told, at once. */
  readonly beyond: number;
}

/** What is said to bodies that come together and do not end: the last is turned away long before the first is given up. */
async function statusesOfHalves({ count, addressOf, beyond }: Together): Promise<(number | undefined)[]> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const from = performance.now();
    let turnedAway_ms = 0;
    const answered = Array.from({ length: count }, async (_, index) => {
      const status = await statusOf(halfSent(addressOf(index)));
      if (status === beyond) turnedAway_ms = performance.now() - from;
      return status;
    });
    const statuses = await Promise.all(answered);
    if (turnedAway_ms > 0 && turnedAway_ms < TOGETHER_MS) return statuses;
  }
  throw new Error(`None was turned away within ${TOGETHER_MS} ms, ${ATTEMPTS_MAX} times.`);
}

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${gateway.url}${path}`, { method: 'POST', ...init });

describe('a webhook', () => {
  it('is passed on byte for byte, with what its signature needs and nothing else', async () => {
    const body = '{ "a":1,\n"b" : "£" }';
    const signature = {
      'webhook-id': 'e1',
      'webhook-timestamp': '17',
      'webhook-signature': 'v1,abc',
      'stripe-signature': 't=1',
    };
    const others = {
      authorization: 'Bearer x',
      cookie: 'c',
      'x-internal-auth': 'forged',
      'content-type': 'text/weird',
    };
    const reply = await send('/webhooks/simulator', { body, headers: { ...signature, ...others } });
    expect([reply.status, await reply.text()]).toEqual([204, '']);
    expect(came).toMatchObject([{ method: 'POST', path: '/webhooks/simulator', body }]);
    expect(came[0]?.headers).toMatchObject({ ...signature, 'content-type': 'text/weird' });
    for (const name of ['authorization', 'cookie', 'x-internal-auth'])
      expect(came[0]?.headers).not.toHaveProperty(name);
  });

  it('goes on without a header that came twice: nobody could say which of them was signed', async () => {
    const twice = httpRequest(`${gateway.url}/webhooks/simulator`, {
      method: 'POST',
      headers: { 'webhook-id': 'e2', 'webhook-signature': ['v1,forged', 'v1,good'] },
    });
    twice.end('{}');
    expect(await statusOf(twice)).toBe(204);
    expect(came[0]?.headers).toMatchObject({ 'webhook-id': 'e2' });
    expect(came[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('is told of in one line when payments breaks over many, and in none when it refuses them', async () => {
    const told = () => gateway.logged.filter(({ status }) => status === 507 || status === 401);
    for (answer of [401, 507]) {
      await Promise.all(Array.from({ length: 5 }, () => send('/webhooks/simulator', { body: '{}' })));
    }
    await expect
      .poll(told, PATIENCE)
      .toMatchObject([{ level: ERROR, what: 'webhook', status: 507, count: 1 }]);
  });

  it.each([401, 404, 500])('is answered as payments answers it (%d), without a body', async (status) => {
    answer = status;
    const reply = await send('/webhooks/simulator', { body: '{}' });
    expect([reply.status, await reply.text()]).toEqual([status, '']);
  });

  it('is refused here when it is too large, or names what cannot be a provider', async () => {
    const largest = 64 * 1_024;
    const large = await Promise.all(
      [largest + 1, 5 * largest].map((bytes) => send('/webhooks/simulator', { body: 'x'.repeat(bytes) })),
    );
    const named = await Promise.all(
      ['/webhooks/..%2fgraphql', '/webhooks/UPPER', '/webhooks/'].map((path) => send(path)),
    );
    expect([...large, ...named].map(({ status }) => status)).toEqual([413, 413, 404, 404, 404]);
    expect(came).toEqual([]);
    expect((await send('/webhooks/simulator', { body: 'x'.repeat(largest) })).status).toBe(204);
  });

  it('is to come again when payments does not answer in time', async () => {
    answer = 0;
    const reply = await send('/webhooks/simulator', { body: '{}' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    const more = Array.from({ length: 5 }, () => send('/webhooks/simulator', { body: '{}' }));
    expect(counted((await Promise.all(more)).map(({ status }) => status))).toEqual({ 503: 5 });
    expect(gateway.logged.filter(({ msg }) => msg === 'not passed on')).toMatchObject([
      { what: 'webhook', count: 1 },
    ]);
  });

  it('counts from its first byte, and is refused when it does not come to an end', async () => {
    const statuses = await statusesOfHalves({ count: AT_ONCE + MORE, addressOf: someAddress, beyond: 503 });
    expect(counted(statuses)).toEqual({ 408: AT_ONCE, 503: MORE });
    await expect
      .poll(async () => (await send('/webhooks/simulator', { body: '{}' })).status, PATIENCE)
      .toBe(204);
  });

  it('leaves its place to others when its sender goes away in the middle', async () => {
    const before = gateway.logged.filter(({ level }) => level >= ERROR);
    const from = '198.51.100.7';
    // More than all places, from an address that gives each of its own back.
    for (let sent = 0; sent <= AT_ONCE; sent += OF_ADDRESS) {
      const halves = Array.from({ length: OF_ADDRESS + 1 }, () => halfSent(from));
      // One is turned away: the others are there.
      expect(await Promise.race(halves.map(statusOf))).toBe(429);
      for (const half of halves) half.destroy();
      const honest = () => send('/webhooks/simulator', { body: '{}', headers: { 'x-forwarded-for': from } });
      await expect.poll(async () => (await honest()).status, PATIENCE).toBe(204);
    }
    // Lines come in order: when this one is here, so is what was logged before.
    answer = 508;
    await send('/webhooks/simulator', { body: '{}' });
    const errors = () => gateway.logged.filter(({ level }) => level >= ERROR);
    await expect.poll(() => errors().at(-1), PATIENCE).toMatchObject({ status: 508 });
    expect(errors().slice(0, -1)).toEqual(before);
  });

  it.each([
    ['one address, whatever its port', (index: number) => `198.51.100.1:${40_000 + index}`],
    ['one network of IPv6', (index: number) => `[2001:db8::${index.toString(16)}]:443`],
  ])('finds its place however many bodies %s holds back', async (_, addressOf) => {
    const statuses = statusesOfHalves({ count: AT_ONCE, addressOf, beyond: 429 });
    const honest = await send('/webhooks/simulator', {
      body: '{}',
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect(honest.status).toBe(204);
    expect(counted(await statuses)).toEqual({ 408: OF_ADDRESS, 429: AT_ONCE - OF_ADDRESS });
  });
});
