// What is no difference, what is only being asked, and what is never proposed.
import { describe, expect, it } from 'vitest';
import {
  authorised,
  byCard,
  call,
  capture,
  captured,
  compared,
  found,
  money,
  onTerms,
  refund,
  refundEntry,
  sale,
  settled,
  shipment,
  taken,
  wave,
} from '../../test/order-money.ts';
import type { OrderMoney } from './order-money.ts';
import { compare } from './reconciliation.ts';
import { newWave } from './wave.ts';

describe('no difference', () => {
  it.each<[string, Partial<OrderMoney>]>([
    ['authorised and not shipped', {}],
    ['shipped and taken', settled],
    ['not asked yet', { payment: byCard({ waves: [newWave(1, 10_000)] }), authorisations: [] }],
    [
      'declined',
      { payment: byCard({ waves: [wave(1, 'DECLINED')] }), authorisations: [found('a1', 'DECLINED')] },
    ],
    [
      'given up',
      {
        payment: byCard({ closed: true, waves: [wave(1, 'VOIDED')] }),
        authorisations: [found('a1', 'VOIDED')],
      },
    ],
    [
      'unconfirmed, whoever made it',
      { authorisations: [found('a1', 'AUTHORISED'), found('x', 'REQUIRES_CONFIRMATION')] },
    ],
    ['dead and never ours', { payment: null, authorisations: [found('x', 'VOIDED'), found('y', 'EXPIRED')] }],
    [
      'taken on terms',
      { payment: onTerms({ shipments: [shipment('CAPTURED')] }), ledger: [sale('s1')], authorisations: [] },
    ],
    [
      'worth nothing',
      {
        payment: byCard({ shipments: [shipment('CAPTURED', 0)] }),
        authorisations: [found('a1', 'AUTHORISED')],
      },
    ],
    [
      'taken from two authorisations',
      {
        payment: byCard({
          waves: [
            wave(1, 'AUTHORISED', { authorisedMinor: 6_000 }),
            wave(2, 'AUTHORISED', { authorisedMinor: 4_000 }),
          ],
          shipments: [
            {
              ...shipment('CAPTURED'),
              parts: [
                { wave: 1, amountMinor: 6_000, captured: true },
                { wave: 2, amountMinor: 4_000, captured: true },
              ],
            },
          ],
        }),
        ledger: [sale('s1')],
        authorisations: [
          found('a1', 'CAPTURED', { amountMinor: 6_000, captures: [capture('c1', 's1', 6_000)] }),
          found('a2', 'CAPTURED', { amountMinor: 4_000, captures: [capture('c2', 's1/2', 4_000)] }),
        ],
      },
    ],
    [
      'given back',
      {
        ...settled,
        payment: { ...captured, refunds: [refund('r1', 3_000)], refundedMinor: 3_000 },
        ledger: [sale('s1'), refundEntry('r1', 3_000)],
        authorisations: [
          found('a1', 'CAPTURED', {
            captures: [capture('c1', 's1', 10_000, [{ id: 'f1', instance: 'r1/s1', amountMinor: 3_000 }])],
          }),
        ],
      },
    ],
    [
      'given back on terms',
      {
        payment: onTerms({ shipments: [shipment('CAPTURED')], refunds: [refund('r1', 3_000)] }),
        ledger: [sale('s1'), refundEntry('r1', 3_000)],
        authorisations: [],
      },
    ],
    [
      'expired and renewed',
      {
        payment: byCard({ waves: [authorised, wave(2, 'AUTHORISED', { renews: 1 })] }),
        authorisations: [found('a1', 'EXPIRED'), found('a2', 'AUTHORISED')],
      },
    ],
    [
      'expired once nothing was needed',
      { payment: byCard({ closed: true }), authorisations: [found('a1', 'EXPIRED')] },
    ],
    ['at a provider that cannot be asked', { authorisations: [], unread: ['a1'] }],
    ['taken at a provider that cannot be asked', { ...settled, authorisations: [], unread: ['a1'] }],
    [
      'given back at a provider that cannot be asked',
      {
        ...settled,
        payment: { ...captured, refunds: [refund('r1', 3_000)] },
        ledger: [sale('s1'), refundEntry('r1', 3_000)],
        authorisations: [],
        unread: ['a1'],
      },
    ],
  ])('%s', (_what, of) => {
    expect(compared(of)).toEqual([]);
  });
});

describe('beside a provider that cannot be asked', () => {
  const twoWaves = byCard({ waves: [authorised, wave(2, 'AUTHORISED')] });
  it.each<[string, Partial<OrderMoney>, string]>([
    ['what another lost', { payment: twoWaves, authorisations: [] }, 'AUTHORISATION_LOST a2 10000/0 person'],
    [
      'what another holds for nothing',
      { authorisations: [found('x', 'AUTHORISED')] },
      'STRAY_AUTHORISATION x 0/10000 release',
    ],
    [
      'what another took for nothing',
      { authorisations: [found('x', 'CAPTURED', { captures: [capture('c9', 'sX', 500)] })] },
      'CAPTURE_NOT_IN_LEDGER c9 0/500 person',
    ],
  ])('finds %s', (_what, of, expected) => {
    expect(compared({ ...of, unread: ['a1'] })).toEqual([expected]);
  });
});

describe('what is being asked right now', () => {
  const requested = byCard({ shipments: [shipment('REQUESTED')] });
  it.each<[string, Partial<OrderMoney>]>([
    ['a capture that is not made', { payment: requested, calls: [call('capture', 's1')] }],
    [
      'a capture that was made and is not recorded',
      { payment: requested, authorisations: [taken], calls: [call('capture', 's1', 'unknown')] },
    ],
    [
      'an authorisation that is held and not recorded',
      { payment: byCard({ waves: [wave(1, 'REQUESTED')] }), calls: [call('authorise', '1', 'unknown')] },
    ],
    [
      'an authorisation whose id is not stored',
      {
        payment: byCard({ waves: [wave(1, 'REQUESTED', { providerAuthorisationId: null })] }),
        authorisations: [found('x', 'AUTHORISED')],
        calls: [call('authorise', '1')],
      },
    ],
    ['a release', { payment: byCard({ waves: [wave(1, 'VOIDING')] }), calls: [call('void', '1')] }],
    [
      'a refund',
      {
        ...settled,
        payment: { ...captured, refunds: [refund('r1', 3_000, false)] },
        authorisations: [
          found('a1', 'CAPTURED', {
            captures: [capture('c1', 's1', 10_000, [{ id: 'f1', instance: 'r1/s1', amountMinor: 3_000 }])],
          }),
        ],
        calls: [call('refund', 'r1/s1')],
      },
    ],
  ])('%s', (_what, of) => {
    expect(compared(of)).toEqual([]);
  });
});

it('never proposes to take or give back money, and says what to do of everything else', () => {
  const everything = compare(
    money({
      payment: byCard({
        shipments: [shipment('CAPTURED'), shipment('REQUESTED', 500, 's2')],
        refunds: [refund('r1', 3)],
      }),
      ledger: [sale('s9')],
      authorisations: [
        found('a1', 'VOIDED', { captures: [capture('c', 's9'), capture('d', 's2'), capture('e', 's2')] }),
      ],
    }),
  );
  expect(everything.length).toBeGreaterThan(5);
  for (const { healing, detail } of everything) {
    expect([undefined, 'release', 'replay', 'ended']).toContain(healing?.kind);
    expect(detail).toMatch(/\.$/);
  }
});
