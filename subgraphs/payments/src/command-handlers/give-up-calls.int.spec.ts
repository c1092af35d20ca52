// A person discards the dead letter of a call through the real door: the call is given up in the write that discards the letter.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectBooksAgree, invoicesOf } from '../../test/books.ts';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  type TestOrder,
  waveReserved,
} from '../../test/hearing.ts';
import { discardLetter, inProcess } from '../../test/letter-door.ts';
import type { PaymentsProcess } from '../../test/payments-process.ts';
import { givenBack, refund, refundsOf, toldOf, wavedOrder } from '../../test/refund-fixture.ts';
import { createProviders } from '../adapters/providers.ts';
import type { PaymentProvider } from '../ports.ts';
import { lookAtOrder } from './look-at-order.ts';

const OPERATOR = { role: 'operator' };
const PATIENCE = { timeout: 25_000, interval: 40 };
const SHOWN = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { payment {
  status captured { amount } refunded { amount } givenUp { amount } held { operation } refunds { status amount { amount } givenUp { amount } } } } } }`;
const RECONCILE = `mutation ($input: ReconcilePaymentsInput!) {
  reconcilePayments(input: $input) { reconciliation { id } userErrors { code } } }`;
const ENDED = '{ operations { paymentReconciliation { id finishedAt error } } }';
const OPEN = '{ operations { paymentBreaks(first: 100) { nodes { id kind subject expected { amount } } } } }';
const CLOSE = `mutation ($input: ClosePaymentBreakInput!) {
  closePaymentBreak(input: $input) { break { state } userErrors { code } } }`;

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

/** A provider that refuses for good what is asked of an epoch. */
const refusing = (what: 'capture' | 'refund', epoch: number): PaymentProvider => {
  const { provider } = cards;
  const refused = { kind: 'refused', reason: 'not_possible' } as const;
  return {
    ...provider,
    [what]: (...asked: Parameters<PaymentProvider['capture']>) =>
      asked[1].reference.epoch === epoch ? Promise.resolve(refused) : provider[what](...asked),
  };
};

/** A provider whose authorisations are dead, and that renews none. */
function dead(): PaymentProvider {
  const { provider } = cards;
  return {
    ...provider,
    capture: () => Promise.resolve({ kind: 'refused', reason: 'authorization_expired' }),
    renew: () => Promise.resolve({ kind: 'refused', reason: 'card_expired' }),
    read: async (id) => {
      const answer = await provider.read(id);
      return answer.kind === 'done' ? { ...answer, value: { ...answer.value, status: 'EXPIRED' } } : answer;
    },
  };
}

const callsOf = async ({ orderId }: TestOrder, operation: string) =>
  (
    await cards.database.sql`
      SELECT instance, state FROM payment_calls WHERE order_id = ${orderId} AND operation = ${operation} ORDER BY instance`
  ).map(({ instance, state }) => `${instance} ${state}`);
const entriesOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database.sql`
      SELECT kind, amount_minor::int AS amount FROM ledger_entries WHERE order_id = ${orderId} ORDER BY kind DESC, amount_minor`
  ).map(({ kind, amount }) => `${kind} ${amount}`);
const factOf = async ({ orderId }: TestOrder, type: string) =>
  (
    await cards.database
      .sql`SELECT data, metadata FROM events WHERE stream_id = ${orderId} AND type = ${type} ORDER BY version DESC LIMIT 1`
  )[0];

async function breaksOf({ orderId }: TestOrder): Promise<unknown> {
  const providers = createProviders([cards.provider]);
  const look = await lookAtOrder({ sql: cards.database.sql, providers }, orderId, []);
  if (look.kind !== 'seen') return look;
  return look.breaks.map(({ kind, subject, expected, found }) => ({
    ...{ kind, subject, amounts: [expected?.amountMinor, found?.amountMinor] },
  }));
}

async function shownOf(payments: PaymentsProcess, { orderId }: TestOrder): Promise<unknown> {
  const { data } = await payments.ask({ role: 'erp' }, SHOWN, { of: [{ __typename: 'Order', id: orderId }] });
  return data?._entities;
}

/** Discards the letter of a call, which is done. */
async function discard(payments: PaymentsProcess, key: string): Promise<void> {
  const letter = { outcome: 'DISCARDED', error: null, letter: { key, status: 'DISCARDED' } };
  expect(await discardLetter(payments, key)).toMatchObject({ letters: [letter], userErrors: [] });
}

type OpenBreak = Readonly<{ id: string; kind: string; subject: string; expected: { amount: string } }>;

/** Compares everything through the real door, to its end; answers what is open then about a subject. */
async function openAbout(payments: PaymentsProcess, about: string): Promise<OpenBreak[]> {
  await payments.ask(OPERATOR, RECONCILE, { input: { idempotencyKey: newId() } });
  const ended = async () => (await payments.ask(OPERATOR, ENDED, {})).data?.operations;
  const end = { paymentReconciliation: { finishedAt: expect.any(String), error: null } };
  await expect.poll(ended, PATIENCE).toMatchObject(end);
  const { data } = await payments.ask(OPERATOR, OPEN, {});
  const { operations } = data as { operations: { paymentBreaks: { nodes: OpenBreak[] } } };
  return operations.paymentBreaks.nodes.filter(({ subject }) => subject === about);
}

describe('the discarded letter of a held call', () => {
  it('of a part of a shipment: the part is never taken, and what was taken is booked, told and may go back', async () => {
    const order = newOrder(newId());
    const shipmentId = newId();
    await cards.hear(orderPlaced(order, 15_000, 'sealed:tok_visa'), waveReserved(order, 1, 10_000, 2));
    cards.dispatch();
    await cards.hear(waveReserved(order, 2, 5_000));
    await cards.reaches(order, { authorised: 15_000 });
    await cards.stopAll();
    await cards.hear(shipmentConfirmed(order, 12_000, shipmentId));
    cards.dispatch(refusing('capture', 2));
    await expect
      .poll(() => callsOf(order, 'capture'), PATIENCE)
      .toEqual([`${shipmentId} done`, `${shipmentId}/2 held`]);
    await cards.stopAll();
    expect(await cards.rowOf(order)).toMatchObject({ status: 'PARTIALLY_CAPTURED', captured: 10_000 });
    expect(await entriesOf(order)).toEqual(['SALE 10000']);
    expect(await refund(cards, order, { amount: '40.00' })).toMatchObject({ verdict: 'NEW' });
    await inProcess(cards, async (payments) => {
      await cards.reaches(order, { refunded: 4_000 });
      await discard(payments, `capture ${order.orderId}/${shipmentId}/2`);
      const refunds = [{ status: 'DONE', amount: { amount: '40.00' }, givenUp: null }];
      expect(await shownOf(payments, order)).toMatchObject([
        { payment: { captured: { amount: '100.00' }, givenUp: { amount: '20.00' }, held: [], refunds } },
      ]);
      const [open, ...others] = await openAbout(payments, `${shipmentId}/2`);
      expect(open).toMatchObject({ kind: 'SHIPPED_NOT_TAKEN', expected: { amount: '20.00' } });
      expect(others).toEqual([]);
      const note = { idempotencyKey: newId(), breakId: open?.id, note: 'Paid by bank transfer.' };
      const closed = await payments.ask(OPERATOR, CLOSE, { input: note });
      expect(closed.data?.closePaymentBreak).toMatchObject({ break: { state: 'CLOSED' } });
      expect(await openAbout(payments, `${shipmentId}/2`)).toEqual([]);
    });
    expect(await callsOf(order, 'capture')).toEqual([`${shipmentId} done`, `${shipmentId}/2 done`]);
    expect((await factOf(order, 'PaymentCaptured'))?.data).toMatchObject({ shipmentId, amountMinor: 10_000 });
    const resumed = await factOf(order, 'PaymentResumed');
    expect(resumed).toMatchObject({ data: { instance: `${shipmentId}/2`, amountMinor: 2_000 } });
    expect(resumed?.metadata.actor).toEqual(expect.any(String));
    expect(await entriesOf(order)).toEqual(['SALE 10000', 'REFUND 4000']);
    expect(await invoicesOf(cards.database.sql, order)).toMatchObject([
      { total: 12_000, paid: 10_000, credited: 4_000 },
    ]);
    const missing = { kind: 'SHIPPED_NOT_TAKEN', subject: `${shipmentId}/2`, amounts: [2_000, 0] };
    expect(await breaksOf(order)).toEqual([missing]);
    await cards.hear(shipmentConfirmed(order, 3_000));
    cards.dispatch();
    await cards.reaches(order, { captured: 13_000 });
    await expect.poll(() => cards.journalOf(order), PATIENCE).toContain('voided 2 2000');
    expect((await cards.journalOf(order)).filter((line) => line.startsWith('captured')).sort()).toEqual([
      ...['captured 1 10000', 'captured 2 3000'],
    ]);
    expect(await breaksOf(order)).toEqual([missing]);
    await expectBooksAgree(cards.database.sql);
  });

  it('of a declined renewal: what left is invoiced, and no later authorisation is charged for it', async () => {
    const order = newOrder(newId());
    const shipmentId = newId();
    await cards.hear(orderPlaced(order, 15_000, 'sealed:tok_visa'), waveReserved(order, 1, 10_000, 2));
    cards.dispatch();
    await cards.reaches(order, { authorised: 10_000 });
    await cards.stopAll();
    await cards.hear(shipmentConfirmed(order, 4_000, shipmentId));
    cards.dispatch(dead());
    const letters = () => cards.database.sql`
      SELECT error FROM dead_letters WHERE key = ${`authorise ${order.orderId}/1000001`}`;
    await expect.poll(async () => [...(await letters())], PATIENCE).toEqual([{ error: 'card_expired' }]);
    await cards.stopAll();
    await inProcess(cards, async (payments) => {
      await discard(payments, `authorise ${order.orderId}/1000001`);
      expect(await shownOf(payments, order)).toMatchObject([
        { payment: { captured: { amount: '0.00' }, givenUp: { amount: '40.00' }, held: [] } },
      ]);
    });
    await cards.hear(waveReserved(order, 2, 5_000));
    cards.dispatch();
    await expect.poll(() => cards.journalOf(order), PATIENCE).toContain('authorised 2 5000');
    await expect
      .poll(() => callsOf(order, 'authorise'), PATIENCE)
      .toEqual(['1 done', '1000001 done', '2 done']);
    expect(await callsOf(order, 'capture')).toEqual([`${shipmentId} done`]);
    expect((await cards.journalOf(order)).filter((line) => line.startsWith('captured'))).toEqual([]);
    expect(await invoicesOf(cards.database.sql, order)).toMatchObject([
      { number: expect.any(Number), total: 4_000, paid: 0, credited: 0 },
    ]);
    expect(await breaksOf(order)).toEqual([
      { kind: 'SHIPPED_NOT_TAKEN', subject: `${shipmentId}/1`, amounts: [4_000, 0] },
    ]);
    await expectBooksAgree(cards.database.sql);
  });

  it('of a part of a refund: what was given back is booked and told, and the rest may be asked for anew', async () => {
    const [both, last] = [newId(), newId()];
    const order = await wavedOrder(cards, both, last);
    await refund(cards, order, { shipmentId: both });
    const [asked] = await cards.database.sql`
      SELECT instance FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'refund' AND instance LIKE '%/2'`;
    const calls = () => callsOf(order, 'refund');
    cards.dispatch(refusing('refund', 2));
    await expect.poll(calls, PATIENCE).toEqual([expect.stringContaining(' done'), `${asked?.instance} held`]);
    await cards.stopAll();
    expect(await cards.rowOf(order)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: 10_000 });
    expect(await toldOf(cards, order)).toEqual([]);
    expect(await breaksOf(order)).toEqual([]);
    await inProcess(cards, async (payments) => {
      await discard(payments, `refund ${order.orderId}/${asked?.instance}`);
      const refunds = [{ status: 'DONE', amount: { amount: '120.00' }, givenUp: { amount: '20.00' } }];
      expect(await shownOf(payments, order)).toMatchObject([
        { payment: { refunded: { amount: '100.00' }, givenUp: null, held: [], refunds } },
      ]);
    });
    expect(await toldOf(cards, order)).toMatchObject([{ shipmentId: both, amountMinor: 10_000 }]);
    expect(await breaksOf(order)).toEqual([]);
    expect(await refund(cards, order, { shipmentId: both })).toMatchObject({ verdict: 'NEW' });
    cards.dispatch();
    await cards.reaches(order, { refunded: 12_000 });
    expect(await givenBack(cards, order)).toEqual(['refunded 1 10000', 'refunded 2 2000']);
    expect(await refundsOf(cards, order)).toEqual(['DONE 12000 damaged', 'DONE 2000 damaged']);
    expect(await entriesOf(order)).toEqual([
      ...['SALE 2000', 'SALE 3000', 'SALE 10000', 'REFUND 2000', 'REFUND 10000'],
    ]);
    await expectBooksAgree(cards.database.sql);
  });
});
