import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { orderDecider } from './order.ts';
import type { OrderCommand, OrderEvent } from './order-state.ts';

const given = specification(orderDecider);
const units = (...lines: [sku: string, quantity: number][]) =>
  lines.map(([sku, quantity]) => ({ sku, quantity }));

const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 7 } };
const opened: OrderEvent = { type: 'BookOpened', data: { placed: units(['a', 5], ['b', 2]) } };
const reserved = (
  wave: number,
  lines: ReturnType<typeof units> | null,
  backordered: ReturnType<typeof units> | null = null,
): OrderCommand => ({ type: 'NoteStockReserved', data: { wave, lines, backordered } });
const claimed = (wave: number, lines: ReturnType<typeof units> | null, restWaits = true): OrderEvent => ({
  type: 'WaveClaimed',
  data: { wave, lines, restWaits },
});
const authorised = (wave: number): OrderCommand => ({ type: 'NotePaymentAuthorised', data: { wave } });
const declined = (wave: number): OrderCommand => ({
  type: 'NotePaymentDeclined',
  data: { wave, detail: 'CREDIT_LIMIT' },
});
const paid = (wave: number): OrderEvent =>
  wave === 1
    ? { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } }
    : { type: 'WavePaid', data: { wave, payment: 'AUTHORISED' } };
const confirmed = (
  lines: ReturnType<typeof units> | null,
  backordered: ReturnType<typeof units> | null = null,
): OrderEvent => ({ type: 'OrderConfirmed', data: { lines, backordered } });
const rejected: OrderEvent = {
  type: 'OrderRejected',
  data: { reason: 'PAYMENT_DECLINED', detail: 'CREDIT_LIMIT' },
};
const backordered = (lines: ReturnType<typeof units>): OrderEvent => ({
  type: 'OrderBackordered',
  data: { lines },
});
const brokenBy = (lines: ReturnType<typeof units>, rest: 'BACKORDERED' | 'HELD' | 'CANCELLED') => ({
  lines,
  rest,
  cause: 'COUNT',
});
const salesHold = (count: number): OrderEvent => ({
  type: 'OrderHeld',
  data: {
    reason: `The order was to come whole, and ${count} of its units are not there (COUNT): they wait for receipts.`,
    owner: 'sales operations',
  },
});

const some = units(['a', 3]);
const rest = units(['a', 2], ['b', 2]);
const partly = [placed, opened, claimed(1, some), paid(1), confirmed(some, rest)];

describe('the first reservation of an order', () => {
  it('confirms what is reserved, and tells what waits', () =>
    given(placed, opened, paid(1))
      .when(reserved(1, some, rest))
      .then(claimed(1, some), confirmed(some, rest)));
  it('confirms what there is, where the rest does not wait', () =>
    given(placed, opened, claimed(1, some, false))
      .when(authorised(1))
      .then(paid(1), confirmed(some)));
  it('that is not all says so from the moment it is heard', () =>
    given(placed, opened)
      .when(reserved(1, some))
      .then(claimed(1, some, false)));
  it('confirms the lesser of what is reserved and what was not cancelled before', () => {
    const cancelled: OrderEvent = {
      type: 'OrderLinesCancelled',
      data: { status: 'PLACED', lines: units(['a', 3], ['b', 1]), reason: 'mind', by: 'me' },
    };
    given(placed, opened, cancelled, paid(1))
      .when(reserved(1, some, rest))
      .then(claimed(1, some), confirmed(units(['a', 2]), units(['b', 1])));
    given(placed, opened, cancelled, claimed(1, null))
      .when(authorised(1))
      .then(paid(1), confirmed(units(['a', 2], ['b', 1])));
  });
  it('comes later where nothing could be reserved, and confirms the order then', () => {
    const all = units(['a', 5], ['b', 2]);
    given(placed, opened).when({ type: 'NoteStockBackordered', data: {} }).then(backordered(all));
    given(placed, opened, backordered(all))
      .when(reserved(1, some, rest))
      .then(claimed(1, some));
    given(placed, opened, backordered(all), claimed(1, some))
      .when(authorised(1))
      .then(paid(1), confirmed(some, rest));
    given(placed, opened, backordered(all), claimed(1, some))
      .when(declined(1))
      .then({ type: 'PaymentNoted', data: { payment: 'DECLINED' } }, rejected);
  });
  it('is counted once', () => {
    given(...partly)
      .when(reserved(1, some, rest))
      .then();
    given(...partly)
      .when(authorised(1))
      .then();
  });
});

describe('a later reservation', () => {
  const replenished: OrderEvent = {
    type: 'OrderReplenished',
    data: { status: 'CONFIRMED', wave: 2, lines: units(['a', 2]) },
  };
  it('is confirmed when it is paid, whichever is heard first', () => {
    given(...partly, claimed(2, units(['a', 2])))
      .when(authorised(2))
      .then(paid(2), replenished);
    given(...partly, paid(2))
      .when(reserved(2, units(['a', 2]), units(['b', 2])))
      .then(claimed(2, units(['a', 2])), replenished);
  });
  it('leaves an order that is on its way where it is', () =>
    given(...partly, { type: 'OrderReleased', data: { shipmentId: 's1' } }, paid(2))
      .when(reserved(2, units(['a', 2]), units(['b', 2])))
      .then(claimed(2, units(['a', 2])), {
        ...replenished,
        data: { status: 'RELEASED', wave: 2, lines: units(['a', 2]) },
      } as OrderEvent));
  it('waits for the first one, and follows it', () => {
    given(placed, opened, claimed(1, some), claimed(2, units(['a', 2])))
      .when(authorised(2))
      .then(paid(2));
    given(placed, opened, claimed(1, some), claimed(2, units(['a', 2])), paid(2))
      .when(authorised(1))
      .then(paid(1), confirmed(some, rest), replenished);
  });
  it('replenishes no unit that was cancelled meanwhile', () => {
    const cancelled: OrderEvent = {
      type: 'OrderLinesCancelled',
      data: { status: 'CONFIRMED', lines: units(['a', 1], ['b', 2]), reason: 'mind', by: 'me' },
    };
    given(...partly, cancelled, claimed(2, rest))
      .when(authorised(2))
      .then(paid(2), {
        type: 'OrderReplenished',
        data: { status: 'CONFIRMED', wave: 2, lines: units(['a', 1]) },
      });
  });
  it('that is declined ends the wait of everything', () => {
    const givenUp: OrderEvent = {
      type: 'OrderLinesCancelled',
      data: { status: 'CONFIRMED', lines: rest, reason: 'PAYMENT_DECLINED', by: null },
    };
    given(...partly, claimed(2, units(['a', 2])))
      .when(declined(2))
      .then({ type: 'WavePaid', data: { wave: 2, payment: 'DECLINED' } }, givenUp);
    given(placed, opened, claimed(1, some), { type: 'WavePaid', data: { wave: 2, payment: 'DECLINED' } })
      .when(authorised(1))
      .then(paid(1), confirmed(some, rest), givenUp);
  });
  it('that is declined ends an order of which everything else has left', () =>
    given(
      ...partly,
      { type: 'ShipmentNoted', data: { units: 3 } },
      { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: some } },
    )
      .when(declined(2))
      .then(
        { type: 'WavePaid', data: { wave: 2, payment: 'DECLINED' } },
        {
          type: 'OrderLinesCancelled',
          data: { status: 'SHIPPED', lines: rest, reason: 'PAYMENT_DECLINED', by: null },
        },
      ));
});

describe('a shipment of an order of which some waits', () => {
  it('ships it in part, even if all that is confirmed has left', () =>
    given(...partly)
      .when({ type: 'NoteShipment', data: { shipmentId: 's1', lines: some } })
      .then(
        { type: 'ShipmentNoted', data: { units: 3 } },
        { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: some } },
      ));
});

describe('claimed units that are not there', () => {
  const whole = [placed, opened, claimed(1, null), paid(1), confirmed(null)];
  const lost = units(['a', 2]);
  it('wait again once they were confirmed', () =>
    given(...whole)
      .when({ type: 'NoteClaimsBroken', data: brokenBy(lost, 'BACKORDERED') })
      .then(
        { type: 'ClaimsBroken', data: brokenBy(lost, 'BACKORDERED') },
        {
          type: 'OrderLinesBroken',
          data: { status: 'CONFIRMED', lines: lost, rest: 'BACKORDERED', cause: 'COUNT' },
        },
      ));
  it('hold an order that was to come whole, until they come', () => {
    const broken: OrderEvent[] = [
      { type: 'ClaimsBroken', data: brokenBy(lost, 'HELD') },
      {
        type: 'OrderLinesBroken',
        data: { status: 'CONFIRMED', lines: lost, rest: 'BACKORDERED', cause: 'COUNT' },
      },
      salesHold(2),
    ];
    given(...whole)
      .when({ type: 'NoteClaimsBroken', data: brokenBy(lost, 'HELD') })
      .then(...broken);
    given(...whole, ...broken, claimed(2, lost))
      .when(authorised(2))
      .then(paid(2), { type: 'OrderReplenished', data: { status: 'CONFIRMED', wave: 2, lines: lost } });
  });
  it('hold it likewise when they broke before its confirmation', () =>
    given(placed, opened, claimed(1, null), { type: 'ClaimsBroken', data: brokenBy(lost, 'HELD') })
      .when(authorised(1))
      .then(paid(1), confirmed(units(['a', 3], ['b', 2]), lost), salesHold(2)));
  it('are cancelled where the order takes what there is', () =>
    given(...whole)
      .when({ type: 'NoteClaimsBroken', data: brokenBy(lost, 'CANCELLED') })
      .then(
        { type: 'ClaimsBroken', data: brokenBy(lost, 'CANCELLED') },
        {
          type: 'OrderLinesBroken',
          data: { status: 'CONFIRMED', lines: lost, rest: 'CANCELLED', cause: 'COUNT' },
        },
      ));
  it('leave an order BACKORDERED, or cancelled, when nothing else is there', () => {
    const all = units(['a', 5], ['b', 2]);
    given(...whole)
      .when({ type: 'NoteClaimsBroken', data: brokenBy(all, 'BACKORDERED') })
      .then(
        { type: 'ClaimsBroken', data: brokenBy(all, 'BACKORDERED') },
        {
          type: 'OrderLinesBroken',
          data: { status: 'BACKORDERED', lines: all, rest: 'BACKORDERED', cause: 'COUNT' },
        },
      );
    given(placed, opened, claimed(1, null))
      .when({ type: 'NoteClaimsBroken', data: brokenBy(all, 'BACKORDERED') })
      .then({ type: 'ClaimsBroken', data: brokenBy(all, 'BACKORDERED') }, backordered(all));
    given(...whole)
      .when({ type: 'NoteClaimsBroken', data: brokenBy(all, 'CANCELLED') })
      .then(
        { type: 'ClaimsBroken', data: brokenBy(all, 'CANCELLED') },
        {
          type: 'OrderLinesBroken',
          data: { status: 'CONFIRMED', lines: all, rest: 'CANCELLED', cause: 'COUNT' },
        },
        { type: 'OrderCancelled', data: { reason: 'STOCK_BROKEN', by: null } },
      );
  });
  it('are taken from what is not confirmed yet first', () =>
    given(...partly, claimed(2, units(['a', 2])))
      .when({ type: 'NoteClaimsBroken', data: brokenBy(lost, 'BACKORDERED') })
      .then({ type: 'ClaimsBroken', data: brokenBy(lost, 'BACKORDERED') }));
  it('end nothing where less is confirmed than has left and the rest waits', () =>
    given(
      ...whole,
      { type: 'ShipmentNoted', data: { units: 5 } },
      { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units(['a', 5]) } },
    )
      .when({ type: 'NoteClaimsBroken', data: brokenBy(units(['b', 2]), 'BACKORDERED') })
      .then(
        { type: 'ClaimsBroken', data: brokenBy(units(['b', 2]), 'BACKORDERED') },
        {
          type: 'OrderLinesBroken',
          data: { status: 'PARTIALLY_SHIPPED', lines: units(['b', 2]), rest: 'BACKORDERED', cause: 'COUNT' },
        },
      ));
});
