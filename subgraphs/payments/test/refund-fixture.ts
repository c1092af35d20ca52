// Refunds asked for and seen between payments' real database and the provider simulator, whose journal is the witness.
import { newId } from '@crossdock/event-store';
import { createRefundPayment, type RefundOutcome } from '../src/command-handlers/refund-payment.ts';
import { loadRefundViews } from '../src/read-models/order-refunds.ts';
import type { Cards } from './card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
  waveReserved,
} from './hearing.ts';

type Asked = Readonly<{ amount?: string; shipmentId?: string; key?: string; reason?: string }>;

/** Asks as a replica without the lease does: nothing is woken, and the table alone tells that there is a call to make. */
export function refund(cards: Cards, { orderId }: TestOrder, asked: Asked = {}): Promise<RefundOutcome> {
  const { amount, shipmentId = null, key = newId(), reason = 'damaged' } = asked;
  const ask = createRefundPayment({
    sql: cards.database.sql,
    poke: () => undefined,
    onCallsQueued: () => undefined,
    draw: Math.random,
  });
  return ask({
    ...{ orderId, shipmentId, reason, idempotencyKey: key, actor: 'erp', traceparent: null },
    amount: amount === undefined ? null : { amount, currencyCode: 'GBP' },
  });
}

/** Such as `DONE 6000 damaged`, the oldest first. */
export async function refundsOf(cards: Cards, { orderId }: TestOrder) {
  const [views = []] = await loadRefundViews(cards.database.read, [orderId]);
  return views.map(({ status, amountMinor, reason }) => `${status} ${amountMinor} ${reason}`);
}

/** What happened to the money after it was taken. */
export async function givenBack(cards: Cards, order: TestOrder): Promise<string[]> {
  return (await cards.journalOf(order)).filter((line) => line.startsWith('refunded')).sort();
}

/** What the log says of refunds. */
export async function toldOf(cards: Cards, { orderId }: TestOrder) {
  const rows = await cards.database.sql`
    SELECT data FROM events WHERE stream_id = ${orderId} AND type = 'PaymentRefunded' ORDER BY version`;
  return rows.map((row) => row.data);
}

/** The states of its calls. */
export async function refundCallsOf(cards: Cards, { orderId }: TestOrder): Promise<string[]> {
  const rows = await cards.database.sql<{ state: string }[]>`
    SELECT state FROM payment_calls WHERE order_id = ${orderId} AND operation = 'refund' ORDER BY instance`;
  return rows.map((row) => row.state);
}

/** 100.00 taken of one wave by card, and no dispatcher runs. */
export async function takenOrder(cards: Cards, shipmentId = newId()): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.hear(shipmentConfirmed(order, 10_000, shipmentId));
  await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
  await cards.stopAll();
  return order;
}

/** 120.00 taken by one shipment of two waves, 100.00 and 20.00, then 30.00 of the second; no dispatcher runs. */
export async function wavedOrder(cards: Cards, both: string, last: string): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 15_000, 'sealed:tok_visa'), waveReserved(order, 1, 10_000, 2));
  cards.dispatch();
  await cards.hear(waveReserved(order, 2, 5_000));
  await cards.reaches(order, { authorised: 15_000 });
  await cards.hear(shipmentConfirmed(order, 12_000, both), shipmentConfirmed(order, 3_000, last));
  await cards.reaches(order, { status: 'CAPTURED', captured: 15_000 });
  await cards.stopAll();
  return order;
}
