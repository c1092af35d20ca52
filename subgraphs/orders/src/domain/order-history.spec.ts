import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  initialOrder,
  isNote,
  type OrderCommand,
  type OrderFact,
  type OrderState,
  orderDecider,
} from './order.ts';
import { foldFact } from './order-history.ts';

const fc = seeded(fastCheck);
const UNITS = 5;
const lines = [{ sku: 'a', quantity: 2 }];

const command = fc.constantFrom<OrderCommand>(
  { type: 'NoteStockReserved', data: { lines: null } },
  { type: 'NoteStockReserved', data: { lines } },
  { type: 'NoteStockShort', data: { detail: 'a: 0 of 5' } },
  { type: 'NotePaymentAuthorised', data: {} },
  { type: 'NotePaymentDeclined', data: { detail: 'CREDIT_LIMIT' } },
  { type: 'NoteRelease', data: { shipmentId: 's1' } },
);

/** Lives an order: what it came to, and the facts that were logged. */
function lived(commands: readonly OrderCommand[]): { state: OrderState; facts: OrderFact[] } {
  const placed: OrderFact = { type: 'OrderPlaced', data: { unitsOrdered: UNITS } };
  let state = orderDecider.evolve(initialOrder, placed);
  const facts: OrderFact[] = [placed];
  const all = [...commands];
  for (let next = all.shift(); next !== undefined; next = all.shift()) {
    const decision = orderDecider.decide(next, state);
    for (const event of decision.accepted ? decision.events : []) {
      state = orderDecider.evolve(state, event);
      if (!isNote(event)) facts.push(event);
    }
  }
  return { state, facts };
}

const folded = (facts: readonly OrderFact[]) =>
  facts.reduce<OrderState | undefined>((state, fact) => foldFact(state, fact), undefined);

describe('an order folded from its own facts', () => {
  it('is the order that was lived, once it is confirmed', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
        const { state, facts } = lived(commands);
        if (state.unitsConfirmed !== null) expect(folded(facts)).toEqual(state);
      }),
    );
  });

  it('has shipped what left in every shipment', () => {
    const confirming = lived([
      { type: 'NoteStockReserved', data: { lines: null } },
      { type: 'NotePaymentAuthorised', data: {} },
      { type: 'NoteShipment', data: { shipmentId: 's1', lines } },
      { type: 'NoteShipment', data: { shipmentId: 's2', lines: [{ sku: 'a', quantity: 3 }] } },
    ]);
    expect(confirming.state).toMatchObject({ status: 'SHIPPED', unitsShipped: UNITS });
    expect(folded(confirming.facts)).toEqual(confirming.state);
  });

  it('stands at the version and reason of its rejection, whatever was noted before', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
        const { state, facts } = lived(commands);
        if (state.status !== 'REJECTED') return;
        expect(folded(facts)).toMatchObject({
          status: state.status,
          version: state.version,
          statusReason: state.statusReason,
        });
      }),
    );
  });
});
