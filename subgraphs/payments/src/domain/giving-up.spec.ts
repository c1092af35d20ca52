// A person gives a held call up: nothing asks for it any more, of no authorisation, and what was done stays done.
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
  order,
  part,
  reserved,
  resumed,
  shipped,
  two,
} from '../../test/held-money.ts';
import { bookingOf } from './bookings.ts';
import { decide, paymentDecider } from './decide.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';
import { statusOf } from './status.ts';

const given = specification(paymentDecider);
const ended: PaymentEvent = { type: 'AuthorisationEnded', data: {} };
const RENEWAL = 1_000_001;
const renewalAsked = (amountMinor: number): PaymentEvent => ({
  type: 'RenewalRequested',
  data: { wave: RENEWAL, renews: 1, amountMinor },
});
const renewalDeclined: PaymentEvent = {
  type: 'RenewalDeclined',
  data: { wave: RENEWAL, reason: 'card_declined' },
};
const renewalHeld = (amountMinor: number) => held('authorise', String(RENEWAL), amountMinor, 'card_declined');

describe('a capture that is given up', () => {
  it('is asked of nothing any more, and the rest of its authorisation goes back', () => {
    const past = [...one, shipped('s1', 4_000), asked('s1'), held('capture', 's1', 4_000)];
    given(...past)
      .when(givesUp('capture', 's1'))
      .then(
        { type: 'PartGivenUp', data: { shipmentId: 's1', wave: 1 } },
        gaveUp('capture', 's1'),
        resumed('capture', 's1', 4_000),
      );
    const state = next(after(...past), givesUp('capture', 's1'));
    expect(state.shipments).toEqual([
      {
        ...{ shipmentId: 's1', valueMinor: 4_000, state: 'GIVEN_UP', parts: [] },
        givenUp: [{ wave: 1, amountMinor: 4_000 }],
      },
    ]);
    const authorised2: PaymentCommand[] = [
      {
        type: 'NoteReservation',
        data: { wave: 2, reservedMinor: 9_000, waiting: { units: 0, version: 2 }, credit: null },
      },
      { type: 'RecordAuthorised', data: { wave: 2 } },
      { type: 'NoteShipment', data: { shipmentId: 's2', valueMinor: 6_000, currencyCode: 'GBP' } },
    ];
    const later = next(state, ...authorised2);
    expect(later.shipments.map(({ shipmentId, state: is }) => `${shipmentId} ${is}`)).toEqual([
      's1 GIVEN_UP',
      's2 REQUESTED',
    ]);
    const last = decide(
      { type: 'RecordCaptured', data: { shipmentId: 's2', wave: 1 } },
      next(state, ...authorised2.slice(2)),
    );
    expect(last).toEqual([
      captured('s2', 6_000),
      { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } },
    ]);
  });

  it('leaves what was taken of its shipment taken, and says so', () => {
    const parts = [asked('s1', part(1, 10_000), part(2, 5_000)), held('capture', 's1/2', 5_000)];
    const past = [...two, shipped('s1', 15_000), ...parts];
    const first: PaymentEvent = { type: 'PartCaptured', data: { shipmentId: 's1', wave: 1 } };
    given(...past, first)
      .when(givesUp('capture', 's1/2'))
      .then(
        { type: 'PartGivenUp', data: { shipmentId: 's1', wave: 2 } },
        captured('s1', 10_000),
        gaveUp('capture', 's1/2'),
        resumed('capture', 's1/2', 5_000),
      );
    const early = next(after(...past), givesUp('capture', 's1/2'));
    expect(decide({ type: 'RecordCaptured', data: { shipmentId: 's1', wave: 1 } }, early)).toEqual([
      captured('s1', 10_000),
    ]);
    const state = next(after(...past, first), givesUp('capture', 's1/2'));
    expect([state.capturedMinor, state.shipments[0]?.state, statusOf(state)]).toEqual([
      10_000,
      'CAPTURED',
      'PARTIALLY_CAPTURED',
    ]);
    expect(bookingOf(state, captured('s1', 10_000))).toBeNull();
  });

  it('that ended meanwhile only ends its hold, and one that is not held changes nothing', () => {
    const done = [
      ...one,
      shipped('s1', 4_000),
      asked('s1'),
      held('capture', 's1', 4_000),
      captured('s1', 4_000),
    ];
    given(...done)
      .when(givesUp('capture', 's1'))
      .then(gaveUp('capture', 's1'), resumed('capture', 's1', 4_000));
    given(...done, resumed('capture', 's1', 4_000))
      .when(givesUp('capture', 's1'))
      .then();
  });

  it('is not given up while it is tried again: it may be done any moment', () => {
    const again: PaymentEvent = {
      type: 'HeldCallRetried',
      data: { operation: 'capture', instance: 's1' },
    };
    const past = [...one, shipped('s1', 4_000), asked('s1'), held('capture', 's1', 4_000), again];
    given(...past)
      .when(givesUp('capture', 's1'))
      .then();
    expect(decide(givesUp('capture', 's1'), after(...past, held('capture', 's1', 4_000)))).toHaveLength(3);
  });

  it('of which nobody knew the outcome is not searched for any more', () => {
    const call = { operation: 'capture', instance: 's1' } as const;
    const unknown: PaymentEvent = { type: 'OutcomeWentUnknown', data: { call } };
    const past = [...one, shipped('s1', 4_000), asked('s1'), unknown, held('capture', 's1', 4_000)];
    const state = next(after(...past), givesUp('capture', 's1'));
    expect([state.outcomeUnknown, state.held]).toEqual([false, []]);
  });
});

describe('a renewal that is given up', () => {
  const waiting = [
    ...one,
    ended,
    renewalAsked(10_000),
    renewalDeclined,
    renewalHeld(10_000),
    shipped('s1', 4_000),
  ];
  const call = givesUp('authorise', String(RENEWAL));

  it('gives up what left and waits for it, and no later authorisation is taken for that', () => {
    given(...waiting)
      .when(call)
      .then(
        { type: 'RenewalGivenUp', data: { wave: 1 } },
        gaveUp('authorise', String(RENEWAL)),
        resumed('authorise', String(RENEWAL), 10_000),
        { type: 'RestGivenUp', data: { shipmentId: 's1', wave: 1, amountMinor: 4_000 } },
      );
    const state = next(
      after(...waiting),
      call,
      { type: 'NoteReduction', data: { version: 2, valueMinor: 6_000, cause: 'DAMAGED', waitingDelta: 4 } },
      {
        type: 'NoteReservation',
        data: { wave: 2, reservedMinor: 6_000, waiting: { units: 0, version: 3 }, credit: null },
      },
      { type: 'RecordAuthorised', data: { wave: 2 } },
    );
    expect(state.shipments).toEqual([
      {
        shipmentId: 's1',
        valueMinor: 4_000,
        state: 'GIVEN_UP',
        givenUp: [{ wave: null, amountMinor: 4_000 }],
      },
    ]);
    expect(state.waves.find(({ wave }) => wave === 2)).toMatchObject({ stage: 'AUTHORISED' });
  });

  it('takes what fits into another authorisation that stands, and gives up the rest alone', () => {
    const stands = [...two, ended, renewalAsked(10_000), renewalDeclined, renewalHeld(10_000)];
    const state = next(
      after(...stands, shipped('s1', 18_000), asked('s1', part(2, 18_000)), shipped('s2', 5_000)),
      call,
    );
    expect(state.shipments[1]).toEqual({
      ...{ shipmentId: 's2', valueMinor: 5_000, state: 'REQUESTED', parts: [part(2, 2_000)] },
      givenUp: [{ wave: null, amountMinor: 3_000 }],
    });
    const taken = decide({ type: 'RecordCaptured', data: { shipmentId: 's2', wave: 2 } }, state);
    expect(taken).toEqual([captured('s2', 2_000)]);
  });

  it('gives up what was asked of an authorisation that ended', () => {
    const past = [...one, shipped('s1', 4_000), asked('s1'), ended, renewalAsked(10_000), renewalDeclined];
    const events = decide(call, after(...past, renewalHeld(10_000)));
    expect(events.at(-1)).toEqual({ type: 'PartGivenUp', data: { shipmentId: 's1', wave: 1 } });
  });

  it('leaves the next renewal of an order that closed to be good for no more than is not given up', () => {
    const gone: PaymentEvent[] = [
      ...[ended, { type: 'RenewalGivenUp', data: { wave: 1 } } as const],
      { type: 'AuthorisationEnded', data: { wave: 2 } },
    ];
    const rest: PaymentEvent = {
      type: 'RestGivenUp',
      data: { shipmentId: 's1', wave: 1, amountMinor: 10_000 },
    };
    expect(
      decide({ type: 'CloseOrder', data: {} }, after(...two, ...gone, shipped('s1', 15_000), rest)),
    ).toContainEqual({
      type: 'RenewalRequested',
      data: { wave: RENEWAL, renews: 2, amountMinor: 5_000 },
    });
  });

  it('lets captures of one that lives go on, and asks the card no more once that ends', () => {
    const past = [...one, renewalAsked(10_000), renewalDeclined, renewalHeld(10_000)];
    const lives = next(after(...past), call, {
      ...{ type: 'NoteShipment', data: { shipmentId: 's1', valueMinor: 4_000, currencyCode: 'GBP' } },
    });
    expect(lives.shipments[0]?.state).toBe('REQUESTED');
    expect(decide({ type: 'RenewAuthorisation', data: { before: '9' } }, lives)).toEqual([]);
    const end: PaymentCommand = { type: 'RecordAuthorisationEnded', data: { wave: 1, taken: ['s1'] } };
    expect(decide(end, lives)).toEqual([captured('s1', 4_000), ended]);
    const other = next(lives, { type: 'RecordAuthorisationEnded', data: { wave: 1, taken: [] } });
    expect(other.shipments[0]).toMatchObject({
      state: 'GIVEN_UP',
      givenUp: [{ wave: 1, amountMinor: 4_000 }],
    });
    const late = next(other, {
      type: 'NoteShipment',
      data: { shipmentId: 's2', valueMinor: 6_000, currencyCode: 'GBP' },
    });
    expect(late.shipments[1]?.state).toBe('GIVEN_UP');
    expect([late.waves.length, late.held]).toEqual([2, []]);
  });

  it('that cannot be read is needed no more, and a yes that comes late goes back', () => {
    const past = [...one, ended, renewalAsked(10_000), renewalHeld(10_000)];
    const state = next(after(...past), call);
    expect(state.waves.find(({ wave }) => wave === RENEWAL)?.stage).toBe('VOIDED');
    expect(decide({ type: 'RecordAuthorised', data: { wave: RENEWAL } }, state)).toEqual([]);
  });

  it('as it was made too often, is made no more', () => {
    const past = [...one, ended, held('authorise', '1', 10_000, 'renewed too often')];
    expect(decide(givesUp('authorise', '1'), after(...past))).toEqual([
      { type: 'RenewalGivenUp', data: { wave: 1 } },
      gaveUp('authorise', '1'),
      resumed('authorise', '1', 10_000),
    ]);
  });
});

describe('an authorisation that cannot be read', () => {
  const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
  const past = [order, reserved(1, 10_000), requested, held('authorise', '1', 10_000)];
  const rest = [gaveUp('authorise', '1'), resumed('authorise', '1', 10_000)];

  it('counts as declined once it is given up, so that its order ends', () =>
    given(...past)
      .when(givesUp('authorise', '1'))
      .then(
        { type: 'PaymentDeclined', data: { amountMinor: 10_000, reason: 'given up by payment operations' } },
        ...rest,
      ));

  it('counts as nothing of an order that is over', () =>
    given(...past, { type: 'OrderClosed', data: {} })
      .when(givesUp('authorise', '1'))
      .then({ type: 'NothingAuthorised', data: {} }, ...rest));
});

describe('a release that is given up', () => {
  it('counts as done', () =>
    given(
      ...one,
      { type: 'OrderClosed', data: {} },
      { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } },
      held('void', '1', 10_000),
    )
      .when(givesUp('void', '1'))
      .then(
        { type: 'ReleaseGivenUp', data: { wave: 1 } },
        { type: 'PaymentVoided', data: { amountMinor: 10_000 } },
        gaveUp('void', '1'),
        resumed('void', '1', 10_000),
      ));
});
