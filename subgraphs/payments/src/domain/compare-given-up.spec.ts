// What a person gave up, and what is done part by part, between ledger, provider and shipments.
import { describe, expect, it } from 'vitest';
import {
  authorised,
  byCard,
  call,
  capture,
  compared,
  found,
  money,
  refundEntry,
  sale,
  shipment,
  taken,
  wave,
} from '../../test/order-money.ts';
import { compare } from './reconciliation.ts';
import type { Shipment } from './shipment.ts';

const second = wave(2, 'AUTHORISED', { authorisedMinor: 5_000 });
const part = (number: number, amountMinor: number, captured = true) => ({
  wave: number,
  amountMinor,
  captured,
});
const ofTwo = (more: Partial<Shipment>): Shipment => ({ ...shipment('CAPTURED', 15_000), ...more });
const live = found('a2', 'AUTHORISED', { amountMinor: 5_000, reference: { orderId: 'o1', epoch: 2 } });

describe('what was given up', () => {
  const waited = { ...shipment('GIVEN_UP', 4_000), givenUp: [{ wave: null, amountMinor: 4_000 }] };

  it('stays a difference with an owner, the same in each comparison, whatever is authorised later', () => {
    const gist = 'SHIPPED_NOT_TAKEN s1/rest 4000/0 person';
    const ended = wave(1, 'AUTHORISED', { ended: true, renewalGivenUp: true, reducedMinor: 10_000 });
    const lost = [found('a1', 'EXPIRED')];
    const before = byCard({ shipments: [waited], waves: [ended] });
    expect(compared({ payment: before, authorisations: lost })).toEqual([gist]);
    const later = byCard({ shipments: [waited], waves: [ended, second] });
    expect(compared({ payment: later, authorisations: [...lost, live] })).toEqual([gist]);
    const [first] = compare(money({ payment: before, authorisations: lost }));
    expect(first?.detail).toContain('nothing asks for it any more');
  });

  it('is told by the authorisation it was asked of, beside what was taken', () => {
    const half = ofTwo({ parts: [part(1, 10_000)], givenUp: [{ wave: 2, amountMinor: 5_000 }] });
    const payment = byCard({ shipments: [half], capturedMinor: 10_000 });
    expect(compared({ payment, ledger: [sale('s1')], authorisations: [taken] })).toEqual([
      'SHIPPED_NOT_TAKEN s1/2 5000/0 person',
    ]);
  });

  it('before anything was asked for, is told beside what was taken, and what still waits', () => {
    const rest = { wave: null, amountMinor: 4_000 };
    const lapsed = wave(2, 'AUTHORISED', {
      ...{ ended: true, renewalGivenUp: true, authorisedMinor: 4_000, reducedMinor: 4_000 },
    });
    const half: Shipment = { ...shipment('CAPTURED'), parts: [part(1, 6_000)], givenUp: [rest] };
    const first = found('a1', 'CAPTURED', { amountMinor: 6_000, captures: [capture('c1', 's1', 6_000)] });
    const lost = found('a2', 'EXPIRED', { amountMinor: 4_000 });
    const six = wave(1, 'AUTHORISED', { authorisedMinor: 6_000 });
    const ofTaken = { shipments: [half], waves: [six, lapsed], capturedMinor: 6_000 };
    const known = { ledger: [sale('s1', 6_000)], authorisations: [first, lost] };
    expect(compared({ payment: byCard(ofTaken), ...known })).toEqual([
      'SHIPPED_NOT_TAKEN s1/rest 4000/0 person',
    ]);
    const waits: Shipment = { ...shipment('WAITING'), givenUp: [rest, { wave: null, amountMinor: 1_000 }] };
    const ended = { ...authorised, ended: true, renewalDeclined: true };
    expect(compared({ payment: byCard({ shipments: [waits], waves: [ended, lapsed] }) })).toEqual(
      expect.arrayContaining([
        'SHIPPED_NOT_TAKEN s1/rest 5000/0 person',
        'SHIPPED_NOT_TAKEN s1 5000/0 person',
      ]),
    );
  });

  it('of the first authorisation, is told beside what the ledger lacks of another', () => {
    const half = ofTwo({ parts: [part(2, 5_000)], givenUp: [{ wave: 1, amountMinor: 10_000 }] });
    const payment = byCard({ shipments: [half], waves: [authorised, second], capturedMinor: 5_000 });
    const captures = [capture('c2', 's1/2', 5_000)];
    expect(compared({ payment, authorisations: [{ ...live, status: 'CAPTURED', captures }] })).toEqual(
      expect.arrayContaining(['SHIPPED_NOT_TAKEN s1/1 10000/0 person', 'SHIPPED_NOT_TAKEN s1 5000/0 person']),
    );
  });

  it('and taken all the same, is told as what the provider took', () => {
    const payment = byCard({
      shipments: [{ ...shipment('GIVEN_UP'), givenUp: [{ wave: 1, amountMinor: 10_000 }] }],
      waves: [{ ...authorised, reducedMinor: 10_000 }],
    });
    expect(compared({ payment, authorisations: [taken] })).toEqual(['TAKEN_TWICE c1 0/10000 person']);
  });

  it('to be renewed, leaves what has not left without money, and says so', () => {
    const ended = wave(1, 'AUTHORISED', { ended: true, renewalGivenUp: true });
    const declined = wave(1_000_001, 'DECLINED', { renews: 1, providerAuthorisationId: null });
    const payment = byCard({ waves: [ended, declined] });
    expect(compared({ payment, authorisations: [found('a1', 'EXPIRED')] })).toEqual([
      'AUTHORISATION_LOST a1 10000/0 person',
    ]);
  });

  it('to be released, is left to a person as long as it lives', () => {
    const payment = byCard({ closed: true, waves: [wave(1, 'VOIDED', { releaseGivenUp: true })] });
    expect(compared({ payment, authorisations: [found('a1', 'AUTHORISED')] })).toEqual([
      'STRAY_AUTHORISATION a1 0/10000 person',
    ]);
    expect(compared({ payment, authorisations: [found('a1', 'EXPIRED')] })).toEqual([]);
  });
});

describe('the ledger beside parts that are done', () => {
  const open = ofTwo({ state: 'REQUESTED', parts: [part(1, 10_000), part(2, 5_000, false)] });
  const payment = byCard({ shipments: [open], waves: [authorised, second], capturedMinor: 10_000 });
  const asked = { payment, authorisations: [taken, live], calls: [call('capture', 's1/2')] };

  it.each([
    ['has the part that was taken', [sale('s1')], []],
    ['has nothing', [], ['SHIPPED_NOT_TAKEN s1 10000/0 person']],
    ['has all of it too soon', [sale('s1', 15_000)], ['AMOUNT_DIFFERS s1 10000/15000 person']],
    ['has the part twice', [sale('s1'), sale('s1')], ['TAKEN_TWICE s1 10000/20000 person']],
  ])('%s, while another is out', (_what, ledger, gists) => {
    expect(compared({ ...asked, ledger })).toEqual(gists);
  });

  it('has what was given back of a refund, while another part waits or was given up', () => {
    const both = ofTwo({ parts: [part(1, 10_000), part(2, 5_000)] });
    const back = { id: 'f1', instance: 'r1/s1', amountMinor: 10_000 };
    const authorisations = [
      found('a1', 'CAPTURED', { captures: [capture('c1', 's1', 10_000, [back])] }),
      { ...live, status: 'CAPTURED' as const, captures: [capture('c2', 's1/2', 5_000)] },
    ];
    const of = { shipmentId: 's1', done: false };
    for (const rest of [{ givenUp: true as const }, {}]) {
      const parts = [
        { ...of, wave: 1, amountMinor: 10_000, done: true },
        { ...of, wave: 2, amountMinor: 5_000, ...rest },
      ];
      const refunded = byCard({
        ...{ shipments: [both], waves: [authorised, second], capturedMinor: 15_000, refundedMinor: 10_000 },
        refunds: [{ refundId: 'r1', reason: 'broken', parts }],
      });
      const sales = [sale('s1'), sale('s1', 5_000)];
      const calls = rest.givenUp ? [] : [call('refund', 'r1/s1/2', 'held')];
      const ledger = [...sales, refundEntry('r1', 10_000)];
      expect(compared({ payment: refunded, authorisations, calls, ledger })).toEqual([]);
      expect(compared({ payment: refunded, authorisations, calls, ledger: sales })).toEqual([
        'REFUND_NOT_IN_LEDGER r1 10000/0 person',
      ]);
    }
  });
});
