import { describe, expect, it } from 'vitest';
import { STREAM_RULES } from './flow.ts';
import { checkLegalHistory } from './legal-history.ts';

type Step = string | readonly [type: string, status: string];

async function breachesOf(stream: string, ...steps: Step[]): Promise<readonly string[]> {
  const [source = '', category = ''] = stream.split('.');
  const events = steps.map((step, index) => {
    const [type, status] = typeof step === 'string' ? [step, null] : step;
    return { source, category, streamId: 's', version: index + 1, type, status };
  });
  return (await checkLegalHistory(events, STREAM_RULES)).breaches;
}

describe('the rules of an order', () => {
  const shipped = ['OrderPlaced', 'OrderConfirmed', 'OrderReleased', 'OrderShipped'];
  const order = (...steps: Step[]) => breachesOf('orders.order', ...steps);

  it('let an order that has left be held, and go on, as often as payments need', async () => {
    const once: Step[] = ['OrderHeld', 'OrderHeld', ['OrderResumed', 'SHIPPED']];
    expect(await order(...shipped, ...once, ...once)).toEqual([]);
    expect(await order('OrderPlaced', 'OrderHeld', ['OrderResumed', 'PLACED'], 'OrderConfirmed')).toEqual([]);
    const cancelled: Step[] = ['OrderPlaced', 'OrderConfirmed', ['OrderLinesCancelled', 'ON_HOLD']];
    expect(await order(...cancelled, ['OrderResumed', 'CONFIRMED'], 'OrderReleased')).toEqual([]);
  });

  it('know the stage from which a resumed order goes on', async () => {
    expect(await order(...shipped, 'OrderHeld', ['OrderResumed', 'SHIPPED'], 'OrderReleased')).toHaveLength(
      1,
    );
    expect(await order(...shipped, 'OrderHeld', ['OrderResumed', 'ON_HOLD'])).toHaveLength(1);
    expect(await order('OrderPlaced', 'OrderRejected', 'OrderHeld')).toHaveLength(1);
    expect(await order('OrderPlaced', 'OrderCancelled', ['OrderResumed', 'CANCELLED'])).toHaveLength(1);
  });
});

describe('the rules of money', () => {
  it('let a payment be held before anything is decided of it, and be given back after it was taken', async () => {
    const said = ['PaymentHeld', 'PaymentResumed', 'PaymentAuthorised', 'PaymentHeld', 'PaymentResumed'];
    expect(await breachesOf('payments.payment', ...said, 'PaymentCaptured', 'PaymentRefunded')).toEqual([]);
    expect(await breachesOf('payments.payment', 'PaymentRefunded')).toHaveLength(1);
    expect(await breachesOf('payments.payment', 'PaymentResumed')).toHaveLength(1);
  });

  it('let a partner pay between limits', async () => {
    const said = ['CreditLimitSet', 'PaymentReceived', 'PaymentReceived', 'CreditLimitSet'];
    expect(await breachesOf('payments.credit', ...said)).toEqual([]);
    expect(await breachesOf('payments.credit', 'CreditLimitSet', 'PaymentCaptured')).toHaveLength(1);
  });
});
