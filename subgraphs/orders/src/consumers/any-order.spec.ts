// The rules of an order alone, told what the other side says in every order in which it could be heard.
import { readFact } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import { type Fact, hearInAnyOrder, hearInTurn, type OwnEvent, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Life, otherSideOf, someLife } from '../../test/other-side.ts';
import { orderDecider } from '../domain/order.ts';
import { type SkuQuantities, unitsOf } from '../domain/order-book.ts';
import { initialOrder, isNote, type OrderEvent, type OrderState } from '../domain/order-state.ts';
import { commandOf, type Heard, isOfSomeLines, withoutLeft } from './heard-facts.ts';

const RUNS = 300;
const ORDERS = 4;

const fc = seeded(fastCheck);

type Story = { state: OrderState; said: OrderEvent[]; left: Set<string> };

/** Orders that were placed, in memory; `hear` answers with what they say, and checks each step. */
function ordersOf(lives: readonly Life[]) {
  const stories = new Map<string, Story>();
  const events: OwnEvent[] = [];
  for (const { orderId, placed } of lives) {
    const event: OrderEvent = { type: 'OrderPlaced', data: { unitsOrdered: unitsOf(placed) } };
    stories.set(orderId, { state: orderDecider.evolve(initialOrder, event), said: [event], left: new Set() });
    events.push({ id: orderId, stream: orderId, type: event.type, data: {} });
  }
  const placedOf = (orderId: string) => lives.find((life) => life.orderId === orderId)?.placed ?? [];
  const hear = (fact: Fact): OwnEvent[] => {
    const story = stories.get(fact.stream);
    const told = commandOf(heardOf(fact));
    if (story === undefined || told === null) return [];
    if (told.type === 'NoteShipment') story.left.add(told.data.shipmentId);
    const command = withoutLeft(told, story.left);
    if (command === null) return [];
    const before = isOfSomeLines(command) ? opened(story.state, placedOf(fact.stream)) : story.state;
    const decision = orderDecider.decide(command, before);
    const decided = decision.accepted ? decision.events : [];
    const next = decided.reduce(orderDecider.evolve, before);
    expectNothingComesBack(story.state, next);
    const said = decided.filter((event) => !isNote(event));
    story.state = next;
    story.said.push(...said);
    return said.map(({ type, data }) => ({ id: fact.id, stream: fact.stream, type, data: { ...data } }));
  };
  return { stories, placed: events, hear: (batch: readonly Fact[]) => batch.flatMap(hear) };
}

/** As the consumer does before the first thing that is told of some lines only. */
function opened(state: OrderState, placed: SkuQuantities): OrderState {
  const opening = orderDecider.decide({ type: 'OpenBook', data: { placed } }, state);
  return opening.accepted ? opening.events.reduce(orderDecider.evolve, state) : state;
}

function heardOf({ source, id, stream, type, data }: Fact): Heard {
  const event = {
    ...{ id, category: source, stream, version: 1, type, schemaVersion: 1 },
    ...{ data: { ...data }, metadata: {}, at: '' },
  };
  if (source === 'orders') throw new Error('Orders does not hear itself');
  const fact: Heard | null =
    source === 'inventory'
      ? readFact(source, event)
      : source === 'payments'
        ? readFact(source, event)
        : readFact(source, event);
  if (fact === null) throw new Error(`${type} is no fact of ${source}`);
  return fact;
}

/** `closed` absorbs: of a rejected order only goods that left are counted. A confirmation stands, and more may follow. */
function expectNothingComesBack(before: OrderState, after: OrderState): void {
  if (before.status === 'REJECTED') expect({ ...after, unitsShipped: before.unitsShipped }).toEqual(before);
  if (before.unitsConfirmed !== null)
    expect(after.unitsConfirmed).toBeGreaterThanOrEqual(before.unitsConfirmed);
  if (after.unitsConfirmed !== null) {
    expect([after.stock, after.payment]).toEqual(['RESERVED', 'AUTHORISED']);
    expect(after.unitsShipped).toBeLessThanOrEqual(after.unitsConfirmed);
  }
}

/**
 * How an order ended; what a rejected one no longer cared to hear is left out. How often it was held, and went on, goes by when it
 * was heard that units or payments are missing, and so does its version.
 */
function endOf(story: Story) {
  const said = story.said.filter(({ type }) => type !== 'OrderHeld' && type !== 'OrderResumed');
  const { version: _, ...state } = story.state;
  if (state.status !== 'REJECTED') return { state, said };
  const { status, statusReason, unitsShipped, early } = state;
  return { state: { status, statusReason, unitsShipped, early }, said };
}

describe('whatever the other side says, in whatever order it is heard', () => {
  it('orders end alike, say the same, and each is confirmed or rejected once', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const lives = Array.from({ length: ORDERS }, (_, index) => ({
          ...someLife(derivedId('any order', 'order', index), 'p1', random),
          misses: random.chance(0.4),
          calls: (['AUTHORISATION', 'CAPTURE', 'CAPTURE_FOR_GOOD'] as const).filter(() => random.chance(0.3)),
        }));
        const world = otherSideOf(lives, 0);
        const [inTurn, anyhow] = [ordersOf(lives), ordersOf(lives)];
        const opened = (placed: readonly OwnEvent[]) => ({
          ...world,
          opening: [...world.opening, ...placed.flatMap((event) => world.answer(event))],
        });
        hearInTurn(opened(inTurn.placed), inTurn.hear);
        hearInAnyOrder(opened(anyhow.placed), anyhow.hear, random);
        for (const { orderId, fate, misses, leaving, calls } of lives) {
          const story = anyhow.stories.get(orderId);
          const calm = inTurn.stories.get(orderId);
          if (story === undefined || calm === undefined) throw new Error('An order was lost');
          expect(endOf(story)).toEqual(endOf(calm));
          if (fate === 'CONFIRMED') {
            const isUnpaid = calls.includes('CAPTURE_FOR_GOOD') && leaving > 0;
            expect(story.state.status === 'ON_HOLD').toBe(isUnpaid || (misses && leaving === 0));
          }
          const ends = story.said.filter(({ type }) => type === 'OrderConfirmed' || type === 'OrderRejected');
          expect(ends.map(({ type }) => type)).toEqual([
            fate === 'CONFIRMED' ? 'OrderConfirmed' : 'OrderRejected',
          ]);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
