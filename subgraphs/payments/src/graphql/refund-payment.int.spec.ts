// refundPayment through payments as it ships: its own process, its dispatcher, and the provider simulator.
import { fileURLToPath } from 'node:url';
import { migrate, newId, openDatabase } from '@crossdock/event-store';
import {
  databaseFromTemplate,
  type OwnServer,
  ownNats,
  redisUrl,
  type TestDatabase,
} from '@crossdock/testing';
import { CompactEncrypt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  newOrder,
  orderPlaced,
  partnerRegistered,
  shipmentConfirmed,
  startHearing,
  stockReserved,
} from '../../test/hearing.ts';
import { type PaymentsProcess, startPayments } from '../../test/payments-process.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../../test/simulator-process.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const ERP = { role: 'erp' };
const PATIENCE = { timeout: 20_000, interval: 50 };
/** Three servers and a process start, and a card is charged, before the first test. */
const START_MS = 60_000;

let nats: OwnServer;
let clone: TestDatabase;
let simulator: SimulatorProcess;
let payments: PaymentsProcess;
const [partnerId, otherId] = [newId(), newId()];
const onTerms = newOrder(partnerId);
const byCard = newOrder(partnerId);
const unshipped = newOrder(partnerId);
const [termsShipment, cardShipment] = [newId(), newId()];

const ANSWER = `replayed userErrors { code field } refund { id status amount { amount currencyCode } reason }
  payment { status captured { amount } refunded { amount } refunds { id status } }`;
const ALL_OF_IT = `refund { status amount { amount } } payment { status refunded { amount } refunds { status }
  attempts { operation } entries { amount { amount } } invoices { credited { amount } } }`;
const REFUND = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { ${ANSWER} } }`;
const TWICE = `mutation ($first: RefundPaymentInput!, $second: RefundPaymentInput!) {
  first: refundPayment(input: $first) { ${ALL_OF_IT} } second: refundPayment(input: $second) { ${ALL_OF_IT} } }`;
const PAID_TWICE = `mutation ($first: RecordPaymentInput!, $second: RecordPaymentInput!) {
  first: recordPayment(input: $first) { ...Paid } second: recordPayment(input: $second) { ...Paid } }
  fragment Paid on CreditPayload { credit { exposure { amount } receivable { amount } } userErrors { code } }`;
const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on Partner { credit { exposure { amount } } }
  ... on Order { payment { status refunded { amount } refunds { status amount { amount } reason } } } } }`;
const LIMIT = `mutation ($input: SetCreditLimitsInput!) { setCreditLimits(input: $input) { userErrors { code } } }`;

const gbp = (amount: string) => ({ amount, currencyCode: 'GBP' });
const inputOf = (orderId: string, more: object = {}) => ({
  ...{ orderId, idempotencyKey: newId(), reason: 'damaged' },
  ...more,
});
const orderOf = (id: string) => ({ __typename: 'Order', id });

async function refund(input: object): Promise<unknown> {
  return (await payments.ask(ERP, REFUND, { input })).data?.refundPayment;
}

async function seenBy(claims: { role: string; partner?: string }, ...of: object[]): Promise<unknown> {
  return (await payments.ask(claims, ENTITIES, { of })).data?._entities;
}

async function sealedToken(publicKey: Parameters<CompactEncrypt['encrypt']>[0]): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode('tok_visa'))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(publicKey);
}

beforeAll(async () => {
  nats = await ownNats();
  simulator = await startSimulator();
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  const card = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  const sealed = await sealedToken(card.publicKey);
  const database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  const hearing = await startHearing(database.sql);
  await hearing.hear(partnerRegistered(partnerId), partnerRegistered(otherId));
  await hearing.hear(
    ...[orderPlaced(byCard, 2_500, sealed), stockReserved(byCard, 2_500)],
    ...[shipmentConfirmed(byCard, 2_500, cardShipment), orderPlaced(onTerms, 1_000)],
    ...[shipmentConfirmed(onTerms, 1_000, termsShipment), orderPlaced(unshipped, 1_000)],
  );
  await hearing.leave();
  await database.close();
  payments = await startPayments({
    databaseUrl: clone.url,
    natsUrl: nats.url,
    redisUrl: redisUrl(),
    cardTokenPrivateJwk: await exportJWK(card.privateKey),
    provider: { url: simulator.url, key: PROVIDER_KEY },
  });
  const limits = [{ partnerId, limit: gbp('500.00') }];
  await payments.ask(ERP, LIMIT, { input: { idempotencyKey: newId(), limits } });
  await vi.waitFor(async () => {
    const seen = await seenBy(ERP, orderOf(byCard.orderId));
    expect(seen).toMatchObject([{ payment: { status: 'CAPTURED' } }]);
  }, PATIENCE);
}, START_MS);

afterAll(async () => {
  expect(await payments.stop()).toBe(0);
  await clone.drop();
  await simulator.stop();
  await nats.stop();
});

it('gives back to the card, and answers the same request with the same refund in its present state', async () => {
  const input = inputOf(byCard.orderId, { amount: gbp('10.00'), shipmentId: cardShipment });
  const first = await refund(input);
  const asked = { amount: gbp('10.00'), reason: 'damaged' };
  expect(first).toMatchObject({ replayed: false, userErrors: [], refund: asked });
  const done = { status: 'PARTIALLY_REFUNDED', refunded: { amount: '10.00' } };
  const shown = { ...done, refunds: [{ status: 'DONE', amount: { amount: '10.00' }, reason: 'damaged' }] };
  await expect
    .poll(() => seenBy({ role: 'buyer', partner: partnerId }, orderOf(byCard.orderId)), PATIENCE)
    .toEqual([{ payment: shown }]);
  const { id } = (first as { refund: { id: string } }).refund;
  expect(await refund(input)).toEqual({
    ...{ replayed: true, userErrors: [], refund: { id, status: 'DONE', ...asked } },
    payment: { ...done, captured: { amount: '25.00' }, refunds: [{ id, status: 'DONE' }] },
  });
  const journal = await simulator.journalOf(byCard.orderId);
  const given = journal.filter(({ kind }) => kind === 'refunded');
  expect(given.map(({ amountMinor, reference }) => [amountMinor, reference.instance])).toEqual([
    [1_000, `${id}/${cardShipment}`],
  ]);
  expect(await refund({ ...input, reason: 'lost' })).toMatchObject({
    ...{ refund: null, payment: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
  });
});

it('credits on terms at once, also twice in one request', async () => {
  const credit = { __typename: 'Partner', id: partnerId };
  expect(await seenBy(ERP, credit)).toEqual([{ credit: { exposure: { amount: '10.00' } } }]);
  const shown = (...entries: string[]) => ({
    entries: entries.map((amount) => ({ amount: { amount } })),
    invoices: [{ credited: { amount: entries.length === 2 ? '4.00' : '10.00' } }],
  });
  const { data } = await payments.ask(ERP, TWICE, {
    first: inputOf(onTerms.orderId, { amount: gbp('4.00') }),
    second: inputOf(onTerms.orderId),
  });
  expect(data).toMatchObject({
    first: {
      refund: { status: 'DONE', amount: { amount: '4.00' } },
      payment: { status: 'PARTIALLY_REFUNDED', refunds: [{ status: 'DONE' }], ...shown('10.00', '4.00') },
    },
    second: {
      refund: { status: 'DONE', amount: { amount: '6.00' } },
      payment: {
        status: 'REFUNDED',
        refunded: { amount: '10.00' },
        refunds: [{}, {}],
        ...shown('10.00', '4.00', '6.00'),
      },
    },
  });
  expect(await seenBy(ERP, credit)).toEqual([{ credit: { exposure: { amount: '0.00' } } }]);
});

it('shows what a partner owes after each of two payments in one request', async () => {
  const paid = (amount: string) => ({
    ...{ idempotencyKey: newId(), partnerId, amount: gbp(amount), reference: 'BACS' },
  });
  const { data } = await payments.ask(ERP, PAID_TWICE, { first: paid('3.00'), second: paid('2.00') });
  const owed = (amount: string) => ({
    credit: { exposure: { amount }, receivable: { amount } },
    userErrors: [],
  });
  expect(data).toEqual({ first: owed('-3.00'), second: owed('-5.00') });
});

it('shows the account of a partner that paid ahead and was never given a limit', async () => {
  const account =
    'credit { limit { amount } exposure { amount } available { amount } receivable { amount } }';
  const pay = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { ${account} userErrors { code } } }`;
  const input = { idempotencyKey: newId(), partnerId: otherId, amount: gbp('5.00'), reference: 'BACS' };
  const amounts = { limit: '0.00', exposure: '-5.00', available: '0.00', receivable: '-5.00' };
  const credit = Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, { amount }]));
  const { data } = await payments.ask(ERP, pay, { input });
  expect(data?.recordPayment).toEqual({ credit, userErrors: [] });
  expect(await seenBy(ERP, { __typename: 'Partner', id: otherId })).toEqual([
    { credit: { exposure: { amount: '-5.00' } } },
  ]);
});

describe('what is refused', () => {
  it.each<[string, string[], object]>([
    ['UNKNOWN_ORDER', ['orderId'], inputOf(newId())],
    ['UNKNOWN_ORDER', ['orderId'], inputOf('SO-1')],
    ['PAYMENT_STATE', ['orderId'], inputOf(unshipped.orderId)],
    ['AMOUNT_EXCEEDS_CAPTURED', ['amount'], inputOf(byCard.orderId, { amount: gbp('25.01') })],
    ['UNKNOWN_SHIPMENT', ['shipmentId'], inputOf(byCard.orderId, { shipmentId: termsShipment })],
    [
      'CURRENCY_MISMATCH',
      ['amount', 'currencyCode'],
      inputOf(byCard.orderId, { amount: { amount: '1.00', currencyCode: 'EUR' } }),
    ],
    ['INVALID_INPUT', ['amount'], inputOf(byCard.orderId, { amount: gbp('0') })],
    ['INVALID_INPUT', ['amount'], inputOf(byCard.orderId, { amount: gbp('-1.00') })],
    ['INVALID_INPUT', ['reason'], inputOf(byCard.orderId, { reason: '' })],
    ['INVALID_INPUT', ['reason'], inputOf(byCard.orderId, { reason: 'x'.repeat(256) })],
    ['INVALID_INPUT', ['idempotencyKey'], inputOf(byCard.orderId, { idempotencyKey: ' ' })],
  ])('says %s at %j', async (code, field, input) => {
    const nothing = { replayed: false, refund: null, payment: null };
    expect(await refund(input)).toEqual({ ...nothing, userErrors: [{ code, field }] });
  });

  it.each([
    ['the buyer', { role: 'buyer', partner: partnerId }],
    ["another partner's buyer", { role: 'buyer', partner: otherId }],
    ['an operator', { role: 'operator' }],
  ])('is what %s asks for', async (_who, claims) => {
    const input = inputOf(byCard.orderId, { amount: gbp('1.00') });
    const { data, errors } = await payments.ask(claims, REFUND, { input });
    expect([data, errors?.[0]?.extensions?.code]).toEqual([null, 'FORBIDDEN']);
  });

  it("is a look at another partner's payment", async () => {
    const seen = await seenBy({ role: 'buyer', partner: otherId }, orderOf(byCard.orderId));
    expect(seen).toEqual([{ payment: null }]);
  });
});
