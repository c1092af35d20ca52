import type { ArrivedEvent } from '@crossdock/messaging';
import { describe, expect, it } from 'vitest';
import { commandOf, isOfSomeLines, readHeard, timelineOf, wants } from './heard-facts.ts';

const orderId = '019a0000-0000-7000-8000-000000000001';
const owner = { orderId, partnerId: 'p1' };
const money = { amountMinor: 5, currencyCode: 'GBP', method: 'TERMS' };
const lines = [{ sku: 'a', quantity: 2 }];
const shipmentId = '019a0000-0000-7000-8000-000000000002';

type HeardSource = 'inventory' | 'payments' | 'fulfillment';

function arrived(source: HeardSource, type: string, data: object): ArrivedEvent {
  const place = { id: orderId, category: source, stream: orderId, version: 1, type, schemaVersion: 1 };
  const event = { ...place, data: { ...owner, ...data }, metadata: {}, at: '2026-03-01T09:30:00.000Z' };
  return { source, partition: 0, position: 1, event };
}

function heard(source: HeardSource, type: string, data: object) {
  const [read] = readHeard([arrived(source, type, data)]);
  if (read === undefined) throw new Error(`${type} is not heard`);
  const command = commandOf(read.fact);
  return {
    command,
    isOfSome: command !== null && isOfSomeLines(command),
    detail: timelineOf([read])[0]?.detail,
  };
}

describe('what is heard of an order', () => {
  it('is of the whole order where it says nothing else', () => {
    const claim = { reservedValueMinor: 5, currencyCode: 'GBP' };
    expect(heard('inventory', 'StockReserved', claim)).toMatchObject({
      command: { data: { wave: 1, lines: null, backordered: null } },
      isOfSome: false,
    });
    expect(heard('inventory', 'StockReserved', { ...claim, lines })).toMatchObject({ isOfSome: true });
    expect(heard('inventory', 'StockReserved', { ...claim, wave: 2, lines })).toMatchObject({
      isOfSome: true,
    });
    expect(heard('payments', 'PaymentAuthorised', money)).toMatchObject({
      command: { data: { wave: 1 } },
      isOfSome: false,
    });
    expect(heard('payments', 'PaymentDeclined', { ...money, wave: 3, reason: 'LIMIT' })).toMatchObject({
      command: { type: 'NotePaymentDeclined', data: { wave: 3, detail: 'LIMIT' } },
      isOfSome: true,
    });
  });

  it.each([
    ['authorise', '2', 'Securing the money for reservation 2'],
    ['capture', shipmentId, `Taking the money for shipment ${shipmentId}`],
    ['capture', `${shipmentId}/2`, `Taking the money for shipment ${shipmentId}`],
    ['authorise', '1000001', 'Renewing the money secured (renewal 1)'],
    ['authorise', '1000012', 'Renewing the money secured (renewal 12)'],
    ['void', '1', 'Giving up the money secured for reservation 1'],
    ['void', '1000002', 'Giving up the money secured by renewal 2'],
    ['refund', 'r1', 'Giving money back by refund r1'],
  ])(
    'holds it for a call to %s (%s) that waits for a person, and lets it go on',
    (operation, instance, what) => {
      const called = { ...money, method: 'CARD', operation, instance };
      expect(heard('payments', 'PaymentHeld', { ...called, reason: 'no', owner: 'finance' })).toEqual({
        command: {
          type: 'NotePaymentHeld',
          data: { operation, instance, hold: { reason: `${what} did not succeed: no`, owner: 'finance' } },
        },
        isOfSome: false,
        detail: 'no',
      });
      expect(heard('payments', 'PaymentResumed', called)).toEqual({
        command: {
          type: 'NotePaymentResumed',
          data: { operation, instance, reason: `${what} waits for nobody any more.` },
        },
        isOfSome: false,
        detail: operation,
      });
    },
  );

  it('shows what was given back, and leaves the order alone', () =>
    expect(
      heard('payments', 'PaymentRefunded', { ...money, refundId: orderId, shipmentId, reason: 'DAMAGED' }),
    ).toEqual({
      command: null,
      isOfSome: false,
      detail: '0.05 GBP: DAMAGED',
    }));

  it('is units and no prices, of what left', () =>
    expect(
      heard('fulfillment', 'ShipmentConfirmed', {
        ...{ shipmentId, warehouseId: 'W1', releaseEpoch: 1, valueMinor: 500, currencyCode: 'GBP' },
        lines: [{ sku: 'a', quantity: 2, unitPriceMinor: 250 }],
      }).command,
    ).toEqual({ type: 'NoteShipment', data: { shipmentId, lines } }));

  it('holds it where assigned units are not there, with their warehouse, number and cause', () => {
    const shipments = [
      { shipmentId, lines },
      { shipmentId, lines: [{ sku: 'b', quantity: 5 }] },
    ];
    expect(
      heard('inventory', 'AllocationBroken', { warehouseId: 'NORTH', cause: 'COUNT', shipments }),
    ).toEqual({
      command: {
        type: 'NoteUnitsMissing',
        data: {
          shipmentIds: [shipmentId, shipmentId],
          hold: {
            reason:
              '7 units assigned to warehouse NORTH are not there (COUNT): ship what there is, or withdraw.',
            owner: 'warehouse operations',
          },
        },
      },
      isOfSome: false,
      detail: 'NORTH COUNT',
    });
  });

  it('stands in the timeline even if nothing follows from it', () => {
    const given = { lines, backordered: [], valueMinor: 5, currencyCode: 'GBP', cause: 'CANCELLED' };
    expect(heard('inventory', 'ReservationReduced', given)).toMatchObject({
      detail: 'CANCELLED',
      isOfSome: true,
    });
    expect(heard('payments', 'PaymentReduced', { ...money, cause: 'CANCELLED' })).toEqual({
      ...{ command: null, isOfSome: false, detail: 'CANCELLED' },
    });
    for (const type of ['StockBackordered', 'ReservationReduced', 'ReservationBroken', 'AllocationBroken'])
      expect(wants('inventory', type)).toBe(true);
  });
});
