// Waves, reductions, shipments, a close and a provider's answers, in whatever order they are heard: no authorisation is taken
// beyond what it is, all that left is taken, nothing stays held,
// and what a person was told to have given up is never taken.
import { randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { expect, it } from 'vitest';
import { takenThoughGivenUp } from '../../test/story-person.ts';
import { heldAtEnd, takenInAll, type Ways } from '../../test/story-provider.ts';
import { type Course, ENDINGS, live, type Story, someStory } from '../../test/wave-story.ts';
import { onceFor } from '../publishers/payment-events.ts';
import { isSaid, type PaymentEvent } from './payment.ts';
import { capturedFrom, givenUpOf, isOver, takenFrom } from './shipment.ts';
import { exposureOf } from './status.ts';
import { isSource, RENEWAL_FIRST, waveOf } from './wave.ts';

const fc = seeded(fastCheck);
const RUNS = 1_000;
/** Of stories with many more steps. */
const LONG_RUNS = 400;

type Amount = Extract<PaymentEvent, { data: { amountMinor: number } }>['type'];

function toldMinor({ events }: Course, type: Amount): number {
  return events.reduce(
    (sum, event) => (event.type === type && 'amountMinor' in event.data ? sum + event.data.amountMinor : sum),
    0,
  );
}

/** Authorised for an order that was closed by then: told to nobody until it is voided. */
function untoldMinor({ events }: Course): number {
  const told = new Set(
    events.flatMap((each) => (each.type === 'PaymentAuthorised' ? [waveOf(each.data)] : [])),
  );
  return events.reduce(
    (sum, event) =>
      event.type === 'CardVoidRequested' &&
      !told.has(waveOf(event.data)) &&
      waveOf(event.data) < RENEWAL_FIRST
        ? sum + event.data.authorisedMinor
        : sum,
    0,
  );
}

const givenUpMinor = ({ state }: Course) => state.shipments.reduce((sum, each) => sum + givenUpOf(each), 0);

function expectWithinLimits(course: Course): void {
  const { state, provider } = course;
  expect(takenThoughGivenUp(state, provider, course.letters)).toEqual([]);
  if (state.method === 'CARD')
    expect(takenInAll(provider) + givenUpMinor(course)).toBeLessThanOrEqual(course.leftMinor);
  const asks = state.waves.some(({ stage, renews }) => stage === 'REQUESTED' && renews === null);
  // Without a token it is the card of an earlier authorisation that is asked.
  if (asks && !state.closed && provider.authorisations.size === 0)
    expect(state.sealedCardToken).not.toBeNull();
  for (const { wave, authorisedMinor } of state.method === 'CARD' ? state.waves : []) {
    expect(takenFrom(state.shipments, wave)).toBeLessThanOrEqual(authorisedMinor);
    expect(authorisedMinor).toBeLessThanOrEqual(provider.authorisations.get(wave)?.amountMinor ?? 0);
  }
  if (state.method !== 'TERMS') return;
  const promised =
    toldMinor(course, 'PaymentAuthorised') -
    toldMinor(course, 'PaymentReduced') -
    toldMinor(course, 'PaymentVoided');
  expect(exposureOf(state)).toBe(Math.max(promised, state.capturedMinor));
  expect(promised).toBeGreaterThanOrEqual(0);
}

/** What waits is given up only where no authorisation that lives holds anything beyond what is to be taken of it. */
function keepsWhatIsHeld(): (course: Course) => void {
  let seen = 0;
  return (course) => {
    const { state, events } = course;
    const news = events.slice(seen);
    seen = events.length;
    expectWithinLimits(course);
    if (!news.some(({ type }) => type === 'RestGivenUp')) return;
    const lessened = state.waves.filter((wave) => isSource(wave) && wave.reducedMinor > 0);
    expect(lessened).toEqual([]);
  };
}

function expectSettled(course: Course): void {
  const { state, leftMinor, keys, events } = course;
  expect(state.shipments.filter((each) => !isOver(each))).toEqual([]);
  expect([state.capturedMinor + givenUpMinor(course), state.sealedCardToken]).toEqual([leftMinor, null]);
  expect(new Set(keys).size).toBe(keys.length);
  const said = events.filter(isSaid).map(onceFor);
  expect(new Set(said).size).toBe(said.length);
  expect(exposureOf(state)).toBe(state.method === 'TERMS' ? leftMinor : 0);
  if (!state.closed) expect(state.reductions).toEqual([]);
  for (const { wave, stage, authorisedMinor } of state.waves) {
    expect(['REQUESTED', 'VOIDING']).not.toContain(stage);
    if (stage === 'AUTHORISED' && state.method === 'CARD')
      expect(capturedFrom(state.shipments, wave)).toBe(authorisedMinor);
  }
  const held = toldMinor(course, 'PaymentAuthorised') + untoldMinor(course);
  expect(held - toldMinor(course, 'PaymentReduced') - toldMinor(course, 'PaymentVoided')).toBe(leftMinor);
  expect(state.held).toEqual([]);
  if (state.method !== 'CARD') return;
  const givenUp = new Set(state.waves.flatMap((wave) => (wave.releaseGivenUp ? [wave.wave] : [])));
  expect([takenInAll(course.provider), heldAtEnd(course.provider, givenUp)]).toEqual([
    state.capturedMinor,
    0,
  ]);
}

function seenIn(course: Course, seen: Set<string>): void {
  seen.add(`${course.story.method} ${course.story.ending}`);
  for (const { operation } of course.letters.givenUp) seen.add(`gave up ${operation}`);
  for (const { operation } of course.letters.refused) seen.add(`did not give up ${operation}`);
  for (const event of course.events) {
    seen.add(event.type);
    if (event.type === 'PaymentAuthorised' && event.data.isRest) seen.add('rest');
    if (event.type === 'CardCaptureRequested' && (event.data.parts?.length ?? 1) > 1) seen.add('split');
    if (event.type === 'AuthorisationRenewed' && event.data.shipmentIds.length > 0) seen.add('moved');
    if (event.type === 'RenewalRequested' && event.data.renews >= RENEWAL_FIRST) seen.add('again');
  }
}

it('takes what left and holds nothing in the end, by card and on terms', () => {
  const seen = new Set<string>();
  const run = (seed: number) => {
    const random = randomOf(seed);
    const story: Story = someStory(random);
    const course = live(story, random, expectWithinLimits);
    expectSettled(course);
    seenIn(course, seen);
  };
  fc.assert(fc.property(fc.noBias(fc.integer()), run), { numRuns: RUNS, endOnFailure: true });
  const all = ENDINGS.flatMap((ending) => [`TERMS ${ending}`, `CARD ${ending}`]);
  const rare = ['rest', 'split', 'PartCaptured', 'RestReleased', 'DeclinedPartReduced', 'ShipmentExpected'];
  expect([...all, ...rare].filter((each) => !seen.has(each))).toEqual([]);
});

const LIVES: readonly Ways[] = [
  { dies: true, capturesOnce: false, declinesRenewals: false },
  { dies: true, capturesOnce: false, declinesRenewals: true },
  { dies: false, capturesOnce: true, declinesRenewals: false },
  { dies: true, capturesOnce: true, declinesRenewals: true },
];

it('takes what left once, also where authorisations die, end with a capture, and are renewed', () => {
  const seen = new Set<string>();
  const run = (seed: number) => {
    const random = randomOf(seed);
    const story: Story = { ...someStory(random, random.pick(LIVES)), method: 'CARD' };
    const course = live(story, random, expectWithinLimits);
    expectSettled(course);
    seenIn(course, seen);
  };
  fc.assert(fc.property(fc.noBias(fc.integer()), run), { numRuns: LONG_RUNS, endOnFailure: true });
  const all = ENDINGS.map((ending) => `CARD ${ending}`);
  const rare = [
    'moved',
    'again',
    'AuthorisationEnded',
    'AuthorisationRenewed',
    'RenewalDeclined',
    'RenewalWanted',
    'PaymentResumed',
  ];
  expect([...all, ...rare].filter((each) => !seen.has(each))).toEqual([]);
});

const GIVEN_UP: readonly Ways[] = [
  { dies: false, capturesOnce: false, declinesRenewals: false, givesUp: true },
  { dies: true, capturesOnce: false, declinesRenewals: true, givesUp: true },
  { dies: true, capturesOnce: true, declinesRenewals: true, givesUp: true },
];

it('takes what left once or leaves it given up, whatever a person gives up', () => {
  const seen = new Set<string>();
  const run = (seed: number) => {
    const random = randomOf(seed);
    const story: Story = { ...someStory(random, random.pick(GIVEN_UP)), method: 'CARD' };
    const course = live(story, random, keepsWhatIsHeld());
    expectSettled(course);
    seenIn(course, seen);
  };
  fc.assert(fc.property(fc.noBias(fc.integer()), run), { numRuns: LONG_RUNS, endOnFailure: true });
  const rare = ['PartGivenUp', 'RestGivenUp', 'RenewalGivenUp', 'ReleaseGivenUp', 'PaymentDeclined'];
  rare.push('gave up capture', 'did not give up capture', 'did not give up authorise');
  expect([...rare, 'PartCaptured'].filter((each) => !seen.has(each))).toEqual([]);
});
