// An order whose stock comes in waves, as its four subgraphs and a card's provider live it: facts of one source keep their order
// and come late or twice, a fact that answers one of ours follows it, and the provider answers whenever it likes.
import type { Random } from '@crossdock/testing';
import { type CardCall, callsOf, providerKey, subjectOf } from '../src/domain/card-calls.ts';
import { decide } from '../src/domain/decide.ts';
import { evolve } from '../src/domain/evolve.ts';
import {
  initialPayment,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
} from '../src/domain/payment.ts';
import { firstExpiry } from '../src/store/payment-rows.ts';
import { actAsPerson, type Letters, leaveToPerson, type PersonsDesk, parkLetters } from './story-person.ts';
import { openStoryProvider, type StoryProvider, type Ways } from './story-provider.ts';

/** How an order ends: all of it leaves or is given back, or it is cancelled before its confirmation or when the rest waits. */
export const ENDINGS = ['LEFT', 'CANCELLED_EARLY', 'CANCELLED_WAITING'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What is reserved in one wave, what of it is given back, and as how many shipments the rest leaves. */
type WavePlan = Readonly<{
  valueMinor: number;
  givenBackMinor: number;
  shipments: number;
  declined: boolean;
  /** What is given back was lost, waits for receipts again, and is the next wave. */
  breaks: boolean;
}>;

export type Story = Readonly<{
  method: 'TERMS' | 'CARD';
  ending: Ending;
  waves: readonly WavePlan[];
  ways: Ways;
}>;

/** A provider that holds what it authorised until it is taken or released. */
const PATIENT: Ways = { dies: false, capturesOnce: false, declinesRenewals: false };

function somePlan(random: Random, index: number): WavePlan {
  const valueMinor = 1 + random.below(1_000);
  const givenBackMinor = random.chance(0.5) ? random.below(valueMinor + 1) : 0;
  const declined = index > 0 && random.chance(0.2);
  return { valueMinor, givenBackMinor, shipments: 1 + random.below(3), declined, breaks: false };
}

export function someStory(random: Random, ways: Ways = PATIENT): Story {
  const method = random.chance(0.6) ? 'CARD' : 'TERMS';
  const ending = random.pick(ENDINGS);
  const waves = Array.from({ length: 1 + random.below(3) }, (_, index) => somePlan(random, index));
  const last = waves.pop();
  if (last === undefined) throw new Error('An order has a wave');
  const breaks = last.givenBackMinor > 0 && random.chance(0.5);
  const declined = last.declined && random.chance(0.5);
  const again = { ...last, valueMinor: last.givenBackMinor, givenBackMinor: 0, declined };
  const all = [...waves, { ...last, breaks }, ...(breaks ? [again] : [])];
  return { method, ending, waves: all, ways };
}

type Source = 'orders' | 'inventory' | 'fulfillment';
type Said = Readonly<{ source: Source; command: PaymentCommand }>;

export type Course = {
  readonly story: Story;
  readonly events: PaymentEvent[];
  readonly calls: CardCall[];
  readonly keys: string[];
  state: PaymentState;
  /** Of shipments that were confirmed, also if not heard of yet. */
  leftMinor: number;
  readonly provider: StoryProvider;
  readonly letters: Letters;
};

type Stage = {
  readonly course: Course;
  readonly random: Random;
  readonly unheard: Record<Source, PaymentCommand[]>;
  readonly heard: PaymentCommand[];
  readonly open: CardCall[];
  /** Calls that wait for a person and are not made meanwhile. */
  readonly waiting: CardCall[];
  /** What of each wave is still claimed, by inventory's books. */
  readonly claims: Map<number, number>;
  /** Waves of which what their plan gives back was given back. */
  readonly lessened: Set<number>;
  version: number;
  shipment: number;
  reserved: number;
  sweeps: number;
  cancelled: boolean;
};

/** More than any of these orders needs. */
const STEPS_MAX = 2_000;
const UNITS_WAITING = 5;
/** Of what was renewed, the renewal dies as well. */
const SWEEPS_MAX = 4;
const AMPLE = { currencyCode: 'GBP', limitMinor: 1_000_000, exposureMinor: 0, limitSet: true };
const NONE = { ...AMPLE, limitMinor: 0 };

function say({ unheard }: Stage, { source, command }: Said): void {
  unheard[source].push(command);
}

function saysReduction(stage: Stage, wave: number, valueMinor: number, waitingDelta = 0): void {
  stage.claims.set(wave, (stage.claims.get(wave) ?? 0) - valueMinor);
  stage.version += 1;
  const data = { version: stage.version, valueMinor, cause: 'cancelled', waitingDelta };
  say(stage, { source: 'inventory', command: { type: 'NoteReduction', data } });
}

/** Inventory gives back what the plan says, if that is still claimed. */
function lessens(stage: Stage, wave: number): void {
  const plan = stage.course.story.waves[wave - 1];
  if (plan === undefined || stage.lessened.has(wave)) return;
  stage.lessened.add(wave);
  const valueMinor = Math.min(plan.givenBackMinor, stage.claims.get(wave) ?? 0);
  if (valueMinor > 0) saysReduction(stage, wave, valueMinor, plan.breaks ? UNITS_WAITING : 0);
}

/** Inventory reserves the next wave. */
function saysWave(stage: Stage): void {
  const { waves, ending } = stage.course.story;
  const plan = waves[stage.reserved];
  if (plan === undefined) return;
  stage.reserved += 1;
  stage.version += 1;
  const wave = stage.reserved;
  stage.claims.set(wave, plan.valueMinor);
  const more = (wave < waves.length && !plan.breaks) || ending === 'CANCELLED_WAITING';
  const waiting = { units: more ? UNITS_WAITING : 0, version: stage.version };
  const data = { wave, reservedMinor: plan.valueMinor, waiting, credit: plan.declined ? NONE : AMPLE };
  say(stage, { source: 'inventory', command: { type: 'NoteReservation', data } });
  if (stage.random.chance(0.5)) lessens(stage, wave);
}

/** Fulfillment ships what is claimed of a wave that is paid for; orders tells of it too. */
function ships(stage: Stage, wave: number): void {
  lessens(stage, wave);
  const shipments = stage.course.story.waves[wave - 1]?.shipments ?? 1;
  let left = stage.claims.get(wave) ?? 0;
  stage.claims.set(wave, 0);
  for (let index = shipments; index > 0 && left > 0; index -= 1) {
    const valueMinor = index === 1 ? left : 1 + stage.random.below(left);
    left -= valueMinor;
    stage.shipment += 1;
    stage.course.leftMinor += valueMinor;
    const shipmentId = `s${stage.shipment}`;
    const data = { shipmentId, valueMinor, currencyCode: 'GBP' };
    say(stage, { source: 'fulfillment', command: { type: 'NoteShipment', data } });
    say(stage, { source: 'orders', command: { type: 'ExpectShipment', data: { shipmentId } } });
  }
}

function cancels(stage: Stage): void {
  if (stage.cancelled) return;
  stage.cancelled = true;
  say(stage, { source: 'orders', command: { type: 'CloseOrder', data: {} } });
  if (stage.random.chance(0.5)) return;
  for (const [wave, valueMinor] of stage.claims) if (valueMinor > 0) saysReduction(stage, wave, valueMinor);
}

/** What the others do about what we said. */
function react(stage: Stage, event: PaymentEvent): void {
  const { story } = stage.course;
  if (event.type === 'PaymentDeclined') {
    const { wave = 1 } = event.data;
    // What did not break before it is given back does not come again.
    if (story.waves[wave - 1]?.breaks && !stage.lessened.has(wave)) stage.reserved = story.waves.length;
    stage.lessened.add(wave);
    saysReduction(stage, wave, stage.claims.get(wave) ?? 0);
  }
  if (event.type !== 'PaymentAuthorised' || stage.cancelled || story.ending === 'CANCELLED_EARLY') return;
  ships(stage, event.data.wave ?? 1);
  // Orders may know of no more than the first wave yet, while another is being paid for.
  if (story.ending === 'CANCELLED_WAITING' && (event.data.wave ?? 1) >= story.waves.length - 1)
    cancels(stage);
}

function decideOne(stage: Stage, command: PaymentCommand): void {
  const { course } = stage;
  const events = decide(command, course.state);
  course.state = events.reduce(evolve, course.state);
  course.events.push(...events);
  const calls = callsOf('o', events);
  course.calls.push(...calls);
  course.keys.push(...calls.map(providerKey));
  stage.open.push(...calls);
  parkLetters(course.letters, events);
  const isSame = (call: CardCall, { operation, instance }: Pick<CardCall, 'operation' | 'instance'>) =>
    call.operation === operation && call.instance === instance;
  for (const event of events) {
    react(stage, event);
    if (event.type !== 'HeldCallRetried' && event.type !== 'HeldCallGivenUp') continue;
    const index = stage.waiting.findIndex((call) => isSame(call, event.data));
    const [call] = index === -1 ? [] : stage.waiting.splice(index, 1);
    if (call !== undefined && event.type === 'HeldCallRetried') stage.open.push(call);
  }
}

/** The provider answers a call; sometimes its answer is lost on the way, and sometimes it comes twice. */
function answers(stage: Stage): void {
  const { random, open, course } = stage;
  const [call] = open.splice(random.below(open.length), 1);
  if (call === undefined) return;
  const { wave, shipmentId } = subjectOf(call);
  const isDeclined = shipmentId === null && course.story.waves[wave - 1]?.declined === true;
  const isSent = random.chance(0.9);
  const answer = isSent ? course.provider.answer(call, course.state, isDeclined) : null;
  if (!isSent || random.chance(0.2)) {
    open.push(call);
    return decideOne(stage, { type: 'RecordOutcomeUnknown', data: {} });
  }
  if (answer !== null) decideOne(stage, answer);
  if (answer !== null && random.chance(0.2)) decideOne(stage, answer);
  decideOne(stage, { type: 'RecordCallEnded', data: { operation: call.operation, instance: call.instance } });
}

/** The sweeper looks for what dies. */
function sweeps(stage: Stage): void {
  stage.sweeps += 1;
  decideOne(stage, { type: 'RenewAuthorisation', data: { before: '9' } });
}

function personsDesk({ course, random, open, waiting }: Stage): PersonsDesk {
  const { state, provider, letters, story } = course;
  return { state, provider, random, open, waiting, letters, givesUp: story.ways.givesUp === true };
}

function hears(stage: Stage, source: Source): void {
  const command = stage.unheard[source].shift();
  if (command === undefined) return;
  stage.heard.push(command);
  decideOne(stage, command);
  if (stage.random.chance(0.3)) decideOne(stage, stage.random.pick(stage.heard));
}

function stepsOf(stage: Stage): (() => void)[] {
  const { course, unheard, open } = stage;
  const sources = (['orders', 'inventory', 'fulfillment'] as const).filter(
    (each) => unheard[each].length > 0,
  );
  const steps = sources.map((source) => () => hears(stage, source));
  if (open.length > 0) steps.push(() => answers(stage));
  const decide1 = (command: PaymentCommand) => decideOne(stage, command);
  if (open.length > 0 && course.story.ways.givesUp)
    steps.push(() => leaveToPerson(personsDesk(stage), decide1));
  if (course.letters.parked.length > 0) steps.push(() => actAsPerson(personsDesk(stage), decide1));
  if (firstExpiry(course.state) !== null && stage.sweeps < SWEEPS_MAX) steps.push(() => sweeps(stage));
  if (steps.length > 0 && course.provider.mayKill()) steps.push(course.provider.kill);
  const { waves } = course.story;
  const broke = waves[stage.reserved - 1]?.breaks !== true || stage.lessened.has(stage.reserved);
  if (stage.reserved < waves.length && broke && !stage.cancelled) steps.push(() => saysWave(stage));
  if (course.story.ending === 'CANCELLED_EARLY' && !stage.cancelled) steps.push(() => cancels(stage));
  // Whatever was declined, somebody loses patience with what waits.
  const idle = steps.length === 0 && course.story.ending === 'CANCELLED_WAITING' && !stage.cancelled;
  return idle ? [() => cancels(stage)] : steps;
}

/** Lets a story happen in an order drawn at random, to its end; `look` sees every state on the way. */
export function live(story: Story, random: Random, look: (course: Course) => void): Course {
  const course: Course = {
    ...{
      story,
      events: [],
      calls: [],
      keys: [],
      state: initialPayment,
      leftMinor: 0,
      provider: openStoryProvider(story.ways, random),
      letters: { parked: [], givenUp: [], refused: [] },
    },
  };
  const stage: Stage = {
    ...{
      course,
      random,
      heard: [],
      open: [],
      waiting: [],
      claims: new Map(),
      lessened: new Set(),
      version: 0,
      shipment: 0,
      reserved: 0,
      sweeps: 0,
    },
    ...{ unheard: { orders: [], inventory: [], fulfillment: [] }, cancelled: false },
  };
  const { method } = story;
  const sealedCardToken = method === 'CARD' ? 'sealed' : null;
  const order = { method, currencyCode: 'GBP', totalMinor: 1, sealedCardToken, credit: AMPLE };
  say(stage, { source: 'orders', command: { type: 'NoteOrder', data: order } });
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const steps = stepsOf(stage);
    if (steps.length === 0) return course;
    random.pick(steps)();
    look(course);
  }
  throw new Error('The order never came to an end');
}
