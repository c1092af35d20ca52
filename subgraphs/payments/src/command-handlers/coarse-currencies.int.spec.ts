// Where a provider does not take the smallest units of a currency, an order that might come to such an amount is declined before
// anything leaves: a capture that cannot be asked for would come too late.
import { newId } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  type Said,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
  waveReserved,
} from '../../test/hearing.ts';
import { PROVIDER_KEY } from '../../test/simulator-process.ts';
import { createStripeProvider } from '../adapters/stripe/stripe.ts';

const CURRENCY = 'KWD';

let cards: Cards;
let stripe: ReturnType<typeof createStripeProvider>;

beforeAll(async () => {
  cards = await openCards();
  stripe = createStripeProvider({
    ...{ name: 'stripe', key: PROVIDER_KEY, url: cards.simulator.url, capturesMany: true },
    ...{ logger: createLogger('payments-test', 'silent'), registry: createRegistry('payments-test') },
  });
});

afterEach(() => cards.stopAll());
afterAll(async () => {
  await stripe.close();
  await cards.close();
});

const inDinars = (fact: Said, more: object = {}): Said => ({
  ...fact,
  data: { ...fact.data, currencyCode: CURRENCY, ...more },
});

/** An order of 10.000 dinars in two lines, one unit each. */
async function placed(...unitPricesMinor: number[]): Promise<TestOrder> {
  const order = newOrder(newId());
  const lines = unitPricesMinor.map((unitPriceMinor, at) => ({ sku: `S${at}`, quantity: 1, unitPriceMinor }));
  await cards.hear(
    inDinars(orderPlaced(order, 10_000, 'sealed:pm_card_visa'), { lines }),
    inDinars(stockReserved(order, 10_000)),
  );
  return order;
}

it('declines an order of which a part could not be taken, though the whole could', async () => {
  const order = await placed(3_335, 6_665);
  cards.dispatch(stripe);
  await cards.reaches(order, { status: 'DECLINED' });
  const facts = await cards.database.sql`SELECT type, data FROM events WHERE stream_id = ${order.orderId}`;
  expect([...facts]).toMatchObject([{ type: 'PaymentDeclined', data: { reason: 'amount_not_expressible' } }]);
  expect(await cards.journalOf(order)).toEqual([]);
});

it('takes an order part by part where every part can be taken', async () => {
  const order = await placed(3_330, 6_670);
  cards.dispatch(stripe);
  await cards.reaches(order, { status: 'AUTHORISED' });
  for (const minor of [3_330, 6_670]) await cards.hear(inDinars(shipmentConfirmed(order, minor)));
  await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
});

/** As it was stored before grains were. */
const forgetGrain = ({ orderId }: TestOrder) =>
  cards.database.sql`UPDATE payments SET in_depth = in_depth - 'grainMinor' WHERE order_id = ${orderId}`;

it('asks for each wave of an order whose grain is not known, where that wave can be taken', async () => {
  const order = newOrder(newId());
  const lines = [3_330, 6_670].map((unitPriceMinor, at) => ({ sku: `S${at}`, quantity: 1, unitPriceMinor }));
  await cards.hear(
    inDinars(orderPlaced(order, 10_000, 'sealed:pm_card_visa'), { lines }),
    inDinars(waveReserved(order, 1, 3_330, 1)),
  );
  await forgetGrain(order);
  cards.dispatch(stripe);
  await cards.reaches(order, { status: 'AUTHORISED', authorised: 3_330 });
  await cards.hear(inDinars(waveReserved(order, 2, 6_670)));
  await cards.reaches(order, { status: 'AUTHORISED', authorised: 10_000 });
});

it('declines such an order where what it is worth cannot be taken', async () => {
  const order = newOrder(newId());
  await cards.hear(
    inDinars(orderPlaced(order, 3_335, 'sealed:pm_card_visa')),
    inDinars(stockReserved(order, 3_335)),
  );
  await forgetGrain(order);
  cards.dispatch(stripe);
  await cards.reaches(order, { status: 'DECLINED' });
  expect(await cards.journalOf(order)).toEqual([]);
});

it('takes the smallest units at a provider that does', async () => {
  const order = newOrder(newId());
  const lines = [{ sku: 'S', quantity: 1, unitPriceMinor: 3_335 }];
  await cards.hear(
    inDinars(orderPlaced(order, 3_335, 'sealed:tok_visa'), { lines }),
    inDinars(stockReserved(order, 3_335)),
  );
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
});
