import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, feedScopeOf, SCOPE_ALL } from './index.ts';

const SECRET = 'a secret of the tests';
const EVENT = '0190f3a1-7c2b-7def-8123-456789abcdef';

const place = fc.record({
  partition: fc.integer({ min: 0, max: 7 }),
  position: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  eventId: fc.option(fc.uuid({ version: [4, 7] })),
});
const cursors = fc.record({
  positions: fc.array(place, { maxLength: 8 }),
  scope: fc.string({ unit: 'grapheme-ascii', maxLength: 64 }),
});

describe('the feed cursor', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(decodeCursor(encodeCursor(cursor, SECRET), SECRET)).toEqual({ ok: true, cursor });
      }),
    );
  });

  it('stays short for one partner', () => {
    const cursor = { positions: [{ partition: 3, position: 41, eventId: EVENT }], scope: '12345' };
    expect(encodeCursor(cursor, SECRET).length).toBeLessThan(70);
  });

  it('is refused when another secret signed it', () => {
    const text = encodeCursor({ positions: [], scope: SCOPE_ALL }, 'another secret');
    expect(decodeCursor(text, SECRET)).toEqual({ ok: false, refusal: 'FORGED' });
  });

  it('is refused when any character changed', () => {
    const text = encodeCursor(
      { positions: [{ partition: 3, position: 41, eventId: EVENT }], scope: '7' },
      SECRET,
    );
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'A' ? 'B' : 'A';
      const changed = text.slice(0, index) + other + text.slice(index + 1);
      expect(decodeCursor(changed, SECRET).ok).toBe(false);
    }
  });

  it.each(['', 'x', '💥', '\u0000', '\ud800', 'A'.repeat(2_000), '===='])('refuses %j', (text) => {
    expect(decodeCursor(text, SECRET)).toEqual({ ok: false, refusal: 'MALFORMED' });
  });

  it('is bound to a partner for a buyer and an approver, to nobody else', () => {
    expect(feedScopeOf({ role: 'buyer', partner: '12345' })).toBe('12345');
    expect(feedScopeOf({ role: 'approver', partner: '12345' })).toBe('12345');
    expect(feedScopeOf({ role: 'rep' })).toBe(SCOPE_ALL);
    expect(feedScopeOf({ role: 'erp' })).toBe(SCOPE_ALL);
  });
});
