import { captured } from './captures.ts';
import { type CreditAccount, refuseCredit } from './credit.ts';
import { evolve, isUnsettled } from './evolve.ts';
import { freeOf } from './free.ts';
import { retriedAsOvertaken } from './holds.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { awaitsRenewal, renewalsGivenUp, renewedAfterEnd, superseded } from './renewals.ts';
import { capturedFrom, isOver } from './shipment.ts';
import { exposureOf, mayGrow, securedMinor } from './status.ts';
import { declinedRoom, forWave, restOf, type Wave } from './wave.ts';

/** The partner's credit before a decision, and what the order weighed on it then. */
type Standing = Readonly<{ credit: CreditAccount | null; weightMinor: number }>;

function secureOnTerms(state: PaymentState, wave: Wave, { credit, weightMinor }: Standing): PaymentEvent {
  const data = { ...forWave(wave.wave), amountMinor: wave.reservedMinor };
  const authorised: PaymentEvent = { type: 'PaymentAuthorised', data };
  const now = exposureOf(state);
  const more = exposureOf(evolve(state, authorised)) - now;
  const account =
    credit === null ? null : { ...credit, exposureMinor: credit.exposureMinor + now - weightMinor };
  const reason = refuseCredit(account, state.currencyCode ?? '', more);
  return reason === null ? authorised : { type: 'PaymentDeclined', data: { ...data, reason } };
}

/**
 * A wave worth nothing asks nobody. Without a token the card cannot be asked again, as where units broke that were paid for:
 * what was given back of authorisations that stand pays for them after all.
 */
function secureByCard(state: PaymentState, { wave, reservedMinor: amountMinor }: Wave): PaymentEvent {
  const data = { ...forWave(wave), amountMinor };
  if (amountMinor === 0) return { type: 'PaymentAuthorised', data };
  const rest = state.waves.reduce((sum, each) => sum + restOf(each), 0);
  return state.sealedCardToken === null && rest >= amountMinor
    ? { type: 'PaymentAuthorised', data: { ...data, isRest: true } }
    : { type: 'CardAuthorisationRequested', data: forWave(wave) };
}

/** Fires for each wave once the order is known too. */
function secured(before: PaymentState, standing: Standing): PaymentEvent[] {
  if (before.closed || before.method === null) return [];
  const events: PaymentEvent[] = [];
  let state = before;
  for (const wave of before.waves) {
    if (wave.stage !== 'OPEN') continue;
    const event = state.method === 'TERMS' ? secureOnTerms(state, wave, standing) : secureByCard(state, wave);
    events.push(event);
    state = evolve(state, event);
  }
  return events;
}

/**
 * Tells what will not be taken, each reduction once and as a whole. Of a declined wave nothing was promised, so its share is
 * told to nobody. While a wave is without an answer it cannot be known whose share is meant; what a closed order gives back
 * is told when it is voided.
 */
function reduced(before: PaymentState): PaymentEvent[] {
  if (before.reductions.length === 0 || before.closed) return [];
  if (before.waves.some((wave) => isUnsettled(before, wave))) return [];
  const events: PaymentEvent[] = [];
  let state = before;
  const note = (event: PaymentEvent) => {
    events.push(event);
    state = evolve(state, event);
  };
  for (const { version, valueMinor, cause } of before.reductions) {
    const declined = state.waves.reduce((sum, wave) => sum + declinedRoom(wave), 0);
    const unpromised = Math.min(declined, valueMinor);
    if (unpromised > 0) note({ type: 'DeclinedPartReduced', data: { amountMinor: unpromised } });
    const amountMinor = valueMinor - unpromised;
    if (amountMinor === 0) continue;
    const free = state.waves.reduce((sum, wave) => sum + Math.max(0, freeOf(state, wave)), 0);
    if (amountMinor > free) break;
    note({ type: 'PaymentReduced', data: { amountMinor, cause, version } });
  }
  return events;
}

/** Nothing more can come and be taken: all that was not given back left and was taken. */
function isTakenWhole(state: PaymentState): boolean {
  if (mayGrow(state) || state.reductions.length > 0) return false;
  if (!state.shipments.every(isOver)) return false;
  return state.waves.every((wave) => freeOf(state, wave) <= 0);
}

/** Gives an authorisation back; of one that ended the provider holds nothing any more. */
function givenBack({ shipments }: PaymentState, wave: Wave): PaymentEvent[] {
  const { wave: number, authorisedMinor, reducedMinor } = wave;
  if (wave.ended) {
    const amountMinor = authorisedMinor - reducedMinor - capturedFrom(shipments, number);
    return amountMinor > 0
      ? [{ type: 'PaymentVoided', data: { ...forWave(number), amountMinor } }]
      : [{ type: 'RestReleased', data: forWave(number) }];
  }
  return authorisedMinor > capturedFrom(shipments, number)
    ? [{ type: 'CardVoidRequested', data: { ...forWave(number), authorisedMinor } }]
    : [];
}

function isLeaving(state: PaymentState): boolean {
  const waits = awaitsRenewal(state);
  return state.shipments.some(
    ({ state: is }) => is === 'REQUESTED' || is === 'EXPECTED' || (is === 'WAITING' && waits),
  );
}

/**
 * Gives up what a closed order no longer needs, or an order of which all was taken, and only after what left is taken; and at
 * any time what a renewal has taken the place of.
 */
function released(state: PaymentState): PaymentEvent[] {
  const leaves = isLeaving(state);
  if (state.method === 'TERMS') {
    const rest = securedMinor(state) - state.capturedMinor;
    const ends = state.closed && !leaves && rest > 0;
    return ends ? [{ type: 'PaymentVoided', data: { amountMinor: rest } }] : [];
  }
  const isOver = state.closed ? !leaves : isTakenWhole(state);
  return state.waves.flatMap((wave) =>
    (isOver && wave.stage === 'AUTHORISED') || superseded(state, wave) ? givenBack(state, wave) : [],
  );
}

/** The events, and whatever follows from them, in order. */
export function withConsequences(
  before: PaymentState,
  first: readonly PaymentEvent[],
  credit: CreditAccount | null = null,
): PaymentEvent[] {
  const events = [...first];
  const standing = { credit, weightMinor: exposureOf(before) };
  let state = first.reduce(evolve, before);
  const ofOthers = [reduced, captured, renewedAfterEnd, released, renewalsGivenUp, retriedAsOvertaken];
  for (const consequence of [(at: PaymentState) => secured(at, standing), ...ofOthers]) {
    const more = consequence(state);
    events.push(...more);
    state = more.reduce(evolve, state);
  }
  return events;
}
