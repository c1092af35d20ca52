import { isUnsettled } from './evolve.ts';
import type { PaymentState } from './payment.ts';
import { capturedFrom } from './shipment.ts';
import { isRenewal, type Stage, securedOf } from './wave.ts';

/** The status that the API shows. */
export type PaymentStatus =
  | 'PENDING'
  | 'AUTHORISED'
  | 'DECLINED'
  | 'UNKNOWN'
  | 'PARTIALLY_CAPTURED'
  | 'CAPTURED'
  | 'VOIDED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED';

/** What all waves together have secured, taken or not. */
export function securedMinor({ waves, shipments }: PaymentState): number {
  return waves.reduce((sum, wave) => {
    const isRenewed = wave.renewedBy !== null && wave.stage !== 'AUTHORISED';
    return sum + (isRenewed ? capturedFrom(shipments, wave.wave) : securedOf(wave));
  }, 0);
}

/**
 * What the order weighs on its partner's credit: what is reserved while it stands, at least what was shipped, less what was
 * credited since. A refund makes it fall whether or not the partner has paid: what was paid too much stands to its credit.
 */
export function exposureOf(state: PaymentState): number {
  if (state.method !== 'TERMS') return 0;
  return Math.max(securedMinor(state), state.capturedMinor) - state.refundedMinor;
}

/** More may be secured: for what was reserved, or for what waits. */
export function mayGrow(state: PaymentState): boolean {
  if (state.closed) return false;
  return state.waitingUnits > 0 || state.waves.some((wave) => isUnsettled(state, wave));
}

/** Ordered by how much it says of an order: the stage of all waves together is the first that one of them is in. */
const TELLING: readonly Stage[] = ['AUTHORISED', 'VOIDING', 'REQUESTED', 'OPEN', 'VOIDED', 'DECLINED'];

export function stageOf({ waves }: PaymentState): Stage {
  return TELLING.find((stage) => waves.some((wave) => wave.stage === stage)) ?? 'OPEN';
}

/**
 * What is secured or was taken of all waves, without what will not be taken; where nothing stands any more, what stood before
 * it was given up.
 */
export function authorisedMinor({ waves, shipments }: PaymentState): number {
  const stands = waves.some(({ stage }) => stage === 'AUTHORISED' || stage === 'VOIDING');
  return waves.reduce((sum, { wave, stage, authorisedMinor: authorised, reducedMinor }) => {
    if (stage === 'DECLINED') return sum;
    return sum + (stage === 'VOIDED' && stands ? capturedFrom(shipments, wave) : authorised - reducedMinor);
  }, 0);
}

/** Null while nothing was reserved. */
export function reservedMinor({ waves }: PaymentState): number | null {
  if (waves.length === 0) return null;
  return waves.reduce((sum, wave) => sum + (isRenewal(wave) ? 0 : wave.reservedMinor), 0);
}

/** All that was ever secured was given back, and it was not nothing. */
function isGivenBack(state: PaymentState): boolean {
  return (
    authorisedMinor(state) === 0 &&
    state.waves.some((wave) => wave.stage !== 'DECLINED' && wave.reducedMinor > 0)
  );
}

/**
 * A refund tells more than that not all is taken yet: captured and authorised still show what is to come, and nothing else
 * would show on a list of payments that money went back. REFUNDED is final: nothing was kept, and nothing more will be taken.
 */
function takenStatus(state: PaymentState): PaymentStatus {
  const takesMore = mayGrow(state) || securedMinor(state) > state.capturedMinor;
  if (state.refundedMinor === 0) return takesMore ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
  return takesMore || state.refundedMinor < state.capturedMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}

export function statusOf(state: PaymentState): PaymentStatus {
  if (state.outcomeUnknown) return 'UNKNOWN';
  if (state.capturedMinor > 0) return takenStatus(state);
  const stage = stageOf(state);
  switch (stage) {
    case 'AUTHORISED':
    case 'VOIDING':
      if (!isGivenBack(state)) return 'AUTHORISED';
      return mayGrow(state) ? 'PENDING' : 'VOIDED';
    case 'OPEN':
      return state.closed ? 'VOIDED' : 'PENDING';
    case 'REQUESTED':
      return 'PENDING';
    default:
      return stage;
  }
}
