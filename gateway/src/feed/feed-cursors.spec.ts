import { encodeCursor } from '@crossdock/feed-cursor';
import { describe, expect, it } from 'vitest';
import { placesOfCursor } from './feed-cursors.ts';

const SECRET = 'a secret of the tests';
const EVENT = '0190f3a1-7c2b-7def-8123-456789abcdef';
const place = { partition: 3, position: 41, eventId: EVENT };
const cursor = (scope: string, positions = [place]) => encodeCursor({ scope, positions }, SECRET);

describe('the places of a cursor', () => {
  it('are one for a partner whose partition is known', () => {
    expect(placesOfCursor(cursor('1'), '1', SECRET)).toEqual([place]);
  });

  it('are all partitions otherwise, from the beginning where the cursor names none', () => {
    const other = { partition: 5, position: 2, eventId: EVENT };
    for (const [text, scope] of [
      [cursor('*'), '*'],
      [cursor('*'), '1'],
      [cursor('1', [place, other]), '1'],
    ] as const) {
      const places = placesOfCursor(text, scope, SECRET);
      expect(places).toHaveLength(8);
      expect(places?.[3]).toEqual(place);
      expect(places?.[0]).toEqual({ partition: 0, position: 0, eventId: null });
    }
  });

  it.each([
    ['another partner’s', cursor('2')],
    ['rubbish', 'AAAA'],
    ['of another secret', encodeCursor({ scope: '1', positions: [place] }, 'another secret')],
    ['of a partition that is not', cursor('1', [{ ...place, partition: 8 }])],
  ])('are none when the cursor is %s', (_, text) => {
    expect(placesOfCursor(text, '1', SECRET)).toBeNull();
  });

  it('are none when one who sees all shows a partner’s', () => {
    expect(placesOfCursor(cursor('1'), '*', SECRET)).toBeNull();
  });
});
