import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnServer, ownNats } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEventStream, statusOfStream } from '../../test/event-stream-client.ts';
import { type GatewayProcess, startGateway } from '../../test/gateway-process.ts';
import { createIssuer, type Issuer } from '../../test/issuer.ts';
import {
  OTHER_PARTNER,
  orderEvent,
  PARTNER,
  type StubRelay,
  startStubRelay,
} from '../../test/order-events.ts';
import { type StubPlatform, startStubPlatform } from '../../test/stub-platform.ts';
import { SCHEMA_FOLDER } from '../../test/stub-subgraph.ts';

const FEED = readFileSync(join(SCHEMA_FOLDER, 'operations/order-feed.graphql'), 'utf8');
const HYDRATED = `subscription($after: String, $with: Boolean = true) {
  feed: orderFeed(after: $after) { __typename ... on FeedOpened { at: cursor }
    ... on OrderEvent { v: version order @include(if: $with) { n: number lines { product { name } } } } } }`;

let nats: OwnServer;
let relay: StubRelay;
let platform: StubPlatform;
let issuer: Issuer;
let gateway: GatewayProcess;
let buyer: string;
let erp: string;

beforeAll(async () => {
  [nats, platform, issuer] = await Promise.all([ownNats(), startStubPlatform(), createIssuer()]);
  relay = await startStubRelay(nats.url);
  gateway = await startGateway({ issuer, subgraphUrls: platform.urls, natsUrl: nats.url });
  buyer = await issuer.token({ role: 'buyer', partner: PARTNER });
  erp = await issuer.token({ role: 'erp' });
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  await relay.stop();
  await Promise.all([platform.stop(), nats.stop()]);
});

const subscribe = (
  options: { token?: string; query?: string; variables?: object; lastEventId?: string } = {},
) => {
  const { token = buyer, query = FEED, variables = {}, ...rest } = options;
  return openEventStream(gateway.url, { token, body: { query, variables }, ...rest });
};
type Shown = {
  data?: { orderFeed: Record<string, unknown> };
  errors?: { extensions: Record<string, unknown> }[];
};
const shown = (event: { data: unknown } | undefined) => event?.data as Shown;
const versions = (events: readonly { data: unknown }[]) =>
  events.map((event) => shown(event).data?.orderFeed.version).filter((version) => version !== undefined);

/** Puts an order's fact into the log and publishes it. */
async function happen(
  id: string,
  version: number,
  options: { partner?: string; partition?: number; silent?: boolean } = {},
) {
  const type = version === 1 ? 'OrderPlaced' : 'OrderReleased';
  const { partition = 3, silent = false, ...order } = options;
  const message = platform.log.append(partition, orderEvent(type, { id, version, ...order }));
  if (!silent) await relay.publish(message);
}

describe('the feed over SSE', () => {
  it('opens at once with a cursor, then shows each fact of the caller’s orders', async () => {
    const client = await subscribe();
    const [opened] = await client.until(1);
    expect(client.contentType).toBe('text/event-stream; charset=utf-8');
    expect(opened).toMatchObject({
      event: 'next',
      data: { data: { orderFeed: { __typename: 'FeedOpened', cursor: opened?.id } } },
    });
    await happen('a', 1, { partner: OTHER_PARTNER, partition: 5 });
    await happen('b', 1);
    const event = (await client.until(2))[1];
    expect(shown(event).data?.orderFeed).toEqual({
      __typename: 'OrderEvent',
      cursor: event?.id,
      orderId: 'b',
      orderNumber: 'SO-b',
      type: 'ORDER_PLACED',
      occurredAt: '2026-03-01T09:30:00.000Z',
      version: 1,
      status: 'PLACED',
    });
    expect(event?.id?.length).toBeLessThan(80);
    client.close();
  });

  it('goes on from the last event id without hole or repeat, as often as it is dropped', async () => {
    const seen: unknown[] = [];
    let lastEventId: string | undefined;
    const first = await subscribe();
    lastEventId = (await first.until(1))[0]?.id;
    first.close();
    for (let round = 0; round < 5; round += 1) {
      await happen('c', 4 * round + 1);
      await happen('c', 4 * round + 2);
      const client = await subscribe(lastEventId === undefined ? {} : { lastEventId });
      await happen('c', 4 * round + 3, { silent: true });
      await happen('c', 4 * round + 4);
      const events = await client.until(5);
      seen.push(...versions(events));
      lastEventId = events.at(-1)?.id;
      client.close();
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('reads from the log what a cursor from long ago missed', async () => {
    const opened = await subscribe({ token: erp });
    const after = (await opened.until(1))[0]?.id;
    opened.close();
    for (let version = 1; version <= 6_000; version += 1)
      platform.log.append(1, orderEvent('OrderReleased', { id: 'd', version }));
    await happen('d', 6_001, { partition: 1 });
    const client = await subscribe({ token: erp, variables: { after } });
    const events = await client.until(6_002);
    expect(versions(events)).toEqual(Array.from({ length: 6_001 }, (_, index) => index + 1));
    client.close();
  });

  it('loses nothing when JetStream is purged, deleted or made anew', async () => {
    const client = await subscribe();
    await client.until(1);
    await happen('e', 1);
    await client.until(2);
    await happen('e', 2, { silent: true });
    await relay.purge();
    await client.until(3);
    await relay.deleteStream();
    await happen('e', 3, { silent: true });
    await client.until(4);
    await relay.createStream();
    for (let version = 4; version <= 20; version += 1) await happen('e', version);
    expect(versions(await client.until(21))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    client.close();
  });

  it('fills orders in once for all who ask the same, and asks nobody for facts alone', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => subscribe({ query: HYDRATED })));
    const plain = await subscribe({ query: HYDRATED, variables: { with: false } });
    await Promise.all([...clients, plain].map((client) => client.until(1)));
    platform.orders.received.length = 0;
    await happen('f', 1);
    for (const client of clients) {
      const [, event] = await client.until(2);
      const product = (sku: string) => ({ product: { name: `Product ${sku}` } });
      expect(event?.data).toMatchObject({
        data: {
          feed: { __typename: 'OrderEvent', v: 1, order: { n: 'SO-f', lines: ['A', 'B', 'A'].map(product) } },
        },
        extensions: { cursor: event?.id },
      });
    }
    expect((await plain.until(2))[1]?.data).toMatchObject({ data: { feed: { v: 1 } } });
    expect(platform.orders.received.length).toBe(1);
    for (const client of [...clients, plain]) client.close();
  });

  it('shows the fact with an error beside it while the subgraph of a field is down', async () => {
    const client = await subscribe({ query: HYDRATED });
    await client.until(1);
    await platform.inventory.stop();
    await happen('g', 1);
    const [, event] = await client.until(2);
    await platform.inventory.restart();
    expect(event?.data).toMatchObject({ data: { feed: { v: 1, order: { n: 'SO-g' } } } });
    expect(shown(event).errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
    client.close();
  });

  it('ends with a cursor when the token does, and completes', async () => {
    const token = await issuer.token({ role: 'buyer', partner: PARTNER }, { lifetimeSeconds: 6 });
    const client = await subscribe({ token });
    await client.ended;
    const [opened, expired, complete] = client.events;
    expect(shown(expired).errors?.[0]?.extensions).toEqual({
      code: 'SUBSCRIPTION_JWT_EXPIRED',
      cursor: opened?.id,
    });
    expect(complete).toMatchObject({ event: 'complete' });
  });

  it('tells of a log that was restored to an earlier point, and goes on', async () => {
    const { position = 0 } = platform.log.heads()[6] ?? {};
    for (const version of [1, 2, 3]) await happen('h', version, { partition: 6, partner: OTHER_PARTNER });
    const client = await subscribe({ token: erp });
    await client.until(1);
    await happen('h', 4, { partition: 6, partner: OTHER_PARTNER });
    const beyond = (await client.until(2))[1]?.id ?? '';
    platform.log.cutBack(6, position + 1);
    expect(shown((await client.until(3))[2]).data?.orderFeed).toMatchObject({
      __typename: 'StreamGap',
      reason: 'FORKED',
    });
    const late = await subscribe({ token: erp, lastEventId: beyond });
    expect(shown((await late.until(2))[1]).data?.orderFeed).toMatchObject({ __typename: 'StreamGap' });
    await happen('h', 2, { partition: 6, partner: OTHER_PARTNER });
    expect(versions(await client.until(4)).at(-1)).toBe(2);
    expect(versions(await late.until(3)).at(-1)).toBe(2);
    client.close();
    late.close();
  });

  it('waits for a log that is being restored, and then goes on as if nothing had been', async () => {
    const client = await subscribe({ token: erp });
    await client.until(1);
    await happen('r', 1, { partition: 6, partner: OTHER_PARTNER });
    await happen('r', 2, { partition: 6, partner: OTHER_PARTNER });
    await client.until(3);
    const { position = 0 } = platform.log.heads()[6] ?? {};
    platform.log.closeBehind(6, position - 2);
    await expect.poll(platform.log.lacking).toBeGreaterThan(2);
    platform.log.makeWhole();
    await happen('r', 3, { partition: 6, partner: OTHER_PARTNER });
    expect(versions(await client.until(4))).toEqual([1, 2, 3]);
    client.close();
  });
});

describe('the feed over a new supergraph', () => {
  it('goes on where its document still fits, and ends with a cursor where not', async () => {
    const byNumber = 'subscription { orderFeed { ... on OrderEvent { version order { poNumber } } } }';
    const [hydrated, plain] = await Promise.all([subscribe({ query: byNumber }), subscribe()]);
    await Promise.all([hydrated, plain].map((client) => client.until(1)));
    const good = readFileSync(gateway.supergraphFile, 'utf8');
    writeFileSync(gateway.supergraphFile, good.replaceAll('poNumber: String', 'purchaseOrder: String'));
    const isRead = () => statusOfStream(gateway.url, { token: buyer, body: { query: byNumber } });
    await expect.poll(isRead).toBe(400);
    await happen('l', 1);
    expect(versions(await plain.until(2))).toEqual([1]);
    await hydrated.ended;
    expect(shown(hydrated.events[1]).errors?.[0]?.extensions).toEqual({
      code: 'SUBSCRIPTION_SCHEMA_RELOAD',
      cursor: hydrated.events[0]?.id,
    });
    writeFileSync(gateway.supergraphFile, good);
    plain.close();
  });
});

describe('what a subscription may ask', () => {
  it('shows nothing of partners out of reach, and no error', async () => {
    const rep = await issuer.token({ role: 'rep', partners: [PARTNER] });
    const all = await subscribe({ token: rep });
    const foreign = await subscribe({ token: rep, variables: { partnerIds: [OTHER_PARTNER] } });
    const typed = await subscribe({ token: erp, variables: { types: ['ORDER_RELEASED'], orderIds: ['i'] } });
    await Promise.all([all, foreign, typed].map((client) => client.until(1)));
    await happen('j', 1, { partner: OTHER_PARTNER, partition: 5 });
    await happen('i', 1);
    await happen('i', 2);
    expect(versions(await all.until(3))).toEqual([1, 2]);
    expect(versions(await typed.until(2))).toEqual([2]);
    expect(foreign.events.length).toBe(1);
    for (const client of [all, foreign, typed]) client.close();
  });

  it('refuses before the stream begins', async () => {
    const wms = await issuer.token({ role: 'wms', warehouse: 'W1' });
    const stranger = await issuer.token({ role: 'buyer', partner: OTHER_PARTNER });
    const mine = await subscribe();
    await happen('k', 1);
    const cursor = (await mine.until(2))[1]?.id;
    mine.close();
    const refused = await Promise.all([
      subscribe({ token: wms }),
      subscribe({ token: 'rubbish' }),
      subscribe({ query: 'subscription { orderFeed { nope } }' }),
      subscribe({ query: 'subscription {' }),
      subscribe({ variables: { after: 'AAAA' } }),
      subscribe({ token: stranger, variables: { after: cursor } }),
      subscribe({ variables: { types: ['NOPE'] } }),
    ]);
    expect(refused.map(({ status, contentType }) => [status, contentType?.split(';')[0]])).toEqual(
      [403, 401, 400, 400, 400, 400, 400].map((status) => [status, 'application/json']),
    );
  });

  it('answers a plain query as a stream of one', async () => {
    const client = await subscribe({ query: '{ viewer { subject } }' });
    await client.ended;
    expect(client.events).toEqual([
      { event: 'next', data: { data: { viewer: { subject: 'somebody' } } } },
      { event: 'complete', data: '' },
    ]);
  });
});

describe('the feed as multipart', () => {
  it('sends parts that end with a boundary', async () => {
    const leaving = new AbortController();
    const accept = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json';
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${buyer}` },
      body: JSON.stringify({ query: FEED }),
    });
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    );
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.endsWith('}\r\n--graphql')) break;
    }
    expect(text).toMatch(
      /^--graphql\r\ncontent-type: application\/json\r\n\r\n\{"payload":\{.+FeedOpened.+\}\}\r\n--graphql$/,
    );
    leaving.abort();
  });
});
