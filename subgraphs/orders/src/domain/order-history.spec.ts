import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCancellation } from './cancellation.ts';
import { orderDecider } from './order.ts';
import { foldFact } from './order-history.ts';
import { initialOrder, isNote, type OrderCommand, type OrderFact, type OrderState } from './order-state.ts';

const fc = seeded(fastCheck);
const placed = [
  { sku: 'a', quantity: 3 },
  { sku: 'b', quantity: 2 },
];
const UNITS = 5;
const lines = [{ sku: 'a', quantity: 2 }];
const rest = [
  { sku: 'a', quantity: 1 },
  { sku: 'b', quantity: 2 },
];

type Step = OrderCommand | Readonly<{ type: 'Cancel'; lines: typeof lines }>;

const ordinary: readonly OrderCommand[] = [
  { type: 'NoteStockReserved', data: { wave: 1, lines: null, backordered: null } },
  { type: 'NoteStockShort', data: { detail: 'a: 0 of 5' } },
  { type: 'NotePaymentAuthorised', data: { wave: 1 } },
  { type: 'NotePaymentDeclined', data: { wave: 1, detail: 'CREDIT_LIMIT' } },
  { type: 'NoteRelease', data: { shipmentId: 's1' } },
];
const step = fc.constantFrom<Step>(
  ...ordinary,
  { type: 'NoteStockReserved', data: { wave: 1, lines, backordered: rest } },
  { type: 'NoteStockReserved', data: { wave: 2, lines: rest, backordered: null } },
  { type: 'NotePaymentAuthorised', data: { wave: 2 } },
  { type: 'NotePaymentDeclined', data: { wave: 2, detail: 'CREDIT_LIMIT' } },
  { type: 'NoteStockBackordered', data: {} },
  { type: 'NoteClaimsBroken', data: { lines, rest: 'BACKORDERED', cause: 'COUNT' } },
  { type: 'Cancel', lines: [{ sku: 'b', quantity: 1 }] },
);

/** Lives an order: what it came to, and the facts that were logged. */
function lived(steps: readonly Step[]): { state: OrderState; facts: OrderFact[] } {
  const first: OrderFact = { type: 'OrderPlaced', data: { unitsOrdered: UNITS } };
  let state = orderDecider.evolve(initialOrder, first);
  const facts: OrderFact[] = [first];
  for (const next of steps) {
    const isOrdinary = ordinary.some((each) => each === next);
    if (!isOrdinary && state.book === null)
      state = orderDecider.evolve(state, { type: 'BookOpened', data: { placed } });
    const decision =
      next.type === 'Cancel'
        ? decideCancellation({ lines: next.lines, reason: null, expectedVersion: null }, 'me', state)
        : orderDecider.decide(next, state);
    for (const event of decision.accepted ? decision.events : []) {
      state = orderDecider.evolve(state, event);
      if (!isNote(event)) facts.push(event);
    }
  }
  return { state, facts };
}

const folded = (facts: readonly OrderFact[]) =>
  facts.reduce<OrderState>((state, fact) => foldFact(state, fact, placed), initialOrder);

/** What the order's own facts tell: claims and payments that wait for each other are heard again from the others. */
function told({ book, ...state }: OrderState) {
  const figures = book?.lines.map(({ sku, cancelled, confirmed }) => ({ sku, cancelled, confirmed }));
  const isUnchanged = figures?.every(
    ({ sku, cancelled, confirmed }) =>
      cancelled === 0 && [0, placed.find((each) => each.sku === sku)?.quantity].includes(confirmed),
  );
  return { ...state, figures: isUnchanged ? undefined : figures };
}

describe('an order folded from its own facts', () => {
  it('is the order that was lived, once it is confirmed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const { state, facts } = lived(steps);
        if (state.unitsConfirmed === null) return;
        // The second wave may have confirmed it, with the first one's payment heard or not.
        expect({ ...told(folded(facts)), payment: '' }).toEqual({ ...told(state), payment: '' });
      }),
    );
  });

  it('has shipped what left in every shipment', () => {
    const confirming = lived([
      ordinary[0],
      ordinary[2],
      { type: 'NoteShipment', data: { shipmentId: 's1', lines } },
      { type: 'NoteShipment', data: { shipmentId: 's2', lines: [{ sku: 'a', quantity: 3 }] } },
    ] as Step[]);
    expect(confirming.state).toMatchObject({ status: 'SHIPPED', unitsShipped: UNITS });
    expect(told(folded(confirming.facts))).toEqual(told(confirming.state));
  });

  it('stands at the version and reason of its end, whatever was noted before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const { state, facts } = lived(steps);
        if (state.status !== 'REJECTED' && state.status !== 'CANCELLED') return;
        expect(folded(facts)).toMatchObject({
          status: state.status,
          version: state.version,
          statusReason: state.statusReason,
        });
      }),
    );
  });
});
