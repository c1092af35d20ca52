// Authorisations die, and some end with their first capture: what is still to be taken is asked for again on the same card.
import { evolve } from './evolve.ts';
import { freeOf, openFrom } from './free.ts';
import type { HeldCall } from './held-call.ts';
import { heldFact, isHeldCall, resumed } from './holds.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import type { RenewalCommand } from './renewal.ts';
import { capturedFrom, dueOf, isOpenPart, partsOf } from './shipment.ts';
import { isRenewal, RENEWAL_FIRST, type Wave } from './wave.ts';

/** Renewals of one order: one for each of many shipments, where a provider captures once. Beyond them a person decides. */
const RENEWALS_MAX = 1_000;
const RENEWED_TOO_OFTEN = 'renewed too often';
/**
 * Renewals in a row that had died when they were heard of, and are asked for again by themselves: an answer is lost now and then, and
 * hardly four times on end. Each is asked for in the decision that heard of the last, so that without an end nothing would pause.
 */
const ASKED_AGAIN_MAX = 3;
const DIED_UNHEARD = 'expired before it was heard of';
/**
 * Authorisations in a row that stood and ended untouched: one dies now and then before it is used, and where ten do, something
 * is wrong with the card or its provider, and every further one is another line on the statement of the card's owner.
 */
const ENDED_IN_A_ROW_MAX = 10;

function isRenewing({ waves }: PaymentState, { wave }: Wave): boolean {
  return waves.some(({ renews, stage }) => renews === wave && stage === 'REQUESTED');
}

/** What shipments wait to be captured from an authorisation. */
function waitingMinor({ shipments }: PaymentState): number {
  return shipments.reduce((sum, each) => (each.state === 'WAITING' ? sum + dueOf(each) : sum), 0);
}

/**
 * What a renewal of this wave has to be good for. Of a closed order only what left is taken, and a standing authorisation is good
 * for that.
 */
export function wantedMinor(state: PaymentState, wave: Wave): number {
  if (state.method !== 'CARD' || wave.stage !== 'AUTHORISED' || wave.renewalGivenUp) return 0;
  const free = Math.max(0, freeOf(state, wave));
  const open = wave.ended ? openFrom(state, wave) : 0;
  if (state.closed) return wave.ended ? open + Math.min(free, waitingMinor(state)) : 0;
  return free + open;
}

/** True for a wave whose money is still needed: asked for now, it would be taken or wait to be. */
export function isWanted(state: PaymentState, { renews }: Wave): boolean {
  if (renews === null) return !state.closed;
  const old = state.waves.find(({ wave }) => wave === renews);
  return old !== undefined && wantedMinor(state, old) > 0;
}

/** True while an authorisation that ended leaves something to be taken that no other is there for. */
export function awaitsRenewal(state: PaymentState): boolean {
  return state.waves.some(
    (wave) =>
      wave.stage === 'AUTHORISED' &&
      wave.ended &&
      !wave.renewalGivenUp &&
      freeOf(state, wave) + openFrom(state, wave) > 0,
  );
}

function renewalsOf({ waves }: PaymentState): number {
  return waves.filter(isRenewal).length;
}

/** How many ended with nothing taken, up to this one, each the renewal of the one before: one that was used or renewed in time parts them. */
function endedInARow({ waves, shipments }: PaymentState, last: Wave): number {
  let count = 0;
  let at: Wave | undefined = last;
  while (at?.ended && capturedFrom(shipments, at.wave) === 0 && count < ENDED_IN_A_ROW_MAX) {
    const { renews }: Wave = at;
    count += 1;
    at = waves.find(({ wave }) => wave === renews);
  }
  return count;
}

/** True where the card may be asked again without a person. */
function mayAskByItself(state: PaymentState, wave: Wave): boolean {
  return renewalsOf(state) < RENEWALS_MAX && endedInARow(state, wave) < ENDED_IN_A_ROW_MAX;
}

/** True for an authorisation that nobody has tried to renew yet. */
export function mayBeRenewed(state: PaymentState, wave: Wave): boolean {
  const { stage, ended, renewedBy, renewalDeclined, renewalGivenUp } = wave;
  if (stage !== 'AUTHORISED' || ended || renewedBy !== null || renewalDeclined || renewalGivenUp)
    return false;
  return !isRenewing(state, wave) && freeOf(state, wave) > 0 && renewalsOf(state) < RENEWALS_MAX;
}

/** The hold of an authorisation that may be renewed no more by itself: no call of it is out. */
export function limitHold({ held }: PaymentState, { wave }: Wave): HeldCall | null {
  const isOfIt = ({ operation, instance, reason }: HeldCall) =>
    operation === 'authorise' && instance === String(wave) && reason === RENEWED_TOO_OFTEN;
  return held.find(isOfIt) ?? null;
}

function requested(state: PaymentState, wave: Wave, byPerson: boolean): PaymentEvent[] {
  const amountMinor = wantedMinor(state, wave);
  if (amountMinor === 0 || isRenewing(state, wave)) return [];
  if (byPerson || mayAskByItself(state, wave)) {
    const data = { wave: RENEWAL_FIRST + renewalsOf(state), renews: wave.wave, amountMinor };
    return [{ type: 'RenewalRequested', data }];
  }
  const call = { operation: 'authorise', instance: String(wave.wave) } as const;
  return isHeldCall(state, call) ? [] : [heldFact(state, call, RENEWED_TOO_OFTEN)];
}

/** Asks for the first of the waves that `isMeant` tells; one after the other, as each has a number of its own. */
function requestedFor(
  before: PaymentState,
  isMeant: (state: PaymentState, wave: Wave) => boolean,
  byPerson = false,
): PaymentEvent[] {
  const events: PaymentEvent[] = [];
  let state = before;
  for (const wave of before.waves) {
    if (!isMeant(state, wave)) continue;
    const more = requested(state, wave, byPerson);
    events.push(...more);
    state = more.reduce(evolve, state);
  }
  return events;
}

/**
 * Asks again for what dies by `before`, once for each authorisation. A young one is left alone: where all die sooner than that, each
 * would be renewed as soon as it stands.
 */
export function renewedBefore(
  state: PaymentState,
  { before, young = [] }: Extract<RenewalCommand, { type: 'RenewAuthorisation' }>['data'],
): PaymentEvent[] {
  if (state.closed) return [];
  const dies = (at: PaymentState, wave: Wave) =>
    wave.expiresAt !== null &&
    wave.expiresAt <= before &&
    !young.includes(wave.wave) &&
    mayBeRenewed(at, wave);
  return requestedFor(state, dies);
}

/** Asks again for what authorisations that ended leave to be taken. */
export function renewedAfterEnd(state: PaymentState): PaymentEvent[] {
  return requestedFor(state, (_at, wave) => wave.ended && !wave.renewalDeclined);
}

/** A declined renewal needs no person any more; where it is wanted again, the card is asked under another number. */
function letGo(state: PaymentState, { wave, renews }: Wave): PaymentEvent[] {
  const end = resumed(state, { operation: 'authorise', instance: String(wave) });
  const old = state.waves.find((each) => each.wave === renews);
  return old?.renewalDeclined ? [end, { type: 'RenewalWanted', data: { wave: old.wave } }] : [end];
}

/** Lets the card be asked once more, as a person says that the cause of the last decline is gone. */
export function renewedByPerson(state: PaymentState, declined: Wave): PaymentEvent[] {
  const wanted = letGo(state, declined);
  const now = wanted.reduce(evolve, state);
  return [...wanted, ...requestedFor(now, (_at, { wave }) => wave === declined.renews, true)];
}

/** Lets the card be asked once more than it is by itself; null where nothing waits for that. */
export function renewedPastLimit(state: PaymentState, instance: string): PaymentEvent[] | null {
  const wave = state.waves.find((each) => String(each.wave) === instance);
  const call = wave === undefined ? null : limitHold(state, wave);
  if (call === null) return null;
  const end = resumed(state, call);
  return [end, ...requestedFor(evolve(state, end), (_at, each) => each === wave, true)];
}

/** Shipments whose open part of an authorisation that ended fits into the new one, in their order, and what they take. */
function movable({ shipments }: PaymentState, old: Wave, roomMinor: number) {
  const moved: { shipmentId: string; amountMinor: number }[] = [];
  let left = roomMinor;
  for (const shipment of old.ended ? shipments : []) {
    const part = partsOf(shipment).find((each) => isOpenPart(each, old.wave));
    if (part === undefined || part.amountMinor > left) continue;
    left -= part.amountMinor;
    moved.push({ shipmentId: shipment.shipmentId, amountMinor: part.amountMinor });
  }
  return { shipmentIds: moved.map(({ shipmentId }) => shipmentId), left };
}

/** The card's new authorisation stands: what is left of the old one to be taken is the new one's, in one step. */
export function renewal(state: PaymentState, fresh: Wave): PaymentEvent {
  const old = state.waves.find(({ wave }) => wave === fresh.renews);
  const { wave, reservedMinor } = fresh;
  if (old === undefined || !isWanted(state, fresh))
    return { type: 'CardVoidRequested', data: { wave, authorisedMinor: reservedMinor } };
  const { shipmentIds, left } = movable(state, old, reservedMinor);
  const free = Math.min(left, Math.max(0, freeOf(state, old)));
  const amountMinor = reservedMinor - left + free;
  return { type: 'AuthorisationRenewed', data: { wave, amountMinor, shipmentIds } };
}

/** The old one stands until it dies; who may ask again is a person. Where it is not needed any more nobody is troubled. */
export function renewalDeclined(state: PaymentState, fresh: Wave, reason: string): PaymentEvent[] {
  const { wave } = fresh;
  if (!isWanted(state, fresh)) return [{ type: 'NothingAuthorised', data: { wave } }];
  const call = { operation: 'authorise', instance: String(wave) } as const;
  return [{ type: 'RenewalDeclined', data: { wave, reason } }, heldFact(state, call, reason)];
}

/** Renewals of the same authorisation before this one that came to nothing, with no decline and nothing that stood between them. */
function diedBefore({ waves }: PaymentState, { wave, renews }: Wave): number {
  const others = waves.filter((each) => each.renews === renews && each.wave !== wave);
  const lastOther = others.findLastIndex((each) => each.stage !== 'VOIDED' || each.authorisedMinor > 0);
  return others.length - 1 - lastOther;
}

/**
 * A renewal that had died when it was heard of holds nothing, and what it was for is asked for anew as long as it is needed; where that
 * goes on, it counts as declined.
 */
export function renewalDied(state: PaymentState, fresh: Wave): PaymentEvent[] {
  if (diedBefore(state, fresh) >= ASKED_AGAIN_MAX) return renewalDeclined(state, fresh, DIED_UNHEARD);
  return [{ type: 'NothingAuthorised', data: { wave: fresh.wave } }];
}

/** Renewals that wait for a person, and that are not needed any more: all that there was to take is taken or given up. */
export function renewalsGivenUp(state: PaymentState): PaymentEvent[] {
  return state.waves.flatMap((wave): PaymentEvent[] => {
    const call = { operation: 'authorise', instance: String(wave.wave) } as const;
    const limited = limitHold(state, wave);
    if (limited !== null) return wantedMinor(state, wave) > 0 ? [] : [resumed(state, limited)];
    const waits = isRenewal(wave) && wave.stage === 'DECLINED' && isHeldCall(state, call);
    if (!waits || isWanted(state, wave)) return [];
    const old = state.waves.find((each) => each.wave === wave.renews && each.stage === 'AUTHORISED');
    return old !== undefined && openFrom(state, old) > 0 ? [] : letGo(state, wave);
  });
}

/** Goes back by itself: what is left of an authorisation whose renewal stands, once nothing is being taken from it. */
export function superseded(state: PaymentState, wave: Wave): boolean {
  if (wave.stage !== 'AUTHORISED' || wave.renewedBy === null || openFrom(state, wave) > 0) return false;
  return wave.ended || wave.authorisedMinor > capturedFrom(state.shipments, wave.wave);
}
