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
  gateway = await startGateway({ issuer: await createIssuer(), subgraphUrls, natsUrl: natsUrl() });
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

const PATIENCE = { timeout: 15_000 };
/** All that the gateway holds at once. */
const AT_ONCE = 256;
/** And so many more, to be turned away. */
const MORE = 8;

/** Says that it sends two bytes, and sends one. */
function halfSent(): ClientRequest {
  const half = httpRequest(`${gateway.url}/webhooks/simulator`, {
    method: 'POST',
    headers: { 'content-length': '2' },
    agent: false,
  });
  half.on('error', () => undefined);
  half.write('{');
  return half;
}

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

/** What is said to bodies that come together and do not end: the last is turned away long before the first is given up. */
async function statusesOfHalves(): Promise<(number | undefined)[]> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const from = performance.now();
    let turnedAway_ms = 0;
    const answered = Array.from({ length: AT_ONCE + MORE }, halfSent).map(async (half) => {
      const status = await statusOf(half);
      if (status === 503) turnedAway_ms = performance.now() - from;
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
  });

  it('counts from its first byte, and is refused when it does not come to an end', async () => {
    const statuses = await statusesOfHalves();
    const withStatus = (status: number) => statuses.filter((each) => each === status).length;
    expect([withStatus(408), withStatus(503)]).toEqual([AT_ONCE, MORE]);
    await expect
      .poll(async () => (await send('/webhooks/simulator', { body: '{}' })).status, PATIENCE)
      .toBe(204);
  });

  it('leaves its place to others when its sender goes away in the middle', async () => {
    for (let wave = 0; wave < 3; wave += 1) {
      const halves = Array.from({ length: AT_ONCE / 2 }, halfSent);
      await Promise.all(halves.map((half) => once(half, 'socket')));
      for (const half of halves) half.destroy();
    }
    await expect
      .poll(async () => (await send('/webhooks/simulator', { body: '{}' })).status, PATIENCE)
      .toBe(204);
  });
});
