import { fold, specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { decideCancellation } from './cancellation.ts';
import { orderDecider } from './order.ts';
import type { Hold, OrderCommand, OrderEvent } from './order-state.ts';

const given = specification(orderDecider);
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
const held = (hold = refused): OrderEvent => ({ type: 'OrderHeld', data: hold });
const callHeld = (instance = 's1', hold = refused): OrderEvent => ({
  type: 'PaymentCallHeld',
  data: call(instance, hold),
});
const callResumed = (instance = 's1'): OrderEvent => ({
  type: 'PaymentCallResumed',
  data: { operation: 'capture', instance },
});
const resumed = (status: Extract<OrderEvent, { type: 'OrderResumed' }>['data']['status']): OrderEvent => ({
  type: 'OrderResumed',
  data: { status, reason: 'It waits for nobody any more.' },
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
const partly: OrderEvent[] = [
  ...underway,
  { type: 'ShipmentNoted', data: { units: 2 } },
  { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units('a', 2) } },
];
const shipped: OrderEvent[] = [
  ...partly,
  { type: 'ShipmentNoted', data: { units: 5 } },
  { type: 'OrderShipped', data: { shipmentId: 's2' } },
];

describe('an order whose payment waits for a person', () => {
  it.each([
    ['PLACED', [placed]],
    ['RELEASED', underway],
    ['PARTIALLY_SHIPPED', partly],
    ['SHIPPED', shipped],
  ] as const)('is held at %s, and comes back to it', (stage, past) => {
    given(...past)
      .when(noteHeld())
      .then(held(), callHeld());
    given(...past, held(), callHeld())
      .when(noteResumed())
      .then(resumed(stage), callResumed());
    const back = fold(orderDecider, [...past, held(), callHeld(), resumed(stage), callResumed()]);
    const before = fold(orderDecider, past);
    expect(back).toEqual({ ...before, version: before.version + 2 });
  });

  it('stays as it is once its promise is over', () => {
    const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'mind', by: 'me' } };
    const rejected: OrderEvent = { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail: '' } };
    for (const end of [cancelled, rejected]) {
      given(placed, end).when(noteHeld()).then();
      given(placed, held(), callHeld(), end).when(noteResumed()).then();
    }
  });

  it('is held once for the same, and by what is said of a call last', () => {
    given(...underway, held(), callHeld())
      .when(noteHeld())
      .then(callHeld());
    given(...underway, held(), callHeld())
      .when(noteHeld('s1', silent))
      .then(held(silent), callHeld('s1', silent));
    given(...underway, held(), callHeld(), held(silent), callHeld('s1', silent))
      .when(noteResumed())
      .then(resumed('RELEASED'), callResumed());
  });

  it('is not brought back by a call that did not hold it', () =>
    given(...underway, held(), callHeld())
      .when(noteResumed('s9'))
      .then());

  it('is held until the last of its calls is done, in whatever order they are', () => {
    const both = [...shipped, held(), callHeld(), held(silent), callHeld('s2', silent)];
    given(...both)
      .when(noteResumed('s1'))
      .then(callResumed('s1'));
    given(...both, callResumed('s1'))
      .when(noteResumed('s2'))
      .then(resumed('SHIPPED'), callResumed('s2'));
    given(...both)
      .when(noteResumed('s2'))
      .then(held(refused), callResumed('s2'));
    given(...both, held(refused), callResumed('s2'))
      .when(noteResumed('s1'))
      .then(resumed('SHIPPED'), callResumed('s1'));
  });

  it('stays held for two calls of one reason until both are done', () => {
    const twice = [...underway, held(), callHeld('s1'), callHeld('s2')];
    given(...twice)
      .when(noteResumed('s1'))
      .then(callResumed('s1'));
    given(...twice, callResumed('s1'))
      .when(noteResumed('s2'))
      .then(resumed('RELEASED'), callResumed('s2'));
  });
});

describe('what happens meanwhile', () => {
  it('is taken as if it still stood where it was, and it is held at the stage it comes to', () => {
    const waits = [...underway, held(), callHeld()];
    given(...waits)
      .when(noteShipment('s1', 2))
      .then(
        { type: 'ShipmentNoted', data: { units: 2 } },
        { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units('a', 2) } },
        held(),
      );
    given(...waits)
      .when(noteShipment('s1', 7))
      .then(
        { type: 'ShipmentNoted', data: { units: 7 } },
        { type: 'OrderShipped', data: { shipmentId: 's1' } },
        held(),
      );
  });

  it('a payment that is secured after all takes an order on that nobody had answered, call or not', () => {
    const watchdogs: Hold = { reason: 'The card provider has not answered.', owner: 'order operations' };
    const late: OrderCommand = { type: 'NotePaymentAuthorised', data: { wave: 1 } };
    given(placed, reserved, held(watchdogs)).when(late).then(authorised, confirmed);
    given(placed, reserved, held(watchdogs), held(), callHeld())
      .when(late)
      .then(authorised, confirmed, held());
    given(placed, reserved, held(watchdogs), held(), callHeld(), authorised, confirmed, held())
      .when(noteResumed())
      .then(resumed('CONFIRMED'), callResumed());
  });

  it('a cancellation before the confirmation ends it', () => {
    const state = fold(orderDecider, [placed, held(), callHeld()]);
    const decision = decideCancellation({ lines: null, reason: 'mind', expectedVersion: 3 }, 'me', {
      ...state,
      version: 3,
      book: fold(orderDecider, [placed, { type: 'BookOpened', data: { placed: units('a', 7) } }]).book,
    });
    expect(decision).toEqual({
      accepted: true,
      events: [{ type: 'OrderCancelled', data: { reason: 'mind', by: 'me' } }],
    });
    const after = orderDecider.evolve(state, {
      type: 'OrderCancelled',
      data: { reason: 'mind', by: 'me' },
    });
    expect(after).toMatchObject({
      status: 'CANCELLED',
      hold: null,
      heldPayments: { calls: [], covered: [] },
    });
  });
});

describe('a hold of others', () => {
  it('stands again when it was covered, and until then ends as ever, by what moves the order on', () => {
    const covered = [...underway, held(others), held(), callHeld()];
    given(...covered)
      .when(noteResumed())
      .then(held(others), callResumed());
    given(...covered, held(others), callResumed())
      .when(noteShipment('s1', 2))
      .then(
        { type: 'ShipmentNoted', data: { units: 2 } },
        { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units('a', 2) } },
      );
    const moved = [
      { type: 'ShipmentNoted', data: { units: 2 } },
      { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units('a', 2) } },
      held(),
    ] as OrderEvent[];
    given(...covered, ...moved)
      .when(noteResumed())
      .then(resumed('PARTIALLY_SHIPPED'), callResumed());
  });

  it('that came later stands when the call is done', () =>
    given(...underway, held(), callHeld(), held(others))
      .when(noteResumed())
      .then(callResumed()));

  it('of sales operations is over once nothing waits any more', () => {
    const sales: Hold = { reason: 'It was to come whole.', owner: 'sales operations' };
    given(...underway, held(sales), held(), callHeld())
      .when(noteResumed())
      .then(resumed('RELEASED'), callResumed());
  });

  it('for missing units goes on until their shipment is confirmed', () => {
    const unitsMissed: OrderEvent = { type: 'UnitsMissed', data: { shipmentIds: ['s1'], hold: missed } };
    given(...underway, unitsMissed, held(missed), held(), callHeld())
      .when(noteResumed())
      .then(held(missed), callResumed());
    given(...underway, unitsMissed, held(missed), held(), callHeld())
      .when(noteShipment('s1', 2))
      .then(
        { type: 'ShipmentNoted', data: { units: 2 } },
        { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: units('a', 2) } },
        held(),
      );
  });
});
