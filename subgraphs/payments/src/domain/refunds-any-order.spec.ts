// Captures, refunds and a provider's answers in whatever order they come: nothing is given back that was not taken, by part, by
// shipment and by authorisation, and in the end exactly what was asked for.
import { type Random, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { expect, it } from 'vitest';
import { onceFor } from '../publishers/payment-events.ts';
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
import { decideRefund, refundStatusOf } from './refunds.ts';
import { capturedFrom, partsOf } from './shipment.ts';
import { exposureOf, securedMinor, statusOf } from './status.ts';

const fc = seeded(fastCheck);
const RUNS = 300;
const STEPS_MAX = 400;
const REFUNDS_MAX = 8;
const AMPLE = { currencyCode: 'GBP', limitMinor: 1_000_000, exposureMinor: 0, limitSet: true };

type Course = {
  readonly method: 'TERMS' | 'CARD';
  readonly random: Random;
  /** Refunds are asked for only once something was taken: so that enough of them are granted, whatever is drawn. */
  readonly isLate: boolean;
  readonly events: PaymentEvent[];
  readonly keys: string[];
  readonly open: CardCall[];
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

function factsOf(method: 'TERMS' | 'CARD', random: Random): PaymentCommand[] {
  const sealedCardToken = method === 'CARD' ? 'sealed' : null;
  const order = { method, currencyCode: 'GBP', totalMinor: 1, sealedCardToken, credit: AMPLE };
  const facts: PaymentCommand[] = [{ type: 'NoteOrder', data: order }];
  const waves = Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(500));
  for (const [index, reservedMinor] of waves.entries()) {
    const waiting = { units: index + 1 < waves.length ? 1 : 0, version: index + 1 };
    const data = { wave: index + 1, reservedMinor, waiting, credit: AMPLE };
    facts.push({ type: 'NoteReservation', data });
  }
  let left = waves.reduce((sum, each) => sum + each, 0);
  for (let index = 1; left > 0 && index <= 4; index += 1) {
    const valueMinor = 1 + random.below(left);
    left -= valueMinor;
    const data = { shipmentId: `s${index}`, valueMinor, currencyCode: 'GBP' };
    facts.splice(1 + random.below(facts.length), 0, { type: 'NoteShipment', data });
  }
  if (random.chance(0.5)) facts.push({ type: 'CloseOrder', data: {} });
  return facts;
}

function decideOne(course: Course, command: PaymentCommand): readonly PaymentEvent[] {
  const events = decide(command, course.state);
  course.state = events.reduce(evolve, course.state);
  course.events.push(...events);
  const calls = callsOf('o', events);
  course.keys.push(...calls.map(providerKey));
  course.open.push(...calls);
  course.heard.push(command);
  for (const event of events) course.seen.add(event.type);
  return events;
}

const sumOf = (amounts: Iterable<number>) => [...amounts].reduce((sum, each) => sum + each, 0);

/** What was taken of a shipment, or of all, less what any refund asked for: counted from the events alone. */
function leftMinor({ events }: Course, shipmentId: string | null): number {
  const counts = (of: string) => shipmentId === null || of === shipmentId;
  return sumOf(
    events.map((event) => {
      if (event.type === 'PaymentCaptured' && counts(event.data.shipmentId)) return event.data.amountMinor;
      if (event.type === 'CardRefundRequested')
        return -sumOf(
          event.data.parts.filter((part) => counts(part.shipmentId)).map((each) => each.amountMinor),
        );
      const asked = events.some(
        (each) =>
          each.type === 'CardRefundRequested' &&
          event.type === 'PaymentRefunded' &&
          each.data.refundId === event.data.refundId,
      );
      if (event.type === 'PaymentRefunded' && !asked && counts(event.data.shipmentId))
        return -event.data.amountMinor;
      return 0;
    }),
  );
}

function mayAskRefund({ asked, isLate, state }: Course): boolean {
  return asked < REFUNDS_MAX && state.method !== null && (!isLate || state.capturedMinor > 0);
}

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
}

/** An answer or a request that was heard before changes nothing but that nothing is unknown any more. */
function repeats(course: Course): void {
  const command = course.random.pick(course.heard);
  if (command.type === 'RecordOutcomeUnknown') return;
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
  for (const shipment of state.shipments) {
    const asked = state.refunds
      .flatMap((refund) => refund.parts)
      .filter((part) => part.shipmentId === shipment.shipmentId);
    const takenMinor = shipment.state === 'CAPTURED' ? shipment.valueMinor : 0;
    expect(sumOf(asked.map((part) => part.amountMinor))).toBeLessThanOrEqual(takenMinor);
  }
  for (const { wave } of state.method === 'CARD' ? state.waves : []) {
    const asked = state.refunds.flatMap((refund) => refund.parts).filter((part) => part.wave === wave);
    const takenMinor = capturedFrom(state.shipments, wave);
    expect(sumOf(asked.map((part) => part.amountMinor))).toBeLessThanOrEqual(takenMinor);
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
  const askedMinor = sumOf(state.refunds.flatMap((each) => each.parts.map((part) => part.amountMinor)));
  expect([state.refundedMinor, askedMinor]).toEqual([toldMinor, toldMinor]);
  if (method === 'CARD') expect(sumOf([...refunds.values()].map((each) => each.amountMinor))).toBe(toldMinor);
  for (const refund of state.refunds) expect(refundStatusOf(refund, new Set())).toBe('DONE');
}

function live(random: Random, seen: Set<string>): void {
  const method = random.chance(0.7) ? 'CARD' : 'TERMS';
  const course: Course = {
    ...{ method, random, seen, isLate: random.chance(0.5), facts: factsOf(method, random) },
    ...{ state: initialPayment, asked: 0 },
    ...{ events: [], keys: [], open: [], heard: [], captures: new Map(), refunds: new Map() },
  };
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const steps: (() => void)[] = [];
    const next = course.facts[0];
    if (next !== undefined) steps.push(() => void decideOne(course, course.facts.shift() ?? next));
    if (course.open.length > 0) steps.push(() => answers(course));
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
  const rare = ['RefundPartDone', 'PAYMENT_STATE', 'AMOUNT_EXCEEDS_CAPTURED'];
  expect([...all, ...rare].filter((each) => !seen.has(each))).toEqual([]);
});
