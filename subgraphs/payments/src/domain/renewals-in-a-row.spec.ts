// Renewals that come to nothing, one after the other: the card is not asked for ever, and a person has them in the end.
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { CALL_OWNER } from './holds.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent, type PaymentState } from './payment.ts';
import { RENEWAL_FIRST } from './wave.ts';

const NEW = RENEWAL_FIRST;
/** Renewals that are asked for by themselves after one that had died when it was heard of. */
const ASKED_AGAIN = 3;
/** Authorisations that end untouched, one after the other, before a person decides. */
const ENDED_IN_A_ROW = 10;

const order = { method: 'CARD', currencyCode: 'GBP', totalMinor: 10_000, sealedCardToken: 'sealed' } as const;
const DIES_AT = '2026-03-08T09:30:00.000Z';
const standing: PaymentEvent[] = [
  { type: 'OrderNoted', data: order },
  { type: 'ReservationNoted', data: { reservedMinor: 10_000 } },
  { type: 'CardAuthorisationRequested', data: {} },
  { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } },
];
const shipped: PaymentCommand = {
  type: 'NoteShipment',
  data: { shipmentId: 's1', valueMinor: 4_000, currencyCode: 'GBP' },
};
const ended = (wave: number, ...taken: string[]): PaymentCommand => ({
  type: 'RecordAuthorisationEnded',
  data: { wave, taken },
});
const authorised = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave } });
const died = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave, ended: true } });
const renewing = (wave: number, renews: number, amountMinor = 10_000): PaymentEvent => ({
  type: 'RenewalRequested',
  data: { wave, renews, amountMinor },
});
const nothing = (wave: number): PaymentEvent => ({ type: 'NothingAuthorised', data: { wave } });
const held = (wave: number, reason: string, amountMinor = 10_000): PaymentEvent => ({
  type: 'PaymentHeld',
  data: {
    ...{ operation: 'authorise', instance: String(wave), reason, owner: CALL_OWNER },
    ...{ amountMinor, holding: 1 },
  },
});
const renewInTime: PaymentCommand = { type: 'RenewAuthorisation', data: { before: DIES_AT } };
const retry = (wave: number): PaymentCommand => ({
  type: 'RetryHeldCall',
  data: { operation: 'authorise', instance: String(wave) },
});

const start = standing.reduce(evolve, initialPayment);
const afterEvery = (state: PaymentState, ...commands: PaymentCommand[]) =>
  commands.reduce((now, command) => decide(command, now).reduce(evolve, now), state);
const upTo = <Each>(count: number, each: (index: number) => Each) =>
  Array.from({ length: count }, (_, index) => each(index));

describe('renewals that had died when they were heard of', () => {
  const REASON = 'expired before it was heard of';
  const allDied = upTo(ASKED_AGAIN, (index) => died(NEW + index));
  const last = NEW + ASKED_AGAIN;
  const declined: PaymentEvent = { type: 'RenewalDeclined', data: { wave: last, reason: REASON } };

  it('are asked for again three times in a row, then a person decides', () => {
    let state = afterEvery(start, ended(1));
    for (const index of upTo(ASKED_AGAIN, (each) => each)) {
      const said = decide(died(NEW + index), state);
      expect(said).toEqual([nothing(NEW + index), renewing(NEW + index + 1, 1)]);
      state = said.reduce(evolve, state);
    }
    expect(decide(died(last), state)).toEqual([declined, held(last, REASON)]);
  });

  it('are asked for again where a person says so, and that many times once more', () => {
    const waiting = afterEvery(start, ended(1), ...allDied, died(last));
    const again = afterEvery(waiting, retry(last));
    expect(again.waves.at(-1)).toMatchObject({ wave: last + 1, stage: 'REQUESTED', renews: 1 });
    expect(decide(died(last + 1), again)).toEqual([nothing(last + 1), renewing(last + 2, 1)]);
  });

  it('do not count once one of them stood', () => {
    const renewedOnce = afterEvery(start, ended(1), died(NEW), died(NEW + 1), authorised(NEW + 2));
    const second = afterEvery(renewedOnce, ended(NEW + 2));
    expect(decide(died(NEW + 3), second)).toEqual([nothing(NEW + 3), renewing(NEW + 4, NEW + 2)]);
  });

  it('are no more than that to a closed order, whose goods wait to be taken', () => {
    const closed = afterEvery(start, shipped, ended(1), { type: 'CloseOrder', data: {} });
    const waiting = afterEvery(closed, ...allDied);
    expect(decide(died(last), waiting)[0]).toEqual(declined);
  });

  it('trouble nobody where nothing is needed any more', () => {
    const waiting = afterEvery(start, ended(1), ...allDied, { type: 'CloseOrder', data: {} });
    expect(decide(died(last), waiting)).toEqual([nothing(last)]);
  });

  it('are counted for an authorisation that still stands, too', () => {
    const stands = evolve(start, { type: 'ExpiryNoted', data: { expiresAt: DIES_AT } });
    const looked = upTo(ASKED_AGAIN, (index) => [renewInTime, died(NEW + index)]).flat();
    expect(decide(died(last), afterEvery(stands, ...looked, renewInTime))).toEqual([
      declined,
      held(last, REASON),
    ]);
  });
});

describe('authorisations that end untouched', () => {
  const REASON = 'renewed too often';
  /** The wave of the n-th authorisation. */
  const nth = (index: number) => (index === 0 ? 1 : NEW + index - 1);
  const untouched = (count: number) =>
    upTo(count, (index) => [ended(nth(index)), authorised(nth(index + 1))]);
  const allButLast = untouched(ENDED_IN_A_ROW - 1).flat();
  const last = nth(ENDED_IN_A_ROW - 1);
  const lastEnded: PaymentEvent = { type: 'AuthorisationEnded', data: { wave: last } };

  it('are renewed ten times in a row at most, then a person decides, and the card is asked once more', () => {
    const ninth = afterEvery(start, ...allButLast.slice(0, -1));
    expect(ninth.waves.at(-1)).toMatchObject({ wave: last, stage: 'REQUESTED' });
    const state = afterEvery(start, ...allButLast);
    const said = decide(ended(last), state);
    expect(said).toEqual([lastEnded, held(last, REASON)]);
    const waiting = said.reduce(evolve, state);
    expect(decide(shipped, waiting)).toMatchObject([{ type: 'ShipmentNoted' }]);
    expect(decide(retry(last), waiting)).toMatchObject([
      { type: 'PaymentResumed' },
      renewing(nth(ENDED_IN_A_ROW), last),
    ]);
  });

  it('do not count before one of which something was taken', () => {
    const taken = afterEvery(start, shipped, ended(1, 's1'));
    const more = untouched(ENDED_IN_A_ROW).flat().slice(1);
    const state = afterEvery(taken, ...more);
    expect(state.held).toEqual([]);
    expect(state.waves.at(-1)).toMatchObject({ wave: nth(ENDED_IN_A_ROW), stage: 'AUTHORISED' });
    expect(decide(ended(nth(ENDED_IN_A_ROW)), state)).toMatchObject([
      { type: 'AuthorisationEnded' },
      { type: 'PaymentHeld', data: { reason: REASON } },
    ]);
  });

  it('do not count before one that was renewed in time', () => {
    const state = afterEvery(start, ...allButLast);
    const noted: PaymentEvent = { type: 'ExpiryNoted', data: { wave: last, expiresAt: DIES_AT } };
    const released: PaymentCommand = { type: 'RecordVoided', data: { wave: last } };
    const renewed = afterEvery(evolve(state, noted), renewInTime, authorised(last + 1), released);
    expect(decide(ended(last + 1), renewed)).toEqual([
      { type: 'AuthorisationEnded', data: { wave: last + 1 } },
      renewing(last + 2, last + 1),
    ]);
  });
});
