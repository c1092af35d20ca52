import type { Slice } from '@crossdock/contracts';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSliceQueue, LATER_SHARE } from './slice-queue.ts';

const fc = seeded(fastCheck);

const idAt = (position: number) => (position === 0 ? null : `event-${position}`);

function slice(after: number, count: number, history = ''): Slice {
  const events = Array.from({ length: count }, (_, index) => ({
    id: `${history}event-${after + index + 1}`,
    category: 'order',
    stream: 's',
    version: 1,
    type: 'T',
    schemaVersion: 1,
    data: {},
    metadata: {},
    at: '',
  }));
  return { partition: 0, after: { position: after, eventId: idAt(after) }, events };
}

const queueAt = (position: number) =>
  createSliceQueue(['orders'], [{ source: 'orders', partition: 0, position, eventId: idAt(position) }]);

describe('the slice queue', () => {
  it('takes what follows, drops what it has, and cuts what overlaps', () => {
    const queue = queueAt(2);
    expect(queue.offer('orders', slice(0, 2))).toBe('duplicate');
    expect(queue.offer('orders', slice(0, 4))).toBe('taken');
    expect(queue.take(10).map((each) => each.position)).toEqual([3, 4]);
  });

  it('leaves a gap to the refill', () => {
    const queue = queueAt(0);
    expect(queue.offer('orders', slice(1, 1))).toBe('gap');
    expect(queue.size()).toBe(0);
  });

  it('knows another history where it touches and where it overlaps', () => {
    expect(queueAt(2).offer('orders', { ...slice(2, 1), after: { position: 2, eventId: 'other' } })).toBe(
      'forked',
    );
    expect(queueAt(2).offer('orders', slice(1, 2, 'other-'))).toBe('forked');
    expect(queueAt(2).offer('orders', slice(0, 2, 'other-'))).toBe('forked');
  });

  it('begins with the most urgent source and lets the others go on a little', () => {
    const start = { partition: 0, position: 0, eventId: null };
    const queue = createSliceQueue(
      ['orders', 'inventory'],
      [
        { source: 'orders', ...start },
        { source: 'inventory', ...start },
      ],
    );
    queue.offer('inventory', slice(0, 400));
    queue.offer('orders', slice(0, 20));
    const first = queue.take(512).map(({ source }) => source);
    expect(first.slice(0, 20).every((source) => source === 'orders')).toBe(true);
    expect(first).toHaveLength(20 + LATER_SHARE);
    expect(queue.take(512)).toHaveLength(400 - LATER_SHARE);
    expect(queue.size()).toBe(0);
  });

  it('brings every event once and in order, however slices are doubled, cut and reordered, once the log is read again', () => {
    const anySlices = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 9 })), { maxLength: 60 });
    fc.assert(
      fc.property(anySlices, (parts) => {
        const queue = queueAt(0);
        for (const [after, count] of parts) queue.offer('orders', slice(after, count));
        const reached = queue.received('orders')[0]?.position ?? 0;
        queue.offer('orders', slice(reached, 40 - reached));
        expect(queue.take(100).map((each) => each.event.id)).toEqual(
          Array.from({ length: 40 }, (_, index) => `event-${index + 1}`),
        );
      }),
    );
  });
});
