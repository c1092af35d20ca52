import { describe, expect, it } from 'vitest';
import { backendHop, startCpuMeter } from './cpu-meter.ts';
import { parseMachineTimes, parseProcessTimes } from './process-clock.ts';

describe('times of a process', () => {
  it('are found behind a name that looks like fields', () => {
    const stat = '4242 (a b) R 7) S 17 4242 4242 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 1 0';
    expect(parseProcessTimes(stat)).toEqual({ parent: 17, cpuMs: 2_000 });
  });
});

describe('times of the machine', () => {
  it('leave out idling and waiting', () => {
    expect(parseMachineTimes('cpu  100 10 50 9999 7777 5 5 30 0 0\ncpu0 1')).toEqual({
      busyMs: 1_700,
      stolenMs: 300,
    });
  });
});

describe('a database backend', () => {
  it('counts for the database in its title', () => {
    expect(
      backendHop(['postgres:', 'crossdock', 'orders', '127.0.0.1(40112)', 'idle'], ['orders', 'payments']),
    ).toBe('postgres orders');
    expect(backendHop(['postgres:', 'walwriter'], ['orders'])).toBe('postgres (writers)');
  });
});

describe('the meter', () => {
  it('sees what a process used since the start', () => {
    const meter = startCpuMeter({ self: process.pid }, []);
    const { user, system } = process.cpuUsage();
    // Burns CPU, not time: how long that takes is the machine's business.
    for (let used = 0; used < 200_000; ) {
      const now = process.cpuUsage();
      used = now.user + now.system - user - system;
    }
    const [use] = meter.stop();
    expect(use?.hop).toBe('self');
    expect(use?.cpuMs).toBeGreaterThanOrEqual(150);
    expect(use?.memoryKib).toBeGreaterThan(1_000);
    expect(meter.machineUse(Date.now()).coresBusy).toBeGreaterThan(0);
  });
});
