import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  it('sees what a process used since the start', async () => {
    const worker = spawn(process.execPath, [
      '-e',
      'const end = Date.now() + 400; while (Date.now() < end); setTimeout(() => {}, 5000)',
    ]);
    await once(worker, 'spawn');
    const meter = startCpuMeter({ worker: worker.pid ?? 0 }, []);
    await new Promise((resolve) => setTimeout(resolve, 900));
    const [use] = meter.stop();
    worker.kill();
    expect(use?.hop).toBe('worker');
    expect(use?.cpuMs).toBeGreaterThan(100);
    expect(use?.memoryKib).toBeGreaterThan(1_000);
    expect(meter.machineUse(Date.now()).coresBusy).toBeGreaterThan(0);
  });
});
