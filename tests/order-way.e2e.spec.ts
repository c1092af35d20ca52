import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { othersAtRest } from './platform/at-rest.ts';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, availabilityOf, exposureOf, place, readOrder, settled } from './platform/orders.ts';
import { ACME, LONDON, MANCHESTER, POOR } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
  await othersAtRest(world);
});

const typesOf = (order: { timeline: readonly { type: string }[] }) => order.timeline.map(({ type }) => type);
const pounds = (amount: string) => ({ amount });

describe('an order on terms', () => {
  it('travels from the buyer to SHIPPED, and every subgraph tells its part', async () => {
    const owed = Number(await exposureOf(world.buyer, ACME));
    const poNumber = `PO ${randomUUID()}`;
    const lines = [
      { sku: 'MUG', quantity: 3 },
      { sku: 'LAMP', quantity: 2 },
    ];
    const order = await settled(world.buyer, await accepted(world.buyer, { poNumber, lines }));

    expect(order).toMatchObject({ status: 'SHIPPED', statusReason: null, poNumber, placedBy: 'buyer' });
    expect(order.number).toMatch(/^SO-\d+$/);
    expect(order.partner).toMatchObject({ id: ACME, name: `Canary of ${ACME}` });
    expect(order.shipTo).toEqual({ city: `Canary of ${ACME}`, country: 'United Kingdom' });
    expect(order.total).toEqual({ amount: '33.15', currencyCode: 'GBP' });
    const all = { reserved: 0, backordered: 0, cancelled: 0 };
    expect(order.lines).toEqual([
      {
        ...{ sku: 'MUG', name: 'A MUG', product: { name: 'A MUG' }, quantity: 3, ...all, shipped: 3 },
        ...{ unitPrice: pounds('2.55'), lineTotal: pounds('7.65') },
      },
      {
        ...{ sku: 'LAMP', name: 'A LAMP', product: { name: 'A LAMP' }, quantity: 2, ...all, shipped: 2 },
        ...{ unitPrice: pounds('12.75'), lineTotal: pounds('25.50') },
      },
    ]);
    expect(order.reservation).toEqual({ status: 'SHIPPED' });
    const money = { authorised: pounds('33.15'), captured: pounds('33.15') };
    expect(order.payment).toEqual({ status: 'CAPTURED', method: 'TERMS', ...money, attempts: [] });
    expect(Number(order.partner.credit?.exposure.amount)).toBeCloseTo(owed + 33.15, 2);

    const shipments = order.shipments ?? [];
    expect(shipments.map(({ status }) => status)).toEqual(shipments.map(() => 'SHIPPED'));
    expect(shipments.every(({ trackingNumber }) => trackingNumber !== null)).toBe(true);
    const shipped = shipments.flatMap((shipment) => shipment.lines);
    expect(shipped.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(5);
  });

  it('has a timeline in which each fact stands behind its cause, and its own versions without hole', async () => {
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const order = await settled(world.buyer, await accepted(world.buyer, { lines }));
    const types = typesOf(order);
    expect(types.slice(0, 7)).toEqual([
      ...['OrderPlaced', 'StockReserved', 'PaymentAuthorised', 'OrderConfirmed', 'ShipmentsPlanned'],
      ...['StockAllocated', 'ShipmentReleased'],
    ]);
    // The warehouse confirms what was released to it, whether the order knows of its release already or not.
    const effects = ['OrderShipped', 'PaymentCaptured', 'StockShipped'];
    expect(types.slice(7).sort()).toEqual(['OrderReleased', ...effects, 'ShipmentConfirmed'].sort());
    for (const effect of effects)
      expect(types.indexOf(effect)).toBeGreaterThan(types.indexOf('ShipmentConfirmed'));
    expect(new Set(order.timeline.map(({ source }) => source))).toEqual(
      new Set(['orders', 'inventory', 'payments', 'fulfillment']),
    );
    const own = order.timeline.filter(({ source }) => source === 'orders');
    expect(own.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(order.version).toBe(4);
  });

  it('leaves from several warehouses where one does not have all', async () => {
    const lines = [
      { sku: 'RARE', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    ];
    const order = await settled(world.buyer, await accepted(world.buyer, { lines }));
    expect(order.status).toBe('SHIPPED');
    expect(order.shipments?.map(({ warehouse }) => warehouse.id).sort()).toEqual([LONDON, MANCHESTER]);
    expect(order.payment).toMatchObject({ status: 'CAPTURED', captured: pounds('22.75') });
    expect(typesOf(order).filter((type) => type === 'OrderPartiallyShipped').length).toBeLessThanOrEqual(1);
  });
});

describe('an order by card', () => {
  const payment = { method: 'CARD', cardToken: 'tok_visa' };

  it('is authorised, captured when it leaves, and shows the token nowhere', async () => {
    const lines = [{ sku: 'LAMP', quantity: 4 }];
    const owed = await exposureOf(world.buyer, ACME);
    const order = await settled(world.buyer, await accepted(world.buyer, { lines, payment }));
    expect(order).toMatchObject({ status: 'SHIPPED', total: pounds('51.00') });
    const money = { authorised: pounds('51.00'), captured: pounds('51.00') };
    expect(order.payment).toMatchObject({ status: 'CAPTURED', method: 'CARD', ...money });
    expect(order.payment?.attempts.map(({ outcome }) => outcome)).not.toContain('declined');
    expect(order.payment?.attempts.length).toBeGreaterThanOrEqual(2);
    expect(await exposureOf(world.buyer, ACME)).toBe(owed);
    expect(JSON.stringify(order)).not.toContain('tok_');
  });

  it('that the bank declines is REJECTED, and the stock is free again', async () => {
    const free = await availabilityOf(world.buyer, 'LAMP');
    const owed = await exposureOf(world.buyer, ACME);
    const declined = { method: 'CARD', cardToken: 'tok_declined' };
    const id = await accepted(world.buyer, { lines: [{ sku: 'LAMP', quantity: 7 }], payment: declined });
    const order = await settled(world.buyer, id);
    expect(order).toMatchObject({ status: 'REJECTED', statusReason: 'PAYMENT_DECLINED', version: 2 });
    expect(order.reservation).toEqual({ status: 'RELEASED' });
    const nothing = { authorised: pounds('0.00'), captured: pounds('0.00') };
    expect(order.payment).toMatchObject({ status: 'DECLINED', method: 'CARD', ...nothing });
    expect(order.payment?.attempts.at(-1)).toMatchObject({ outcome: 'declined', reason: 'card_declined' });
    expect(order.shipments ?? []).toEqual([]);
    expect(typesOf(order)).toEqual(
      expect.arrayContaining(['StockReserved', 'PaymentDeclined', 'ReservationReleased']),
    );
    expect(await availabilityOf(world.buyer, 'LAMP')).toEqual(free);
    expect(await exposureOf(world.buyer, ACME)).toBe(owed);
  });
});

describe('an order that is refused after it was accepted', () => {
  it('for short stock reserves nothing, is no error, and frees its PO number', async () => {
    const poNumber = `PO ${randomUUID()}`;
    const free = {
      rare: await availabilityOf(world.buyer, 'RARE'),
      mug: await availabilityOf(world.buyer, 'MUG'),
    };
    const owed = await exposureOf(world.buyer, ACME);
    const lines = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'RARE', quantity: 1_000 },
    ];
    const id = await accepted(world.buyer, { poNumber, lines, shortagePolicy: 'REJECT' });
    const order = await settled(world.buyer, id);
    expect(order).toMatchObject({ status: 'REJECTED', statusReason: 'STOCK_SHORT', version: 2 });
    expect(order.reservation).toEqual({ status: 'SHORT' });
    expect(order.lines).toMatchObject([{ reserved: 0 }, { reserved: 0 }]);
    expect(order.shipments ?? []).toEqual([]);
    expect(typesOf(order)).not.toContain('PaymentAuthorised');
    const now = {
      rare: await availabilityOf(world.buyer, 'RARE'),
      mug: await availabilityOf(world.buyer, 'MUG'),
    };
    expect(now).toEqual(free);
    expect(await exposureOf(world.buyer, ACME)).toBe(owed);

    const again = { poNumber, lines: [{ sku: 'MUG', quantity: 1 }] };
    expect(await settled(world.buyer, await accepted(world.buyer, again))).toMatchObject({
      status: 'SHIPPED',
    });
  });

  it('for a credit limit that is too low gives the stock and the credit back', async () => {
    const free = await availabilityOf(world.poor, 'MUG');
    const owed = await exposureOf(world.poor, POOR);
    const poNumber = `PO ${randomUUID()}`;
    const id = await accepted(world.poor, { poNumber, lines: [{ sku: 'MUG', quantity: 1_000 }] });
    const order = await settled(world.poor, id);
    expect(order).toMatchObject({ status: 'REJECTED', statusReason: 'PAYMENT_DECLINED' });
    expect(order.reservation).toEqual({ status: 'RELEASED' });
    expect(order.payment).toMatchObject({ status: 'DECLINED', method: 'TERMS', authorised: pounds('0.00') });
    expect(await availabilityOf(world.poor, 'MUG')).toEqual(free);
    expect(await exposureOf(world.poor, POOR)).toBe(owed);

    const affordable = { poNumber, lines: [{ sku: 'MUG', quantity: 2 }] };
    expect(await settled(world.poor, await accepted(world.poor, affordable))).toMatchObject({
      status: 'SHIPPED',
    });
  });
});

describe('waitFor', () => {
  const lines = [{ sku: 'MUG', quantity: 1 }];
  const waitMs = 10_000;

  it.each(['CONFIRMED', 'RELEASED'])('answers when the order is %s', async (waitFor) => {
    const { order } = await place(world.buyer, { lines, waitFor, waitMs });
    const beyond = ['CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED'];
    expect(beyond.slice(beyond.indexOf(waitFor))).toContain(order?.status);
  });

  it('answers when the order is refused', async () => {
    const short = [{ sku: 'RARE', quantity: 999 }];
    const { order, userErrors } = await place(world.buyer, { lines: short, waitFor: 'CONFIRMED', waitMs });
    expect([order?.status, userErrors]).toEqual(['REJECTED', []]);
  });

  it('answers with the state so far when the time is up', async () => {
    const { order } = await place(world.buyer, { lines, waitFor: 'RELEASED', waitMs: 0 });
    expect(order).not.toBeNull();
    expect(await readOrder(world.buyer, order?.id ?? '')).toMatchObject({ number: order?.number });
  });
});
