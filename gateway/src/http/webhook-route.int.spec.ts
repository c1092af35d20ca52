import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
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
    const large = await send('/webhooks/simulator', { body: 'x'.repeat(300 * 1_024) });
    const named = await Promise.all(
      ['/webhooks/..%2fgraphql', '/webhooks/UPPER', '/webhooks/'].map((path) => send(path)),
    );
    expect([large.status, ...named.map(({ status }) => status)]).toEqual([413, 404, 404, 404]);
    expect(came).toEqual([]);
  });

  it('is to come again when payments does not answer in time', async () => {
    answer = 0;
    const reply = await send('/webhooks/simulator', { body: '{}' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
