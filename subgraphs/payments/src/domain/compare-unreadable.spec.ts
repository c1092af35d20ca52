import { expect, it } from 'vitest';
import { byCard, capture, found, gist, ORDER, shipment } from '../../test/order-money.ts';
import { compareUnreadable, notCompared } from './compare-unreadable.ts';

const payment = byCard({ shipments: [shipment('CAPTURED', 4_000)], capturedMinor: 4_000 });
const read = { provider: 'sim', id: 'a1', reason: 'captures_disagree' };

it('tells what our books show as taken, and what the report does', () => {
  const shown = found('a1', 'AUTHORISED', { captures: [capture('a1/', '', 8_000)] });
  const told = compareUnreadable({ orderId: ORDER, payment }, read, shown);
  expect(gist(told)).toBe('AUTHORISATION_UNREADABLE a1 4000/8000 person');
  expect(told).toMatchObject({ orderId: ORDER, provider: 'sim' });
  expect(told.detail).toContain('captures_disagree');
});

it('tells that no report shows it', () => {
  const told = compareUnreadable({ orderId: ORDER, payment }, read, undefined);
  expect(gist(told)).toBe('AUTHORISATION_UNREADABLE a1 4000/undefined person');
});

it('is of nothing that was taken where no wave knows it', () => {
  const stray = found('x', 'AUTHORISED');
  expect(gist(compareUnreadable({ orderId: ORDER, payment }, { ...read, id: 'x' }, stray))).toBe(
    'AUTHORISATION_UNREADABLE x 0/0 person',
  );
  expect(compareUnreadable({ orderId: ORDER, payment: null }, { ...read, id: 'x' }, stray)).toMatchObject({
    orderId: null,
    expected: { amountMinor: 0, currencyCode: 'GBP' },
  });
});

it('names an order that was not compared by itself', () => {
  const told = notCompared(ORDER);
  expect(gist(told)).toBe(`ORDER_NOT_COMPARED ${ORDER} undefined/undefined person`);
  expect(told.orderId).toBe(ORDER);
});
