// What was taken, booked and given back: each kind of difference.
import { describe, expect, it } from 'vitest';
import {
  byCard,
  call,
  capture,
  captured,
  compared,
  found,
  onTerms,
  refund,
  refundEntry,
  sale,
  settled,
  shipment,
  taken,
  wave,
} from '../../test/order-money.ts';
import type { FoundCapture, OrderMoney } from './order-money.ts';
import type { Refund } from './refund.ts';

describe('captures', () => {
  const requested = byCard({ shipments: [shipment('REQUESTED')] });

  it('was booked and not taken', () => {
    expect(compared({ ...settled, authorisations: [found('a1', 'CAPTURED')] })).toEqual([
      'CAPTURE_NOT_AT_PROVIDER s1 10000/0 person',
    ]);
  });

  it('was taken, while the call that asked waits for a person', () => {
    const calls = [call('capture', 's1', 'held')];
    expect(compared({ payment: requested, authorisations: [taken], calls })).toEqual([
      'CAPTURE_NOT_IN_LEDGER s1 0/10000 replay',
    ]);
  });

  it('was taken, and nothing of ours asks any more', () => {
    expect(compared({ payment: requested, authorisations: [taken] })).toEqual([
      'CAPTURE_NOT_IN_LEDGER s1 0/10000 person',
    ]);
  });

  it('was neither taken nor is asked for', () => {
    expect(compared({ payment: requested })).toContain('SHIPPED_NOT_TAKEN s1 10000/0 person');
    const calls = [call('capture', 's1', 'held')];
    expect(compared({ payment: requested, calls })).toEqual(['SHIPPED_NOT_TAKEN s1 10000/0 person']);
  });

  it('was taken for a shipment that is none', () => {
    const drawn = found('a1', 'CAPTURED', { captures: [capture('c1', 's1'), capture('c2', 'sX', 700)] });
    expect(compared({ ...settled, authorisations: [drawn] })).toEqual([
      'CAPTURE_NOT_IN_LEDGER c2 0/700 person',
    ]);
  });

  it('was taken again: from the same authorisation, another one, or a wave that was not asked', () => {
    const again = found('a1', 'CAPTURED', { captures: [capture('c1', 's1'), capture('c2', 's1')] });
    expect(compared({ ...settled, authorisations: [again] })).toEqual(['TAKEN_TWICE c2 0/10000 person']);
    const other = found('x', 'CAPTURED', { captures: [capture('c0', 's1')] });
    expect(compared({ ...settled, authorisations: [other, taken] })).toEqual([
      'TAKEN_TWICE c0 0/10000 person',
    ]);
    const second = found('x', 'CAPTURED', { captures: [capture('c3', 's1/2')] });
    expect(compared({ ...settled, authorisations: [taken, second] })).toEqual([
      'TAKEN_TWICE c3 0/10000 person',
    ]);
  });

  it('was taken again and given back', () => {
    const back = capture('c2', 's1', 10_000, [{ id: 'f1', instance: 'by hand', amountMinor: 10_000 }]);
    const again = found('a1', 'CAPTURED', { captures: [capture('c1', 's1'), back] });
    expect(compared({ ...settled, authorisations: [again] })).toEqual([]);
  });

  it('was taken with another amount', () => {
    const drawn = found('a1', 'CAPTURED', { captures: [capture('c1', 's1', 9_999)] });
    expect(compared({ ...settled, authorisations: [drawn] })).toEqual([
      'AMOUNT_DIFFERS c1 10000/9999 person',
    ]);
  });
});

describe('the ledger', () => {
  const terms = { payment: onTerms({ shipments: [shipment('CAPTURED')] }), authorisations: [] };
  it.each<[string, Partial<OrderMoney>, string]>([
    ['shows nothing', { ...terms }, 'SHIPPED_NOT_TAKEN s1 10000/0 person'],
    ['shows it twice', { ...terms, ledger: [sale('s1'), sale('s1')] }, 'TAKEN_TWICE s1 10000/20000 person'],
    ['shows less', { ...terms, ledger: [sale('s1', 9_000)] }, 'AMOUNT_DIFFERS s1 10000/9000 person'],
    [
      'shows another currency',
      { ...terms, ledger: [sale('s1', 10_000, 'EUR')] },
      'AMOUNT_DIFFERS s1 10000/10000 person',
    ],
    [
      'shows a shipment that is none',
      { ...terms, ledger: [sale('s1'), sale('sX', 100)] },
      'TAKEN_TWICE sX 0/100 person',
    ],
    [
      'shows nothing, for want of an authorisation',
      {
        payment: byCard({ waves: [wave(1, 'DECLINED')], shipments: [shipment('WAITING')] }),
        authorisations: [found('a1', 'DECLINED')],
      },
      'SHIPPED_NOT_TAKEN s1 10000/0 person',
    ],
  ])('%s', (_what, of, gist) => {
    expect(compared(of)).toEqual([gist]);
  });

  it('leaves a shipment alone that a later wave may still pay for', () => {
    const waves = [wave(1, 'REQUESTED')];
    const payment = byCard({ waves, shipments: [shipment('WAITING')] });
    expect(compared({ payment, calls: [call('authorise', '1')] })).toEqual([]);
  });
});

describe('refunds', () => {
  const withRefunds = (refunds: FoundCapture['refunds']) => [
    found('a1', 'CAPTURED', { captures: [capture('c1', 's1', 10_000, refunds)] }),
  ];
  const given = (refunds: readonly Refund[]) => ({ ...captured, refunds });
  const atProvider = { id: 'f1', instance: 'r1/s1', amountMinor: 3_000 };
  it.each<[string, Partial<OrderMoney>, string[]]>([
    [
      'that nobody asked for here',
      { ...settled, authorisations: withRefunds([{ ...atProvider, instance: 'by hand' }]) },
      ['REFUND_NOT_IN_LEDGER f1 0/3000 person'],
    ],
    [
      'made, while the call waits for a person',
      {
        ...settled,
        payment: given([refund('r1', 3_000, false)]),
        authorisations: withRefunds([atProvider]),
        calls: [call('refund', 'r1/s1', 'held')],
      },
      ['REFUND_NOT_IN_LEDGER r1 0/3000 replay'],
    ],
    [
      'booked and not made',
      { ...settled, payment: given([refund('r1', 3_000)]), ledger: [sale('s1'), refundEntry('r1', 3_000)] },
      ['REFUND_NOT_AT_PROVIDER r1 3000/0 person'],
    ],
    [
      'made with another amount',
      {
        ...settled,
        payment: given([refund('r1', 3_000)]),
        ledger: [sale('s1'), refundEntry('r1', 3_000)],
        authorisations: withRefunds([{ ...atProvider, amountMinor: 2_000 }]),
      },
      ['AMOUNT_DIFFERS r1 3000/2000 person'],
    ],
    [
      'made and not booked',
      { ...settled, payment: given([refund('r1', 3_000)]), authorisations: withRefunds([atProvider]) },
      ['REFUND_NOT_IN_LEDGER r1 3000/0 person'],
    ],
    [
      'booked with another amount',
      {
        ...settled,
        payment: given([refund('r1', 3_000)]),
        ledger: [sale('s1'), refundEntry('r1', 1_000)],
        authorisations: withRefunds([atProvider]),
      },
      ['AMOUNT_DIFFERS r1 3000/1000 person'],
    ],
    [
      'booked for a refund that is none',
      { ...settled, ledger: [sale('s1'), refundEntry('rX', 50)] },
      ['REFUND_NOT_AT_PROVIDER rX 50/0 person'],
    ],
  ])('%s', (_what, of, gists) => {
    expect(compared(of)).toEqual(gists);
  });
});
