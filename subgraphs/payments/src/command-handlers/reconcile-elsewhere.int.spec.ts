// What stands open at a provider that is configured no more: nobody can tell whether it is gone.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { createProviders } from '../adapters/providers.ts';
import { createReconcilePayments } from './ask-for-reconciliation.ts';
import { reconcileOnce } from './reconcile.ts';

let money: Reconciling;

beforeAll(async () => {
  money = await openReconciling((fake) => fake);
  money.dispatch();
});
afterAll(() => money.close());

/** The whole comparison, with another provider that knows of nothing in place of the one that was asked. */
async function reconcileElsewhere(): Promise<void> {
  const { sql } = money.database;
  const report = async () => ({ kind: 'done', value: { authorisations: [], next: null } }) as const;
  const providers = createProviders([{ ...money.provider, name: 'another', report }]);
  await createReconcilePayments({ sql })(newId());
  while (await reconcileOnce({ ...money.options, providers }, money.epoch()));
  const runs = await sql`
    SELECT error FROM payment_reconciliations WHERE finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1`;
  expect(runs).toEqual([{ error: null }]);
}

it('is healed of no order there', async () => {
  const { order, id } = await money.order(1_000, 400);
  const read = await money.provider.read(id);
  const [taken] = read.kind === 'done' ? read.value.captures : [];
  const reference = {
    orderId: order.orderId,
    purpose: 'shipment',
    epoch: 1,
    instance: taken?.instance ?? '',
  };
  const again = { amountMinor: 400, currencyCode: 'GBP', final: false, reference };
  await money.provider.capture(id, again, newId());
  await money.reconcile();
  await reconcileElsewhere();
  expect(await money.breaksOf(order)).toMatchObject([{ kind: 'TAKEN_TWICE', state: 'OPEN' }]);
});

it('is healed of nothing that was held for no order, until its report is read again', async () => {
  const { sql } = money.database;
  const reference = { orderId: newId(), purpose: 'order', epoch: 1, instance: '1' };
  const request = { amountMinor: 700, currencyCode: 'GBP', cardToken: 'tok_visa', reference };
  const made = await money.provider.create(request, newId());
  const stray = made.kind === 'done' ? made.value.id : '';
  await money.provider.confirm(stray, newId());
  const states = () => sql`SELECT state FROM payment_breaks WHERE subject = ${stray}`;
  await money.reconcile();
  await money.provider.release(stray, newId());
  await reconcileElsewhere();
  expect(await states()).toEqual([{ state: 'OPEN' }]);
  await money.reconcile();
  expect(await states()).toEqual([{ state: 'HEALED' }]);
});
