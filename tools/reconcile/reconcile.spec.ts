import { expect, it } from 'vitest';
import type { GatewayClient } from '../seed/gateway-client.ts';
import { type Comparison, compareNow, openBreaks, tableOf } from './comparison.ts';
import { reconcileOptions } from './options.ts';

const run = (more: Partial<Comparison>): Comparison => ({
  ...{
    id: 'r1',
    finishedAt: null,
    payments: 0,
    authorisations: 0,
    breaksFound: 0,
    breaksHealed: 0,
    error: null,
  },
  ...more,
});

const twice = {
  ...{
    kind: 'TAKEN_TWICE',
    subject: 'c2',
    orderId: null,
    detail: 'Give it back.',
    owner: 'payment operations',
  },
  ...{ expected: { amount: '0.00', currencyCode: 'GBP' }, found: { amount: '12.50', currencyCode: 'GBP' } },
};

/** A gateway that answers one thing after the other. */
function answering(...answers: readonly object[]): GatewayClient {
  const left = [...answers];
  // The script of a test gives each document what it asks for.
  return { send: async <Data>() => left.shift() as Data };
}

it('reads the folder of the run, and refuses what it does not know in one sentence', () => {
  expect(reconcileOptions(['--data-dir', 'here'])).toEqual({ help: false, dataDir: 'here' });
  expect(() => reconcileOptions(['--now'])).toThrow(/^Unknown option '--now'/);
});

it('follows the comparison it asked for, and no other', async () => {
  const begun = { reconcilePayments: { reconciliation: run({}), userErrors: [] } };
  const last = (comparison: Comparison) => ({ operations: { paymentReconciliation: comparison } });
  const seen: number[] = [];
  const ended = run({ finishedAt: 'now', payments: 2 });
  const followed = await compareNow(answering(begun, last(ended)), ({ payments }) => seen.push(payments));
  expect([followed, seen]).toEqual([ended, [2]]);
  const other = compareNow(answering(begun, last(run({ id: 'r2' }))), () => undefined);
  await expect(other).rejects.toThrow('Another comparison was begun meanwhile: ask again.');
});

it('tells a refused request as what it is', async () => {
  const refusal = { code: 'INVALID_INPUT', message: 'idempotencyKey has 1 to 255 characters.' };
  const refused = { reconcilePayments: { reconciliation: null, userErrors: [refusal] } };
  const asked = compareNow(answering(refused), () => undefined);
  await expect(asked).rejects.toThrow(
    'The comparison was refused: idempotencyKey has 1 to 255 characters. (INVALID_INPUT)',
  );
});

it('lists what is open, page after page, with what to do', async () => {
  const page = (hasNextPage: boolean) => ({
    operations: { paymentBreaks: { nodes: [twice], pageInfo: { hasNextPage, endCursor: 'x' } } },
  });
  const breaks = await openBreaks(answering(page(true), page(false)));
  expect(breaks).toEqual([twice, twice]);
  expect(tableOf([twice]).split('\n')).toEqual([
    'kind         order  about  expected  found',
    'TAKEN_TWICE  -      c2     0.00 GBP  12.50 GBP',
    '    Give it back. (payment operations)',
  ]);
});
