import { beforeAll, describe, expect, it } from 'vitest';
import {
  type FeedItem,
  type OpenFeed,
  type OpenFeedOver,
  overEventStream,
  overSocket,
} from './client/feeds.ts';
import { othersAtRest } from './platform/at-rest.ts';
import { type CallerName, enterPlatform, type World } from './platform/callers.ts';
import { accepted, settled } from './platform/orders.ts';
import { ACME } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
  await othersAtRest(world);
});

const lines = [{ sku: 'MUG', quantity: 1 }];
const TRANSPORTS: [string, OpenFeedOver][] = [
  ['server-sent events', overEventStream()],
  ['graphql-transport-ws', overSocket],
];
const STEPS = ['ORDER_PLACED', 'ORDER_CONFIRMED', 'ORDER_RELEASED', 'ORDER_SHIPPED'];

const subscribe = (
  open: OpenFeedOver,
  caller: CallerName,
  variables: Record<string, unknown> = {},
): OpenFeed => open(world.gatewayUrl, { token: world.tokenOf(caller), variables });
const isOpen = (items: readonly FeedItem[]) => items.length > 0;
const shipped = (items: readonly FeedItem[]) => items.filter(({ type }) => type === 'ORDER_SHIPPED').length;
const eventsOf = (items: readonly FeedItem[], orderId?: string) =>
  items.filter(
    (item) => item.__typename === 'OrderEvent' && (orderId === undefined || item.orderId === orderId),
  );

describe.each(TRANSPORTS)('the feed over %s', (_, open) => {
  it('opens at once, then shows an order step by step to SHIPPED, filled in by the subgraphs', async () => {
    const feed = subscribe(open, 'buyer');
    const [opened] = await feed.until(isOpen);
    expect(opened).toEqual({ __typename: 'FeedOpened', cursor: expect.any(String) });
    const id = await accepted(world.buyer, { lines });
    const events = eventsOf(await feed.until((items) => shipped(items) === 1), id);
    feed.close();
    expect(events.map(({ type }) => type)).toEqual(STEPS);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(events.map(({ status }) => status)).toEqual(['PLACED', 'CONFIRMED', 'RELEASED', 'SHIPPED']);
    for (const { order } of events)
      expect(order).toEqual({ id, lines: [{ sku: 'MUG', product: { name: 'A MUG' } }] });
    expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(4);
    expect(feed.codes).toEqual([]);
  });

  it('goes on behind the last cursor without hole or repeat, however often it is dropped', async () => {
    const first = subscribe(open, 'buyer');
    let after = (await first.until(isOpen))[0]?.cursor;
    first.close();
    const count = 12;
    const placing = Promise.all(Array.from({ length: count }, () => accepted(world.buyer, { lines })));
    const seen: FeedItem[] = [];
    let drops = 0;
    while (shipped(seen) < count) {
      const feed = subscribe(open, 'buyer', { after });
      const wanted = Math.min(1 + (drops % 5), count * STEPS.length - seen.length);
      const items = eventsOf(await feed.until((all) => eventsOf(all).length >= wanted)).slice(0, wanted);
      feed.close();
      seen.push(...items);
      after = items.at(-1)?.cursor;
      drops += 1;
    }
    const ids = await placing;
    const versions = Map.groupBy(seen, ({ orderId }) => orderId);
    expect([...versions.keys()].sort()).toEqual([...ids].sort());
    for (const events of versions.values())
      expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(drops).toBeGreaterThan(10);
  });

  it('misses nothing between a query and a feed that begins at the cursor taken before it', async () => {
    const { orderFeedCursor: after } = await world.buyer.data<{ orderFeedCursor: string }>(
      '{ orderFeedCursor }',
    );
    const id = await accepted(world.buyer, { lines });
    await settled(world.buyer, id);
    const feed = subscribe(open, 'buyer', { after });
    const events = eventsOf(await feed.until((items) => shipped(items) === 1), id);
    feed.close();
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('shows a buyer nothing of another partner, whatever it asks for', async () => {
    const own = subscribe(open, 'rival');
    const asked = subscribe(open, 'rival', { partnerIds: [ACME] });
    const everything = subscribe(open, 'erp');
    for (const feed of [own, asked, everything]) await feed.until(isOpen);
    const acmes = await accepted(world.buyer, { lines });
    const askedById = subscribe(open, 'rival', { orderIds: [acmes] });
    const rivals = await accepted(world.rival, { lines });
    await own.until((items) => shipped(items) === 1);
    await everything.until((items) => shipped(items) >= 2);
    expect(new Set(eventsOf(own.items).map(({ orderId }) => orderId))).toEqual(new Set([rivals]));
    expect([eventsOf(asked.items), eventsOf(askedById.items)]).toEqual([[], []]);
    expect(new Set(eventsOf(everything.items).map(({ orderId }) => orderId))).toEqual(
      new Set([acmes, rivals]),
    );
    for (const feed of [own, asked, askedById, everything]) feed.close();
  });

  it('shows only what is asked for', async () => {
    const feed = subscribe(open, 'rep', { partnerIds: [ACME], types: ['ORDER_SHIPPED'] });
    await feed.until(isOpen);
    const id = await accepted(world.buyer, { lines });
    await feed.until((items) => shipped(items) === 1);
    feed.close();
    expect(eventsOf(feed.items)).toMatchObject([{ orderId: id, type: 'ORDER_SHIPPED', version: 4 }]);
  });

  it('refuses cursors that are forged, changed, another list’s or another partner’s', async () => {
    const feed = subscribe(open, 'buyer');
    const cursor = (await feed.until(isOpen))[0]?.cursor ?? '';
    feed.close();
    const { orders } = await world.buyer.data<{ orders: { pageInfo: { endCursor: string } } }>(
      '{ orders(first: 1) { pageInfo { endCursor } } }',
    );
    const middle = cursor.length >> 1;
    const changed = `${cursor.slice(0, middle)}${cursor[middle] === 'A' ? 'B' : 'A'}${cursor.slice(middle + 1)}`;
    const bad: [CallerName, string][] = [
      ...[changed, orders.pageInfo.endCursor, 'x', '', '\u0000', '💥', 'A'.repeat(5_000)].map(
        (each): [CallerName, string] => ['buyer', each],
      ),
      ['rival', cursor],
      ['erp', cursor],
    ];
    for (const [caller, after] of bad) {
      const refused = subscribe(open, caller, { after });
      await refused.ended;
      expect([caller, after, refused.items, refused.codes]).toEqual([caller, after, [], ['BAD_USER_INPUT']]);
    }
  });

  it('brings nothing for ids that nobody can have, and refuses too many', async () => {
    const { orderFeedCursor: after } = await world.erp.data<{ orderFeedCursor: string }>(
      '{ orderFeedCursor }',
    );
    await settled(world.buyer, await accepted(world.buyer, { lines }));
    for (const id of ['a\u0000b', '\ud800', '💥', '', "' OR 1=1"]) {
      for (const variables of [{ partnerIds: [id] }, { orderIds: [id] }]) {
        const feed = subscribe(open, 'erp', { ...variables, after });
        await feed.until(isOpen);
        await new Promise((resolve) => setTimeout(resolve, 50));
        feed.close();
        expect([id, feed.items.length, feed.codes]).toEqual([id, 1, []]);
      }
    }
    const many = Array.from({ length: 1_001 }, (_, index) => `P${index}`);
    const refused = subscribe(open, 'erp', { partnerIds: many });
    await refused.ended;
    expect([refused.items, refused.codes]).toEqual([[], ['BAD_USER_INPUT']]);
  });

  it('is closed to a warehouse and to strangers', async () => {
    const feed = subscribe(open, 'wms');
    await feed.ended;
    expect([feed.items, feed.codes]).toEqual([[], ['FORBIDDEN']]);
    const stranger = open(world.gatewayUrl, { token: 'nobody' });
    await stranger.ended;
    expect(stranger.items).toEqual([]);
    expect(stranger.codes.length).toBe(1);
  });
});

describe('Last-Event-ID', () => {
  it('goes on behind the event it names', async () => {
    const feed = subscribe(overEventStream(), 'buyer');
    await feed.until(isOpen);
    const id = await accepted(world.buyer, { lines });
    const events = eventsOf(await feed.until((items) => shipped(items) === 1), id);
    feed.close();
    const again = subscribe(overEventStream(events[1]?.cursor), 'buyer');
    const rest = eventsOf(await again.until((items) => shipped(items) === 1), id);
    again.close();
    expect(rest).toEqual(events.slice(2).map((event) => ({ ...event, order: expect.anything() })));
  });
});
