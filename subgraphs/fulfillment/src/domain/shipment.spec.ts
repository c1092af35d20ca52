import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { type Shipment, type ShipmentReleased, sameLines, shipmentRules } from './shipment.ts';

const planned: Shipment = {
  ...{ shipmentId: 's1', orderId: 'o1', partnerId: 'P1', partition: 3, warehouseId: 'NORTH' },
  ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, valueMinor: 1_050, currencyCode: 'GBP' },
  ...{ carrier: null, trackingNumber: null },
  lines: [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 1 },
  ],
};
const given = specification(shipmentRules(planned));
const identity = { orderId: 'o1', partnerId: 'P1', shipmentId: 's1', warehouseId: 'NORTH', releaseEpoch: 1 };
const released: ShipmentReleased = { type: 'ShipmentReleased', data: identity };
const release = { type: 'ReleaseShipment', data: {} } as const;
const leaving = { releaseEpoch: 1, lines: planned.lines, carrier: 'DPD', trackingNumber: 'T1' };
const confirm = { type: 'ConfirmShipment', data: leaving } as const;
const { lines, valueMinor, currencyCode } = planned;
const confirmed = {
  type: 'ShipmentConfirmed',
  data: { ...identity, valueMinor, currencyCode, lines, carrier: 'DPD', trackingNumber: 'T1' },
} as const;

describe('release', () => {
  it('raises the release epoch', () => given().when(release).then(released));
  it('happens once', () => given(released).when(release).thenRejected('SHIPMENT_STATE'));
  it('never follows leaving', () => given(released, confirmed).when(release).thenRejected('SHIPMENT_STATE'));
});

describe('confirmation', () => {
  it('says what left, for how much', () => given(released).when(confirm).then(confirmed));

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
    specification(shipmentRules({ ...planned, status, releaseEpoch: 1 }))()
      .when(confirm)
      .thenRejected('SHIPMENT_WITHDRAWN'),
  );

  it('may follow the start of picking', () =>
    specification(shipmentRules({ ...planned, status: 'PICKING', version: 2, releaseEpoch: 1 }))()
      .when(confirm)
      .then(confirmed));
});

it('compares lines as sets of SKUs with quantities', () => {
  expect(sameLines([], [])).toBe(true);
  expect(sameLines(lines, lines)).toBe(true);
});
