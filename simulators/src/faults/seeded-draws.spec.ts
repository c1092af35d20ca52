import { expect, it } from 'vitest';
import { PaymentFaults, paymentFaultMode } from '../payment-provider/fault-modes.ts';
import { WmsFaults, wmsFaultMode } from '../wms/fault-modes.ts';
import { seededDraws } from './seeded-draws.ts';

it('draws the same numbers for the same seed, spread over [0, 1)', () => {
  const [one, again, other] = [seededDraws(7), seededDraws(7), seededDraws(8)];
  const numbers = Array.from({ length: 1_000 }, one);
  expect(Array.from({ length: 1_000 }, again)).toEqual(numbers);
  expect(Array.from({ length: 1_000 }, other)).not.toEqual(numbers);
  expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});

it('pauses a slow payment within its bounds', () => {
  const faults = new PaymentFaults(paymentFaultMode.parse({ mode: 'slow', slowMinMs: 10, slowMaxMs: 12 }));
  const pauses = new Set(Array.from({ length: 200 }, () => faults.next('create').pauseMs));
  expect([...pauses].sort()).toEqual([10, 11, 12]);
});

it('meets about the share of payments that was asked for', () => {
  const faults = new PaymentFaults(paymentFaultMode.parse({ mode: 'reset', probability: 0.2, seed: 3 }));
  const met = Array.from({ length: 1_000 }, () => faults.next('create').fault).filter(
    (fault) => fault === 'reset',
  ).length;
  expect(met).toBeGreaterThan(150);
  expect(met).toBeLessThan(250);
});

it('leaves requests alone that it is not meant for, and they draw nothing', () => {
  const mode = { mode: 'reset', probability: 0.5, seed: 3, operations: ['capture', 'refund'] };
  const [alone, among] = [0, 1].map(() => new PaymentFaults(paymentFaultMode.parse(mode)));
  const captures = Array.from({ length: 50 }, () => alone?.next('capture').fault);
  const amongReads = Array.from({ length: 50 }, () => {
    expect(among?.next('read').fault).toBe('none');
    return among?.next('capture').fault;
  });
  expect(amongReads).toEqual(captures);
  expect(new Set(captures)).toEqual(new Set(['none', 'reset']));
});

it('strikes only the warehouses it is meant for', () => {
  const faults = new WmsFaults(wmsFaultMode.parse({ mode: 'down', warehouseIds: ['WH-1'] }));
  expect(faults.strikes('down', ['WH-2'])).toBe(false);
  expect(faults.strikes('down', ['WH-2', 'WH-1'])).toBe(true);
  expect(faults.strikes('reject', ['WH-1'])).toBe(false);
});
