import { describe, expect, it } from 'vitest';
import { isEnough, leastAtStep, nextHow, nextStep, STEPS, type StepCount, stepName } from './steps.ts';

const counts = (kills: (index: number) => number): StepCount[] =>
  STEPS.map((step, index) => ({ ...step, kills: kills(index), wentOn: kills(index), dropped: 0 }));

describe('the steps of a storm of kills', () => {
  it('are every operation, before and after, each by its own name', () => {
    expect(STEPS).toHaveLength(12);
    expect(new Set(STEPS.map(stepName)).size).toBe(12);
  });

  it('are taken in turn, by chance among those hit least', () => {
    const some = counts((index) => (index === 3 || index === 8 ? 0 : 1));
    expect([nextStep(some, () => 0), nextStep(some, () => 0.99)]).toEqual([some[3], some[8]]);
  });

  it('let held calls go on and drop them in turn', () => {
    const step = { ...counts(() => 0)[0], operation: 'create', phase: 'before', kills: 3 } as const;
    expect(nextHow({ ...step, wentOn: 1, dropped: 2 }, () => 0.9)).toBe('go-on');
    expect(nextHow({ ...step, wentOn: 2, dropped: 1 }, () => 0.1)).toBe('drop');
    expect([0.1, 0.9].map((drawn) => nextHow({ ...step, wentOn: 1, dropped: 1 }, () => drawn))).toEqual([
      'go-on',
      'drop',
    ]);
  });

  it('are hit five times each by fifty kills, and less often by fewer', () => {
    expect([1, 10, 20, 50, 500].map(leastAtStep)).toEqual([1, 1, 2, 5, 5]);
    expect(
      isEnough(
        counts(() => 5),
        50,
      ),
    ).toBe(true);
    expect(
      isEnough(
        counts((index) => (index === 0 ? 4 : 9)),
        50,
      ),
    ).toBe(false);
    expect(
      isEnough(
        counts(() => 5),
        61,
      ),
    ).toBe(false);
  });
});
