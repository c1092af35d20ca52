import type { SliceMessage } from '@crossdock/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderEvent } from '../../test/order-events.ts';
import { createStubLog, type StubLog } from '../../test/stub-log.ts';
import { callerOf } from '../auth/caller.ts';
import { requestContextOf } from '../subgraphs/request-context.ts';
import { feedFilterOf } from './feed-filter.ts';
import type { FeedPlan } from './feed-plans.ts';
import { createHydration } from './hydration.ts';
import { createLogTail, type LogTail } from './log-tail.ts';
import { type FeedOutput, type FeedSubscription, type FeedWorld, orderFeed } from './order-feed.ts';
import type { OrdersLog } from './orders-log.ts';

const IN_AN_HOUR = Math.floor(Date.now() / 1_000) + 3_600;

/** The log without its wire. */
const inMemory = (log: StubLog): OrdersLog => ({
  read: async (after) => log.read(after, 500),
  compare: async (shown) => log.compare(shown).heads,
  close: async () => undefined,
});
const plain: FeedPlan = {
  hydrates: false,
  execute: async ({ value }) => ({ data: { orderFeed: { ...value } } }),
};

function setting(held?: number) {
  const log = createStubLog();
  const tail = createLogTail(held);
  tail.restart(log.heads());
  const stops: (() => void)[] = [];
  const world: FeedWorld = {
    tail,
    log: inMemory(log),
    hydrate: createHydration(() => undefined),
    onStop: (end) => {
      stops.push(end);
      return () => undefined;
    },
  };
  return { log, tail, world, stop: () => stops.forEach((end) => void end()) };
}

function subscribe(world: FeedWorld, changes: Partial<FeedSubscription> = {}) {
  const caller = callerOf({ sub: 'somebody', exp: IN_AN_HOUR, role: 'erp' });
  if (caller === null) throw new Error('The claims name nobody.');
  const client = new AbortController();
  const feed = orderFeed(world, {
    context: requestContextOf(caller),
    filter: feedFilterOf(caller, {}),
    onePartition: false,
    after: null,
    variables: {},
    group: 'everybody',
    plan: () => plain,
    cursorOf: (places) => JSON.stringify(places),
    client: client.signal,
    ...changes,
  });
  return { feed, leave: () => client.abort() };
}

type Value = { __typename: string; orderId?: string; version?: number };
const shownBy = (output: FeedOutput | undefined) =>
  (output?.result.data as { orderFeed: Value } | undefined)?.orderFeed;
const next = async (feed: AsyncGenerator<FeedOutput>) => (await feed.next()).value as FeedOutput;

const happen = (log: StubLog, partition: number, id: string, version: number): SliceMessage =>
  log.append(partition, orderEvent(version === 1 ? 'OrderPlaced' : 'OrderReleased', { id, version }));
const deliver = (tail: LogTail, message: SliceMessage) => message.slices.map(tail.offer);

describe('one live feed', () => {
  it('opens, waits, and shows what happens', async () => {
    const { world, log, tail } = setting();
    const { feed } = subscribe(world);
    expect(shownBy(await next(feed))).toMatchObject({ __typename: 'FeedOpened' });
    const waiting = next(feed);
    deliver(tail, happen(log, 2, 'a', 1));
    expect(shownBy(await waiting)).toMatchObject({ __typename: 'OrderEvent', orderId: 'a', version: 1 });
    await feed.return(undefined);
  });

  it('ends a client that lets memory pass it by, with the cursor of what it was shown', async () => {
    const { world, log, tail } = setting(4);
    const { feed } = subscribe(world);
    await next(feed);
    const first = next(feed);
    await new Promise((resolve) => setTimeout(resolve));
    deliver(tail, happen(log, 0, 'a', 1));
    const shown = await first;
    for (let version = 2; version < 40; version += 1) deliver(tail, happen(log, 0, 'a', version));
    const outputs: FeedOutput[] = [];
    for await (const output of feed) outputs.push(output);
    expect(shownBy(shown)?.version).toBe(1);
    expect(outputs).toMatchObject([{ ending: 'SUBSCRIPTION_SLOW_CONSUMER', cursor: shown.cursor }]);
    const again = subscribe(world, { after: JSON.parse(shown.cursor ?? '') });
    await next(again.feed);
    expect(shownBy(await next(again.feed))?.version).toBe(2);
    await again.feed.return(undefined);
  });

  it('ends when the document no longer fits, and when the gateway stops', async () => {
    const { world, stop } = setting();
    const { feed } = subscribe(world, { plan: () => null });
    expect(await next(feed)).toMatchObject({ ending: 'SUBSCRIPTION_SCHEMA_RELOAD' });
    const open = subscribe(world);
    await next(open.feed);
    const last = next(open.feed);
    stop();
    expect(await last).toMatchObject({ ending: 'SUBSCRIPTION_SERVER_STOPPING' });
    expect((await open.feed.next()).done).toBe(true);
  });

  it('is silent when its client is gone', async () => {
    const { world } = setting();
    const { feed, leave } = subscribe(world);
    await next(feed);
    const last = feed.next();
    leave();
    expect((await last).done).toBe(true);
  });

  it('lets other partitions go once the partner’s is known', async () => {
    const { world, log, tail } = setting();
    const { feed } = subscribe(world, { onePartition: true });
    expect(JSON.parse((await next(feed)).cursor ?? '')).toHaveLength(8);
    const item = next(feed);
    deliver(tail, happen(log, 6, 'a', 1));
    expect(JSON.parse((await item).cursor ?? '')).toEqual([
      expect.objectContaining({ partition: 6, position: 1 }),
    ]);
    await feed.return(undefined);
  });
});

describe('whatever is lost, repeated or forgotten on the way', () => {
  const step = fc.record({
    partition: fc.integer({ min: 0, max: 2 }),
    fate: fc.constantFrom('delivered', 'lost', 'repeated', 'late', 'refilled'),
    reconnects: fc.boolean(),
  });

  it('a client that comes back with its last cursor sees every version once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const { world, log, tail } = setting(5);
        const seen = new Map<string, number[]>();
        const versions = [0, 0, 0];
        let cursor: string | null = null;
        let late: SliceMessage[] = [];
        const refill = () => log.read(tail.heads(), 500).slices.map(tail.offer);
        const readAll = async () => {
          refill();
          const { feed } = subscribe(world, {
            after: cursor === null ? world.tail.heads() : JSON.parse(cursor),
          });
          const total = versions.reduce((sum, version) => sum + version, 0);
          for await (const output of feed) {
            const value = shownBy(output);
            cursor = output.cursor;
            if (value?.orderId !== undefined)
              seen.set(value.orderId, [...(seen.get(value.orderId) ?? []), value.version ?? 0]);
            if ([...seen.values()].flat().length >= total) break;
          }
        };
        const start = subscribe(world);
        cursor = (await next(start.feed)).cursor;
        await start.feed.return(undefined);
        for (const { partition, fate, reconnects } of steps) {
          const version = (versions[partition] ?? 0) + 1;
          versions[partition] = version;
          const message = happen(log, partition, `order-${partition}`, version);
          if (fate === 'delivered' || fate === 'repeated') deliver(tail, message);
          if (fate === 'repeated') deliver(tail, message);
          if (fate === 'late') late = [...late, message];
          if (fate === 'refilled') refill();
          if (reconnects) {
            for (const each of late) deliver(tail, each);
            await readAll();
          }
        }
        await readAll();
        for (const [partition, count] of versions.entries()) {
          expect(seen.get(`order-${partition}`) ?? []).toEqual(
            Array.from({ length: count }, (_, index) => index + 1),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
