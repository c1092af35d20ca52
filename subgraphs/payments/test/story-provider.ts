// A card's provider as an order's story meets it: it executes each call once, however often its answer is lost, lets authorisations die,
// may end one with its first capture, and declines some renewals.
import type { Random } from '@crossdock/testing';
import { type CardCall, subjectOf } from '../src/domain/card-calls.ts';
import type { PaymentCommand, PaymentState } from '../src/domain/payment.ts';
import { isWanted } from '../src/domain/renewals.ts';
import { isOpenPart, partsOf } from '../src/domain/shipment.ts';

/** What its provider does to a story's authorisations. */
export type Ways = Readonly<{
  dies: boolean;
  capturesOnce: boolean;
  declinesRenewals: boolean;
  /** Calls are left to a person, who may give them up. */
  givesUp?: true;
}>;

type Authorisation = {
  readonly amountMinor: number;
  readonly captured: Map<string, number>;
  status: 'LIVE' | 'ENDED' | 'VOIDED' | 'DECLINED';
};

export type StoryProvider = Readonly<{
  authorisations: ReadonlyMap<number, Authorisation>;
  /** Executes a call, or finds what it did before; null when nothing is left to do. */
  answer: (call: CardCall, state: PaymentState, isDeclined: boolean) => PaymentCommand | null;
  /** True for a call that did something already. */
  hasDone: (call: CardCall) => boolean;
  mayKill: () => boolean;
  /** One of the authorisations that live dies. */
  kill: () => void;
}>;

/** Deaths and declined renewals of one story: beyond them it comes to an end. */
const TROUBLES_MAX = 3;
const EXPIRES_AT = '2026-03-08T09:30:00.000Z';

const sumOf = (captured: ReadonlyMap<string, number>) =>
  [...captured.values()].reduce((sum, amountMinor) => sum + amountMinor, 0);

type Desk = Readonly<{
  ways: Ways;
  random: Random;
  authorisations: Map<number, Authorisation>;
  troubles: { deaths: number; declines: number };
}>;

function authorised(desk: Desk, { instance }: CardCall, state: PaymentState, isDeclined: boolean) {
  const { ways, random, authorisations, troubles } = desk;
  const number = Number(instance);
  const wave = state.waves.find((each) => each.wave === number);
  if (wave?.stage !== 'REQUESTED') return null;
  const known = authorisations.get(number);
  const isRenewal = wave.renews !== null;
  if (known === undefined && isRenewal && !isWanted(state, wave) && random.chance(0.5))
    return { type: 'RecordNothingAuthorised', data: { wave: number } } as const;
  const declines =
    isRenewal && ways.declinesRenewals && troubles.declines < TROUBLES_MAX && random.chance(0.5);
  const status = isDeclined || declines ? 'DECLINED' : 'LIVE';
  if (known === undefined && declines) troubles.declines += 1;
  const asked: Authorisation = known ?? { amountMinor: wave.reservedMinor, captured: new Map(), status };
  authorisations.set(number, asked);
  if (asked.status === 'DECLINED')
    return { type: 'RecordDeclined', data: { wave: number, reason: 'card_declined' } } as const;
  const expiresAt = ways.dies ? EXPIRES_AT : null;
  return { type: 'RecordAuthorised', data: { wave: number, expiresAt } } as const;
}

function captured(
  { ways, authorisations }: Desk,
  call: CardCall,
  state: PaymentState,
): PaymentCommand | null {
  const { wave, shipmentId } = subjectOf(call);
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  const part =
    shipment?.state === 'REQUESTED' ? partsOf(shipment).find((each) => isOpenPart(each, wave)) : undefined;
  const asked = authorisations.get(wave);
  if (shipment === undefined || part === undefined || asked === undefined) return null;
  if (state.waves.some((each) => each.wave === wave && each.ended)) return null;
  const taken: PaymentCommand = {
    type: 'RecordCaptured',
    data: { shipmentId: shipment.shipmentId, wave, ends: ways.capturesOnce },
  };
  if (asked.captured.has(call.instance)) return taken;
  if (asked.status !== 'LIVE')
    return { type: 'RecordAuthorisationEnded', data: { wave, taken: [...asked.captured.keys()] } };
  asked.captured.set(call.instance, part.amountMinor);
  if (sumOf(asked.captured) > asked.amountMinor) throw new Error(`More was taken of ${wave} than it is`);
  if (ways.capturesOnce) asked.status = 'ENDED';
  return taken;
}

function voided({ authorisations }: Desk, { instance }: CardCall): PaymentCommand {
  const wave = Number(instance);
  const asked = authorisations.get(wave);
  if (asked?.status === 'LIVE') asked.status = 'VOIDED';
  return { type: 'RecordVoided', data: { wave } };
}

export function openStoryProvider(ways: Ways, random: Random): StoryProvider {
  const desk: Desk = { ways, random, authorisations: new Map(), troubles: { deaths: 0, declines: 0 } };
  const { authorisations, troubles } = desk;
  const living = () => [...authorisations.values()].filter(({ status }) => status === 'LIVE');
  return {
    authorisations,
    answer: (call, state, isDeclined) => {
      if (call.operation === 'authorise') return authorised(desk, call, state, isDeclined);
      return call.operation === 'capture' ? captured(desk, call, state) : voided(desk, call);
    },
    hasDone: ({ operation, instance }) => {
      const asked = authorisations.get(subjectOf({ operation, instance }).wave);
      if (operation === 'authorise') return asked !== undefined;
      return operation === 'void' ? asked?.status === 'VOIDED' : asked?.captured.has(instance) === true;
    },
    mayKill: () => ways.dies && troubles.deaths < TROUBLES_MAX && living().length > 0,
    kill: () => {
      troubles.deaths += 1;
      random.pick(living()).status = 'ENDED';
    },
  };
}

/** What a provider still holds and nobody took or gave up to release: nothing, once an order has come to its end. */
export function heldAtEnd({ authorisations }: StoryProvider, givenUp: ReadonlySet<number>): number {
  return [...authorisations].reduce(
    (sum, [wave, { status, amountMinor, captured }]) =>
      status === 'LIVE' && !givenUp.has(wave) ? sum + amountMinor - sumOf(captured) : sum,
    0,
  );
}

/** All that a provider took. */
export function takenInAll({ authorisations }: StoryProvider): number {
  return [...authorisations.values()].reduce((sum, { captured }) => sum + sumOf(captured), 0);
}
