import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Looks, startLooks } from './looks.ts';

const EVERY_MS = 1_000;
/** Looks that end when they are told to, in the order in which they began. */
let ends: (() => void)[];
let looks: Looks;

beforeEach(() => {
  vi.useFakeTimers();
  ends = [];
  looks = startLooks(() => new Promise<void>((resolve) => ends.push(resolve)), EVERY_MS);
});
afterEach(async () => {
  const stopped = looks.stop();
  for (const end of ends) end();
  await stopped;
  vi.useRealTimers();
});

/** Ends the look under way. */
async function end(): Promise<void> {
  ends.at(-1)?.();
  await vi.advanceTimersByTimeAsync(0);
}

it('looks at once, and again when its time has passed since the look ended', async () => {
  expect(ends).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(ends).toHaveLength(1);
  await end();
  await vi.advanceTimersByTimeAsync(EVERY_MS - 1);
  expect(ends).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(ends).toHaveLength(2);
});

it('is woken from its sleep, and sleeps for as long again behind that look', async () => {
  await end();
  looks.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(2);
  await end();
  await vi.advanceTimersByTimeAsync(EVERY_MS - 1);
  expect(ends).toHaveLength(2);
});

it('looks once more behind the look under way, however often it was woken', async () => {
  looks.wake();
  looks.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(1);
  await end();
  expect(ends).toHaveLength(2);
  await end();
  expect(ends).toHaveLength(2);
});

it('stops once the look under way has ended, asleep or woken', async () => {
  let isStopped = false;
  looks.wake();
  const stopped = looks.stop().then(() => {
    isStopped = true;
  });
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  expect(isStopped).toBe(false);
  await end();
  await stopped;
  looks.wake();
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  expect(ends).toHaveLength(1);
});
