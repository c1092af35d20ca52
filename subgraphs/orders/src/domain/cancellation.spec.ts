import { fold } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { type CancelRequest, checkCancellation, decideCancellation } from './cancellation.ts';
import { orderDecider } from './order.ts';
import type { OrderEvent } from './order-state.ts';

const units = (...lines: [sku: string, quantity: number][]) =>
  lines.map(([sku, quantity]) => ({ sku, quantity }));
const placed: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: 7 } };
const opened: OrderEvent = { type: 'BookOpened', data: { placed: units(['a', 5], ['b', 2]) } };
const held: OrderEvent = { type: 'OrderHeld', data: { reason: 'late', owner: 'order operations' } };
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { lines: null, backordered: null } };
const some = units(['a', 3]);
const rest = units(['a', 2], ['b', 2]);
const partly: OrderEvent[] = [
  ...[placed, opened],
  { type: 'WaveClaimed', data: { wave: 1, lines: some, restWaits: true } },
  { type: 'PaymentNoted', data: { payment: 'AUTHORISED' } },
  { type: 'OrderConfirmed', data: { lines: some, backordered: rest } },
];
const whole: CancelRequest = { lines: null, reason: 'too late', expectedVersion: null };
const lines = (...named: [string, number][]): CancelRequest => ({ ...whole, lines: units(...named) });

const decide = (request: CancelRequest, ...past: OrderEvent[]) =>
  decideCancellation(request, 'me', fold(orderDecider, past));
const events = (request: CancelRequest, ...past: OrderEvent[]) => {
  const decision = decide(request, ...past);
  return decision.accepted ? decision.events : decision.rejection;
};
const codes = (request: CancelRequest, ...past: OrderEvent[]) => {
  const decision = decide(request, ...past);
  return decision.accepted ? [] : decision.rejection.map(({ code, field }) => [code, field?.join('.')]);
};
const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'too late', by: 'me' } };
const linesCancelled = (
  status: 'PLACED' | 'ON_HOLD' | 'CONFIRMED' | 'SHIPPED',
  named: typeof some,
): OrderEvent => ({
  type: 'OrderLinesCancelled',
  data: { status, lines: named, reason: 'too late', by: 'me' },
});

describe('before its confirmation an order', () => {
  it('is cancelled wholly, also on hold, reserved, or waiting for receipts', () => {
    for (const more of [
      [],
      [held],
      [{ type: 'WaveClaimed', data: { wave: 1, lines: null, restWaits: true } }],
      [{ type: 'OrderBackordered', data: { lines: units(['a', 5], ['b', 2]) } }],
    ] as OrderEvent[][])
      expect(events(whole, placed, opened, ...more)).toEqual([cancelled]);
  });
  it('loses units, and stays where it was', () => {
    expect(events(lines(['a', 2]), placed, opened)).toEqual([linesCancelled('PLACED', units(['a', 2]))]);
    expect(events(lines(['a', 2]), placed, opened, held)).toEqual([
      linesCancelled('ON_HOLD', units(['a', 2])),
    ]);
    const state = fold(orderDecider, [placed, opened, held, linesCancelled('ON_HOLD', units(['a', 2]))]);
    expect(state).toMatchObject({
      status: 'ON_HOLD',
      heldFrom: 'PLACED',
      hold: { owner: 'order operations' },
    });
  });
  it('is cancelled wholly by its last units', () =>
    expect(events(lines(['b', 2]), placed, opened, linesCancelled('PLACED', units(['a', 5])))).toEqual([
      cancelled,
    ]));
  it('waits for receipts when all that was reserved is cancelled', () => {
    const claimed: OrderEvent = { type: 'WaveClaimed', data: { wave: 1, lines: some, restWaits: true } };
    expect(events(lines(['a', 5]), placed, opened, claimed)).toEqual([
      linesCancelled('PLACED', units(['a', 5])),
      { type: 'OrderBackordered', data: { lines: units(['b', 2]) } },
    ]);
  });
  it('has a reason even where none was given', () =>
    expect(events({ ...whole, reason: null }, placed, opened)).toEqual([
      { type: 'OrderCancelled', data: { reason: 'CANCELLED', by: 'me' } },
    ]));
  it('is not cancelled once a warehouse was heard to have it', () => {
    const early: OrderEvent = {
      type: 'CameEarly',
      data: { command: { type: 'NoteRelease', data: { shipmentId: 's1' } } },
    };
    expect(codes(whole, placed, opened, early)).toEqual([['ORDER_STATE', undefined]]);
  });
});

describe('after its confirmation', () => {
  it('units that wait are cancelled, confirmed ones are not', () => {
    expect(events(lines(['a', 2], ['b', 1]), ...partly)).toEqual([
      linesCancelled('CONFIRMED', units(['a', 2], ['b', 1])),
    ]);
    expect(codes(lines(['a', 3]), ...partly)).toEqual([['ORDER_STATE', 'lines.0.quantity']]);
    expect(codes(lines(['a', 1]), placed, opened, confirmed)).toEqual([['ORDER_STATE', 'lines.0.quantity']]);
    expect(codes(whole, placed, opened, confirmed)).toEqual([['ORDER_STATE', undefined]]);
  });
  it('the whole order is not cancelled while confirmed units have not left, and the refusal says what can be', () => {
    const decision = decide(whole, ...partly);
    expect(decision).toMatchObject({
      rejection: [
        {
          code: 'ORDER_STATE',
          message:
            'Units confirmed and not shipped: 3; they can no longer be cancelled. Units that wait for receipts: 4; cancel them by naming their lines.',
        },
      ],
    });
  });
  it('cancelling the last that waits ends an order of which the rest has left', () => {
    const left: OrderEvent[] = [
      { type: 'ShipmentNoted', data: { units: 3 } },
      { type: 'OrderPartiallyShipped', data: { shipmentId: 's1', lines: some } },
    ];
    expect(events(whole, ...partly, ...left)).toEqual([linesCancelled('SHIPPED', rest)]);
    expect(events(lines(['a', 2], ['b', 2]), ...partly, ...left)).toEqual([linesCancelled('SHIPPED', rest)]);
  });
  it('a hold for what broke ends when nothing waits any more', () => {
    const broken: OrderEvent[] = [
      {
        type: 'OrderLinesBroken',
        data: { status: 'CONFIRMED', lines: units(['b', 2]), rest: 'BACKORDERED', cause: 'COUNT' },
      },
      { type: 'OrderHeld', data: { reason: 'broken', owner: 'sales operations' } },
    ];
    const past = [placed, opened, confirmed, ...broken];
    expect(events(lines(['b', 1]), ...past)).toEqual([linesCancelled('ON_HOLD', units(['b', 1]))]);
    expect(events(lines(['b', 2]), ...past)).toEqual([linesCancelled('CONFIRMED', units(['b', 2]))]);
  });
  it('an order that is over stays as it is', () => {
    for (const end of [
      { type: 'OrderShipped', data: { shipmentId: 's1' } },
      { type: 'OrderRejected', data: { reason: 'STOCK_SHORT', detail: '' } },
      cancelled,
    ] as OrderEvent[])
      expect(codes(whole, placed, opened, end)).toEqual([['ORDER_STATE', undefined]]);
  });
});

describe('a request to cancel', () => {
  it('names a version that is the present one', () => {
    expect(events({ ...whole, expectedVersion: 1 }, placed, opened)).toEqual([cancelled]);
    expect(decide({ ...whole, expectedVersion: 2 }, placed, opened)).toMatchObject({
      rejection: [{ code: 'CONFLICT', currentVersion: 1 }],
    });
  });
  it('names lines of the order and no more than is left of them', () => {
    expect(codes(lines(['c', 1], ['a', 6], ['b', 1]), placed, opened)).toEqual([
      ['UNKNOWN_SKU', 'lines.0.sku'],
      ['QUANTITY_OUT_OF_RANGE', 'lines.1.quantity'],
    ]);
    expect(codes(lines(['a', 4]), placed, opened, linesCancelled('PLACED', units(['a', 2])))).toEqual([
      ['QUANTITY_OUT_OF_RANGE', 'lines.0.quantity'],
    ]);
    expect(codes(lines(['a', 6]), ...partly)).toEqual([['QUANTITY_OUT_OF_RANGE', 'lines.0.quantity']]);
  });
  it.each([
    [{ lines: [] }, ['LINE_COUNT']],
    [lines(['a', 1], ['a', 1]), ['DUPLICATE_SKU']],
    [lines(['a', 0]), ['QUANTITY_OUT_OF_RANGE']],
    [lines(['a', 0.5]), ['QUANTITY_OUT_OF_RANGE']],
    [lines(['a\u0000', 1]), ['UNKNOWN_SKU']],
    [{ reason: '\u0000' }, ['INVALID_INPUT']],
    [{ reason: 'x'.repeat(501) }, ['INVALID_INPUT']],
    [{ reason: '' }, []],
  ])('%j is refused with %j', (changed, expected) =>
    expect(checkCancellation({ ...whole, ...changed }).map(({ code }) => code)).toEqual(expected),
  );
});
