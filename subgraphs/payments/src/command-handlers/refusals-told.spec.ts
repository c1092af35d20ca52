import { createLogger } from '@crossdock/telemetry';
import { expect, it, vi } from 'vitest';
import { tellNotTaken } from './refusals-told.ts';

it('says at once that webhooks are refused, and then once a minute how many', () => {
  const logger = createLogger('payments-test', 'silent');
  const said = vi.spyOn(logger, 'warn');
  const lines = () => said.mock.calls.map(([fields]) => fields);
  let now = 5;
  const tell = tellNotTaken(logger, 'refused', () => now);
  tell('stripe');
  expect(lines()).toEqual([{ provider: 'stripe', count: 1 }]);
  for (let refusal = 0; refusal < 1_000; refusal += 1) tell('stripe');
  tell('simulator');
  expect(lines()).toHaveLength(2);
  now += 60_000;
  tell('stripe');
  expect(lines().at(-1)).toEqual({ provider: 'stripe', count: 1_001 });
  now += 59_999;
  tell('stripe');
  expect(lines()).toHaveLength(3);
});
