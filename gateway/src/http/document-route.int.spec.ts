// Links to documents through the real gateway process, with a payments behind it that misbehaves on request.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { natsUrl } from '@crossdock/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer, type Issuer } from '../../test/issuer.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';
import { WINDOW_MS } from './address-limit.ts';
import { DOCUMENTS_OF_ADDRESS_MAX } from './document-route.ts';

const FILE = 'INV-00000001.pdf';
const LINK = `/documents/invoices/${FILE}?expires=1700000000&signature=abc`;
const TOO_LARGE = 17 * 1_024 * 1_024;

type Asked = Readonly<{
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
}>;

let platform: StubPlatform;
let payments: Server;
let issuer: Issuer;
let subgraphUrls: Readonly<Record<string, string>>;
let gateway: GatewayProcess;
let status: number;
let body: Buffer;
const asked: Asked[] = [];

beforeAll(async () => {
  payments = createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    response.writeHead(status, {
      'content-type': 'application/pdf',
      'set-cookie': 'inner=1',
      server: 'inner',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => payments.listen(0, '127.0.0.1', resolve));
  [platform, issuer] = await Promise.all([startStubPlatform(), createIssuer()]);
  // A listening TCP server has an address with a port.
  const { port } = payments.address() as AddressInfo;
  subgraphUrls = { ...platform.urls, payments: `http://127.0.0.1:${port}` };
  gateway = await startGateway({ issuer, subgraphUrls, natsUrl: natsUrl() });
});

afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  await platform.stop();
  payments.closeAllConnections();
  payments.close();
});

beforeEach(() => {
  asked.length = 0;
  status = 200;
  body = Buffer.from('%PDF-1.3 a document');
});

const get = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, init);

it('passes the link on, and no token, cookie or other header of either side', async () => {
  const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-internal-auth': 'forged' };
  const response = await get(LINK, { headers });
  expect([response.status, await response.text()]).toEqual([200, body.toString()]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${FILE}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(response.headers.get('server')).toBeNull();
  expect(asked.map(({ method, url }) => [method, url])).toEqual([['GET', LINK]]);
  const sent = asked[0]?.headers ?? {};
  expect([sent.authorization, sent.cookie, sent['x-internal-auth']]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it.each([
  '/documents/invoices/INV-1.pdf',
  '/documents/invoices/..%2fmetrics',
  '/documents/other/INV-00000001.pdf',
  `${LINK}&padding=${'x'.repeat(300)}`,
])('finds nothing at %s and asks nobody', async (path) => {
  expect((await get(path)).status).toBe(404);
  expect(asked).toEqual([]);
});

it.each([
  [403, 403, 'FORBIDDEN', []],
  [404, 404, 'BAD_REQUEST', []],
  [503, 503, 'OVERLOADED', []],
  [500, 500, 'INTERNAL_SERVER_ERROR', [500]],
  [302, 500, 'INTERNAL_SERVER_ERROR', [500, 302]],
])(
  'tells a %i in its own words, and an operator what nobody expected',
  async (theirs, ours, code, logged) => {
    status = theirs;
    body = Buffer.from('stack trace of the inside');
    const response = await get(LINK);
    const text = await response.text();
    expect([response.status, text.includes('inside')]).toEqual([ours, false]);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] });
    const statuses = () => gateway.logged.flatMap((line) => (line.level === 50 ? [line.status] : []));
    await expect.poll(statuses).toEqual(logged);
  },
);

it('breaks off what is larger than any document', async () => {
  body = Buffer.alloc(TOO_LARGE);
  const read = get(LINK).then((response) => response.arrayBuffer());
  await expect(read).rejects.toThrow();
});

it('takes no other method', async () => {
  expect((await get(LINK, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(asked).toEqual([]);
});

/** On a machine so busy that a window ends among the requests, they are sent again; so often at most. */
const ATTEMPTS_MAX = 5;

/** Statuses of as many requests of one client as an address may send, and of one more of it and of another, in one window. */
async function statusesIn(proxies: string): Promise<{ first: Set<number>; next: number[] }> {
  const environment = { TRUSTED_PROXIES: proxies };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const behind = await startGateway({ issuer, subgraphUrls, natsUrl: natsUrl(), environment });
    const statusFor = async (client: string) => {
      const headers = { 'x-forwarded-for': `10.9.9.9, ${client}` };
      const response = await fetch(behind.url + LINK, { headers });
      await response.arrayBuffer();
      return response.status;
    };
    const from = performance.now();
    const first = new Set<number>();
    // Half of them at a time, so that none is turned away for want of room.
    for (const _half of [1, 2]) {
      const half = Array.from({ length: DOCUMENTS_OF_ADDRESS_MAX / 2 }, () => statusFor('192.0.2.1'));
      for (const each of await Promise.all(half)) first.add(each);
    }
    const next = [await statusFor('192.0.2.1'), await statusFor('192.0.2.2')];
    const took_ms = performance.now() - from;
    expect(await behind.stop()).toBe(0);
    if (took_ms < WINDOW_MS) return { first, next };
  }
  throw new Error(`The requests of a window took longer than one, ${ATTEMPTS_MAX} times.`);
}

it.each([
  ['the address that a trusted balancer names', '127.0.0.0/8', 200],
  ['the connection, whatever anybody else says of it', '', 429],
])('counts by %s', async (_, proxies, ofAnother) => {
  const { first, next } = await statusesIn(proxies);
  expect(first).toEqual(new Set([200]));
  expect(next).toEqual([429, ofAnother]);
});

it('says so when nobody answers', async () => {
  payments.closeAllConnections();
  await new Promise((resolve) => payments.close(resolve));
  const response = await get(LINK);
  expect([response.status, await response.json()]).toMatchObject([
    503,
    { errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
  ]);
});
