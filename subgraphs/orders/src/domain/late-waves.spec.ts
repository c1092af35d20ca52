// Reservations that are confirmed out of turn: not the first one first, or after their goods have left.
import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { orderDecider } from './order.ts';
import type { OrderCommand, OrderEvent, OrderStatus } from './order-state.ts';

const given = specification(orderDecider);
const units = (...lines: [sku: string, quantity: number][]) =>
  lines.map(([sku, quantity]) => ({ sku, quantity }));

const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 7 } };
const opened: OrderEvent = { type: 'BookOpened', data: { placed: units(['a', 5], ['b', 2]) } };
const [some, rest] = [units(['a', 3]), units(['a', 2], ['b', 2])];
const claimed = (wave: number, lines: typeof some): OrderEvent => ({
  type: 'WaveClaimed',
  data: { wave, lines, restWaits: true },
});
const authorised = (wave: number): OrderCommand => ({ type: 'NotePaymentAuthorised', data: { wave } });
const paid = (wave: number): OrderEvent =>
  wave === 1
    ? { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } }
    : { type: 'WavePaid', data: { wave, payment: 'AUTHORISED' } };
const broken: OrderEvent = {
  type: 'ClaimsBroken',
  data: { lines: some, rest: 'BACKORDERED', cause: 'COUNT' },
};
const confirmed = (lines: typeof some, backordered: typeof some, wave?: number): OrderEvent => ({
  type: 'OrderConfirmed',
  data: { lines, backordered, ...(wave === undefined ? {} : { wave }) },
});
const left = (shipmentId: string, lines: typeof some): OrderEvent[] => [
  { type: 'ShipmentNoted', data: { units: lines.reduce((sum, { quantity }) => sum + quantity, 0) } },
  { type: 'OrderPartiallyShipped', data: { shipmentId, lines } },
];
const replenished = (status: OrderStatus, wave: number, lines: typeof some): OrderEvent => ({
  type: 'OrderReplenished',
  data: { status, wave, lines },
});

describe('a confirmation', () => {
  it('says which reservation it confirms where the first one is lost', () => {
    given(placed, opened, claimed(1, some), paid(1), broken, claimed(2, rest))
      .when(authorised(2))
      .then(paid(2), confirmed(rest, some, 2));
    given(placed, opened, claimed(1, some), broken, claimed(2, rest))
      .when(authorised(2))
      .then(paid(2), confirmed(rest, some, 2));
  });
  it('says nothing of it where it is the first one', () =>
    given(placed, opened, claimed(1, some), claimed(2, rest))
      .when(authorised(1))
      .then(paid(1), confirmed(some, rest)));
});

describe('a reservation that is paid after all of it was heard to leave', () => {
  const partly = [placed, opened, claimed(1, some), paid(1), confirmed(some, rest)];
  const allLeft = [...partly, ...left('s1', some), claimed(2, rest), ...left('s2', rest)];
  it('ends the order when nothing else waits', () =>
    given(...allLeft)
      .when(authorised(2))
      .then(paid(2), replenished('SHIPPED', 2, rest)));
  it('leaves it where it is while something waits or has not left', () => {
    const [early, later] = [units(['a', 2]), units(['b', 2])];
    given(...partly, ...left('s1', some), claimed(2, early), ...left('s2', early))
      .when(authorised(2))
      .then(paid(2), replenished('PARTIALLY_SHIPPED', 2, early));
    given(...partly, ...left('s1', some), claimed(2, rest), ...left('s2', later))
      .when(authorised(2))
      .then(paid(2), replenished('PARTIALLY_SHIPPED', 2, rest));
  });
  it('ends it with the last of several', () => {
    const [early, later] = [units(['a', 2]), units(['b', 2])];
    given(...partly, ...left('s1', some), claimed(2, early), ...left('s2', rest), paid(3))
      .when(authorised(2))
      .then(paid(2), replenished('PARTIALLY_SHIPPED', 2, early));
    given(
      ...[...partly, ...left('s1', some), claimed(2, early), ...left('s2', rest)],
      ...[paid(2), replenished('PARTIALLY_SHIPPED', 2, early), claimed(3, later)],
    )
      .when(authorised(3))
      .then(paid(3), replenished('SHIPPED', 3, later));
  });
});
