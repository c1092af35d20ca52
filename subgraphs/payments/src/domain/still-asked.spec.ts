// A discard is answered as done only where nothing asks for the money any more: what moved to a renewal is given up where it is now.
import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import {
  after,
  asked,
  authorised,
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
import { decide, paymentDecider } from './decide.ts';
import type { OfCall } from './held-call.ts';
import { amountOf } from './holds.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';
import { notGivenUp } from './still-asked.ts';

const given = specification(paymentDecider);
const RENEWAL = 1_000_001;
const MOVED = `s1/${RENEWAL}`;
const capture = (instance: string): OfCall => ({ operation: 'capture', instance });
const authorise = (wave: number): OfCall => ({ operation: 'authorise', instance: String(wave) });
const retried = (call: OfCall): PaymentEvent => ({ type: 'HeldCallRetried', data: call });
const stands = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave } });
const wasTaken = (shipmentId: string, wave: number, ends = false): PaymentCommand => ({
  type: 'RecordCaptured',
  data: { shipmentId, wave, ends },
});
const gone = (wave: number): PaymentCommand => ({
  type: 'RecordAuthorisationEnded',
  data: { wave, taken: [] },
});
const nowHeld = (call: OfCall): PaymentCommand => ({
  type: 'HoldCall',
  data: { ...call, reason: 'no', became: 'NOTHING_DONE' },
});

const holding = after(...one, shipped('s1', 4_000), asked('s1'), held('capture', 's1', 4_000));
const moved = next(holding, gone(1), stands(RENEWAL));

describe('a held capture whose part moves to a renewal', () => {
  it('waits for nobody any more: one more look ends it, with what was held of it', () => {
    const events = decide(stands(RENEWAL), next(holding, gone(1)));
    expect(events).toContainEqual(retried(capture('s1')));
    const ended = decide({ type: 'RecordCallEnded', data: capture('s1') }, moved);
    expect(ended).toEqual([resumed('capture', 's1', 4_000)]);
  });

  it('does so where a capture of another ended the authorisation', () => {
    const leaves: PaymentCommand = {
      type: 'NoteShipment',
      data: { shipmentId: 's2', valueMinor: 6_000, currencyCode: 'GBP' },
    };
    const state = next(holding, leaves, wasTaken('s2', 1, true), stands(RENEWAL));
    expect(state.held).toMatchObject([{ instance: 's1', again: true }]);
    expect(notGivenUp(next(state, givesUp('capture', 's1')), capture('s1'))).toContain(MOVED);
  });

  it('is not given up while the renewal is asked for it, nor after it was taken', () => {
    expect(decide(givesUp('capture', 's1'), moved)).toEqual([]);
    expect(notGivenUp(moved, capture('s1'))).toContain(`capture ${MOVED}`);
    const taken = next(moved, wasTaken('s1', RENEWAL));
    expect(decide(givesUp('capture', 's1'), taken)).toEqual([]);
    expect(notGivenUp(taken, capture('s1'))).toContain('done meanwhile');
  });

  it('is given up where it is now, once that is held', () => {
    const state = next(moved, nowHeld(capture(MOVED)));
    const events = decide(givesUp('capture', 's1'), state);
    expect(events.slice(0, 2)).toEqual([
      { type: 'PartGivenUp', data: { shipmentId: 's1', wave: RENEWAL } },
      gaveUp('capture', MOVED),
    ]);
    const over = next(state, givesUp('capture', 's1'));
    expect([notGivenUp(over, capture('s1')), notGivenUp(over, capture(MOVED))]).toEqual([null, null]);
    expect(amountOf(over, capture('s1'))).toBe(4_000);
    expect(over.shipments[0]?.state).toBe('GIVEN_UP');
  });

  it('is given up where it is now, once that ended and waits for the next', () => {
    const state = next(moved, { type: 'RecordCallEnded', data: capture('s1') }, gone(RENEWAL));
    expect(decide(givesUp('capture', 's1'), state)).toEqual([
      { type: 'PartGivenUp', data: { shipmentId: 's1', wave: RENEWAL } },
    ]);
    const over = next(state, givesUp('capture', 's1'), stands(RENEWAL + 1));
    expect(notGivenUp(over, capture('s1'))).toBeNull();
    expect(over.shipments[0]?.state).toBe('GIVEN_UP');
  });

  it('is given up by nobody where it may be one of several', () => {
    const parts = [part(RENEWAL, 1_000), part(RENEWAL + 1, 2_000)];
    const renewing = (wave: number): PaymentEvent => ({
      type: 'RenewalRequested',
      data: { wave, renews: 1, amountMinor: 5_000 },
    });
    const state = after(
      ...[...one, renewing(RENEWAL), renewing(RENEWAL + 1), shipped('s1', 3_000), asked('s1', ...parts)],
      held('capture', MOVED, 1_000),
    );
    expect(decide(givesUp('capture', 's1'), state)).toEqual([]);
    expect(notGivenUp(state, capture('s1'))).toContain(MOVED);
    expect(decide(givesUp('capture', MOVED), state)).toHaveLength(3);
  });

  it('is held no more where it was being made meanwhile, and only ends', () => {
    const late = next(moved, { type: 'RecordCallEnded', data: capture('s1') });
    expect(decide(nowHeld(capture('s1')), late)).toEqual([retried(capture('s1'))]);
    expect(next(late, nowHeld(capture('s1'))).held).toEqual([]);
  });
});

describe('a held capture of what is taken or given up in another way', () => {
  it('is looked at once more', () => {
    const parts = [...one, shipped('s1', 4_000), asked('s1'), held('capture', 's1', 4_000)];
    given(...parts)
      .when({ type: 'RecordAuthorisationEnded', data: { wave: 1, taken: ['s1'] } })
      .then(
        captured('s1', 4_000),
        { type: 'AuthorisationEnded', data: {} },
        { type: 'RenewalRequested', data: { wave: RENEWAL, renews: 1, amountMinor: 6_000 } },
        retried(capture('s1')),
      );
  });

  it('is told with what was given up of it, where that followed from a renewal that was', () => {
    const split = [asked('s1', part(1, 10_000), part(2, 5_000)), held('capture', 's1', 10_000)];
    const waiting = after(...two, shipped('s1', 15_000), ...split);
    const declined: PaymentCommand = { type: 'RecordDeclined', data: { wave: RENEWAL, reason: 'no' } };
    const state = next(waiting, gone(1), declined, givesUp('authorise', String(RENEWAL)));
    expect(state.shipments[0]?.givenUp).toEqual([{ wave: 1, amountMinor: 10_000 }]);
    expect(notGivenUp(state, capture('s1'))).toBeNull();
    const ended = decide({ type: 'RecordCallEnded', data: capture('s1') }, state);
    expect(ended).toMatchObject([{ type: 'PaymentResumed', data: { amountMinor: 10_000 } }]);
  });
});

describe('any other call that is given up', () => {
  const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
  const asking = [order, reserved(1, 10_000), requested, held('authorise', '1', 10_000)];

  it('is asked still where its order closed and it is tried again', () => {
    const closed = next(after(...asking), { type: 'CloseOrder', data: {} });
    expect(decide(givesUp('authorise', '1'), closed)).toEqual([]);
    expect(notGivenUp(closed, authorise(1))).toContain('authorise 1');
    const again = next(closed, nowHeld(authorise(1)), givesUp('authorise', '1'));
    expect(notGivenUp(again, authorise(1))).toBeNull();
  });

  it('is done where an authorisation stands', () => {
    expect(notGivenUp(after(...asking, authorised(1, 10_000)), authorise(1))).toContain('done meanwhile');
    expect(notGivenUp(next(after(...asking), givesUp('authorise', '1')), authorise(1))).toBeNull();
  });

  it('is asked still where a renewal that was declined is asked for under another number', () => {
    const declined: PaymentCommand = { type: 'RecordDeclined', data: { wave: RENEWAL, reason: 'no' } };
    const waiting = next(after(...one), gone(1), declined);
    const again = next(waiting, { type: 'RetryHeldCall', data: authorise(RENEWAL) });
    expect(notGivenUp(again, authorise(RENEWAL))).toContain(String(RENEWAL + 1));
    expect(notGivenUp(next(again, stands(RENEWAL + 1)), authorise(RENEWAL))).toContain('done meanwhile');
    const over = next(waiting, givesUp('authorise', String(RENEWAL)));
    expect(notGivenUp(over, authorise(RENEWAL))).toBeNull();
  });

  it('is asked still or done where a refund or a release was not given up', () => {
    const parts = [{ shipmentId: 's1', wave: 1, amountMinor: 4_000 }];
    const refund: OfCall = { operation: 'refund', instance: 'r1/s1' };
    const asks: PaymentEvent = {
      type: 'CardRefundRequested',
      data: { refundId: 'r1', reason: 'broken', parts },
    };
    const taken = [...one, shipped('s1', 10_000), asked('s1'), captured('s1', 10_000), asks];
    const state = after(...taken, held('refund', 'r1/s1', 4_000), retried(refund));
    expect(decide(givesUp('refund', 'r1/s1'), state)).toEqual([]);
    expect(notGivenUp(state, refund)).toContain('refund r1/s1');
    const given1: PaymentCommand = {
      type: 'RecordRefunded',
      data: { refundId: 'r1', shipmentId: 's1', wave: 1 },
    };
    expect(notGivenUp(next(state, given1), refund)).toContain('done meanwhile');
    const once = after(...taken, held('refund', 'r1/s1', 4_000));
    expect(notGivenUp(next(once, givesUp('refund', 'r1/s1')), refund)).toBeNull();
    const release: OfCall = { operation: 'void', instance: '1' };
    const releasing = next(after(...one), { type: 'CloseOrder', data: {} });
    expect(notGivenUp(releasing, release)).toContain('void 1');
    const released = next(releasing, nowHeld(release), givesUp('void', '1'));
    expect(notGivenUp(released, release)).toBeNull();
  });
});
