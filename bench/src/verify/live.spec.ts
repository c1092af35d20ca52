import { describe, expect, it } from 'vitest';
import type { FeedEntry } from '../journal/feed-journal.ts';
import { checkLive, type OrderFact } from './live.ts';

const instant = (second: number) => new Date(Date.UTC(2026, 2, 1, 9, 30, second)).toISOString();
const from = (second: number) => ({ subscriber: 's', at: instant(second), cursor: 'c' });
const opened = (second = 0, partnerId: string | null = null): FeedEntry => ({
  kind: 'opened',
  ...from(second),
  partnerId,
});
const dropped: FeedEntry = { kind: 'dropped', subscriber: 's', reason: 'ECONNRESET', at: instant(9) };
const TYPES = ['ORDER_PLACED', 'ORDER_CONFIRMED', 'ORDER_PARTIALLY_SHIPPED'];
const event = (version: number, orderId = 'o1', type = TYPES[version - 1] ?? ''): FeedEntry => ({
  kind: 'event',
  ...from(10),
  orderId,
  version,
  type,
});
const fact = (version: number, second: number, partnerId = 'p'): OrderFact => ({
  orderId: 'o1',
  partnerId,
  version,
  type: ['OrderPlaced', 'OrderConfirmed', 'OrderPartiallyShipped'][version - 1] ?? '',
  recordedAt: Date.parse(instant(second)),
});
const log = [fact(1, 5), fact(2, 6), fact(3, 7)];

describe('live (16)', () => {
  it('accepts an order seen to its head, over a drop', async () => {
    expect(await checkLive([opened(), event(1), dropped, opened(8), event(2), event(3)], log)).toEqual({
      summary: '3 items to 1 subscriber, dropped 1 times',
      breaches: [],
    });
  });

  it.each<[string, FeedEntry[]]>([
    ['nobody who follows', []],
    ['a subscriber who came when all was over', [opened(8)]],
    ['one who came half way', [opened(5.5), event(2), event(3)]],
    ['one whose feed began a little earlier than it was told', [opened(6.5), event(2), event(3)]],
    ['one who may not see it', [opened(0, 'another')]],
  ])('accepts %s', async (_what, feed) => {
    expect((await checkLive(feed, log)).breaches).toEqual([]);
  });

  it.each<[string, FeedEntry[], string[]]>([
    [
      'a hole',
      [opened(), event(1), event(3)],
      ['version 3 came after 1', 'showed ORDER_PLACED,ORDER_PARTIALLY_SHIPPED for'],
    ],
    [
      'a repeat',
      [opened(), event(1), event(1), event(2), event(3)],
      ['version 1 came again after 1', 'showed'],
    ],
    ['a late beginning', [opened(), event(2), event(3)], ['begins with version 2 instead of 1']],
    ['an early end', [opened(), event(1)], ['ends with version 1 of 3']],
    ['silence', [opened()], ['versions 1 to 3 never came']],
    ['silence half way', [opened(5.5)], ['versions 2 to 3 never came']],
    [
      'another type',
      [opened(), event(1), event(2, 'o1', 'ORDER_REJECTED'), event(3)],
      ['showed ORDER_PLACED,ORDER_REJECTED'],
    ],
    ['an order that is none', [opened(8), event(1, 'o9')], ['o9: saw version 1 of an order that is none']],
    ['another’s order', [opened(0, 'another'), event(1)], ['is another partner']],
    ['a gap', [opened(8), { kind: 'gap', ...from(9), reason: 'FORKED' }], ['was told of a gap (FORKED)']],
    ['an item before the feed opened', [event(1)], ['shown before the feed opened']],
  ])('finds %s', async (_what, feed, breaches) => {
    expect((await checkLive(feed, log)).breaches).toEqual(
      breaches.map((breach) => expect.stringContaining(breach)),
    );
  });
});
