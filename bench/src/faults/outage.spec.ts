import { describe, expect, it } from 'vitest';
import type { Attempt } from '../replay/placing.ts';
import { outageOf } from './outage.ts';

const acknowledged = (sentAt: number, answeredAt: number): Attempt => ({
  sentAt,
  answeredAt,
  answer: { kind: 'acknowledged', orderId: 'o', number: 'n', totalMinor: 1, replayed: false },
});
const failed = (sentAt: number, answeredAt: number, code: string): Attempt => ({
  sentAt,
  answeredAt,
  answer: { kind: 'retry', code, afterMs: 0 },
});

describe('an outage', () => {
  it('is the longest silence between two acknowledgements, with what failed meanwhile', () => {
    const attempts = [
      acknowledged(0, 10),
      failed(20, 30, 'ECONNRESET'),
      failed(40, 90, 'SUBGRAPH_UNAVAILABLE'),
      failed(60, 70, 'ECONNRESET'),
      acknowledged(100, 150),
    ];
    expect(outageOf(attempts, 0, 200)).toEqual({
      silence_ms: 140,
      attempts: 5,
      failed: { ECONNRESET: 2, SUBGRAPH_UNAVAILABLE: 1 },
      failedCount: 3,
      failing_ms: 70,
      slowest_ms: 50,
    });
  });

  it('counts to the end when it has not ended, and from the beginning when nothing was ever acknowledged', () => {
    expect(outageOf([acknowledged(0, 10)], 0, 500).silence_ms).toBe(490);
    expect(outageOf([], 100, 500)).toMatchObject({ silence_ms: 400, attempts: 0, failing_ms: 0 });
  });

  it('does not count a pause of the load itself', () => {
    const attempts = [acknowledged(0, 10), acknowledged(400, 410)];
    expect(outageOf(attempts, 0, 450, [{ from: 20, until: 390 }]).silence_ms).toBe(40);
  });

  it('does not count what was answered before it began', () => {
    expect(outageOf([failed(0, 10, 'X'), acknowledged(90, 120)], 100, 200)).toMatchObject({
      failedCount: 0,
      silence_ms: 80,
    });
  });
});
