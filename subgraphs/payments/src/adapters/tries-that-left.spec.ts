// What a call that was repeated may have done: only what certainly never left us may be asked of another provider.
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { expect, it } from 'vitest';
import type { ProviderAnswer } from '../ports.ts';
import { ProviderFault } from './provider-answers.ts';
import { createProviderCalls } from './provider-calls.ts';

const logger = createLogger('payments-test', 'silent');
const calls = () => createProviderCalls({ name: 'p', logger, registry: createRegistry('payments-test') });

const fails = (error: Error) => async (): Promise<ProviderAnswer<null>> => {
  throw error;
};

it('is not known to have stayed here where the breaker only stopped its repetition', async () => {
  const { execute, isAvailable } = calls();
  const lost = fails(new ProviderFault('HTTP 500', true));
  expect(await execute('create', lost)).toEqual({ kind: 'unknown', reason: 'HTTP 500' });
  // Five failures open the breaker: the third try of this one is not made.
  expect(await execute('create', lost)).toEqual({ kind: 'unknown', reason: 'breaker open' });
  expect(isAvailable()).toBe(false);
  expect(await execute('create', lost)).toEqual({ kind: 'not-sent', reason: 'breaker open' });
});

it('stayed here where no try of it found a connection', async () => {
  const { execute } = calls();
  const refused = fails(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
  for (const reason of ['ECONNREFUSED', 'breaker open', 'breaker open'])
    expect(await execute('create', refused)).toEqual({ kind: 'not-sent', reason });
});
