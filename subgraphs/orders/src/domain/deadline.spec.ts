import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEADLINES_S,
  type Due,
  deadlinesWith,
  dueOf,
  LOOK_AGAIN_S,
  REMINDER_GAPS_S,
  shortestDeadlineS,
  type Waiting,
} from './deadline.ts';
import { initialOrder, type OrderStage } from './order-state.ts';

const fc = seeded(fastCheck);

const at = (status: OrderStage | 'ON_HOLD', waitedS: number, reminders = 0): Waiting => ({
  state: { ...initialOrder, status, heldFrom: status === 'ON_HOLD' ? 'CONFIRMED' : null },
  paymentMethod: null,
  waitedS,
  reminders,
});
const look = (waiting: Waiting) => dueOf(waiting, DEADLINES_S);

describe('the deadline of an order', () => {
  it('has not come: the next look is when it does', () =>
    expect(look(at('PLACED', 12.5))).toEqual({ type: 'Wait', lookAfterS: 47.5 }));

  it.each([
    [0, 1, 5],
    [1, 2, 15],
    [2, 3, 30],
  ])('after %i reminders brings reminder %i and a look after %i s', (before, reminder, lookAfterS) =>
    expect(look(at('PLACED', 61, before))).toEqual({ type: 'Remind', reminder, lookAfterS }),
  );

  it('after the last reminder gives the order to an owner, with what is missing', () => {
    expect(look(at('PLACED', 110.9, 3))).toEqual({
      type: 'Hold',
      hold: {
        reason: 'Stock was neither reserved nor short after 110 s and 3 reminders.',
        owner: 'order operations',
      },
      lookAfterS: LOOK_AGAIN_S,
    });
    const paying = at('PLACED', 110, 3);
    const reserved = { ...paying, state: { ...paying.state, stock: 'RESERVED' as const } };
    expect(look({ ...reserved, paymentMethod: 'CARD' })).toMatchObject({
      hold: { reason: 'The card provider has not answered after 110 s and 3 reminders.' },
    });
    expect(look({ ...reserved, paymentMethod: 'TERMS' })).toMatchObject({
      hold: {
        reason:
          'The payment was not decided: its credit was neither given nor refused after 110 s and 3 reminders.',
      },
    });
    for (const stage of ['CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED'] as const)
      expect(look(at(stage, 8 * 86_400, 3))).toMatchObject({ hold: { owner: 'warehouse operations' } });
  });

  it('is a season for an order that waits for receipts', () => {
    const day = 86_400;
    expect(look(at('BACKORDERED', 8 * day))).toEqual({ type: 'Wait', lookAfterS: 82 * day });
    const allLeft = { ...at('PARTIALLY_SHIPPED', 8 * day).state, unitsConfirmed: 3, unitsShipped: 3 };
    expect(look({ ...at('PLACED', 8 * day), state: allLeft })).toMatchObject({ lookAfterS: 82 * day });
    const someLeft = { ...allLeft, unitsShipped: 2 };
    expect(look({ ...at('PLACED', 8 * day), state: someLeft })).toMatchObject({ type: 'Remind' });
    expect(look(at('BACKORDERED', 91 * day, 3))).toMatchObject({ hold: { owner: 'sales operations' } });
  });

  it('is none on hold, and the watch ends with the order', () => {
    expect(look(at('ON_HOLD', 9_999_999))).toEqual({ type: 'Wait', lookAfterS: LOOK_AGAIN_S });
    const held = at('ON_HOLD', 9_999_999);
    expect(look({ ...held, state: { ...held.state, heldFrom: 'SHIPPED' } })).toMatchObject({ type: 'Wait' });
    expect(look(at('SHIPPED', 9_999_999))).toEqual({ type: 'Forget' });
    expect(look(at('REJECTED', 9_999_999, 2))).toEqual({ type: 'Forget' });
    expect(look(at('CANCELLED', 9_999_999))).toEqual({ type: 'Forget' });
  });

  it('gives an order that stays PLACED an owner within two minutes', () => {
    const total = DEADLINES_S.PLACED + REMINDER_GAPS_S.reduce((sum, gap) => sum + gap, 0);
    expect(total).toBeLessThanOrEqual(120);
    expect(shortestDeadlineS(DEADLINES_S)).toBe(DEADLINES_S.PLACED);
  });

  it('is the operator’s where one was chosen', () =>
    expect(deadlinesWith({ CONFIRMED: 300 })).toEqual({ ...DEADLINES_S, CONFIRMED: 300 }));

  it('ends every wait in a bounded number of looks: three reminders, then a hold, never an end by time', () => {
    const stages = fc.constantFrom<OrderStage[]>('PLACED', 'CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED');
    fc.assert(
      fc.property(stages, fc.double({ min: 0, max: 1e7, noNaN: true }), (stage, firstS) => {
        const seen: Due['type'][] = [];
        let [waitedS, reminders] = [firstS, 0];
        for (let looks = 0; looks < 10 && seen.at(-1) !== 'Hold'; looks += 1) {
          const due = look(at(stage, waitedS, reminders));
          seen.push(due.type);
          if (due.type === 'Remind') reminders = due.reminder;
          if (due.type !== 'Forget') waitedS += due.lookAfterS;
        }
        expect(seen.filter((type) => type !== 'Wait')).toEqual(['Remind', 'Remind', 'Remind', 'Hold']);
        expect(seen.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
