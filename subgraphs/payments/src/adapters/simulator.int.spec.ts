import { newId } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { freePort } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';
import { createSimulatorProvider } from './simulator.ts';

type Provider = ReturnType<typeof createSimulatorProvider>;

let simulator: SimulatorProcess;
let provider: Provider;
const logger = createLogger('payments-test', 'silent');

function providerAt(url: string, key = PROVIDER_KEY): Provider {
  return createSimulatorProvider({
    name: 'simulator',
    url,
    key,
    logger,
    registry: createRegistry('payments-test'),
  });
}

beforeAll(async () => {
  simulator = await startSimulator();
  provider = providerAt(simulator.url);
});

afterAll(async () => {
  await provider.close();
  await simulator.stop();
});

const request = {
  amountMinor: 1_000,
  currencyCode: 'GBP',
  cardToken: 'tok_visa',
  reference: { orderId: newId(), purpose: 'order', epoch: 1, instance: '1' },
};

it('tells what certainly did not happen from what may have', async () => {
  const nobody = providerAt(`http://127.0.0.1:${await freePort()}`);
  expect(await nobody.confirm('auth_1', newId())).toEqual({ kind: 'not-sent', reason: 'ECONNREFUSED' });
  const stranger = providerAt(simulator.url, 'another key');
  expect(await stranger.confirm('auth_1', newId())).toEqual({ kind: 'turned-away', reason: 'HTTP 401' });
  await Promise.all([nobody.close(), stranger.close()]);
  await simulator.setMode({ mode: 'error-500' });
  expect(await provider.confirm('auth_1', newId())).toEqual({ kind: 'unknown', reason: 'HTTP 500' });
  await simulator.setMode({ mode: 'error-429' });
  expect(await provider.confirm('auth_1', newId())).toEqual({ kind: 'turned-away', reason: 'HTTP 429' });
  await simulator.setMode({ mode: 'reset' });
  expect(await provider.confirm('auth_1', newId())).toMatchObject({ kind: 'unknown' });
  await simulator.setMode({ mode: 'none' });
});

it('repeats a creation by itself, and stops asking when faults go on', async () => {
  const shaky = providerAt(simulator.url);
  await simulator.setMode({ mode: 'error-500', probability: 0.5, seed: 7 });
  expect(await shaky.create(request, newId())).toMatchObject({ kind: 'done' });
  await simulator.setMode({ mode: 'error-500' });
  for (let call = 0; call < 5; call += 1) await shaky.confirm('auth_1', newId());
  expect(await shaky.confirm('auth_1', newId())).toEqual({ kind: 'not-sent', reason: 'breaker open' });
  await simulator.setMode({ mode: 'none' });
  expect(await shaky.create(request, newId())).toMatchObject({ kind: 'done' });
  await shaky.close();
});
