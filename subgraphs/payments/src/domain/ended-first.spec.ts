// What is given back of an order is money that nobody holds any more, before any that is held: goods that still leave are paid from that.
import { describe, expect, it } from 'vitest';
import { after, givesUp, held, next, part, two } from '../../test/held-money.ts';
import { evolve } from './evolve.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';

const RENEWAL = 1_000_001;
const ends: PaymentEvent = { type: 'AuthorisationEnded', data: {} };
const declined: readonly PaymentEvent[] = [
  { type: 'RenewalRequested', data: { wave: RENEWAL, renews: 1, amountMinor: 10_000 } },
  { type: 'RenewalDeclined', data: { wave: RENEWAL, reason: 'card_declined' } },
  held('authorise', String(RENEWAL), 10_000, 'card_declined'),
];
const cancelled: Extract<PaymentCommand, { type: 'NoteReduction' }> = {
  type: 'NoteReduction',
  data: { version: 2, valueMinor: 10_000, cause: 'CANCELLED', waitingDelta: 0 },
};
const leaves = (shipmentId: string, valueMinor: number): PaymentCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const givenUp = givesUp('authorise', String(RENEWAL));

describe('of two authorisations, one that ended', () => {
  it('is what a cancellation is of, once its renewal was given up', () => {
    const state = next(after(...two, ends, ...declined), givenUp, cancelled);
    expect(state.waves.map(({ wave, reducedMinor }) => [wave, reducedMinor])).toEqual([
      [1, 10_000],
      [2, 0],
      [RENEWAL, 0],
    ]);
    expect(next(state, leaves('s1', 20_000)).shipments).toEqual([
      { shipmentId: 's1', valueMinor: 20_000, state: 'REQUESTED', parts: [part(2, 20_000)] },
    ]);
  });

  it('is what an earlier cancellation was of: nothing is asked of the card for it', () => {
    const state = next(after(...two), cancelled, {
      type: 'RecordAuthorisationEnded',
      data: { wave: 1, taken: [] },
    });
    expect(state.waves.map(({ wave, reducedMinor }) => [wave, reducedMinor])).toEqual([
      [1, 10_000],
      [2, 0],
    ]);
    expect(next(state, leaves('s1', 20_000)).shipments[0]).toMatchObject({ parts: [part(2, 20_000)] });
  });

  it('leaves its goods to what another holds beyond its own, and only the rest is given up', () => {
    const small = { ...cancelled, data: { ...cancelled.data, valueMinor: 4_000 } };
    const some = next([ends, ...declined].reduce(evolve, next(after(...two), small)), givenUp);
    expect(next(some, leaves('s1', 24_000)).shipments[0]).toMatchObject({
      parts: [part(2, 20_000)],
      givenUp: [{ wave: null, amountMinor: 4_000 }],
    });
  });

  it('is lessened up to what it was good for, and then the one that lives', () => {
    const most: PaymentCommand = { ...cancelled, data: { ...cancelled.data, valueMinor: 15_000 } };
    const state = next(after(...two, ends, ...declined), givenUp, most);
    expect(state.waves.map(({ reducedMinor }) => reducedMinor)).toEqual([10_000, 5_000, 0]);
  });
});
