import { type OwnServer, ownNats } from '@crossdock/testing';
import { type Client, type CloseCode, createClient, type ExecutionResult } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openEventStream } from '../../test/event-stream-client.ts';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer, type Issuer } from '../../test/issuer.ts';
import { orderEvent, PARTNER } from '../../test/order-events.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';

const FEED =
  'subscription($after: String) { orderFeed(after: $after) { __typename ... on FeedOpened { cursor } ... on OrderEvent { cursor version } } }';

// A server of its own: what other tests' relays publish would read as a fork of the log here.
let nats: OwnServer;
let platform: StubPlatform;
let issuer: Issuer;
let gateway: GatewayProcess;
let buyer: string;

beforeAll(async () => {
  [nats, platform, issuer] = await Promise.all([ownNats(), startStubPlatform(), createIssuer()]);
  // No relay publishes here: the log alone brings every fact.
  gateway = await startGateway({ issuer, subgraphUrls: platform.urls, natsUrl: nats.url });
  buyer = await issuer.token({ role: 'buyer', partner: PARTNER });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([platform.stop(), nats.stop()]);
});

const socketUrl = () => `${gateway.url.replace('http', 'ws')}/graphql`;
const clientWith = (authorization: string, on: { closed?: (code: CloseCode) => void } = {}): Client =>
  createClient({
    url: socketUrl(),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
    on: { closed: (event) => on.closed?.((event as { code: CloseCode }).code) },
  });

/** Talks the protocol by hand and answers the code that the server closes with. */
function closeCode(
  messages: readonly string[],
  protocol: string | string[] = 'graphql-transport-ws',
): Promise<number> {
  const socket = new WebSocket(socketUrl(), protocol);
  socket.on('open', () => messages.forEach((message) => void socket.send(message)));
  return new Promise((resolve) => socket.on('close', resolve));
}

type Item = { orderFeed: { __typename: string; cursor?: string; version?: number } };

describe('the feed over WebSocket', () => {
  it('shows facts in order, and goes on behind a cursor', async () => {
    const client = clientWith(`Bearer ${buyer}`);
    const versions: unknown[] = [];
    let cursor: string | undefined;
    for (const round of [0, 1]) {
      const feed = client.iterate<Item>({ query: FEED, variables: { after: cursor } });
      await feed.next();
      if (round === 0)
        platform.log.append(3, ...[1, 2].map((version) => orderEvent('OrderPlaced', { id: 'a', version })));
      const { value } = (await feed.next()) as { value: ExecutionResult<Item> };
      versions.push(value.data?.orderFeed.version);
      cursor = value.data?.orderFeed.cursor;
      expect(value.extensions).toEqual({ cursor });
      await feed.return?.();
    }
    expect(versions).toEqual([1, 2]);
    await client.dispose();
  });

  it('runs queries, refuses what the role lacks, and keeps the socket', async () => {
    const client = clientWith(`Bearer ${buyer}`);
    const ask = async (query: string) => (await client.iterate({ query }).next()).value;
    expect(await ask('{ viewer { subject } }')).toEqual({ data: { viewer: { subject: 'somebody' } } });
    expect(await ask('{ orderChanges { nodes { version } } }')).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await expect(ask('subscription { nope }')).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(await ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    await client.dispose();
  });

  it('closes with the protocol’s codes', async () => {
    const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${buyer}` } });
    const forged = JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer x' } });
    const expired = await issuer.token({ role: 'erp' }, { lifetimeSeconds: -60 });
    const late = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${expired}` } });
    const subscribe = JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FEED } });
    const codes = await Promise.all([
      closeCode([]),
      closeCode([subscribe]),
      closeCode([forged]),
      closeCode([late]),
      closeCode([init, init]),
      closeCode(['nonsense']),
      closeCode([], []),
      closeCode(['x'.repeat(70_000)]),
    ]);
    expect(codes).toEqual([4408, 4401, 4401, 4403, 4429, 4400, 4406, 1009]);
  });

  it('says that the token expired, then closes so that the client comes back', async () => {
    const token = await issuer.token({ role: 'buyer', partner: PARTNER }, { lifetimeSeconds: 6 });
    let code: number | undefined;
    const client = clientWith(`Bearer ${token}`, { closed: (closed) => (code = closed) });
    const results: unknown[] = [];
    for await (const result of client.iterate({ query: FEED })) results.push(result);
    expect(results[1]).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_JWT_EXPIRED' } }] });
    await expect.poll(() => code).toBe(1000);
  });

  it('serves no other path', async () => {
    const socket = new WebSocket(socketUrl().replace('/graphql', '/other'));
    const status = await new Promise((resolve) =>
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
    );
    expect(status).toBe(404);
    socket.on('error', () => undefined).terminate();
  });
});

describe('a gateway that stops', () => {
  it('sends sockets away with 1012 and streams with a cursor, and exits', async () => {
    const own = await startGateway({ issuer, subgraphUrls: platform.urls, natsUrl: nats.url });
    const url = `${own.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const messages: string[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data)).type));
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${buyer}` } }));
    });
    await expect.poll(() => messages).toEqual(['connection_ack']);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FEED } }));
    const stream = await openEventStream(own.url, { token: buyer, body: { query: FEED } });
    await stream.until(1);
    await expect.poll(() => messages).toEqual(['connection_ack', 'next']);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    expect(await own.stop()).toBe(0);
    expect(await closed).toBe(1012);
    await stream.ended;
    expect(messages).toEqual(['connection_ack', 'next']);
    const [opened, last, complete] = stream.events;
    expect(last?.data).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_SERVER_STOPPING', cursor: opened?.id } }],
    });
    expect(complete).toBeUndefined();
  });
});
