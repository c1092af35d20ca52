// An order and all that may hold it, in any order: payments' calls, missing units, fulfillment's word.
import { fold } from '@crossdock/event-sourcing';
import { randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutLeft } from '../consumers/heard-facts.ts';
import { orderDecider } from './order.ts';
import { foldFact } from './order-history.ts';
import {
  type Hold,
  initialOrder,
  isNote,
  isUntold,
  type OrderCommand,
  type OrderEvent,
  type OrderFact,
  type OrderState,
  stageOf,
} from './order-state.ts';

const fc = seeded(fastCheck);
const units = (sku: string, quantity: number) => [{ sku, quantity }];

const refused: Hold = { reason: 'Taking the money for shipment s1 did not succeed: no.', owner: 'finance' };
const silent: Hold = {
  reason: 'Taking the money for shipment s2 did not succeed: silence.',
  owner: 'finance',
};
const missed: Hold = { reason: '2 units are not there.', owner: 'warehouse operations' };
const others: Hold = { reason: 'No warehouse is open.', owner: 'warehouse operations' };
const call = (instance: string, hold: Hold) => ({ operation: 'capture', instance, hold });
const noteHeld = (instance = 's1', hold = refused): OrderCommand => ({
  type: 'NotePaymentHeld',
  data: call(instance, hold),
});
const noteResumed = (instance = 's1'): OrderCommand => ({
  type: 'NotePaymentResumed',
  data: { operation: 'capture', instance, reason: 'It waits for nobody any more.' },
});
const noteShipment = (shipmentId: string, quantity: number): OrderCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, lines: units('a', quantity) },
});

const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 7 } };
const reserved: OrderEvent = { type: 'StockNoted', data: { stock: 'RESERVED' } };
const authorised: OrderEvent = { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } };
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { lines: null, backordered: null } };
const released: OrderEvent = { type: 'OrderReleased', data: { shipmentId: 's1' } };
const underway: OrderEvent[] = [placed, reserved, authorised, confirmed, released];

/** Lives an order through what payments, fulfillment and the watchdog say of it, in some order. */
function lived(seed: number) {
  const random = randomOf(seed);
  let state: OrderState = fold(orderDecider, underway);
  const said: OrderFact[] = underway.filter((event): event is OrderFact => !isNote(event));
  const told: OrderCommand[] = [];
  const open = new Set<string>();
  const missing = new Set<string>();
  let left = 0;
  const hear = (command: OrderCommand) => {
    told.push(command);
    const decision = orderDecider.decide(command, state);
    for (const event of decision.accepted ? decision.events : []) {
      state = orderDecider.evolve(state, event);
      if (!isNote(event)) said.push(event);
    }
  };
  for (let step = 0; step < 30; step += 1) {
    const instance = random.pick(['x', 'y', 'z']);
    random.pick([
      () => {
        if (open.has(instance)) hear(noteResumed(instance));
        else hear(noteHeld(instance, random.pick([refused, silent])));
        if (!open.delete(instance)) open.add(instance);
      },
      () => hear({ type: 'HoldOrder', data: others }),
      () => {
        if (left === 7) return;
        left += 1;
        missing.delete(`s${left}`);
        hear(noteShipment(`s${left}`, 1));
      },
      () => {
        if (left === 7) return;
        const shipmentId = `s${Math.min(7, left + 1 + random.below(2))}`;
        missing.add(shipmentId);
        hear({ type: 'NoteUnitsMissing', data: { shipmentIds: [shipmentId], hold: missed } });
      },
    ])();
  }
  return { state, said, told, open, missing, left };
}

describe('whatever holds an order', () => {
  it('it is on hold while a call is held, and for nothing but a reason that stands', () => {
    const seen = { SHIPPED: 0, resumed: 0 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { state, said, open, missing, left } = lived(seed);
        expect(stageOf(state)).toBe(left === 0 ? 'RELEASED' : left === 7 ? 'SHIPPED' : 'PARTIALLY_SHIPPED');
        expect(new Set(state.heldPayments.calls.map(({ instance }) => instance))).toEqual(open);
        if (open.size > 0 || (missing.size > 0 && left < 7)) expect(state.status).toBe('ON_HOLD');
        if (open.size === 0 && left === 7) expect(state.status).toBe('SHIPPED');
        if (state.status === 'SHIPPED' && said.at(-1)?.type === 'OrderResumed') seen.SHIPPED += 1;
        if (said.some(({ type }) => type === 'OrderResumed')) seen.resumed += 1;
        if (state.status !== 'ON_HOLD') expect(state.hold).toBeNull();
      }),
      { numRuns: 1_000 },
    );
    expect(seen.SHIPPED).toBeGreaterThan(10);
    expect(seen.resumed).toBeGreaterThan(100);
  });

  it('it goes on alike after its facts were taken back and the others were heard again', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { state, said, told } = lived(seed);
        let restored = said.reduce<OrderState>((before, fact) => foldFact(before, fact, null), initialOrder);
        const gone = new Set(
          said.flatMap(({ type, data }) =>
            type !== 'OrderReleased' && 'shipmentId' in data ? data.shipmentId : [],
          ),
        );
        for (const each of told) {
          // As the consumer does: of shipments that left, by our own log, nothing is missing.
          const command = withoutLeft(each, gone);
          if (command === null) continue;
          const decision = orderDecider.decide(command, restored);
          if (!decision.accepted) continue;
          restored = decision.events.filter(isUntold).reduce(orderDecider.evolve, restored);
        }
        const { version, status, heldFrom, hold } = state;
        expect(restored).toMatchObject({ version, status, heldFrom, hold });
        expect(restored.heldPayments.calls).toEqual(state.heldPayments.calls);
        let [here, there] = [state, restored];
        for (const { instance } of state.heldPayments.calls) {
          const next = orderDecider.decide(noteResumed(instance), here);
          const again = orderDecider.decide(noteResumed(instance), there);
          expect(again).toEqual(next);
          if (next.accepted) here = next.events.reduce(orderDecider.evolve, here);
          if (again.accepted) there = again.events.reduce(orderDecider.evolve, there);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
