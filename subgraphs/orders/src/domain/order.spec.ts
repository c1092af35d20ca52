import { fold, specification } from '@crossdock/event-sourcing';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderDecider } from './order.ts';
import {
  type EarlyCommand,
  initialOrder,
  type OrderCommand,
  type OrderEvent,
  type OrderState,
} from './order-state.ts';

const fc = seeded(fastCheck);
const given = specification(orderDecider);

const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 5 } };
const reserved: OrderEvent = { type: 'StockNoted', data: { stock: 'RESERVED' } };
const authorised: OrderEvent = { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } };
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { lines: null, backordered: null } };
const released: OrderEvent = { type: 'OrderReleased', data: { shipmentId: 's1' } };
const lines = [{ sku: 'a', quantity: 2 }];

const noteReserved: OrderCommand = {
  type: 'NoteStockReserved',
  data: { wave: 1, lines: null, backordered: null },
};
const noteShort: OrderCommand = { type: 'NoteStockShort', data: { detail: 'a: 0 of 5' } };
const noteAuthorised: OrderCommand = { type: 'NotePaymentAuthorised', data: { wave: 1 } };
const noteDeclined: OrderCommand = { type: 'NotePaymentDeclined', data: { wave: 1, detail: 'CREDIT_LIMIT' } };
const noteShipment: EarlyCommand = { type: 'NoteShipment', data: { shipmentId: 's1', lines } };
const noteRelease: EarlyCommand = { type: 'NoteRelease', data: { shipmentId: 's1' } };

describe('an order', () => {
  it('waits for the payment when the stock is there', () => given(placed).when(noteReserved).then(reserved));
  it('waits for the stock when the payment is there', () =>
    given(placed).when(noteAuthorised).then(authorised));
  it('is confirmed by the second of the two, stock last', () =>
    given(placed, authorised).when(noteReserved).then(reserved, confirmed));
  it('is confirmed by the second of the two, payment last', () =>
    given(placed, reserved).when(noteAuthorised).then(authorised, confirmed));
  it('is rejected when stock is short', () =>
    given(placed)
      .when(noteShort)
      .then(
        { type: 'StockNoted', data: { stock: 'SHORT' } },
        { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail: 'a: 0 of 5' } },
      ));
  it('is rejected when the payment is declined, and hears of stock no more', () => {
    const declined: OrderEvent[] = [
      { type: 'PaymentNoted', data: { payment: 'DECLINED' } },
      { type: 'OrderRejected', data: { reason: 'PAYMENT_DECLINED', detail: 'CREDIT_LIMIT' } },
    ];
    given(placed, reserved)
      .when(noteDeclined)
      .then(...declined);
    given(placed, ...declined)
      .when(noteReserved)
      .then();
    given(placed, ...declined)
      .when(noteAuthorised)
      .then();
  });
  it('is released once, by the first warehouse that has it', () => {
    given(placed, reserved, authorised, confirmed).when(noteRelease).then(released);
    given(placed, reserved, authorised, confirmed, released).when(noteRelease).then();
  });
  it('keeps a release that comes before its confirmation, and takes it then', () => {
    const early: OrderEvent = { type: 'CameEarly', data: { command: noteRelease } };
    given(placed, reserved).when(noteRelease).then(early);
    given(placed, reserved, early).when(noteAuthorised).then(authorised, confirmed, released);
  });
  it('is shipped in part, then wholly', () => {
    const first: OrderEvent[] = [
      { type: 'ShipmentNoted', data: { units: 2 } },
      { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines } },
    ];
    given(placed, reserved, authorised, confirmed, released)
      .when({ type: 'NoteShipment', data: { shipmentId: 's1', lines } })
      .then(...first);
    given(placed, reserved, authorised, confirmed, released, ...first)
      .when({ type: 'NoteShipment', data: { shipmentId: 's2', lines: [{ sku: 'b', quantity: 3 }] } })
      .then(
        { type: 'ShipmentNoted', data: { units: 3 } },
        { type: 'OrderShipped', data: { shipmentId: 's2' } },
      );
  });
  it('keeps goods that left before its confirmation was heard, and counts them then', () => {
    const rest: OrderCommand = {
      type: 'NoteShipment',
      data: { shipmentId: 's2', lines: [{ sku: 'b', quantity: 3 }] },
    };
    const early = [noteShipment, rest].map(
      (command): OrderEvent => ({ type: 'CameEarly', data: { command } }),
    );
    given(placed, authorised)
      .when(noteShipment)
      .then({ type: 'CameEarly', data: { command: noteShipment } });
    given(placed, authorised, ...early)
      .when(noteReserved)
      .then(
        ...[reserved, confirmed],
        { type: 'ShipmentNoted', data: { units: 2 } },
        { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines } },
        { type: 'ShipmentNoted', data: { units: 3 } },
        { type: 'OrderShipped', data: { shipmentId: 's2' } },
      );
  });
  it('counts goods that left although it was rejected, before or after, and says nothing', () => {
    const early: OrderEvent = { type: 'CameEarly', data: { command: noteShipment } };
    const noted: OrderEvent = { type: 'ShipmentNoted', data: { units: 2 } };
    const declined: OrderEvent[] = [
      { type: 'PaymentNoted', data: { payment: 'DECLINED' } },
      { type: 'OrderRejected', data: { reason: 'PAYMENT_DECLINED', detail: 'CREDIT_LIMIT' } },
    ];
    given(placed, early)
      .when(noteDeclined)
      .then(...declined, noted);
    given(placed, ...declined)
      .when(noteShipment)
      .then(noted);
    given(placed, ...declined)
      .when(noteRelease)
      .then();
  });
});

const hold = { reason: 'Stock was neither reserved nor short.', owner: 'order operations' };
const holdOrder: OrderCommand = { type: 'HoldOrder', data: hold };
const held: OrderEvent = { type: 'OrderHeld', data: hold };

describe('an order on hold', () => {
  it('is held once for a reason, and again for another', () => {
    const other = { reason: 'No warehouse is open.', owner: 'warehouse operations' };
    given(placed).when(holdOrder).then(held);
    given(placed, held).when(holdOrder).then();
    given(placed, held).when({ type: 'HoldOrder', data: other }).then({ type: 'OrderHeld', data: other });
  });

  it('is not held when nothing more can happen to it', () => {
    const rejected: OrderEvent = { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail: '' } };
    given(placed, rejected).when(holdOrder).then();
    given(placed, confirmed, released, { type: 'OrderShipped', data: { shipmentId: 's1' } })
      .when(holdOrder)
      .then();
  });

  it('hears what the others say as if it still stood where it was, and moves on', () => {
    given(placed, held).when(noteReserved).then(reserved);
    given(placed, held, reserved).when(noteAuthorised).then(authorised, confirmed);
    given(placed, held)
      .when(noteShort)
      .then(
        { type: 'StockNoted', data: { stock: 'SHORT' } },
        { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail: 'a: 0 of 5' } },
      );
    given(placed, reserved, authorised, confirmed, held).when(noteRelease).then(released);
  });

  it('remembers where it was over several holds, and forgets the hold when it moves on', () => {
    const twice = fold(orderDecider, [placed, confirmed, held, { ...held, data: { ...hold, owner: 'x' } }]);
    expect(twice).toMatchObject({
      status: 'ON_HOLD',
      heldFrom: 'CONFIRMED',
      hold: { owner: 'x' },
      version: 4,
    });
    const moved = orderDecider.evolve(twice, released);
    expect(moved).toMatchObject({ status: 'RELEASED', heldFrom: null, hold: null, version: 5 });
  });
});

const anyCommand = fc.constantFrom<OrderCommand[]>(
  noteReserved,
  noteShort,
  noteAuthorised,
  noteDeclined,
  noteRelease,
  noteShipment,
  { type: 'NoteShipment', data: { shipmentId: 's2', lines: [{ sku: 'b', quantity: 3 }] } },
  holdOrder,
);

function hear(state: OrderState, command: OrderCommand): OrderState {
  const decision = orderDecider.decide(command, state);
  return decision.accepted ? decision.events.reduce(orderDecider.evolve, state) : state;
}

describe('any facts in any order, some twice', () => {
  const start = fold(orderDecider, [placed]);

  it('confirm only what is reserved and paid, and never bring a rejected order back', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 20 }), (commands) => {
        let state = start;
        for (const command of commands) {
          const next = hear(state, command);
          if (state.status === 'REJECTED') expect(next.status).toBe('REJECTED');
          if (next.unitsConfirmed !== null)
            expect([next.stock, next.payment]).toEqual(['RESERVED', 'AUTHORISED']);
          expect(next.version).toBeGreaterThanOrEqual(state.version);
          state = next;
        }
        expect(state.status === 'NONE').toBe(false);
      }),
    );
  });

  it('come to the same end with holds between them as without', () => {
    const unheld = ({ status, heldFrom, hold: _, version: __, ...rest }: OrderState) => ({
      ...rest,
      stage: heldFrom ?? status,
    });
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 20 }), (commands) => {
        const without = commands.filter(({ type }) => type !== 'HoldOrder').reduce(hear, start);
        const state = commands.reduce(hear, start);
        expect(unheld(state)).toEqual(unheld(without));
        expect(state.status === 'ON_HOLD').toBe(state.hold !== null);
        expect(state.status === 'ON_HOLD').toBe(state.heldFrom !== null);
      }),
    );
  });

  it('come to the same state whichever of stock and payment is first', () => {
    const both = (...commands: OrderCommand[]) => commands.reduce(hear, start);
    expect(both(noteReserved, noteAuthorised)).toEqual(both(noteAuthorised, noteReserved));
    expect(both(noteShort, noteAuthorised).status).toBe(both(noteAuthorised, noteShort).status);
    expect(initialOrder.version).toBe(0);
  });
});
