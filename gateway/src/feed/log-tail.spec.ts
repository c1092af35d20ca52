import type { Slice, TravellingEvent } from '@crossdock/contracts';
import { describe, expect, it } from 'vitest';
import { orderEvent } from '../../test/order-events.ts';
import { createStubLog } from '../../test/stub-log.ts';
import { createLogTail } from './log-tail.ts';

const events = (count: number): TravellingEvent[] =>
  Array.from({ length: count }, (_, index) => orderEvent('OrderPlaced', { id: 'a', version: index + 1 }));
const slice = (position: number, all: readonly TravellingEvent[], count = all.length): Slice => ({
  partition: 0,
  after: { position, eventId: all[position - 1]?.id ?? null },
  events: all.slice(position, position + count),
});
const started = (held?: number) => {
  const tail = createLogTail(held);
  tail.restart(createStubLog().heads());
  return tail;
};
const heldPositions = (tail: ReturnType<typeof createLogTail>, position: number) =>
  tail.behind(0, position, 1_000)?.map((entry) => entry.position);

describe('the tail of the log', () => {
  it('takes slices that join on, whatever they overlap', () => {
    const all = events(6);
    const tail = started();
    const arrivals = [
      slice(0, all, 2),
      slice(0, all, 2),
      slice(1, all, 3),
      slice(5, all, 1),
      slice(4, all, 2),
    ].map(tail.offer);
    expect(arrivals).toEqual(['taken', 'known', 'taken', 'gap', 'taken']);
    expect(heldPositions(tail, 0)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tail.heads()[0]).toEqual({ partition: 0, position: 6, eventId: all[5]?.id });
  });

  it('notices another history where slices touch or overlap', () => {
    const all = events(4);
    const tail = started();
    tail.offer(slice(0, all));
    const other = events(5);
    expect(tail.offer({ ...slice(4, other), after: { position: 4, eventId: other[3]?.id ?? null } })).toBe(
      'forked',
    );
    expect(tail.offer(slice(2, other))).toBe('forked');
    expect(tail.compare({ partition: 0, position: 3, eventId: all[2]?.id ?? null })).toBe('agrees');
    expect(tail.compare({ partition: 0, position: 3, eventId: other[2]?.id ?? null })).toBe('forked');
    expect(tail.compare({ partition: 0, position: 9, eventId: other[2]?.id ?? null })).toBe('unknown');
  });

  it('holds the newest and says what it no longer holds', () => {
    const all = events(25);
    const tail = started(10);
    for (let position = 0; position < 25; position += 1) tail.offer(slice(position, all, 1));
    expect(heldPositions(tail, 9)).toBeUndefined();
    expect(heldPositions(tail, 10)).toHaveLength(15);
    expect(tail.compare({ partition: 0, position: 10, eventId: all[9]?.id ?? null })).toBe('agrees');
  });

  it('rings for changes until it is told to stop', () => {
    const all = events(3);
    const tail = started();
    let rings = 0;
    const stop = tail.listen(() => {
      rings += 1;
    });
    tail.offer(slice(0, all, 1));
    tail.offer(slice(0, all, 1));
    tail.offer(slice(1, all, 1));
    stop();
    tail.offer(slice(2, all, 1));
    expect(rings).toBe(2);
  });
});
