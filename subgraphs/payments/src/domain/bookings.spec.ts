// Each part of a shipment or of a refund stands for itself: it is booked when it is done, and given up without the others.
import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import {
  after,
  asked,
  captured,
  gaveUp,
  givesUp,
  held,
  next,
  one,
  part,
  resumed,
  shipped,
  two,
} from '../../test/held-money.ts';
import { bookingOf } from './bookings.ts';
import { paymentDecider } from './decide.ts';
import type { PaymentEvent } from './payment.ts';
import { decideRefund, refundStatusOf } from './refunds.ts';

const given = specification(paymentDecider);

describe('a refund of which a part is given up', () => {
  const taken = [
    ...[...two, shipped('s1', 30_000), asked('s1', part(1, 10_000), part(2, 20_000))],
    { type: 'PartCaptured', data: { shipmentId: 's1', wave: 1 } } as const,
    captured('s1', 30_000),
  ];
  const back = (wave: number, amountMinor: number) => ({ shipmentId: 's1', wave, amountMinor });
  const wanted: PaymentEvent = {
    type: 'CardRefundRequested',
    data: { refundId: 'r1', reason: 'broken', parts: [back(1, 10_000), back(2, 20_000)] },
  };
  const done: PaymentEvent = { type: 'RefundPartDone', data: { refundId: 'r1', shipmentId: 's1', wave: 1 } };
  const all = { amount: null, shipmentId: null, reason: 'again' };

  it('tells what was given back, and lets the rest be asked for anew', () => {
    const past = [...taken, wanted, done, held('refund', 'r1/s1/2', 20_000)];
    given(...past)
      .when(givesUp('refund', 'r1/s1/2'))
      .then(
        { type: 'RefundPartGivenUp', data: { refundId: 'r1', shipmentId: 's1', wave: 2 } },
        {
          type: 'PaymentRefunded',
          data: { refundId: 'r1', shipmentId: 's1', amountMinor: 10_000, reason: 'broken' },
        },
        gaveUp('refund', 'r1/s1/2'),
        resumed('refund', 'r1/s1/2', 20_000),
      );
    expect(decideRefund(all, after(...past))).toMatchObject({ type: 'refused' });
    const state = next(after(...past), givesUp('refund', 'r1/s1/2'));
    expect([state.refundedMinor, state.refunds.map((each) => refundStatusOf(each, new Set()))]).toEqual([
      10_000,
      ['DONE'],
    ]);
    expect(decideRefund(all, state)).toEqual({ type: 'granted', parts: [back(2, 20_000)] });
  });

  it('says nothing where nothing was given back', () => {
    const part1 = { refundId: 'r1', reason: 'broken', parts: [back(1, 10_000)] };
    const past: PaymentEvent[] = [...taken, { type: 'CardRefundRequested', data: part1 }];
    const state = next(after(...past, held('refund', 'r1/s1', 10_000)), givesUp('refund', 'r1/s1'));
    expect([state.refundedMinor, state.refunds.map((each) => refundStatusOf(each, new Set()))]).toEqual([
      0,
      ['GIVEN_UP'],
    ]);
  });
});

describe('the ledger', () => {
  const parts = [...two, shipped('s1', 15_000), asked('s1', part(1, 10_000), part(2, 5_000))];
  const sale = { kind: 'SALE', shipmentId: 's1', refundId: null } as const;
  const half: PaymentEvent = { type: 'PartCaptured', data: { shipmentId: 's1', wave: 1 } };

  it('books each part when it is done', () => {
    expect(bookingOf(after(...parts), half)).toEqual({ ...sale, amountMinor: 10_000, part: 's1' });
    expect(bookingOf(after(...parts, half), captured('s1', 15_000))).toEqual({
      ...{ ...sale, amountMinor: 5_000, part: 's1/2' },
    });
    expect(after(...parts, half).capturedMinor).toBe(10_000);
    expect(after(...parts, half, captured('s1', 15_000)).capturedMinor).toBe(15_000);
  });

  it('books a shipment of one part as what is said of it', () => {
    const whole = [...one, shipped('s1', 4_000), asked('s1')];
    expect(bookingOf(after(...whole), captured('s1', 4_000))).toEqual({
      ...sale,
      amountMinor: 4_000,
      part: null,
    });
  });
});
