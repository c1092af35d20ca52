import { describe, expect, it } from 'vitest';
import type { ClientJournalEntry } from '../journal/client-journal.ts';
import { checkFinalOrOwned } from './final-or-owned.ts';
import { checkNoLostOrder } from './no-lost-order.ts';
import { checkOnce } from './once.ts';
import { type OrderUnitsFact, unitsOutstanding } from './order-units.ts';
import { checkResolvedOnce } from './resolved-once.ts';

const INSTANT = '2026-03-01T09:30:00.000Z';
const sent: ClientJournalEntry = {
  kind: 'sent',
  key: 'k1',
  partnerId: 'p',
  poNumber: 'po',
  linesDigest: 'd',
  at: INSTANT,
};
const acknowledged: ClientJournalEntry = {
  kind: 'acknowledged',
  key: 'k1',
  orderId: 'o1',
  number: 'SO-1',
  totalMinor: 1250,
  at: INSTANT,
};
const journal = [sent, acknowledged];
const held = { id: 'o1', number: 'SO-1', partnerId: 'p', poNumber: 'po', totalMinor: 1250, linesDigest: 'd' };

describe('no lost order (1)', () => {
  it('accepts an order that is as it was sent', async () => {
    expect((await checkNoLostOrder(journal, { log: [held] })).breaches).toEqual([]);
  });

  it.each([
    ['is gone', [], 'was acknowledged and is not'],
    ['has other lines', [{ ...held, linesDigest: 'x' }], 'other lines'],
    ['has another total', [{ ...held, totalMinor: 1 }], 'total 1 instead of 1250'],
    ['belongs to another partner', [{ ...held, partnerId: 'q' }], 'partner q instead of p'],
    ['has another number', [{ ...held, number: 'SO-2' }], 'number SO-2'],
    ['has another PO number', [{ ...held, poNumber: null }], 'PO number null'],
  ])('finds one that %s', async (_what, rows, breach) => {
    expect((await checkNoLostOrder(journal, { log: rows })).breaches).toEqual([
      expect.stringContaining(breach),
    ]);
  });
});

describe('once (3)', () => {
  const order = { id: 'o1', partnerId: 'p', poNumber: 'po', status: 'SHIPPED' };
  const key = { scope: 'p', key: 'k1', orderId: 'o1', replays: 1 };

  it('accepts one order under one key and number, and a number that a rejected order freed', async () => {
    const freed = [
      { ...order, id: 'o7', poNumber: 'x', status: 'CANCELLED' },
      { ...order, id: 'o8', poNumber: 'x', status: 'REJECTED' },
      { ...order, id: 'o9', poNumber: 'x' },
    ];
    expect((await checkOnce([...journal, acknowledged], [order, ...freed], [key])).breaches).toEqual([]);
    const freedByClient = [{ ...order, id: 'o8', status: 'REJECTED' }, order];
    expect((await checkOnce([...journal, { ...sent, key: 'k2' }], freedByClient, [key])).breaches).toEqual(
      [],
    );
  });

  it.each([
    [
      'two answers to one key',
      [...journal, { ...acknowledged, orderId: 'o2' }],
      [order],
      [],
      'answered with order o1 and with order o2',
    ],
    ['two live orders of one number', [], [order, { ...order, id: 'o2' }], [], 'orders o1, o2'],
    [
      'two orders of one request',
      journal,
      [
        { ...order, status: 'REJECTED' },
        { ...order, id: 'o2' },
      ],
      [],
      'orders o1, o2',
    ],
    ['one order under two keys', [], [order], [key, { ...key, key: 'k2' }], 'keys k1, k2'],
    [
      'a replay that nobody committed',
      [...journal, acknowledged, acknowledged],
      [order],
      [key],
      'answered 3 times, and 1 of the answers were committed',
    ],
    [
      'a key that stands for another order',
      journal,
      [order],
      [{ ...key, orderId: 'o2' }],
      'stored with order o2',
    ],
  ])('finds %s', async (_what, entries, orders, keys, breach) => {
    expect((await checkOnce(entries, orders, keys)).breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('final or owned (4)', () => {
  const order = { number: 'SO-1', owner: null, unitsOutstanding: 0, ageSeconds: 200 };

  it.each([
    { status: 'SHIPPED' },
    { status: 'REJECTED' },
    { status: 'PARTIALLY_SHIPPED' },
    { status: 'ON_HOLD', owner: 'credit desk' },
    { status: 'CONFIRMED', owner: 'fulfillment desk' },
  ])('accepts %o', (state) => {
    expect(checkFinalOrOwned([{ ...order, ...state }]).breaches).toEqual([]);
  });

  it.each([
    { status: 'PLACED' },
    { status: 'CONFIRMED' },
    { status: 'PARTIALLY_SHIPPED', unitsOutstanding: 3 },
    { status: 'ON_HOLD' },
  ])('finds %o', (state) => {
    expect(checkFinalOrOwned([{ ...order, ...state }]).breaches).toEqual([
      expect.stringContaining(`SO-1: ${state.status}`),
    ]);
  });
});

describe('units outstanding (4)', () => {
  const units = (a: number, b = 0) => [
    { sku: 'A', quantity: a },
    ...(b > 0 ? [{ sku: 'B', quantity: b }] : []),
  ];
  const fact = (type: string, more: Partial<OrderUnitsFact> = {}): OrderUnitsFact => ({
    ...{ orderId: 'o1', type, lines: null, backordered: null, rest: null },
    ...more,
  });
  const placed = fact('OrderPlaced', { lines: units(5, 2) });
  const partly = fact('OrderConfirmed', { lines: units(3), backordered: units(2, 2) });
  const left = (a: number, b = 0) => fact('OrderPartiallyShipped', { lines: units(a, b) });
  const lines = (type: string, a: number, more: Partial<OrderUnitsFact> = {}) =>
    fact(type, { lines: units(a), ...more });

  it.each<[string, number, readonly OrderUnitsFact[]]>([
    ['all of a whole order but what left', 4, [placed, fact('OrderConfirmed'), left(2, 1)]],
    ['nothing where the rest waits', 0, [placed, partly, left(3)]],
    ['nothing of what left before it was paid', 1, [placed, partly, left(4), lines('OrderReplenished', 2)]],
    ['what came after a wait', 2, [placed, partly, left(3), lines('OrderReplenished', 2)]],
    ['nothing of what is lost', 0, [placed, partly, left(2), lines('OrderLinesBroken', 1)]],
    [
      'what was claimed, where what waits is cancelled',
      1,
      [placed, partly, left(2), lines('OrderLinesCancelled', 2)],
    ],
    [
      'less, where more than waits is cancelled',
      0,
      [placed, partly, left(2), lines('OrderLinesCancelled', 3)],
    ],
    [
      'what broke, waited, and came again',
      1,
      [
        placed,
        partly,
        left(2),
        lines('OrderLinesBroken', 1, { rest: 'BACKORDERED' }),
        lines('OrderReplenished', 1),
      ],
    ],
    ['nothing after it shipped', 0, [placed, fact('OrderConfirmed'), fact('OrderShipped')]],
  ])('are %s', async (_what, outstanding, facts) => {
    expect(await unitsOutstanding(facts)).toEqual(new Map([['o1', outstanding]]));
  });
});

describe('resolved once (11)', () => {
  const shipped = { orderId: 'o1', status: 'SHIPPED', unitsHeld: 0, unitsWaiting: 0, moneyHeld: 0 };
  const rejected = { ...shipped, status: 'REJECTED' };
  const history = { orderId: 'o1', reserved: [1], released: 0, authorised: [1], voided: 0, lessened: 0 };
  const exposure = { partnerId: 'p', exposure: 99, claims: 99 };
  const undone = { ...history, released: 1, voided: 1 };

  it('accepts claims that ended as their order did', () => {
    expect(checkResolvedOnce([shipped], [history], [exposure]).breaches).toEqual([]);
    expect(checkResolvedOnce([rejected], [undone], [exposure]).breaches).toEqual([]);
    const waves = { ...history, reserved: [2, 1], authorised: [1, 2] };
    expect(checkResolvedOnce([shipped], [waves], []).breaches).toEqual([]);
    const lost = { ...undone, released: 0, lessened: 1 };
    expect(checkResolvedOnce([{ ...shipped, status: 'CANCELLED' }], [lost], []).breaches).toEqual([]);
    const waits = { ...shipped, status: 'BACKORDERED', unitsWaiting: 4 };
    expect(checkResolvedOnce([waits], [], []).breaches).toEqual([]);
  });

  it.each([
    ['stock left with a rejected order', { ...rejected, unitsHeld: 2 }, undone, '2 units are held'],
    ['credit left with a rejected order', { ...rejected, moneyHeld: 99 }, undone, '99 of money'],
    ['a rejected order that still waits', { ...rejected, unitsWaiting: 3 }, undone, 'waits for 3 units'],
    ['a second reservation', shipped, { ...history, reserved: [1, 1] }, 'reserved 2 times in wave 1'],
    ['a wave before the first', shipped, { ...history, reserved: [2] }, 'in the waves 2'],
    ['money secured twice', shipped, { ...history, authorised: [1, 1] }, 'secured 2 times in wave 1'],
    ['a reservation never given back', rejected, { ...undone, released: 0 }, 'released 0 times'],
    ['a reservation given back twice', rejected, { ...undone, released: 2 }, 'released 2 times'],
    ['a payment voided although it shipped', shipped, { ...history, voided: 1 }, 'voided 1 times'],
    ['a claim of no order', { ...shipped, orderId: 'o2' }, history, 'no such order'],
  ])('finds %s', (_what, order, claims, breach) => {
    expect(checkResolvedOnce([order], [claims], []).breaches).toEqual([expect.stringContaining(breach)]);
  });

  it('finds credit that no order accounts for', () => {
    expect(checkResolvedOnce([], [], [{ ...exposure, claims: 0 }]).breaches).toEqual([
      'partner p: exposed by 99, its orders less what it settled claim 0',
    ]);
  });
});
