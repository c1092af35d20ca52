// An authorisation that ended behind our back is asked for again by itself, once, and nobody is told to collect its money.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipmentConfirmed } from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { healBreaks } from './heal-breaks.ts';
import { lookAtOrder } from './look-at-order.ts';

const PATIENCE = { timeout: 20_000, interval: 30 };

let money: Reconciling;

beforeAll(async () => {
  money = await openReconciling((fake) => fake);
  money.dispatch();
});
afterAll(() => money.close());

describe('the comparison', () => {
  it('asks the card again where an authorisation ended at the provider, and takes from the new one', async () => {
    const { order, id } = await money.order(1_000);
    await money.provider.release(id, newId());
    await money.reconcile();
    expect(await money.breaksOf(order)).toEqual([
      { kind: 'AUTHORISATION_LOST', state: 'HEALED', subject: id, expected: 1_000, found: 0 },
    ]);
    await money.hear(shipmentConfirmed(order, 1_000));
    await expect.poll(() => money.statusOf(order), PATIENCE).toMatchObject({ captured: 1_000 });
    await money.reconcile();
    expect(await money.breaksOf(order)).toHaveLength(1);
    expect(await money.provider.read(id)).toMatchObject({ value: { status: 'VOIDED', captures: [] } });
  });

  it('asks the card again once, though two find the end at once', async () => {
    const { order, id } = await money.order(1_000);
    await money.provider.release(id, newId());
    const look = await lookAtOrder(money.options, order.orderId, []);
    const breaks = look.kind === 'seen' ? look.breaks : [];
    const heal = () => healBreaks({ ...money.options, epoch: money.epoch() }, breaks);
    const healed = (await Promise.all([heal(), heal(), heal()])).flat();
    expect(healed.map((each) => each.healed !== null).sort()).toEqual([false, false, true]);
    const calls = await money.database.sql`
      SELECT instance FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'authorise' ORDER BY instance`;
    expect(calls).toHaveLength(2);
  });
});
