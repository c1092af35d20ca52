import { describe, expect, it } from 'vitest';
import { answered, REJECTIONS_MAX, unanswered, waitMs } from './told-release.ts';

describe('what becomes of a told release', () => {
  it.each(['ACCEPTED', 'ALREADY_ACCEPTED'] as const)('%s: it is done', (result) => {
    expect(answered(result, null, 0, 1)).toEqual({ outcome: result, accepted: true, waitMs: 0, owner: null });
  });

  it('REJECTED: it is told again, until a person must look', () => {
    expect(answered('REFUSED', 'REJECTED', 0, 1)).toEqual({
      outcome: 'REJECTED',
      accepted: false,
      waitMs: 500,
      owner: null,
    });
    expect(answered('REFUSED', 'REJECTED', REJECTIONS_MAX - 2, 1).owner).toBeNull();
    expect(answered('REFUSED', 'REJECTED', REJECTIONS_MAX - 1, 1).owner).toBe('warehouse operations');
  });

  it.each(['STALE_EPOCH', 'RECALLED', 'CANCELLED', 'CONTENT_DIFFERS', 'ALREADY_SHIPPED'])(
    '%s: a person must look',
    (reason) => {
      expect(answered('REFUSED', reason, 0, 1)).toEqual({
        outcome: reason,
        accepted: false,
        waitMs: 0,
        owner: 'warehouse operations',
      });
    },
  );

  it('no answer: it is told again however often', () => {
    expect(unanswered('UNANSWERED', 1_000, 1)).toEqual({
      outcome: 'UNANSWERED',
      accepted: false,
      waitMs: 30_000,
      owner: null,
    });
  });
});

it('waits in a doubling window with a cap, drawn in full', () => {
  expect([0, 1, 2, 5, 6, 99].map((tries) => waitMs(tries, 1))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
  expect(waitMs(3, 0)).toBe(0);
});
