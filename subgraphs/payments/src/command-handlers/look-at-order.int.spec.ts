// What differs only because our record moved while the provider was read is no difference.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { createProviders } from '../adapters/providers.ts';
import type { PaymentProvider } from '../ports.ts';
import { lookAtOrder, type OrderLook } from './look-at-order.ts';

let money: Reconciling;

beforeAll(async () => {
  money = await openReconciling((fake) => fake);
  money.dispatch();
});
afterAll(() => money.close());

/** Looks at an order whose authorisation is gone, and whose payment is written to during the first `moves` reads. */
async function look(moves: number, change: Partial<PaymentProvider> = {}): Promise<OrderLook> {
  const { sql } = money.database;
  const { order, id } = await money.order(1_000);
  await money.provider.release(id, newId());
  let left = moves;
  const read: PaymentProvider['read'] = async (of) => {
    left -= 1;
    if (left >= 0) await sql`UPDATE payments SET version = version + 1 WHERE order_id = ${order.orderId}`;
    return money.provider.read(of);
  };
  const providers = createProviders([{ ...money.provider, read, ...change }]);
  return lookAtOrder({ sql, providers }, order.orderId, [{ provider: 'fake', id }]);
}

it('looks again while the payment moves, and then counts what it saw', async () => {
  for (const moves of [0, 2])
    expect(await look(moves)).toMatchObject({ kind: 'seen', breaks: [{ kind: 'AUTHORISATION_LOST' }] });
});

it('says nothing of a payment that always moves', async () => {
  expect(await look(3)).toEqual({ kind: 'moved' });
});

it.each([
  ['turned-away', 'HTTP 429', false],
  ['unknown', 'captures_disagree', true],
] as const)('says nothing where the provider does not answer: %s', async (kind, reason, isAsked) => {
  const silent = await look(0, { read: async () => ({ kind, reason }) });
  const unanswered = [{ provider: 'fake', id: expect.any(String), isAsked, reason }];
  expect(silent).toEqual({ kind: 'unreadable', breaks: [], subjects: null, answered: [], unanswered });
});

it('says so of a provider that is configured no more', async () => {
  const gone = { kind: 'unreadable', breaks: [], subjects: null, answered: [], unanswered: [] };
  expect(await look(0, { name: 'another' })).toEqual(gone);
});

it('compares what the others show beside a provider that is configured no more', async () => {
  const stray = await money.provider.create(
    {
      ...{ amountMinor: 700, currencyCode: 'GBP', cardToken: 'tok_visa' },
      reference: { orderId: newId(), purpose: 'order', epoch: 1, instance: '1' },
    },
    newId(),
  );
  const id = stray.kind === 'done' ? stray.value.id : '';
  await money.provider.confirm(id, newId());
  const { order } = await money.order(1_000);
  const providers = createProviders([{ ...money.provider, name: 'another' }]);
  const { sql } = money.database;
  const looked = await lookAtOrder({ sql, providers }, order.orderId, [{ provider: 'another', id }]);
  expect(looked).toMatchObject({
    kind: 'unreadable',
    breaks: [{ kind: 'STRAY_AUTHORISATION', subject: id, provider: 'another' }],
    answered: [{ provider: 'another', id }],
  });
});
