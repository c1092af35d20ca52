// Facts of one order come from three subgraphs, in no order among them: whichever way they arrive, credit and status end alike.
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { initialPayment, type PaymentCommand, type PaymentState } from './payment.ts';
import { givenUpOf } from './shipment.ts';
import { exposureOf, statusOf } from './status.ts';

const fc = seeded(fastCheck);

type Fact = (exposureMinor: number) => PaymentCommand;

const LIMIT = 50_000;
const credit = (exposureMinor: number) => ({
  currencyCode: 'GBP',
  limitMinor: LIMIT,
  exposureMinor,
  limitSet: true,
});

function placed(method: 'TERMS' | 'CARD'): Fact {
  const order = {
    method,
    currencyCode: 'GBP',
    totalMinor: 10_000,
    sealedCardToken: method === 'CARD' ? 'sealed' : null,
  };
  return (exposure) => ({ type: 'NoteOrder', data: { ...order, credit: credit(exposure) } });
}

const reserved =
  (reservedMinor: number): Fact =>
  (exposure) => ({
    type: 'NoteReservation',
    data: { wave: 1, reservedMinor, waiting: { units: 0, version: 1 }, credit: credit(exposure) },
  });
const shipped =
  (shipmentId: string, valueMinor: number): Fact =>
  () => ({
    type: 'NoteShipment',
    data: { shipmentId, valueMinor, currencyCode: 'GBP' },
  });
const rejected: Fact = () => ({ type: 'CloseOrder', data: {} });

const NOBODY: ReadonlySet<string> = new Set();

/** A capture is refused for good, and a person gives it up. */
function givenUp(instance: string): PaymentCommand[] {
  const call = { operation: 'capture', instance } as const;
  return [
    { type: 'HoldCall', data: { ...call, reason: 'refused', became: 'NOTHING_DONE' } },
    { type: 'GiveUpHeldCall', data: call },
  ];
}

/** Lets the card's provider answer every request at once, as the dispatcher would; those of `refused` are given up. */
function answerCard(state: PaymentState, refused = NOBODY): PaymentState {
  const asked: PaymentCommand[] = [];
  for (const { wave, stage } of state.waves) {
    if (stage === 'REQUESTED') asked.push({ type: 'RecordAuthorised', data: { wave } });
    if (stage === 'VOIDING') asked.push({ type: 'RecordVoided', data: { wave } });
  }
  for (const { shipmentId, state: shipment } of state.shipments) {
    if (shipment !== 'REQUESTED') continue;
    if (refused.has(shipmentId)) asked.push(...givenUp(shipmentId));
    else asked.push({ type: 'RecordCaptured', data: { wave: 1, shipmentId } });
  }
  if (asked.length === 0) return state;
  const after = asked.reduce((at, command) => decide(command, at).reduce(evolve, at), state);
  return answerCard(after, refused);
}

type End = Readonly<{ exposure: number; status: string; captured: number; givenUp: number }>;

function endOf(facts: readonly Fact[], others: number, refused = NOBODY): End {
  let state = initialPayment;
  for (const fact of facts) {
    state = decide(fact(others + exposureOf(state)), state).reduce(evolve, state);
    state = answerCard(state, refused);
  }
  const givenUpMinor = state.shipments.reduce((sum, each) => sum + givenUpOf(each), 0);
  const end = { exposure: exposureOf(state), status: statusOf(state), captured: state.capturedMinor };
  return { ...end, givenUp: givenUpMinor };
}

const shipments = fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 3 });

it('ends alike on terms, shipped or rejected or both, with credit enough', () => {
  const facts = fc
    .record({ shipments, reject: fc.boolean(), twice: fc.boolean() })
    .map(({ shipments: values, reject, twice }) => {
      const all = [
        placed('TERMS'),
        reserved(9_000),
        ...values.map((value, index) => shipped(`s${index}`, value)),
      ];
      return [...all, ...(reject ? [rejected] : []), ...(twice ? all : [])];
    });
  fc.assert(
    fc.property(
      facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => void expect(endOf(shuffled, 0)).toEqual(endOf(all, 0)),
    ),
  );
});

it('ends alike on terms when others already owe up to the limit', () => {
  const facts = shipments.map((values) => [
    placed('TERMS'),
    reserved(9_000),
    ...values.map((value, index) => shipped(`s${index}`, value)),
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: LIMIT }),
      facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      (others, [all, shuffled]) => void expect(endOf(shuffled, others)).toEqual(endOf(all, others)),
    ),
  );
});

it.each([true, false])('ends alike by card (rejected: %s)', (reject) => {
  // Goods of a rejected order never leave, so the two facts never meet.
  const facts = shipments.map((values) => [
    placed('CARD'),
    reserved(9_000),
    ...(reject ? [rejected] : values.map((value, index) => shipped(`s${index}`, value))),
  ]);
  fc.assert(
    fc.property(
      facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => void expect(endOf(shuffled, 0)).toEqual(endOf(all, 0)),
    ),
  );
});

it('ends alike by card where captures are given up: those are not taken, and all others are', () => {
  const all = fc
    .record({ shipments, refused: fc.subarray(['s0', 's1', 's2']) })
    .map(({ shipments: values, refused }) => {
      const facts = [
        placed('CARD'),
        reserved(9_000),
        ...values.map((value, index) => shipped(`s${index}`, value)),
      ];
      const isRefused = (index: number) => refused.includes(`s${index}`);
      const sumWhere = (counts: (index: number) => boolean) =>
        values.reduce((sum, value, index) => (counts(index) ? sum + value : sum), 0);
      const sums = { captured: sumWhere((index) => !isRefused(index)), givenUp: sumWhere(isRefused) };
      return { facts, refused: new Set(refused), sums };
    });
  const shuffled = all.chain((each) =>
    fc.tuple(fc.constant(each), fc.shuffledSubarray(each.facts, { minLength: each.facts.length })),
  );
  fc.assert(
    fc.property(shuffled, ([{ facts, refused, sums }, inAnyOrder]) => {
      expect(endOf(inAnyOrder, 0, refused)).toMatchObject(sums);
      expect(endOf(inAnyOrder, 0, refused)).toEqual(endOf(facts, 0, refused));
    }),
  );
});

it.each(['TERMS', 'CARD'] as const)('asks for nothing and promises nothing once closed (%s)', (method) => {
  const facts = shipments.map((values) => [
    placed(method),
    reserved(9_000),
    rejected,
    rejected,
    ...values.map((value, index) => shipped(`s${index}`, value)),
  ]);
  const promises = new Set(['PaymentAuthorised', 'PaymentDeclined', 'CardAuthorisationRequested']);
  fc.assert(
    fc.property(
      facts.chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      (shuffled) => {
        let state = initialPayment;
        for (const fact of shuffled) {
          const events = decide(fact(exposureOf(state)), state);
          if (state.closed) expect(events.filter(({ type }) => promises.has(type))).toEqual([]);
          state = answerCard(events.reduce(evolve, state));
        }
        expect(state.closed).toBe(true);
      },
    ),
  );
});
