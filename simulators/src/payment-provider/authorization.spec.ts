import { describe, expect, it } from 'vitest';
import {
  type Authorization,
  capturedMinor,
  decideCapture,
  decideConfirm,
  decideExpire,
  decideRefund,
  decideVoid,
  evolve,
} from './authorization.ts';
import { behaviourOf, behaviourOnRenewal, type CardBehaviour } from './card-tokens.ts';
import type { PaymentEntry } from './journal-lines.ts';

const reference = { orderId: 'order-1', purpose: 'authorisation', epoch: 1 };
const every = {
  authorizationId: 'auth_1',
  currencyCode: 'GBP',
  reference,
  idempotencyKey: 'k',
  fingerprint: 'f',
};
const created = (card: CardBehaviour = 'approves'): PaymentEntry => ({
  kind: 'created',
  ...every,
  amountMinor: 1_000,
  card,
});
const authorised: PaymentEntry = { kind: 'authorised', ...every, amountMinor: 1_000 };
const captured = (amountMinor: number, captureId = 'cap_1', final = false): PaymentEntry => ({
  kind: 'captured',
  ...every,
  amountMinor,
  captureId,
  final,
});

function given(...entries: PaymentEntry[]): Authorization {
  const folded = entries.reduce<Authorization | undefined>((state, entry) => evolve(state, entry), undefined);
  if (folded === undefined) throw new Error('nothing was created');
  return folded;
}

describe('confirming', () => {
  it.each([
    ['approves', { kind: 'authorised' }],
    ['approves_late', { kind: 'authorised' }],
    ['card_declined', { kind: 'declined', declineCode: 'card_declined' }],
    ['insufficient_funds', { kind: 'declined', declineCode: 'insufficient_funds' }],
  ] as const)('a card that is %s', (card, outcome) => {
    expect(decideConfirm(given(created(card)))).toEqual({ outcome });
  });

  it('is refused a second time', () => {
    expect(decideConfirm(given(created(), authorised))).toEqual({ refused: 'unexpected_state' });
  });
});

describe('capturing', () => {
  it('needs an authorisation that stands', () => {
    expect(decideCapture(given(created()), 1, false)).toEqual({ refused: 'unexpected_state' });
  });

  it('takes parts and never more than authorised', () => {
    const after = given(created(), authorised, captured(400));
    expect(decideCapture(after, 601, false)).toEqual({ refused: 'amount_exceeds_authorised' });
    expect(decideCapture(after, 599, false)).toEqual({ outcome: { amountMinor: 599, final: false } });
  });

  it('ends with the last unit or when it is said to be final', () => {
    expect(decideCapture(given(created(), authorised), 1_000, false)).toEqual({
      outcome: { amountMinor: 1_000, final: true },
    });
    const after = given(created(), authorised, captured(400, 'cap_1', true));
    expect(after.status).toBe('captured');
    expect(decideCapture(after, 1, false)).toEqual({ refused: 'unexpected_state' });
  });
});

describe('voiding', () => {
  it('releases what was not captured', () => {
    expect(decideVoid(given(created()))).toEqual({ outcome: { releasedMinor: 0 } });
    expect(decideVoid(given(created(), authorised, captured(400)))).toEqual({
      outcome: { releasedMinor: 600 },
    });
  });

  it('keeps what was captured', () => {
    const after = given(created(), authorised, captured(400), { kind: 'voided', ...every, amountMinor: 600 });
    expect([after.status, capturedMinor(after)]).toEqual(['captured', 400]);
    expect(decideVoid(after)).toEqual({ refused: 'unexpected_state' });
  });
});

describe('expiring', () => {
  const expiresAt = '2026-01-08T00:00:00.000Z';
  const dueMs = Date.parse(expiresAt);
  const ending: PaymentEntry = { ...authorised, expiresAt };
  const expired: PaymentEntry = {
    kind: 'expired',
    authorizationId: 'auth_1',
    amountMinor: 600,
    currencyCode: 'GBP',
    reference,
  };

  it('comes with its time and not before, for what was not captured', () => {
    const after = given(created(), ending, captured(400));
    expect([after.expiresAt, decideExpire(after, dueMs - 1)]).toEqual([expiresAt, undefined]);
    expect(decideExpire(after, dueMs)).toEqual({ releasedMinor: 600 });
  });

  it('is the end of it, though captures stand', () => {
    const after = given(created(), ending, captured(400), expired);
    expect([after.status, capturedMinor(after)]).toEqual(['expired', 400]);
    const refused = { refused: 'unexpected_state' };
    expect([decideCapture(after, 1, false), decideVoid(after), decideConfirm(after)]).toEqual(
      Array(3).fill(refused),
    );
    expect(decideExpire(after, dueMs + 1)).toBeUndefined();
  });

  it.each([
    ['not confirmed', [created()]],
    ['captured', [created(), ending, captured(400, 'cap_1', true)]],
    ['voided', [created(), ending, { kind: 'voided', ...every, amountMinor: 1_000 }]],
    ['authorised when nothing ended', [created(), authorised]],
  ] satisfies [string, PaymentEntry[]][])('does not befall what is %s', (_case, entries) => {
    expect(decideExpire(given(...entries), dueMs + 1)).toBeUndefined();
  });
});

it('never refunds more than a capture took', () => {
  const refunded: PaymentEntry = {
    kind: 'refunded',
    ...every,
    amountMinor: 300,
    captureId: 'cap_1',
    refundId: 'ref_1',
  };
  const [capture] = given(created(), authorised, captured(400), refunded).captures;
  if (capture === undefined) throw new Error('the capture is gone');
  expect(decideRefund(capture, 100)).toEqual({ outcome: { amountMinor: 100 } });
  expect(decideRefund(capture, 101)).toEqual({ refused: 'amount_exceeds_captured' });
});

it.each([
  ['tok_visa', 'approves'],
  ['tok_', undefined],
  ['tok_declined', 'card_declined'],
  ['tok_insufficient', 'insufficient_funds'],
  ['tok_3000ms', 'approves_late'],
  ['tok_declined_on_renewal', 'approves_once'],
  ['tok_other', 'approves'],
  ['4111111111111111', undefined],
] as const)('knows the card behind %s', (token, behaviour) => {
  expect(behaviourOf(token)).toBe(behaviour);
});

it('renews a card as it behaves, but for one that says yes only once', () => {
  const renewed = (['approves', 'approves_once', 'insufficient_funds'] as const).map(behaviourOnRenewal);
  expect(renewed).toEqual(['approves', 'card_declined', 'insufficient_funds']);
});
