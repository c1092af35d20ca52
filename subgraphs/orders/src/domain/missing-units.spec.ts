import { fold, specification } from '@crossdock/event-sourcing';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCancellation } from './cancellation.ts';
import { orderDecider } from './order.ts';
import {
  type EarlyCommand,
  initialOrder,
  isFinal,
  type OrderCommand,
  type OrderEvent,
  type OrderState,
  stageOf,
} from './order-state.ts';

const fc = seeded(fastCheck);
const given = specification(orderDecider);
const units = (sku: string, quantity: number) => [{ sku, quantity }];

const hold = {
  reason: '2 units assigned to warehouse W1 are not there (COUNT).',
  owner: 'warehouse operations',
};
const other = { ...hold, reason: '1 units assigned to warehouse W2 are not there (WAREHOUSE_DOWN).' };
const noteMissing = (shipmentIds: readonly string[], why = hold): OrderCommand => ({
  type: 'NoteUnitsMissing',
  data: { shipmentIds, hold: why },
});
const missing = (shipmentIds: readonly string[], why = hold): OrderEvent => ({
  type: 'UnitsMissed',
  data: { shipmentIds, hold: why },
});
const held = (why = hold): OrderEvent => ({ type: 'OrderHeld', data: why });
const noteShipment = (shipmentId: string, quantity = 2): EarlyCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, lines: units('a', quantity) },
});
const left = (shipmentId: string, quantity = 2): OrderEvent[] => [
  { type: 'ShipmentNoted', data: { units: quantity } },
  { type: 'OrderPartiallyShipped', data: { shipmentId, lines: units('a', quantity) } },
];

const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 7 } };
const reserved: OrderEvent = { type: 'StockNoted', data: { stock: 'RESERVED' } };
const authorised: OrderEvent = { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } };
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { lines: null, backordered: null } };
const released: OrderEvent = { type: 'OrderReleased', data: { shipmentId: 's1' } };
const underway = [placed, reserved, authorised, confirmed, released];
const waiting: OrderEvent[] = [
  ...[placed, { type: 'BookOpened', data: { placed: [...units('a', 5), ...units('b', 2)] } } as OrderEvent],
  { type: 'WaveClaimed', data: { wave: 1, lines: units('a', 5), restWaits: true } },
  ...[authorised, { type: 'OrderConfirmed', data: { lines: units('a', 5), backordered: units('b', 2) } }],
] as OrderEvent[];
const claimedRest: OrderEvent = {
  type: 'WaveClaimed',
  data: { wave: 2, lines: units('b', 2), restWaits: true },
};
const payRest: OrderCommand = { type: 'NotePaymentAuthorised', data: { wave: 2 } };
const paidRest: OrderEvent = { type: 'WavePaid', data: { wave: 2, payment: 'AUTHORISED' } };
const replenished = (status: 'ON_HOLD' | 'CONFIRMED'): OrderEvent => ({
  type: 'OrderReplenished',
  data: { status, wave: 2, lines: units('b', 2) },
});

describe('an order of which a shipment misses units', () => {
  const short = [missing(['s1']), held()];

  it('is held, once for the same reason', () => {
    given(...underway)
      .when(noteMissing(['s1']))
      .then(...short);
    given(...underway, ...short)
      .when(noteMissing(['s2']))
      .then(missing(['s2']));
  });
  it('stays held when another shipment leaves', () =>
    given(...underway, ...short)
      .when(noteShipment('s2'))
      .then(...left('s2'), held()));
  it('goes on from where it stood when that shipment is confirmed', () => {
    given(...underway, ...short)
      .when(noteShipment('s1'))
      .then(...left('s1'));
    const stood = fold(orderDecider, [...underway, ...short, ...left('s2'), held()]);
    expect(stood).toMatchObject({ status: 'ON_HOLD', heldFrom: 'PARTIALLY_SHIPPED', hold });
    const after = left('s1').reduce(orderDecider.evolve, stood);
    expect(after).toMatchObject({ status: 'PARTIALLY_SHIPPED', heldFrom: null, hold: null, missing: [] });
  });
  it('is held for the rest of several, each with its own reason', () => {
    const both = [...underway, ...short, missing(['s2', 's3'], other), held(other)];
    given(...both)
      .when(noteShipment('s2'))
      .then(...left('s2'), held(other));
    given(...both, ...left('s2'), held(other))
      .when(noteShipment('s3'))
      .then(...left('s3'), held());
  });
  it('stays held when it is replenished, and says so', () => {
    given(...waiting, ...short, claimedRest)
      .when(payRest)
      .then(paidRest, replenished('ON_HOLD'));
    given(...waiting, ...short, held({ reason: 'W1 does not have it.', owner: hold.owner }), claimedRest)
      .when(payRest)
      .then(paidRest, replenished('ON_HOLD'));
  });
  it('is held again where the replenishment ends another hold', () =>
    given(...waiting, ...short, held({ reason: 'broken', owner: 'sales operations' }), claimedRest)
      .when(payRest)
      .then(paidRest, replenished('CONFIRMED'), held()));
  it('stays held when it is confirmed or released after it', () => {
    const early = [placed, reserved, ...short];
    given(...early)
      .when({ type: 'NotePaymentAuthorised', data: { wave: 1 } })
      .then(authorised, confirmed, held());
    given(...early, authorised, confirmed, held())
      .when({ type: 'NoteRelease', data: { shipmentId: 's1' } })
      .then(released, held());
  });
  it('is not held for one whose goods were heard to leave', () => {
    const early: OrderEvent = { type: 'CameEarly', data: { command: noteShipment('s1') } };
    given(placed, reserved, early)
      .when(noteMissing(['s1']))
      .then();
    given(placed, reserved, early)
      .when(noteMissing(['s1', 's2']))
      .then(missing(['s2']), held());
  });
  it('is over with the last unit all the same', () => {
    given(...underway, ...short)
      .when(noteShipment('s2', 7))
      .then(
        { type: 'ShipmentNoted', data: { units: 7 } },
        { type: 'OrderShipped', data: { shipmentId: 's2' } },
      );
    const over = fold(orderDecider, [
      ...underway,
      ...short,
      { type: 'OrderShipped', data: { shipmentId: 's2' } },
    ]);
    expect(over).toMatchObject({ status: 'SHIPPED', missing: [] });
  });
  it('stays held when what waits is cancelled', () => {
    const state = fold(orderDecider, [...waiting, ...short]);
    const request = { lines: units('b', 2), reason: 'mind', expectedVersion: null };
    expect(decideCancellation(request, 'me', state)).toEqual({
      accepted: true,
      events: [
        {
          type: 'OrderLinesCancelled',
          data: { status: 'ON_HOLD', lines: units('b', 2), reason: 'mind', by: 'me' },
        },
      ],
    });
  });
});

const SHIPMENTS = ['s1', 's2', 's3', 's4'];
const anyCommand = fc.oneof(
  fc.constantFrom<OrderCommand[]>(
    { type: 'NoteStockReserved', data: { wave: 1, lines: units('a', 5), backordered: units('b', 2) } },
    { type: 'NoteStockReserved', data: { wave: 2, lines: units('b', 2), backordered: null } },
    { type: 'NotePaymentAuthorised', data: { wave: 1 } },
    { type: 'NotePaymentAuthorised', data: { wave: 1 } },
    payRest,
    { type: 'NotePaymentDeclined', data: { wave: 2, detail: '' } },
    { type: 'NoteClaimsBroken', data: { lines: units('a', 1), rest: 'HELD', cause: 'COUNT' } },
    { type: 'NoteRelease', data: { shipmentId: 's1' } },
    { type: 'HoldOrder', data: { reason: 'No warehouse is open.', owner: 'order operations' } },
  ),
  fc.constantFrom(...SHIPMENTS).map((id): OrderCommand => noteShipment(id, 1)),
  fc
    .tuple(fc.subarray(SHIPMENTS, { minLength: 1 }), fc.constantFrom(hold, other))
    .map(([ids, why]) => noteMissing(ids, why)),
);

describe('whatever is heard of an order', () => {
  it('it is held exactly as long as a shipment misses units, and its facts say where it stands', () => {
    let heldRuns = 0;
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 25 }), (commands) => {
        const opened: OrderEvent = {
          type: 'BookOpened',
          data: { placed: [...units('a', 5), ...units('b', 2)] },
        };
        let state = fold(orderDecider, [placed, opened]);
        const open = new Set<string>();
        const gone = new Set<string>();
        for (const command of commands) {
          if (command.type === 'NoteShipment') {
            if (gone.has(command.data.shipmentId)) continue;
            gone.add(command.data.shipmentId);
          }
          // As the consumer leaves out what left.
          const told =
            command.type === 'NoteUnitsMissing'
              ? noteMissing(
                  command.data.shipmentIds.filter((id) => !gone.has(id)),
                  command.data.hold,
                )
              : command;
          state = heard(state, told);
          if (told.type === 'NoteUnitsMissing' && !isFinal(stageOf(state)))
            for (const id of told.data.shipmentIds) open.add(id);
          if (told.type === 'NoteShipment' && state.unitsConfirmed !== null)
            open.delete(told.data.shipmentId);
          if (state.unitsConfirmed !== null) for (const id of gone) open.delete(id);
          if (isFinal(stageOf(state))) open.clear();
          expect(new Set(state.missing.map(({ shipmentId }) => shipmentId))).toEqual(open);
          if (open.size > 0) expect(state.status).toBe('ON_HOLD');
          if (open.size > 0) heldRuns += 1;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(heldRuns).toBeGreaterThan(1_000);
  });
});

/** The order after what it hears; its facts alone lead to the same status. */
function heard(state: OrderState, command: OrderCommand): OrderState {
  const decision = orderDecider.decide(command, state);
  if (!decision.accepted) return state;
  let reached = state;
  let stands = standing(state);
  for (const event of decision.events) {
    reached = orderDecider.evolve(reached, event);
    if ('status' in event.data) expect(event.data.status).toBe(reached.status);
    stands = standing(orderDecider.evolve({ ...initialOrder, ...stands }, event));
  }
  expect(stands).toEqual(standing(reached));
  return reached;
}

function standing({ status, heldFrom, hold: why }: OrderState) {
  return { status, heldFrom, hold: why };
}
