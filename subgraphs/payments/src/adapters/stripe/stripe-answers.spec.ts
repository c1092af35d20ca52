import { describe, expect, it } from 'vitest';
import { answerOf, authorisationOf, readIntent, readRefunds } from './stripe-answers.ts';
import { captureMetadata } from './stripe-metadata.ts';

const S1 = captureMetadata({ instance: 's1', amount: 4_000 });
const S2 = captureMetadata({ instance: 's2', amount: 6_000 });

const shown = (given: object) =>
  readIntent({
    object: 'payment_intent',
    id: 'pi_1',
    amount: 10_000,
    amount_received: 0,
    currency: 'gbp',
    status: 'requires_capture',
    metadata: {},
    ...given,
  });
const refund = (id: string, amount: number, metadata: object, status = 'succeeded') => ({
  id,
  amount,
  metadata,
  status,
});

describe('an intent in our words', () => {
  it.each([
    [{ status: 'requires_confirmation' }, 'REQUIRES_CONFIRMATION', null],
    [{ status: 'requires_capture' }, 'AUTHORISED', null],
    [{ status: 'succeeded', amount_received: 4_000, metadata: S1 }, 'CAPTURED', null],
    [{ status: 'canceled', cancellation_reason: null }, 'VOIDED', null],
    [{ status: 'canceled', amount_received: 4_000, metadata: S1 }, 'CAPTURED', null],
    [{ status: 'canceled', cancellation_reason: 'automatic' }, 'EXPIRED', null],
    [
      { status: 'canceled', cancellation_reason: 'expired', amount_received: 4_000, metadata: S1 },
      'EXPIRED',
      null,
    ],
    [
      {
        status: 'requires_payment_method',
        last_payment_error: { code: 'card_declined', decline_code: 'lost_card' },
      },
      'DECLINED',
      'generic_decline',
    ],
    [
      { status: 'requires_payment_method', last_payment_error: { code: 'expired_card' } },
      'DECLINED',
      'expired_card',
    ],
    [{ status: 'requires_payment_method' }, 'DECLINED', 'requires_payment_method'],
    [{ status: 'requires_action' }, 'DECLINED', 'authentication_required'],
  ])('%j is %s', (given, status, declineReason) => {
    expect(answerOf(shown(given), [])).toMatchObject({ kind: 'done', value: { status, declineReason } });
  });

  it('is unknown while the card is being asked', () => {
    expect(answerOf(shown({ status: 'processing' }), [])).toEqual({ kind: 'unknown', reason: 'processing' });
  });

  it('says when it ends', () => {
    const latest_charge = {
      amount_refunded: 0,
      payment_method_details: { card: { capture_before: 1_790_000_000 } },
    };
    expect(authorisationOf(shown({ latest_charge }), []).expiresAt).toBe('2026-09-21T14:13:20.000Z');
    expect(authorisationOf(shown({ latest_charge: 'ch_1' }), []).expiresAt).toBeNull();
  });

  it.each([
    ['succeeded', true],
    ['failed', undefined],
    [null, undefined],
  ])('says that its card said yes by a charge that %s', (status, saidYes) => {
    const latest_charge = { status, amount_refunded: 0 };
    const died = shown({ status: 'canceled', cancellation_reason: 'automatic', latest_charge });
    expect(authorisationOf(died, [])).toMatchObject({ status: 'EXPIRED', expiresAt: null });
    expect(authorisationOf(died, []).saidYes).toBe(saidYes);
  });

  it('counts as we do', () => {
    const metadata = captureMetadata({ instance: 's1', amount: 1_200 });
    const isk = shown({ currency: 'isk', amount: 125_000, amount_received: 1_200, metadata });
    expect(authorisationOf(isk, [])).toMatchObject({
      amountMinor: 1_250,
      currencyCode: 'ISK',
      captures: [{ amountMinor: 12 }],
    });
  });

  it.each([
    ['received more than it names: captured twice, or by another', { amount_received: 8_000, metadata: S1 }],
    [
      'received less than it names: named, and not captured',
      { amount_received: 4_000, metadata: { ...S1, ...S2 } },
    ],
    ['names nothing', { amount_received: 4_000 }],
  ])('is unknown to who asks, and nobody in the report, when it %s', (_why, given) => {
    const intent = shown(given);
    expect(answerOf(intent, [])).toEqual({ kind: 'unknown', reason: 'captures_disagree' });
    expect(authorisationOf(intent, []).captures).toEqual([
      { id: 'pi_1/', instance: '', amountMinor: given.amount_received, refunds: [] },
    ]);
  });

  it('shows refunds with their capture, and what was given back without our words with the first', () => {
    const refunds = readRefunds([
      refund('re_1', 100, { capture: 's2', instance: 'r1' }),
      refund('re_2', 200, {}),
      refund('re_3', 300, { capture: 's9', instance: 'r3' }),
      refund('re_4', 400, { capture: 's1', instance: 'r4' }, 'failed'),
      refund('re_5', 500, { capture: 's1', instance: 'r5' }, 'pending'),
    ]);
    const { captures } = authorisationOf(
      shown({ amount_received: 10_000, metadata: { ...S1, ...S2 } }),
      refunds,
    );
    expect(captures.map((each) => each.refunds.map(({ id, instance }) => `${id} ${instance}`))).toEqual([
      ['re_2 ', 're_3 r3', 're_5 r5'],
      ['re_1 r1'],
    ]);
  });

  it.each([{}, { error: 'x' }, { object: 'charge', id: 'ch_1' }, null])('is not %j', (body) => {
    expect(() => readIntent(body)).toThrow();
  });
});
