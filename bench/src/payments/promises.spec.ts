import { describe, expect, it } from 'vitest';
import type { ModeRun } from './mode-run.ts';
import { MODES } from './modes.ts';
import { problemsOf } from './promises.ts';

type Found = Omit<ModeRun, 'problems'>;

const outage = MODES.find(({ name }) => name === 'hang');
const calm = MODES.find(({ name }) => name === 'webhooks');
const ending = MODES.find(({ name }) => name === 'captures-once');
if (outage === undefined || calm === undefined || ending === undefined) throw new Error('a mode is missing');

const good: Found = {
  ...{ mode: 'hang', seed: 1, took_s: 90 },
  customers: { sent: 10, acknowledged: 10, refused: 0, unknown: 0 },
  money: {
    ...{ orders: 10, byCard: 5, shippable: 5, captured: 5, capturedShare_percent: 100, refunded: 1 },
    ...{ chargedTwice: 0, disagreeing: 0, heldCalls: 0, notFinal: 0, breaches: [] },
  },
  attempts: { made: 30, failed: 9 },
  renewals: 3,
  deeds: { cancel: { done: 1, refused: {} }, refund: { done: 2, refused: {} } },
  breakers: [{ operation: 'create', opened_s: 4, closed_s: 6 }],
  webhooks: null,
};
const webhooks = { sent: 90, accepted: 60, refused: 30, forgedSent: 30, forgedAccepted: 0, waiting: 0 };

describe('what a mode promises', () => {
  it('is kept', () => {
    expect(problemsOf(good, outage)).toEqual([]);
    expect(problemsOf({ ...good, breakers: [], webhooks }, calm)).toEqual([]);
  });

  it.each<[string, Partial<Found>, string]>([
    ['a double', { money: { ...good.money, chargedTwice: 1 } }, 'charged twice: 1'],
    ['books that disagree', { money: { ...good.money, disagreeing: 2 } }, 'books that disagree: 2'],
    ['an order that hangs', { money: { ...good.money, notFinal: 1 } }, 'neither final nor owned: 1'],
    ['too little taken', { money: { ...good.money, capturedShare_percent: 94.9 } }, 'only 94.9 %'],
    ['an unknown fate', { customers: { ...good.customers, unknown: 1 } }, "1 orders' fate"],
    ['nothing shipped', { money: { ...good.money, shippable: 0 } }, 'no order by card left'],
    ['no fault', { attempts: { made: 30, failed: 0 } }, 'no call failed'],
    ['no refund', { deeds: { cancel: { done: 1, refused: {} } } }, 'no refund was done'],
    ['a breaker that stays closed', { breakers: [] }, 'the breaker of create did not open'],
    [
      'a breaker that opens late',
      { breakers: [{ operation: 'create', opened_s: 10.1, closed_s: 1 }] },
      'opened after 10.1 s',
    ],
    [
      'a breaker that stays open',
      { breakers: [...good.breakers, { operation: 'read', opened_s: 1, closed_s: null }] },
      'the breaker of read was not closed 30 s after',
    ],
    ['a forged webhook', { webhooks: { ...webhooks, forgedAccepted: 1 } }, '1 forged webhooks were accepted'],
    ['no forgery', { webhooks: { ...webhooks, forgedSent: 0 } }, 'no forged webhook was sent'],
  ])('is broken by %s', (_what, change, problem) => {
    expect(problemsOf({ ...good, ...change }, outage)).toContainEqual(expect.stringContaining(problem));
  });

  it('is shown by renewals where the provider ends authorisations', () => {
    expect(problemsOf({ ...good, breakers: [] }, ending)).toEqual([]);
    expect(problemsOf({ ...good, breakers: [], renewals: 0 }, ending)).toEqual([
      'no evidence: nothing was renewed',
    ]);
  });
});
