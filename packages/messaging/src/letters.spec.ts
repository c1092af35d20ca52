import { describe, expect, it } from 'vitest';
import { arrivedOf, errorFingerprint, errorText, kindOf } from './letters.ts';

describe('the fingerprint of an error', () => {
  const of = (message: string, type = 'OrderPlaced') => errorFingerprint(type, new Error(message));
  const ID = '0190f3a1-7c2b-7def-8123-456789abcdef';

  it('is the same whatever ids and figures stand in it', () => {
    expect(of(`order ${ID} has 12 lines`)).toBe(of(`order ${ID.replaceAll('0', 'f')} has 7 lines`));
  });

  it('tells messages, kinds of error and types of event apart', () => {
    const prints = [
      of('no such order'),
      of('no such partner'),
      of('no such order', 'OrderRejected'),
      errorFingerprint('OrderPlaced', new TypeError('no such order')),
      errorFingerprint('OrderPlaced', 'no such order'),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('the text of an error', () => {
  it('is what a database can hold, and no book', () => {
    const text = errorText(`a\u0000b\uD800${'c'.repeat(20_000)}`);
    expect([text.slice(0, 4), text.length]).toEqual(['ab\uFFFDc', 7_999]);
  });
});

describe('the event of a letter', () => {
  it('is refused when it is none', () => {
    const place = { source: 'orders', partition: 0, position: 1 };
    expect(() => arrivedOf({ ...place, event: { type: 'OrderPlaced' } })).toThrow('id');
    expect(() => arrivedOf({ ...place, source: 'elsewhere', event: {} })).toThrow('orders');
  });

  it('tells its kind even then, where it has one', () => {
    const place = { source: 'orders', partition: 0, position: 1 };
    expect(kindOf({ ...place, event: { type: 'OrderPlaced' } })).toEqual({
      source: 'orders',
      type: 'OrderPlaced',
    });
    expect(kindOf({ ...place, source: 'elsewhere', event: { type: 'OrderPlaced' } })).toBeNull();
    expect(kindOf({ ...place, event: { type: 7 } })).toBeNull();
  });
});
