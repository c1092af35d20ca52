// Captures, refunds, a provider's answers and what a person gives up, in whatever order they come: nothing is given back that was not
// taken, by part, by shipment and by authorisation, and in the end exactly what was asked for and not given up:
// nothing is asked of the provider that a person was told to have given up.
import { type Random, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { expect, it } from 'vitest';
import { factsOf } from '../../test/refund-facts.ts';
import { onceFor } from '../publishers/payment-events.ts';
import { bookingOf } from './bookings.ts';
import { type CardCall, callsOf, instanceOf, providerKey, subjectOf } from './card-calls.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import {
  initialPayment,
  isSaid,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
} from './payment.ts';
import { doneOf } from './refund.ts';
import { decideRefund, refundStatusOf } from './refunds.ts';
import { capturedFrom, givenUpOf, isOpenPart, isOver, partsOf, takenOf } from './shipment.ts';
import { exposureOf, securedMinor, statusOf } from './status.ts';
import { notGivenUp } from './still-asked.ts';

const fc = seeded(fastCheck);
const RUNS = 1_500;
const STEPS_MAX = 400;
const REFUNDS_MAX = 8;

type Course = {
  readonly method: 'TERMS' | 'CARD';
  readonly random: Random;
  /** Refunds are asked for only once something was taken: so that enough of them are granted, whatever is drawn. */
  readonly isLate: boolean;
  readonly events: PaymentEvent[];
  readonly keys: string[];
  readonly open: CardCall[];
  /** Calls that wait for a person; none of them was executed. */
  readonly held: CardCall[];
  /** Their letters, some of which stay though the call is tried again, as where an order closes. */
  readonly letters: CardCall[];
  /** Calls that a person was told to have given up. */
  readonly givenUp: Set<CardCall>;
  /** By shipment and refund: what the ledger has. */
  readonly booked: Map<string, number>;
  /** What is still to be heard, in this order. */
  readonly facts: PaymentCommand[];
  /** Whatever was decided before: none of it changes anything again. */
  readonly heard: PaymentCommand[];
  /** The provider's own books: captures and refunds by instance. */
  readonly captures: Map<string, number>;
  readonly refunds: Map<string, Readonly<{ capture: string; amountMinor: number }>>;
  readonly seen: Set<string>;
  state: PaymentState;
  asked: number;
};

function decideOne(course: Course, command: PaymentCommand): readonly PaymentEvent[] {
  const events = decide(command, course.state);
  for (const event of events) {
    const entry = bookingOf(course.state, event);
    const place = `${entry?.kind} ${entry?.refundId} ${entry?.shipmentId}`;
    if (entry !== null) course.booked.set(place, (course.booked.get(place) ?? 0) + entry.amountMinor);
    course.state = evolve(course.state, event);
  }
  course.events.push(...events);
  const calls = callsOf('o', events);
  course.keys.push(...calls.map(providerKey));
  course.open.push(...calls);
  course.heard.push(command);
  for (const event of events) course.seen.add(event.type);
  return events;
}

const sumOf = (amounts: Iterable<number>) => [...amounts].reduce((sum, each) => sum + each, 0);

/** What was taken of a shipment, or of all, by what calls did and facts say, less what refunds asked for and nobody gave up. */
function leftMinor({ method, events, captures, state }: Course, shipmentId: string | null): number {
  const counts = (of: string) => shipmentId === null || of === shipmentId;
  if (method === 'TERMS')
    return sumOf(
      events.map((event) => {
        if (event.type !== 'PaymentCaptured' && event.type !== 'PaymentRefunded') return 0;
        if (!counts(event.data.shipmentId)) return 0;
        return event.type === 'PaymentCaptured' ? event.data.amountMinor : -event.data.amountMinor;
      }),
    );
  const heard = state.shipments
    .filter((each) => counts(each.shipmentId))
    .flatMap((shipment) =>
      state.waves
        .filter(({ wave }) => !isOpenIn(shipment, wave))
        .map(({ wave }) => captures.get(instanceOf({ wave, shipmentId: shipment.shipmentId })) ?? 0),
    );
  const wanted = wantedOf(state).filter((part) => counts(part.shipmentId));
  return sumOf(heard) - sumOf(wanted.map((part) => part.amountMinor));
}

function mayAskRefund({ asked, isLate, state }: Course): boolean {
  return asked < REFUNDS_MAX && state.method !== null && (!isLate || state.capturedMinor > 0);
}

/** What refunds ask for, or gave back. */
const wantedOf = ({ refunds }: PaymentState) =>
  refunds.flatMap((refund) => refund.parts).filter((part) => part.givenUp !== true);

const isOpenIn = (shipment: PaymentState['shipments'][number], wave: number) =>
  partsOf(shipment).some((part) => isOpenPart(part, wave));

function asksRefund(course: Course): void {
  const { random, state, seen } = course;
  course.asked += 1;
  const shipmentId = random.chance(0.4) ? (state.shipments.at(random.below(5))?.shipmentId ?? null) : null;
  const left = leftMinor(course, shipmentId);
  const minor = random.chance(0.2) ? null : 1 + random.below(left + 50);
  const amount = minor === null ? null : { amount: (minor / 100).toFixed(2), currencyCode: 'GBP' };
  const verdict = decideRefund({ amount, shipmentId, reason: 'damaged' }, state);
  if (verdict.type === 'refused') {
    expect(left === 0 || (minor ?? 0) > left).toBe(true);
    seen.add(verdict.refusal.code);
    return;
  }
  expect(minor ?? left).toBeLessThanOrEqual(left);
  const { parts } = verdict;
  expect(sumOf(parts.map((part) => part.amountMinor))).toBe(minor ?? left);
  if (shipmentId !== null)
    expect(new Set(parts.map((part) => part.shipmentId))).toEqual(new Set([shipmentId]));
  expect(new Set(parts.map((part) => instanceOf(part))).size).toBe(parts.length);
  const events = decideOne(course, {
    type: 'RequestRefund',
    data: { refundId: `r${course.asked}`, reason: 'damaged', parts },
  });
  expect(events.length).toBe(course.method === 'CARD' ? 1 : parts.length);
}

/** The provider's books are written first, each instance once; then we may hear of it, or learn of it later. */
function executes(course: Course, call: CardCall): PaymentCommand {
  const { wave, shipmentId, refundId } = subjectOf(call);
  const { state, captures, refunds } = course;
  expect(course.givenUp.has(call)).toBe(false);
  if (call.operation === 'authorise') return { type: 'RecordAuthorised', data: { wave } };
  if (call.operation === 'void' || shipmentId === null) return { type: 'RecordVoided', data: { wave } };
  const capture = instanceOf({ wave, shipmentId });
  if (refundId === undefined) {
    const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
    const part = shipment && partsOf(shipment).find((each) => each.wave === wave);
    captures.set(capture, part?.amountMinor ?? 0);
    return { type: 'RecordCaptured', data: { wave, shipmentId } };
  }
  const refund = state.refunds.find((each) => each.refundId === refundId);
  const part = refund?.parts.find((each) => each.shipmentId === shipmentId && each.wave === wave);
  refunds.set(call.instance, { capture, amountMinor: part?.amountMinor ?? 0 });
  return { type: 'RecordRefunded', data: { refundId, shipmentId, wave } };
}

function answers(course: Course): void {
  const { random, open } = course;
  const [call] = open.splice(random.below(open.length), 1);
  if (call === undefined) return;
  const answer = executes(course, call);
  if (random.chance(0.25)) {
    open.push(call);
    decideOne(course, { type: 'RecordOutcomeUnknown', data: {} });
    return;
  }
  decideOne(course, answer);
  decideOne(course, {
    type: 'RecordCallEnded',
    data: { operation: call.operation, instance: call.instance },
  });
}

const isExecuted = ({ captures, refunds }: Course, { instance }: CardCall) =>
  captures.has(instance) || refunds.has(instance);

/** A call that did nothing is left to a person. */
function waitsForPerson(course: Course): void {
  const { random, open, held, letters } = course;
  const call = random.pick(open);
  const isMoney = call.operation === 'capture' || call.operation === 'refund';
  if (!isMoney || isExecuted(course, call)) return;
  open.splice(open.indexOf(call), 1);
  held.push(call);
  if (!letters.includes(call)) letters.push(call);
  const { operation, instance } = call;
  decideOne(course, {
    type: 'HoldCall',
    data: { operation, instance, reason: 'no', became: 'NOTHING_DONE' },
  });
}

/** The person lets it be tried again or gives it up; of a discard that is not carried out nothing is written. */
function personActs(course: Course): void {
  const { random, open, held, letters, seen, state } = course;
  const call = random.pick(letters);
  const { operation, instance } = call;
  const data = { operation, instance };
  const isTriedAgain = random.chance(0.4);
  const command: PaymentCommand = { type: isTriedAgain ? 'RetryHeldCall' : 'GiveUpHeldCall', data };
  if (!isTriedAgain) {
    const why = notGivenUp(decide(command, state).reduce(evolve, state), data);
    if (why !== null) return void seen.add(`${operation} not given up`);
    course.givenUp.add(call);
  }
  if (!isTriedAgain || random.chance(0.7)) letters.splice(letters.indexOf(call), 1);
  decideOne(course, command);
  const waited = held.includes(call) ? held.splice(held.indexOf(call), 1) : [];
  if (isTriedAgain) open.push(...waited);
}

/** What is heard of a call that goes on, and not once more of one that ended. */
const ONCE: ReadonlySet<string> = new Set([
  'RecordOutcomeUnknown',
  'RecordCallEnded',
  'HoldCall',
  'RetryHeldCall',
  'GiveUpHeldCall',
]);

/** An answer or a request that was heard before changes nothing but that nothing is unknown any more. */
function repeats(course: Course): void {
  const command = course.random.pick(course.heard);
  if (ONCE.has(command.type)) return;
  const before = course.state;
  decideOne(course, command);
  expect(course.state).toEqual(before);
}

function expectWithinTaken(course: Course): void {
  const { state, captures, refunds } = course;
  const given = (counts: (capture: string) => boolean) =>
    sumOf([...refunds.values()].filter((each) => counts(each.capture)).map((each) => each.amountMinor));
  for (const [capture, takenMinor] of captures)
    expect(given((each) => each === capture)).toBeLessThanOrEqual(takenMinor);
  const wanted = wantedOf(state);
  const askedOf = (counts: (part: (typeof wanted)[number]) => boolean) =>
    sumOf(wanted.filter(counts).map((part) => part.amountMinor));
  for (const shipment of state.shipments) {
    const { shipmentId, valueMinor } = shipment;
    const takenMinor = takenOf(shipment);
    expect(askedOf((part) => part.shipmentId === shipmentId)).toBeLessThanOrEqual(takenMinor);
    const atProvider = [...captures].map(([of, amount]) => (of.split('/')[0] === shipmentId ? amount : 0));
    expect(sumOf(atProvider) + givenUpOf(shipment)).toBeLessThanOrEqual(valueMinor);
    expect(course.booked.get(`SALE null ${shipmentId}`) ?? 0).toBe(takenMinor);
  }
  for (const { wave } of state.method === 'CARD' ? state.waves : [])
    expect(askedOf((part) => part.wave === wave)).toBeLessThanOrEqual(capturedFrom(state.shipments, wave));
  for (const refund of state.refunds) {
    const booked = [...course.booked].map(([place, amount]) =>
      place.startsWith(`REFUND ${refund.refundId} `) ? amount : 0,
    );
    expect(sumOf(booked)).toBe(doneOf(refund));
  }
  expect(state.refundedMinor).toBeLessThanOrEqual(state.capturedMinor);
  const weight = Math.max(securedMinor(state), state.capturedMinor) - state.refundedMinor;
  expect(exposureOf(state)).toBe(state.method === 'TERMS' ? weight : 0);
}

function expectSettled({ state, events, keys, refunds, method }: Course): void {
  const said = events.filter(isSaid);
  expect(new Set(said.map(onceFor)).size).toBe(said.length);
  expect(new Set(keys).size).toBe(keys.length);
  const toldMinor = sumOf(said.map((each) => (each.type === 'PaymentRefunded' ? each.data.amountMinor : 0)));
  const askedMinor = sumOf(wantedOf(state).map((part) => part.amountMinor));
  expect([state.refundedMinor, askedMinor]).toEqual([toldMinor, toldMinor]);
  if (method === 'CARD') expect(sumOf([...refunds.values()].map((each) => each.amountMinor))).toBe(toldMinor);
  for (const refund of state.refunds)
    expect(refundStatusOf(refund, new Set())).toBe(doneOf(refund) > 0 ? 'DONE' : 'GIVEN_UP');
  for (const shipment of state.shipments) {
    // Of an order that was closed before anything was authorised nothing is taken.
    expect(['EXPECTED', 'REQUESTED']).not.toContain(shipment.state);
    if (isOver(shipment)) expect(takenOf(shipment) + givenUpOf(shipment)).toBe(shipment.valueMinor);
  }
  expect(state.held).toEqual([]);
}

function live(random: Random, seen: Set<string>): void {
  const method = random.chance(0.7) ? 'CARD' : 'TERMS';
  const course: Course = {
    ...{ method, random, seen, isLate: random.chance(0.5), facts: factsOf(method, random) },
    ...{ state: initialPayment, asked: 0 },
    ...{ events: [], keys: [], open: [], held: [], heard: [], booked: new Map() },
    ...{ letters: [], givenUp: new Set() },
    ...{ captures: new Map(), refunds: new Map() },
  };
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const steps: (() => void)[] = [];
    const next = course.facts[0];
    if (next !== undefined) steps.push(() => void decideOne(course, course.facts.shift() ?? next));
    if (course.open.length > 0)
      steps.push(
        () => answers(course),
        () => waitsForPerson(course),
      );
    if (course.letters.length > 0) steps.push(() => personActs(course));
    if (mayAskRefund(course)) steps.push(() => asksRefund(course));
    if (steps.length === 0) {
      seen.add(`${method} ${statusOf(course.state)}`);
      return expectSettled(course);
    }
    random.pick(steps)();
    if (random.chance(0.3) && course.heard.length > 0) repeats(course);
    expectWithinTaken(course);
  }
  throw new Error('The order never came to an end');
}

it('gives back what was asked for, and never more than was taken', () => {
  const seen = new Set<string>();
  const run = (seed: number) => live(randomOf(seed), seen);
  fc.assert(fc.property(fc.noBias(fc.integer()), run), { numRuns: RUNS, endOnFailure: true });
  const all = ['TERMS', 'CARD'].flatMap((method) => [`${method} PARTIALLY_REFUNDED`, `${method} REFUNDED`]);
  const rare = [
    'RefundPartDone',
    'PartGivenUp',
    'RefundPartGivenUp',
    'PAYMENT_STATE',
    'AMOUNT_EXCEEDS_CAPTURED',
    'capture not given up',
    'refund not given up',
  ];
  expect([...all, ...rare].filter((each) => !seen.has(each))).toEqual([]);
});
