import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './client/eventually.ts';
import { othersAtRest } from './platform/at-rest.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import {
  accepted,
  availabilityOf,
  cancel,
  exposureOf,
  type FullOrder,
  readOrder,
  settled,
} from './platform/orders.ts';
import { whileCardsWait } from './platform/provider-gate.ts';
import { ACME, gbp, LONDON } from './platform/wholesaler.ts';

/** Authorised when the provider does not keep its answer back: its order is not confirmed before. */
const CARD = { method: 'CARD', cardToken: 'tok_visa' };

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
  await othersAtRest(world);
});

const typesOf = (order: FullOrder) => order.timeline.map(({ type }) => type);

async function until(id: string, isWanted: (order: FullOrder) => boolean): Promise<FullOrder> {
  const seen = await eventually(
    () => readOrder(world.buyer, id),
    (order) => order !== null && isWanted(order),
  );
  if (seen === null) throw new Error(`There is no order ${id}.`);
  return seen;
}

/** A product of its own, so that nobody else's orders move its figures. */
async function newProduct(units: number): Promise<string> {
  const sku = `CANCEL-${randomUUID().slice(0, 8)}`;
  const products = [{ sku, name: sku, listPrice: gbp('2.00') }];
  await world.erp.data(
    'mutation ($input: UpsertProductsInput!) { upsertProducts(input: $input) { userErrors { code } } }',
    { input: { idempotencyKey: randomUUID(), products } },
  );
  if (units > 0) await receive(sku, units);
  return sku;
}

async function receive(sku: string, quantity: number): Promise<void> {
  const lines = [{ sku, warehouseId: LONDON, quantity }];
  await world.erp.data(
    'mutation ($input: ReceiveStockInput!) { receiveStock(input: $input) { userErrors { code } } }',
    { input: { idempotencyKey: randomUUID(), lines } },
  );
}

describe('an order cancelled before its confirmation', () => {
  it('gives its stock, its money and its PO number back', async () => {
    const sku = await newProduct(10);
    const owed = await exposureOf(world.buyer, ACME);
    const poNumber = `PO ${randomUUID()}`;
    const id = await whileCardsWait(world, async (isAsked) => {
      const placed = await accepted(world.buyer, { poNumber, lines: [{ sku, quantity: 4 }], payment: CARD });
      await until(placed, (order) => typesOf(order).includes('StockReserved'));
      expect(await availabilityOf(world.buyer, sku)).toMatchObject({ reserved: 4, available: 6 });
      await isAsked(placed);
      const key = { idempotencyKey: randomUUID(), reason: 'ordered twice' };
      const cancelled = { status: 'CANCELLED', statusReason: 'ordered twice', version: 2 };
      for (const replayed of [false, true]) {
        const answer = { order: cancelled, replayed, userErrors: [] };
        expect(await cancel(world.buyer, placed, key)).toMatchObject(answer);
      }
      return placed;
    });

    const order = await until(id, (seen) =>
      ['ReservationReleased', 'PaymentVoided'].every((type) => typesOf(seen).includes(type)),
    );
    expect(order.reservation).toEqual({ status: 'RELEASED' });
    expect(order.payment).toMatchObject({ status: 'VOIDED', captured: { amount: '0.00' } });
    expect(order.lines).toMatchObject([{ reserved: 0, backordered: 0, shipped: 0, cancelled: 4 }]);
    expect(order.shipments ?? []).toEqual([]);
    expect(typesOf(order)).not.toContain('OrderConfirmed');
    expect(await availabilityOf(world.buyer, sku)).toMatchObject({ reserved: 0, available: 10 });
    expect(await exposureOf(world.buyer, ACME)).toBe(owed);

    const again = await accepted(world.buyer, { poNumber, lines: [{ sku, quantity: 10 }] });
    expect(await settled(world.buyer, again)).toMatchObject({ status: 'SHIPPED' });
  });

  it('line by line ships the others', async () => {
    const sku = await newProduct(10);
    const id = await whileCardsWait(world, async () => {
      const placed = await accepted(world.buyer, { lines: [{ sku, quantity: 4 }], payment: CARD });
      const { userErrors } = await cancel(world.buyer, placed, { lines: [{ sku, quantity: 3 }] });
      expect(userErrors).toEqual([]);
      return placed;
    });
    const order = await settled(world.buyer, id);
    expect(order).toMatchObject({ status: 'SHIPPED', payment: { captured: { amount: '2.00' } } });
    expect(order.lines).toMatchObject([{ shipped: 1, cancelled: 3 }]);
    expect(await availabilityOf(world.buyer, sku)).toMatchObject({ onHand: 9, reserved: 0, available: 9 });
  });

  it('is refused afterwards, and by nobody else', async () => {
    const id = await accepted(world.buyer, { lines: [{ sku: 'MUG', quantity: 1 }] });
    const codesOf = async (...args: Parameters<typeof cancel>) =>
      (await cancel(...args)).userErrors.map(({ code }) => code);
    expect(await codesOf(world.rival, id)).toEqual(['UNKNOWN_ORDER']);
    await settled(world.buyer, id);
    expect(await codesOf(world.buyer, id)).toEqual(['ORDER_STATE']);
  });
});

describe('an order of which some waits for receipts', () => {
  const policy = { shortagePolicy: 'BACKORDER' };
  const isPartly = ({ status, lines }: FullOrder) =>
    status === 'PARTIALLY_SHIPPED' && lines[0]?.shipped === 3;

  it('ships what there is, and the rest when it comes', async () => {
    const sku = await newProduct(3);
    const id = await accepted(world.buyer, { ...policy, lines: [{ sku, quantity: 5 }] });
    expect((await until(id, isPartly)).lines).toMatchObject([{ backordered: 2, shipped: 3, cancelled: 0 }]);
    await receive(sku, 2);
    const order = await settled(world.buyer, id);
    expect(order).toMatchObject({ status: 'SHIPPED', payment: { captured: { amount: '10.00' } } });
    expect(order.lines).toMatchObject([{ backordered: 0, shipped: 5, cancelled: 0 }]);
    expect(typesOf(order)).toContain('OrderReplenished');
  });

  it('ends when what waits is cancelled', async () => {
    const sku = await newProduct(3);
    const id = await accepted(world.buyer, { ...policy, lines: [{ sku, quantity: 5 }] });
    await until(id, isPartly);
    expect(await cancel(world.buyer, id)).toMatchObject({ order: { status: 'SHIPPED' }, userErrors: [] });
    expect((await settled(world.buyer, id)).lines).toMatchObject([
      { backordered: 0, shipped: 3, cancelled: 2 },
    ]);
    await receive(sku, 2);
    // Inventory may hear of the receipt first: what it then keeps for the order it gives back.
    await expect.poll(() => availabilityOf(world.buyer, sku)).toMatchObject({ reserved: 0, available: 2 });
  });

  it('of which nothing is there waits wholly, and is confirmed when it comes', async () => {
    const sku = await newProduct(0);
    const [kept, dropped] = [
      await accepted(world.buyer, { ...policy, lines: [{ sku, quantity: 2 }] }),
      await accepted(world.buyer, { ...policy, lines: [{ sku, quantity: 2 }] }),
    ];
    for (const id of [kept, dropped]) await until(id, ({ status }) => status === 'BACKORDERED');
    expect(await cancel(world.buyer, dropped)).toMatchObject({
      order: { status: 'CANCELLED' },
      userErrors: [],
    });
    await receive(sku, 2);
    expect((await settled(world.buyer, kept)).lines).toMatchObject([{ shipped: 2 }]);
  });
});
