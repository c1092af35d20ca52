import { describe, expect, it } from 'vitest';
import { orderEvent } from '../../test/order-events.ts';
import { feedItemOf } from './feed-item.ts';

const placed = orderEvent('OrderPlaced', { id: 'a', version: 1 });

describe('an item of the feed', () => {
  it('shows the public facts and nothing else of the event', () => {
    const sealed = { ...placed, data: { ...placed.data, sealedCardToken: 'secret', note: 'private' } };
    expect(feedItemOf(sealed)).toEqual({
      orderId: 'a',
      orderNumber: 'SO-a',
      partnerId: '12345',
      type: 'ORDER_PLACED',
      status: 'PLACED',
      version: 1,
      occurredAt: '2026-03-01T09:30:00.000Z',
    });
  });

  it('shows a hold', () => {
    const held = orderEvent('OrderHeld', { id: 'a', version: 2 });
    expect(feedItemOf(held)).toMatchObject({ type: 'ORDER_HELD', status: 'ON_HOLD', version: 2 });
  });

  it('shows that a held order goes on, also where all has left', () => {
    const resumed = orderEvent('OrderResumed', { id: 'a', version: 3 });
    const said = {
      ...resumed,
      data: { ...resumed.data, status: 'SHIPPED', reason: 'It waits for nobody any more.' },
    };
    expect(feedItemOf(said)).toMatchObject({ type: 'ORDER_RESUMED', status: 'SHIPPED', version: 3 });
  });

  it('shows where a fact says that it leaves the order', () => {
    const cancelled = orderEvent('OrderLinesCancelled', { id: 'a', version: 3 });
    const said = { ...cancelled, data: { ...cancelled.data, status: 'SHIPPED', reason: 'too late' } };
    expect(feedItemOf(said)).toMatchObject({ type: 'ORDER_LINES_CANCELLED', status: 'SHIPPED', version: 3 });
    expect(feedItemOf(cancelled)).toBeNull();
    const waits = orderEvent('OrderBackordered', { id: 'a', version: 2 });
    expect(feedItemOf(waits)).toMatchObject({ type: 'ORDER_BACKORDERED', status: 'BACKORDERED' });
  });

  it.each([
    ['a reminder', { ...placed, category: 'order-reminder', type: 'OrderReminded' }],
    ['another category', { ...placed, category: 'partner' }],
    ['a fact without a public name', { ...placed, type: 'OrderAudited' }],
    ['a name that every object has', { ...placed, type: 'constructor' }],
    ['data that lack the partner', { ...placed, data: { orderId: 'a', number: 'SO-a' } }],
  ])('is none for %s', (_, event) => {
    expect(feedItemOf(event)).toBeNull();
  });
});
