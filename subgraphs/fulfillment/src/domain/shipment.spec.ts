import { specification } from '@crossdock/event-sourcing';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placedOrder, valueOfLines } from './routed-order.ts';
import {
  decideConfirmation,
  type Shipment,
  type ShipmentReleased,
  sameLines,
  shipmentRules,
} from './shipment.ts';

const fc = seeded(fastCheck);
const planned: Shipment = {
  ...{ shipmentId: 's1', orderId: 'o1', partnerId: 'P1', partition: 3, warehouseId: 'NORTH' },
  ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, valueMinor: 1_050, currencyCode: 'GBP' },
  ...{ carrier: null, trackingNumber: null },
  lines: [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 1 },
  ],
};
const orderLines = [
  { sku: 'B', quantity: 9, unitPriceMinor: 50 },
  { sku: 'A', quantity: 2, unitPriceMinor: 500 },
];
const given = specification(shipmentRules(planned, orderLines));
const identity = { orderId: 'o1', partnerId: 'P1', shipmentId: 's1', warehouseId: 'NORTH', releaseEpoch: 1 };
const released: ShipmentReleased = { type: 'ShipmentReleased', data: identity };
const release = { type: 'ReleaseShipment', data: {} } as const;
const leaving = { releaseEpoch: 1, lines: planned.lines, carrier: 'DPD', trackingNumber: 'T1' };
const confirm = { type: 'ConfirmShipment', data: leaving } as const;
const { lines, valueMinor, currencyCode } = planned;
const pricedLeft = [
  { sku: 'A', quantity: 2, unitPriceMinor: 500 },
  { sku: 'B', quantity: 1, unitPriceMinor: 50 },
];
const confirmed = {
  type: 'ShipmentConfirmed',
  data: { ...identity, valueMinor, currencyCode, lines: pricedLeft, carrier: 'DPD', trackingNumber: 'T1' },
} as const;

describe('release', () => {
  it('raises the release epoch', () => given().when(release).then(released));
  it('happens once', () => given(released).when(release).thenRejected('SHIPMENT_STATE'));
  it('never follows leaving', () => given(released, confirmed).when(release).thenRejected('SHIPMENT_STATE'));
});

describe('confirmation', () => {
  it('says what left, for how much, at the prices of its order', () =>
    given(released).when(confirm).then(confirmed));

  it('is worth exactly its lines at their prices, whatever part of its order it is', () => {
    const orderLine = fc.record({
      sku: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      quantity: fc.integer({ min: 1, max: 1_000_000 }),
      unitPriceMinor: fc.integer({ min: 0, max: 1_000_000 }),
    });
    const orders = fc.uniqueArray(orderLine, { selector: ({ sku }) => sku, minLength: 1 });
    fc.assert(
      fc.property(orders, fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })), (placed, draws) => {
        const part = placed
          .map(({ sku, quantity }) => ({ sku, quantity: Number(draws.next().value) % (quantity + 1) }))
          .filter(({ quantity }) => quantity > 0);
        const order = placedOrder({
          ...{
            orderId: 'o1',
            partnerId: 'P1',
            partition: 3,
            number: 'N',
            currencyCode: 'GBP',
            lines: placed,
          },
        });
        const shipment = { ...planned, lines: part, valueMinor: valueOfLines(order, part) };
        const released = { ...shipment, status: 'RELEASED' as const, releaseEpoch: 1 };
        const decision = decideConfirmation(released, { ...leaving, lines: part }, placed);
        const said = decision.accepted ? decision.events[0]?.data : undefined;
        if (said === undefined) throw new Error('It did not leave');
        const worth = said.lines.reduce((sum, line) => sum + line.quantity * (line.unitPriceMinor ?? 0), 0);
        expect(said.valueMinor).toBe(worth);
        expect(said.lines.map(({ sku, quantity }) => ({ sku, quantity }))).toEqual(part);
        for (const { sku, unitPriceMinor } of said.lines)
          expect(unitPriceMinor).toBe(placed.find((each) => each.sku === sku)?.unitPriceMinor);
      }),
    );
  });

  it('takes the lines in any order', () =>
    given(released)
      .when({ ...confirm, data: { ...leaving, lines: [...lines].reverse() } })
      .then(confirmed));

  it.each([0, 2, -1])('is refused with the release epoch %i where 1 is valid', (releaseEpoch) =>
    given(released)
      .when({ ...confirm, data: { ...leaving, releaseEpoch } })
      .thenRejected('SHIPMENT_WITHDRAWN'),
  );

  it('is refused before the release', () =>
    given()
      .when({ ...confirm, data: { ...leaving, releaseEpoch: 0 } })
      .thenRejected('SHIPMENT_STATE'));

  it('is refused once it left', () =>
    given(released, confirmed).when(confirm).thenRejected('SHIPMENT_STATE'));

  it.each([
    ['fewer units', [{ sku: 'A', quantity: 1 }, lines[1]]],
    ['more units', [{ sku: 'A', quantity: 3 }, lines[1]]],
    ['a line less', [lines[0]]],
    ['a line more', [...lines, { sku: 'C', quantity: 1 }]],
    ['another SKU', [lines[0], { sku: 'C', quantity: 1 }]],
    ['one SKU named twice', [lines[0], lines[0]]],
    ['nothing', []],
  ])('is refused with %s', (_, other) =>
    given(released)
      .when({ ...confirm, data: { ...leaving, lines: other.flatMap((line) => line ?? []) } })
      .thenRejected('SHIPMENT_LINES_DIFFER'),
  );

  it.each(['CANCELLED', 'REROUTED'] as const)('of a %s shipment is told not to ship', (status) =>
    specification(shipmentRules({ ...planned, status, releaseEpoch: 1 }, orderLines))()
      .when(confirm)
      .thenRejected('SHIPMENT_WITHDRAWN'),
  );

  it('may follow the start of picking', () =>
    specification(shipmentRules({ ...planned, status: 'PICKING', version: 2, releaseEpoch: 1 }, orderLines))()
      .when(confirm)
      .then(confirmed));
});

it('compares lines as sets of SKUs with quantities', () => {
  expect(sameLines([], [])).toBe(true);
  expect(sameLines(lines, lines)).toBe(true);
});
