import { expect, it } from 'vitest';
import { createAddressLimit, WINDOW_MS } from './address-limit.ts';

const REQUESTS_MAX = 50;

it('tells an address that floods to wait until its window is over, and hears the others', () => {
  const mayCome = createAddressLimit(REQUESTS_MAX);
  const burst = (address: string, nowMs: number, requests: number) =>
    Array.from({ length: requests }, () => mayCome(address, nowMs)).filter(Boolean).length;
  expect(burst('a', 0, REQUESTS_MAX + 10)).toBe(REQUESTS_MAX);
  expect(mayCome('b', 1)).toBe(true);
  expect(mayCome('a', WINDOW_MS - 1)).toBe(false);
  expect(mayCome('a', WINDOW_MS)).toBe(true);
});

it('forgets the oldest of too many addresses', () => {
  const mayCome = createAddressLimit(REQUESTS_MAX);
  for (let request = 0; request < REQUESTS_MAX; request += 1) mayCome('first', 0);
  expect(mayCome('first', 0)).toBe(false);
  for (let address = 0; address < 10_000; address += 1) mayCome(`other ${address}`, 1);
  expect(mayCome('first', 1)).toBe(true);
});
