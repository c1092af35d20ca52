// One order between its stock, its payments, its partner and the post between them: in whatever order it hears what happened,
// it comes to what the stockroom has for it.
import { type Random, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerOf,
  createStockroom,
  hearOfOrder,
  lose,
  type Policy,
  receive,
  type Stockroom,
} from '../../test/stockroom.ts';
import { decideCancellation } from './cancellation.ts';
import { orderDecider } from './order.ts';
import { type SkuQuantities, unitsWaiting, waitingOf } from './order-book.ts';
import { foldLines, type LineFact } from './order-lines.ts';
import {
  initialOrder,
  isFinal,
  isNote,
  type OrderCommand,
  type OrderEvent,
  type OrderFact,
  type OrderState,
  stageOf,
} from './order-state.ts';

const RUNS = 1_500;
const STEPS = 25;
const hold = { reason: 'Units are not there.', owner: 'warehouse operations' };
const fc = seeded(fastCheck);

type World = Readonly<{
  placed: SkuQuantities;
  policy: Policy;
  random: Random;
  room: Stockroom;
  /** Facts of the order that the stockroom has not heard. */
  untold: OrderFact[];
  /** Answers of payments that the order has not heard. */
  answers: OrderCommand[];
  facts: OrderFact[];
}> & { state: OrderState };

function placedWorld(random: Random): World {
  const skus = ['a', 'b', 'c'].slice(0, 1 + random.below(3));
  const placed = skus.map((sku) => ({ sku, quantity: 1 + random.below(6) }));
  const policy = random.pick<Policy>(['REJECT', 'SHIP_AVAILABLE', 'BACKORDER', 'BACKORDER']);
  const first: OrderFact = {
    type: 'OrderPlaced',
    data: { unitsOrdered: placed.reduce((sum, { quantity }) => sum + quantity, 0) },
  };
  return {
    ...{ placed, policy, random, room: createStockroom(placed, policy, random) },
    ...{ untold: [first], answers: [], facts: [first] },
    state: orderDecider.evolve(initialOrder, first),
  };
}

function happen(world: World, events: readonly OrderEvent[]): void {
  for (const event of events) {
    world.state = orderDecider.evolve(world.state, event);
    if (isNote(event)) continue;
    if ('status' in event.data) expect(event.data.status).toBe(world.state.status);
    world.facts.push(event);
    world.untold.push(event);
  }
}

/** Whatever may need the book finds it open: when it was opened does not matter. */
function hear(world: World, command: OrderCommand): void {
  const opening = orderDecider.decide({ type: 'OpenBook', data: { placed: world.placed } }, world.state);
  if (opening.accepted) happen(world, opening.events);
  const decision = orderDecider.decide(command, world.state);
  if (decision.accepted) happen(world, decision.events);
}

function cancelSome(world: World): void {
  const { random, placed } = world;
  const opening = orderDecider.decide({ type: 'OpenBook', data: { placed } }, world.state);
  if (opening.accepted) happen(world, opening.events);
  const some = placed.flatMap(({ sku, quantity }) =>
    random.chance(0.5) ? [{ sku, quantity: 1 + random.below(quantity) }] : [],
  );
  const lines = random.chance(0.1) ? null : some;
  const decision = decideCancellation({ lines, reason: 'mind', expectedVersion: null }, 'me', world.state);
  if (decision.accepted) happen(world, decision.events);
}

/** The next thing said in one of the posts arrives; false when all has arrived. */
function deliver(world: World): boolean {
  const { room, untold, answers, random } = world;
  const posts: (() => void)[] = [];
  if (untold.length > 0) posts.push(() => take(untold, (fact) => hearOfOrder(room, fact)));
  if (room.said.length > 0) posts.push(() => take(room.said, (told) => hear(world, told)));
  if (room.asked.length > 0) posts.push(() => take(room.asked, (asked) => answers.push(answerOf(asked))));
  if (answers.length > 0) posts.push(() => take(answers, (answer) => hear(world, answer)));
  if (posts.length === 0) return false;
  random.pick(posts)();
  return true;
}

function take<T>(queue: T[], to: (each: T) => void): void {
  const first = queue.shift();
  if (first !== undefined) to(first);
}

function live(world: World): void {
  for (let step = 0; step < STEPS; step += 1) {
    const { random, room } = world;
    if (random.chance(0.7)) deliver(world);
    else random.pick([() => receive(room), () => lose(room), () => cancelSome(world)])();
  }
  while (deliver(world));
}

/** As the log holds it. */
function lineFact({ type, data }: OrderFact): LineFact {
  return { type, data: JSON.parse(JSON.stringify(data)) };
}

const isDeclined = ({ type }: OrderCommand) => type === 'NotePaymentDeclined';

function linesOf({ placed, facts }: World) {
  const priced = placed.map((line) => ({ ...line, unitPriceMinor: 1 }));
  const later = facts.slice(1).map(lineFact);
  return foldLines(priced, later);
}

function expectBooksAgree(world: World): void {
  const { state, room } = world;
  const units = (of: ReadonlyMap<string, number>, sku: string) => of.get(sku) ?? 0;
  for (const line of linesOf(world)) {
    const { sku, quantity, reserved, backordered, shipped, cancelled } = line;
    expect(Math.min(reserved, backordered, shipped, cancelled)).toBeGreaterThanOrEqual(0);
    expect(reserved + backordered + shipped + cancelled).toBe(quantity);
    expect([reserved, backordered]).toEqual([units(room.claimed, sku), units(room.waiting, sku)]);
    const own = state.book?.lines.find((each) => each.sku === sku);
    if (own === undefined || state.book === null || isFinal(stageOf(state))) continue;
    expect([own.claimed, own.confirmed, waitingOf(state.book, own)]).toEqual([
      reserved,
      reserved,
      backordered,
    ]);
  }
}

describe('an order that hears of everything in any order', () => {
  it('comes to what its stockroom has for it, and its lines add up', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const world = placedWorld(randomOf(seed));
        live(world);
        const { state, room } = world;
        const stage = stageOf(state);
        ends.set(stage, (ends.get(stage) ?? 0) + 1);
        expect(room.isClosed).toBe(isFinal(stage));
        expect(stage).not.toBe('PLACED');
        if (!isFinal(stage)) expect(stage === 'BACKORDERED').toBe((state.unitsConfirmed ?? 0) === 0);
        expectBooksAgree(world);
      }),
      { numRuns: RUNS },
    );
    // A test that never gets there proves nothing.
    for (const stage of ['CONFIRMED', 'BACKORDERED', 'CANCELLED', 'REJECTED'])
      expect(ends.get(stage), stage).toBeGreaterThan(RUNS / 50);
  });

  it('stays with its owner while units of a shipment are missing, and ends by what left before it was paid', () => {
    let late = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const world = placedWorld(randomOf(seed));
        const steps = 6 + world.random.below(12);
        for (let step = 0; step < steps; step += 1)
          if (world.random.chance(0.4) || !deliver(world)) receive(world.room);
        const claimed = [...world.room.claimed].flatMap(([sku, quantity]) =>
          quantity > 0 ? [{ sku, quantity }] : [],
        );
        // What is not going to be paid does not leave.
        const isUnpaid = world.room.asked.some((asked) => asked.isDeclined) || world.answers.some(isDeclined);
        if (isUnpaid || world.state.unitsConfirmed === null || isFinal(stageOf(world.state))) return;
        const short = claimed.filter(() => world.random.chance(0.3)).map(({ sku }) => sku);
        if (short.length > 0) hear(world, { type: 'NoteUnitsMissing', data: { shipmentIds: short, hold } });
        for (const line of claimed.toSorted(() => world.random.below(3) - 1)) {
          hear(world, { type: 'NoteShipment', data: { shipmentId: line.sku, lines: [line] } });
          short.splice(0, short.length, ...short.filter((sku) => sku !== line.sku));
          if (world.random.chance(0.5)) deliver(world);
          if (isFinal(stageOf(world.state))) break;
          expect(world.state.missing.map(({ shipmentId }) => shipmentId)).toEqual(short);
          expect(world.state.status === 'ON_HOLD').toBe(short.length > 0);
        }
        while (deliver(world));
        const { state } = world;
        if (world.facts.at(-1)?.type === 'OrderReplenished' && state.status === 'SHIPPED') late += 1;
        const hasAllLeft =
          state.unitsShipped >= (state.unitsConfirmed ?? 0) && unitsWaiting(state.book) === 0;
        expect(hasAllLeft).toBe(state.status === 'SHIPPED');
        for (const { quantity, reserved, backordered, shipped, cancelled } of linesOf(world)) {
          expect(Math.min(reserved, backordered, shipped, cancelled)).toBeGreaterThanOrEqual(0);
          expect(reserved + backordered + shipped + cancelled).toBe(quantity);
        }
      }),
      { numRuns: RUNS },
    );
    expect(late).toBeGreaterThan(RUNS / 50);
  });

  it('ships all that is confirmed, and ends when nothing waits any more', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const world = placedWorld(randomOf(seed));
        live(world);
        const confirmed = linesOf(world).flatMap(({ sku, reserved }) =>
          reserved > 0 ? [{ sku, quantity: reserved }] : [],
        );
        if (isFinal(stageOf(world.state)) || confirmed.length === 0) return;
        for (const line of confirmed)
          hear(world, { type: 'NoteShipment', data: { shipmentId: line.sku, lines: [line] } });
        const waits = linesOf(world).some(({ backordered }) => backordered > 0);
        expect(world.state.status).toBe(waits ? 'PARTIALLY_SHIPPED' : 'SHIPPED');
        const request = { lines: null, reason: null, expectedVersion: null };
        const decision = decideCancellation(request, 'me', world.state);
        expect(decision.accepted).toBe(waits);
        if (decision.accepted) happen(world, decision.events);
        expect(world.state.status).toBe('SHIPPED');
        for (const { quantity, shipped, cancelled } of linesOf(world))
          expect(shipped + cancelled).toBe(quantity);
      }),
      { numRuns: RUNS },
    );
  });
});
