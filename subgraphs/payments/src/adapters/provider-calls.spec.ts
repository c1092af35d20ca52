import { createLogger, Registry } from '@crossdock/telemetry';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ProviderAnswer } from '../ports.ts';
import { ProviderFault, readRefusal } from './provider-answers.ts';
import { createProviderCalls, type ProviderOperation } from './provider-calls.ts';

const HALF_OPEN_AFTER_MS = 5_000;
const FAILURES_TO_OPEN = 5;

let registry: Registry;
beforeEach(() => {
  vi.useFakeTimers();
  registry = new Registry();
});
afterEach(() => {
  vi.useRealTimers();
});

const callsTo = (name: string) =>
  createProviderCalls({ name, logger: createLogger('payments-test', 'silent'), registry });
type Calls = ReturnType<typeof callsTo>;

const done: ProviderAnswer<null> = { kind: 'done', value: null };
const answering = async () => done;
const noNotes = () => undefined;
const withStatus = (status: number) => async () => readRefusal(status, { code: 'card_declined' }, noNotes);
const silent = () => new Promise<ProviderAnswer<null>>(() => undefined);

async function often(calls: Calls, operation: ProviderOperation, run: () => Promise<ProviderAnswer<null>>) {
  const kinds = new Set<string>();
  for (let call = 0; call < FAILURES_TO_OPEN; call += 1) {
    const answer = calls.execute(operation, run);
    await vi.runAllTimersAsync();
    kinds.add((await answer).kind);
  }
  return [...kinds];
}

/** The samples of a metric by provider, operation and what else tells them apart. */
async function shown(metric: string): Promise<Record<string, number>> {
  // Looking at the registry is what has them collected.
  const all = await registry.getMetricsAsJSON();
  const found = all.find(({ name }) => name === `crossdock_payments_provider_${metric}`);
  return Object.fromEntries(
    (found?.values ?? []).map(({ labels, value }) => [Object.values(labels).join(' '), Number(value)]),
  );
}

it.each([
  ['HTTP 500', withStatus(500), 'unknown'],
  ['HTTP 503', withStatus(503), 'unknown'],
  ['HTTP 429', withStatus(429), 'turned-away'],
  ['HTTP 408', withStatus(408), 'unknown'],
  ['HTTP 404 of something on the way', async () => readRefusal(404, null, noNotes), 'unknown'],
  ['HTTP 400 of something on the way', async () => readRefusal(400, { error: 'bad' }, noNotes), 'unknown'],
  ['no answer', silent, 'unknown'],
  [
    'a connection that fails',
    () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
    'not-sent',
  ],
])('opens after %s five times, and asks no more', async (_, run, kind) => {
  const calls = callsTo('first');
  expect(await often(calls, 'confirm', run)).toEqual([kind]);
  expect(calls.isAvailable()).toBe(false);
  expect(await calls.execute('confirm', answering)).toEqual({ kind: 'not-sent', reason: 'breaker open' });
});

it.each([
  ['a decline', async () => ({ kind: 'refused', reason: 'card_declined' }) as const, 'refused'],
  ['HTTP 402', withStatus(402), 'refused'],
  ['HTTP 404', withStatus(404), 'refused'],
  ['HTTP 409', withStatus(409), 'unknown'],
  ['HTTP 401', withStatus(401), 'turned-away'],
  ['HTTP 403', withStatus(403), 'turned-away'],
])('does not open for %s', async (_, run, kind) => {
  const calls = callsTo('first');
  expect(await often(calls, 'confirm', run)).toEqual([kind]);
  expect(await often(calls, 'confirm', run)).toEqual([kind]);
  expect(calls.isAvailable()).toBe(true);
  expect(await calls.execute('confirm', answering)).toEqual(done);
});

it('keeps operations and providers apart', async () => {
  const [first, second] = [callsTo('first'), callsTo('second')];
  await often(first, 'capture', withStatus(500));
  expect([first.isAvailable(), second.isAvailable()]).toEqual([true, true]);
  await often(first, 'create', withStatus(500));
  expect([first.isAvailable(), second.isAvailable()]).toEqual([false, true]);
  expect(await first.execute('confirm', answering)).toEqual(done);
  expect(await second.execute('create', answering)).toEqual(done);
});

it('is available again when a trial is due, though nobody called meanwhile, and not while the trial is under way', async () => {
  const calls = callsTo('first');
  await often(calls, 'confirm', withStatus(500));
  expect(calls.isAvailable()).toBe(false);
  vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
  expect(calls.isAvailable()).toBe(true);
  const { promise, resolve } = Promise.withResolvers<ProviderAnswer<null>>();
  const trial = calls.execute('confirm', () => promise);
  expect(calls.isAvailable()).toBe(false);
  expect(await calls.execute('confirm', answering)).toMatchObject({ kind: 'not-sent' });
  resolve(done);
  expect(await trial).toEqual(done);
  expect(calls.isAvailable()).toBe(true);
});

it('shows how breakers stand and changed, and how long calls may take', async () => {
  const [first] = [callsTo('first'), callsTo('second')];
  await often(first, 'confirm', withStatus(500));
  expect(await shown('breaker_open')).toEqual({ 'first confirm': 1 });
  vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
  expect(await shown('breaker_open')).toEqual({ 'first confirm': 0.5 });
  await first.execute('confirm', answering);
  expect(await shown('breaker_open')).toEqual({ 'first confirm': 0 });
  expect(await shown('breaker_changes_total')).toEqual({
    ...{ 'first confirm open': 1, 'first confirm half-open': 1, 'first confirm closed': 1 },
  });
  expect(await shown('timeout_seconds')).toEqual({ 'first confirm': 8 });
  for (let call = 0; call < 100; call += 1) await first.execute('confirm', answering);
  expect(await shown('timeout_seconds')).toEqual({ 'first confirm': 3 });
  expect(await shown('calls_total')).toEqual({ 'first confirm unknown': 5, 'first confirm done': 101 });
});

it('spends retries of all operations from one budget', async () => {
  const calls = callsTo('first');
  let tries = 0;
  const run = () => {
    tries += 1;
    // With one retry every call is answered.
    return tries % 2 === 0 ? Promise.resolve(done) : Promise.reject(new ProviderFault('HTTP 500', true));
  };
  let retried = 0;
  for (let call = 0; call < 60; call += 1) {
    tries = 0;
    const answer = calls.execute(call % 2 === 0 ? 'create' : 'read', run);
    await vi.runAllTimersAsync();
    if ((await answer).kind === 'done') retried += 1;
  }
  expect(retried).toBeGreaterThanOrEqual(20);
  expect(retried).toBeLessThanOrEqual(26);
});
