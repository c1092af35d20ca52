// Goods left and their authorisation ended: nobody is told to collect money that the card is still asked for.
import { describe, expect, it } from 'vitest';
import { byCard, call, capture, compared, found, money, shipment, wave } from '../../test/order-money.ts';
import type { OrderMoney } from './order-money.ts';
import { compare } from './reconciliation.ts';
import type { Shipment } from './shipment.ts';
import { RENEWAL_FIRST, type Stage } from './wave.ts';

const INSTANCE = String(RENEWAL_FIRST);

/** A closed order whose only authorisation expired, and its renewal. */
const ended = (is: Shipment['state'], stage: Stage, more: Partial<OrderMoney> = {}): Partial<OrderMoney> => ({
  payment: byCard({
    closed: true,
    waves: [
      wave(1, 'AUTHORISED', { ended: true, renewalDeclined: stage === 'DECLINED' }),
      wave(RENEWAL_FIRST, stage, { renews: 1, authorisedMinor: 0, providerAuthorisationId: null }),
    ],
    shipments: [shipment(is)],
    held:
      stage === 'DECLINED'
        ? [{ operation: 'authorise', instance: INSTANCE, reason: 'card_declined', owner: 'x' }]
        : [],
  }),
  authorisations: [found('a1', 'EXPIRED')],
  ...more,
});

describe.each(['WAITING', 'REQUESTED'] as const)('a shipment that is %s', (is) => {
  it.each(['due', 'unknown'] as const)('differs in nothing while its renewal is asked for: %s', (state) => {
    expect(compared(ended(is, 'REQUESTED', { calls: [call('authorise', INSTANCE, state)] }))).toEqual([]);
  });

  it.each([
    ['declined', ended(is, 'DECLINED')],
    ['held', ended(is, 'REQUESTED', { calls: [call('authorise', INSTANCE, 'held')] })],
  ])('asks for a replay, and for no other payment, where its renewal is %s', (_what, of) => {
    const breaks = compare(money(of));
    expect(breaks).toMatchObject([{ kind: 'SHIPPED_NOT_TAKEN', subject: 's1', healing: null }]);
    expect(breaks[0]?.detail).toMatch(/Replay the dead letter/);
    expect(breaks[0]?.detail).not.toMatch(/partner/);
  });
});

it('asks for another payment only where nothing is there to take from, and nobody asks', () => {
  const payment = byCard({ closed: true, waves: [], shipments: [shipment('WAITING')] });
  const breaks = compare(money({ payment, authorisations: [] }));
  expect(breaks).toMatchObject([{ kind: 'SHIPPED_NOT_TAKEN', subject: 's1' }]);
  expect(breaks[0]?.detail).toMatch(/another payment/);
});

it('says what was taken of an authorisation that ended, so that the rest is asked for and nothing else', () => {
  const payment = byCard({ shipments: [shipment('CAPTURED', 4_000)] });
  const gone = found('a1', 'EXPIRED', { captures: [capture('c1', 's1', 4_000)] });
  const lost = compare(money({ payment, authorisations: [gone] })).find(
    ({ kind }) => kind === 'AUTHORISATION_LOST',
  );
  expect(lost?.healing).toEqual({ kind: 'ended', wave: 1, taken: ['s1'] });
  expect(lost?.detail).not.toMatch(/partner/);
});
