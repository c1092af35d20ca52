// What providers hold that nothing needs, and what they hold no more.
import { describe, expect, it } from 'vitest';
import {
  byCard,
  call,
  capture,
  compared,
  found,
  money,
  ORDER,
  sale,
  shipment,
  wave,
} from '../../test/order-money.ts';
import type { OrderMoney, PendingCall } from './order-money.ts';
import { compare } from './reconciliation.ts';
import type { Stage } from './wave.ts';

describe('stray authorisations', () => {
  const stray = found('x', 'AUTHORISED');
  it.each<[string, Partial<OrderMoney>, string]>([
    ['nobody knows', { payment: null, authorisations: [stray] }, 'person'],
    ['beside the one that its wave knows', { authorisations: [found('a1', 'AUTHORISED'), stray] }, 'release'],
    [
      'of a declined wave',
      {
        payment: byCard({ waves: [wave(1, 'DECLINED', { providerAuthorisationId: null })] }),
        authorisations: [stray],
      },
      'release',
    ],
    [
      'of a closed order',
      { payment: byCard({ closed: true, waves: [] }), authorisations: [stray] },
      'release',
    ],
    [
      'for a wave that was never reserved',
      { authorisations: [found('a1', 'AUTHORISED'), { ...stray, reference: { orderId: ORDER, epoch: 7 } }] },
      'person',
    ],
  ])('%s', (_what, of, healing) => {
    expect(compared(of)).toEqual([`STRAY_AUTHORISATION x 0/10000 ${healing}`]);
  });

  it('is left to a person once money was taken from it', () => {
    const drawn = { ...stray, captures: [capture('c9', 'sX', 500)] };
    expect(compared({ authorisations: [found('a1', 'AUTHORISED'), drawn] })).toEqual([
      'STRAY_AUTHORISATION x 0/10000 person',
      'CAPTURE_NOT_IN_LEDGER c9 0/500 person',
    ]);
  });

  it.each<[string, Stage, PendingCall[], string]>([
    ['declined here', 'DECLINED', [], 'release'],
    ['given up here', 'VOIDED', [], 'release'],
    [
      'told by nobody, while its call waits for a person',
      'REQUESTED',
      [call('authorise', '1', 'held')],
      'replay',
    ],
    ['to be released, while its call waits for a person', 'VOIDING', [call('void', '1', 'held')], 'person'],
  ])('of ours: %s', (_what, stage, calls, healing) => {
    expect(compared({ payment: byCard({ waves: [wave(1, stage)] }), calls })).toEqual([
      `STRAY_AUTHORISATION a1 0/10000 ${healing}`,
    ]);
  });
});

describe('authorisations that do not stand', () => {
  it.each([
    ['VOIDED', 'ended'],
    ['EXPIRED', 'ended'],
    ['DECLINED', 'person'],
    ['CAPTURED', 'person'],
  ] as const)('%s at the provider', (status, healing) => {
    expect(compared({ authorisations: [found('a1', status)] })).toEqual([
      `AUTHORISATION_LOST a1 10000/0 ${healing}`,
    ]);
  });

  it('were given back after a part was taken, though they show as taken', () => {
    const payment = byCard({ shipments: [shipment('CAPTURED', 4_000)] });
    const released = found('a1', 'CAPTURED', { captures: [capture('c1', 's1', 4_000)] });
    const shown = { payment, ledger: [sale('s1', 4_000)], authorisations: [released] };
    expect(compared(shown)).toEqual(['AUTHORISATION_LOST a1 6000/0 ended']);
    expect(compare(money(shown))[0]?.healing).toEqual({ kind: 'ended', wave: 1, taken: ['s1'] });
  });

  const byHand = capture('c9', 'by-hand', 4_000);
  const givenBack = capture('c9', 'by-hand', 4_000, [{ id: 'r1', instance: '', amountMinor: 4_000 }]);
  const shipped = byCard({ shipments: [shipment('REQUESTED', 4_000)] });
  it.each([
    ['somebody else took of it', byCard({}), [byHand], 6_000, 'person'],
    [
      'somebody else took of it and gave some back',
      byCard({}),
      [{ ...byHand, refunds: [{ id: 'r1', instance: '', amountMinor: 3_999 }] }],
      6_000,
      'person',
    ],
    ['somebody else took of it and gave all back', byCard({}), [givenBack], 6_000, 'ended'],
    ['ours was taken with another amount', shipped, [capture('c1', 's1', 5_000)], 5_000, 'person'],
    [
      'ours was taken of it twice',
      shipped,
      [capture('c1', 's1', 4_000), capture('c2', 's1', 4_000)],
      2_000,
      'person',
    ],
    ['ours alone was taken of it', shipped, [capture('c1', 's1', 4_000)], 6_000, 'ended'],
  ] as const)(
    'and asks a person rather than the card where it is not sure what is left: %s',
    (_what, payment, captures, lostMinor, healing) => {
      for (const status of ['CAPTURED', 'EXPIRED', 'VOIDED'] as const) {
        const breaks = compared({ payment, authorisations: [found('a1', status, { captures })] });
        expect(breaks[0]).toBe(`AUTHORISATION_LOST a1 ${lostMinor}/0 ${healing}`);
      }
    },
  );

  it('not there at all', () => {
    expect(compared({ authorisations: [] })).toEqual(['AUTHORISATION_LOST a1 10000/0 person']);
  });

  it('counts only what is still to be taken', () => {
    const payment = byCard({ shipments: [shipment('CAPTURED', 4_000)] });
    const gone = found('a1', 'EXPIRED', { captures: [capture('c1', 's1', 4_000)] });
    expect(compared({ payment, ledger: [sale('s1', 4_000)], authorisations: [gone] })).toEqual([
      'AUTHORISATION_LOST a1 6000/0 ended',
    ]);
  });

  it('holds another amount, or another currency', () => {
    expect(compared({ authorisations: [found('a1', 'AUTHORISED', { amountMinor: 9_000 })] })).toEqual([
      'AMOUNT_DIFFERS a1 10000/9000 person',
    ]);
    const [inEuros] = compare(
      money({ authorisations: [found('a1', 'AUTHORISED', { currencyCode: 'EUR' })] }),
    );
    expect(inEuros).toMatchObject({
      kind: 'AMOUNT_DIFFERS',
      expected: { currencyCode: 'GBP' },
      found: { currencyCode: 'EUR' },
    });
  });
});
