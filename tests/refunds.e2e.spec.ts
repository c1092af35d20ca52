import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import { othersAtRest } from './platform/at-rest.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, exposureOf, settled } from './platform/orders.ts';
import { ACME, gbp } from './platform/wholesaler.ts';

type Money = Readonly<{ amount: string }>;
type Payment = Readonly<{
  status: string;
  captured: Money;
  refunded: Money;
  refunds: readonly Readonly<{ id: string; status: string; amount: Money; reason: string }>[];
}>;
type Refunded = Readonly<{
  payment: Payment | null;
  refund: Readonly<{ id: string; status: string; amount: Money }> | null;
  replayed: boolean;
  userErrors: readonly Readonly<{ code: string; field: readonly string[] | null }>[];
}>;

const PAYMENT =
  'status captured { amount } refunded { amount } refunds { id status amount { amount } reason }';
const REFUND = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
  payment { ${PAYMENT} } refund { id status amount { amount } } replayed userErrors { code field } } }`;
const SEEN = `query ($id: ID!) { order(id: $id) { payment { ${PAYMENT} } } }`;

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
  await othersAtRest(world);
});

async function refund(orderId: string, more: object = {}): Promise<Refunded> {
  const input = { orderId, idempotencyKey: randomUUID(), reason: 'Arrived broken', ...more };
  return (await world.erp.data<{ refundPayment: Refunded }>(REFUND, { input })).refundPayment;
}

async function paymentSeen(id: string, status: string): Promise<Payment | null | undefined> {
  return eventually(
    async () => (await world.buyer.data<{ order: { payment: Payment } | null }>(SEEN, { id })).order?.payment,
    (payment) => payment?.status === status,
  );
}

describe('money given back', () => {
  it('goes to the card, and the buyer sees it', async () => {
    const payment = { method: 'CARD', cardToken: 'tok_visa' };
    const id = await accepted(world.buyer, { lines: [{ sku: 'LAMP', quantity: 4 }], payment });
    await settled(world.buyer, id);
    const input = { amount: gbp('12.75'), idempotencyKey: randomUUID() };
    const first = await refund(id, input);
    expect(first).toMatchObject({ replayed: false, userErrors: [], refund: { amount: { amount: '12.75' } } });
    expect(await paymentSeen(id, 'PARTIALLY_REFUNDED')).toEqual({
      ...{ status: 'PARTIALLY_REFUNDED', captured: { amount: '51.00' }, refunded: { amount: '12.75' } },
      refunds: [
        { id: first.refund?.id, status: 'DONE', amount: { amount: '12.75' }, reason: 'Arrived broken' },
      ],
    });
    expect(await refund(id, input)).toMatchObject({
      replayed: true,
      refund: { id: first.refund?.id, status: 'DONE' },
    });
    expect(await refund(id, { amount: gbp('38.26') })).toMatchObject({
      userErrors: [{ code: 'AMOUNT_EXCEEDS_CAPTURED', field: ['amount'] }],
    });
    await refund(id);
    expect(await paymentSeen(id, 'REFUNDED')).toMatchObject({ refunded: { amount: '51.00' } });
  });

  it('on terms is a credit note: the partner owes that much less', async () => {
    const id = await accepted(world.buyer, { lines: [{ sku: 'LAMP', quantity: 2 }] });
    await settled(world.buyer, id);
    const owed = Number(await exposureOf(world.buyer, ACME));
    expect(await refund(id)).toMatchObject({
      refund: { status: 'DONE', amount: { amount: '25.50' } },
      payment: { status: 'REFUNDED' },
    });
    expect(Number(await exposureOf(world.buyer, ACME))).toBeCloseTo(owed - 25.5, 2);
  });

  it('is asked for by the ERP alone', async () => {
    const input = { orderId: randomUUID(), idempotencyKey: randomUUID(), reason: 'Arrived broken' };
    for (const caller of [world.buyer, world.rival, world.operator]) {
      const { errors } = await caller.ask(REFUND, { input });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    }
    expect(await refund(input.orderId)).toMatchObject({ userErrors: [{ code: 'UNKNOWN_ORDER' }] });
  });
});
