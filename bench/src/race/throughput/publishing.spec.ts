import { describe, expect, it } from 'vitest';
import { type PlacedOrder, placedOrder } from './placed-orders.ts';
import { messageful } from './publishing.ts';

const order = (partition: number, bytes: number): PlacedOrder => ({
  ...{ partition, eventId: 'an id', lineCount: 1, text: 'x'.repeat(bytes) },
});

describe('a message of placed orders', () => {
  it('holds at most 150 events of one partition', () => {
    const orders = Array.from({ length: 400 }, () => order(0, 10));
    expect(messageful(orders, 0)).toHaveLength(150);
    expect(messageful(orders, 300)).toHaveLength(100);
  });

  it('holds at most 768 KB, and one event that is larger by itself', () => {
    const large = 300 * 1024;
    const orders = [order(0, large), order(1, large), order(2, large), order(3, 800 * 1024)];
    expect(messageful(orders, 0)).toHaveLength(2);
    expect(messageful(orders, 3)).toHaveLength(1);
  });
});

describe('the fact of a placed order', () => {
  it('is a travelling OrderPlaced of its partner’s partition', () => {
    const { text, partition, lineCount, eventId } = placedOrder(7, 'P-1', [{ sku: 'A', quantity: 3 }]);
    const event = JSON.parse(text);
    expect(event).toMatchObject({ id: eventId, type: 'OrderPlaced', version: 1 });
    expect(event.data).toMatchObject({ partnerId: 'P-1', totalMinor: 750, shortagePolicy: 'REJECT' });
    expect(partition).toBeGreaterThanOrEqual(0);
    expect(lineCount).toBe(1);
  });
});
