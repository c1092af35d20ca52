import { describe, expect, it, vi } from 'vitest';
import { keptAlive, type Running, type Start, type Watch } from './keep-alive.ts';

interface FakeProcess extends Running {
  readonly end: (why: string) => void;
}

function fakeProcess(pid: number): FakeProcess {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { pid, gone: promise, end: resolve, stop: async () => resolve('stopped') };
}

function recorded() {
  const told: string[] = [];
  const stopping = new AbortController();
  const watch: Watch = {
    started: (name, pid) => void told.push(`${name} started ${pid}`),
    ended: (name, pid) => void told.push(`${name} ended ${pid}`),
    say: (line) => void told.push(line),
    signal: stopping.signal,
  };
  return { told, watch };
}

function startsOf(processes: readonly FakeProcess[]): Start {
  const queue = [...processes];
  return async ({ spawned }) => {
    const next = queue.shift();
    if (next === undefined) throw new Error('no program');
    spawned(next.pid);
    return next;
  };
}

describe('a process that is kept alive', () => {
  it('is started again after it ended by itself, and not after it was stopped', async () => {
    vi.useFakeTimers();
    const { told, watch } = recorded();
    const [first, second] = [fakeProcess(1), fakeProcess(2)];
    const kept = await keptAlive('wms', startsOf([first, second]), watch);
    first.end('exit code 1');
    await vi.advanceTimersByTimeAsync(600);
    await kept.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([
      'wms started 1',
      'wms ended 1',
      'wms ended (exit code 1); starting it again in 0.5 s.',
      'wms started 2',
      'wms ended 2',
    ]);
    vi.useRealTimers();
  });

  it('stays down when it ended more than five times within a minute', async () => {
    vi.useFakeTimers();
    const { told, watch } = recorded();
    const first = fakeProcess(1);
    await keptAlive('wms', startsOf([first]), watch);
    first.end('exit code 1');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told.filter((line) => line.includes('starting it again'))).toHaveLength(5);
    expect(told.at(-1)).toBe('wms ended 6 times within a minute and stays down (no program).');
    vi.useRealTimers();
  });

  it('rejects when its first start fails', async () => {
    const { watch } = recorded();
    await expect(keptAlive('wms', startsOf([]), watch)).rejects.toThrow('no program');
  });
});
