// Calls that wait for a person: each holding is a fact of its own, and so is its end.
import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { onceFor } from '../publishers/payment-events.ts';
import { inDepthJson } from '../store/payment-rows.ts';
import { paymentDecider } from './decide.ts';
import { evolve } from './evolve.ts';
import type { CallOutcome } from './held-call.ts';
import { CALL_OWNER } from './holds.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent } from './payment.ts';
import { RENEWAL_FIRST } from './wave.ts';

const given = specification(paymentDecider);
const capture = { operation: 'capture', instance: 's1' } as const;
const authorise = { operation: 'authorise', instance: '1' } as const;

const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { method: 'CARD', currencyCode: 'GBP', totalMinor: 10_000, sealedCardToken: 'sealed' },
};
const reserved: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 10_000 } };
const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const shipped: PaymentEvent = {
  type: 'ShipmentNoted',
  data: { shipmentId: 's1', valueMinor: 4_000, currencyCode: 'GBP' },
};
const captureRequested: PaymentEvent = { type: 'CardCaptureRequested', data: { shipmentId: 's1' } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { shipmentId: 's1', amountMinor: 4_000 } };
const unknown: PaymentEvent = { type: 'OutcomeWentUnknown', data: { call: capture } };
const foundOut: PaymentEvent = { type: 'OutcomeFoundOut', data: { call: capture } };
const held = (holding: number, reason = 'no answer'): PaymentEvent => ({
  type: 'PaymentHeld',
  data: { ...capture, reason, owner: CALL_OWNER, amountMinor: 4_000, holding },
});
const resumed = (holding: number): PaymentEvent => ({
  type: 'PaymentResumed',
  data: { ...capture, amountMinor: 4_000, holding },
});
const hold = (became: CallOutcome, reason = 'no answer'): PaymentCommand => ({
  type: 'HoldCall',
  data: { ...capture, reason, became },
});
const ended: PaymentCommand = { type: 'RecordCallEnded', data: capture };
const retry: PaymentCommand = { type: 'RetryHeldCall', data: capture };

const taking = [byCard, reserved, requested, authorised, shipped, captureRequested];

describe('a call that waits for a person', () => {
  it('is told with its amount, reason and owner, and with what is known of its outcome', () => {
    given(...taking)
      .when(hold('AS_BEFORE'))
      .then(held(1));
    given(...taking)
      .when(hold('UNKNOWN'))
      .then(unknown, held(1));
    given(...taking, unknown)
      .when(hold('UNKNOWN'))
      .then(held(1));
    given(...taking, unknown)
      .when(hold('NOTHING_DONE', 'refused'))
      .then(foundOut, held(1, 'refused'));
  });

  it('is told as gone on when it has ended, and only then', () => {
    given(...taking, held(1))
      .when(retry)
      .then({ type: 'HeldCallRetried', data: capture });
    given(...taking, held(1), captured)
      .when(ended)
      .then(resumed(1));
    given(...taking, held(1), captured, resumed(1))
      .when(ended)
      .then();
    given(...taking, captured)
      .when(ended)
      .then();
  });

  it('ends the search for its outcome, also where nothing was left to do', () => {
    given(...taking, unknown)
      .when(ended)
      .then(foundOut);
    given(...taking, unknown, held(1))
      .when(ended)
      .then(foundOut, resumed(1));
  });

  it('stays unknown whatever is known of another, unless nobody told which call it was', () => {
    const other = { operation: 'capture', instance: 's2' } as const;
    const otherUnknown: PaymentEvent = { type: 'OutcomeWentUnknown', data: { call: other } };
    given(...taking, otherUnknown, unknown)
      .when({ type: 'RecordCaptured', data: { shipmentId: 's1', wave: 1 } })
      .then(foundOut, captured);
    const state = [...taking, otherUnknown, unknown, foundOut, captured].reduce(evolve, initialPayment);
    expect([state.outcomeUnknown, state.unknownCalls]).toEqual([true, [other]]);
    expect(inDepthJson(state)).toContain('"unknownCalls":[{"operation":"capture","instance":"s2"}]');
    given(...taking, otherUnknown, unknown, foundOut, captured)
      .when(ended)
      .then();
    given(...taking, otherUnknown)
      .when({ type: 'RecordOutcomeUnknown', data: { call: capture } })
      .then(unknown);
    given(...taking, { type: 'OutcomeWentUnknown', data: {} })
      .when(ended)
      .then({ type: 'OutcomeFoundOut', data: {} });
  });

  it('is told with what this call gives back, and not with the whole refund', () => {
    const moved = 1_000_001;
    const parts = [
      { shipmentId: 's2', wave: moved, amountMinor: 3_000 },
      { shipmentId: 's2', wave: 1, amountMinor: 1_000 },
      { shipmentId: 's1', wave: 1, amountMinor: 4_000 },
    ];
    const refunding: PaymentEvent[] = [
      ...[...taking, captured],
      { type: 'CardRefundRequested', data: { refundId: 'r1', reason: 'broken', parts } },
      { type: 'CardRefundRequested', data: { refundId: 'r11', reason: 'broken', parts } },
    ];
    for (const [instance, amountMinor] of [
      ['r1/s2/1000001', 3_000],
      ['r1/s2', 1_000],
      ['r11/s1', 4_000],
    ] as const) {
      const call = { operation: 'refund', instance } as const;
      const said = { ...call, amountMinor, holding: 1 };
      const holding: PaymentEvent = {
        type: 'PaymentHeld',
        data: { ...said, reason: 'no answer', owner: CALL_OWNER },
      };
      given(...refunding)
        .when({ type: 'HoldCall', data: { ...call, reason: 'no answer', became: 'AS_BEFORE' } })
        .then(holding);
      given(...refunding, holding)
        .when({ type: 'RecordCallEnded', data: call })
        .then({ type: 'PaymentResumed', data: said });
    }
  });

  it('is tried again only while it is held', () => {
    given(...taking)
      .when(retry)
      .then();
    given(...taking, held(1), captured, resumed(1))
      .when(retry)
      .then();
  });

  it('is held again as a fact of its own', () => {
    given(...taking, held(1))
      .when(hold('AS_BEFORE'))
      .then(held(2));
    const facts = [held(1), held(2), resumed(2)];
    const state = [...taking, ...facts].reduce(evolve, initialPayment);
    expect([state.held, state.timesHeld]).toEqual([[], 2]);
    const said = [...facts, resumed(1)].flatMap((each) =>
      each.type === 'PaymentHeld' || each.type === 'PaymentResumed' ? [onceFor(each)] : [],
    );
    expect(new Set(said).size).toBe(4);
  });

  it('is tried again when its order closes, where the provider may hold money', () => {
    const asking = [byCard, reserved, requested];
    const heldAsking: Extract<PaymentEvent, { type: 'PaymentHeld' }> = {
      type: 'PaymentHeld',
      data: { ...authorise, reason: 'no answer', owner: CALL_OWNER, amountMinor: 10_000, holding: 1 },
    };
    given(...asking, heldAsking)
      .when({ type: 'CloseOrder', data: {} })
      .then({ type: 'HeldCallRetried', data: authorise }, { type: 'OrderClosed', data: {} });
    const close: PaymentEvent = { type: 'OrderClosed', data: {} };
    const holdAsking: PaymentCommand = {
      type: 'HoldCall',
      data: { ...authorise, reason: 'no answer', became: 'AS_BEFORE' },
    };
    // The order closed while its last try was out; after one more a person has it.
    const retried: PaymentEvent = { type: 'HeldCallRetried', data: authorise };
    given(...asking, close)
      .when(holdAsking)
      .then(heldAsking, retried);
    const heldAgain: PaymentEvent = { ...heldAsking, data: { ...heldAsking.data, holding: 2 } };
    given(...asking, close, heldAsking, retried)
      .when(holdAsking)
      .then(heldAgain);
    given(...taking, held(1))
      .when({ type: 'CloseOrder', data: {} })
      .then({ type: 'OrderClosed', data: {} });
  });
});

describe('a capture that waits for a person while its authorisation ends', () => {
  const again = RENEWAL_FIRST;
  const renewing: PaymentEvent[] = [
    { type: 'AuthorisationEnded', data: {} },
    { type: 'RenewalRequested', data: { wave: again, renews: 1, amountMinor: 10_000 } },
  ];
  const moved: PaymentEvent = {
    type: 'AuthorisationRenewed',
    data: { wave: again, amountMinor: 10_000, shipmentIds: ['s1'] },
  };
  const stands: PaymentCommand = { type: 'RecordAuthorised', data: { wave: again } };
  const released: PaymentEvent = { type: 'RestReleased', data: {} };

  it('is looked at once more when another takes its place, and so waits for nobody', () => {
    const retried: PaymentEvent = { type: 'HeldCallRetried', data: capture };
    given(...taking, held(1), ...renewing)
      .when(stands)
      .then(moved, released, retried);
    given(...taking, held(1), ...renewing, moved, released, retried)
      .when(ended)
      .then(resumed(1));
  });

  it('is left alone where it is looked at already', () => {
    given(...taking, held(1), { type: 'HeldCallRetried', data: capture }, ...renewing)
      .when(stands)
      .then(moved, released);
  });
});
