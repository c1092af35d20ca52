/** OPEN until the order's facts are complete; REQUESTED and VOIDING while the card's provider is asked. */
export const STAGES = ['OPEN', 'REQUESTED', 'AUTHORISED', 'DECLINED', 'VOIDING', 'VOIDED'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * The money for one of an order's reservations, counted from 1: an authorisation of its own, whose epoch the wave is. Amounts
 * are minor units.
 */
export type Wave = Readonly<{
  wave: number;
  reservedMinor: number;
  stage: Stage;
  /** What credit or the provider secured. */
  authorisedMinor: number;
  /** What of it will not be taken; of a declined wave, what of its reservation was given back since. */
  reducedMinor: number;
  declineReason: string | null;
  providerAuthorisationId: string | null;
  /** Whom it was asked of; null before any was, and for what was asked before providers had names. */
  provider: string | null;
  /** When the provider releases what is not taken (RFC 3339); null while that is not known. */
  expiresAt: string | null;
  /** The wave whose authorisation this one takes the place of; null for what was reserved. */
  renews: number | null;
  /** The renewal that all that was free of it moved to; what it still holds at the provider goes back. */
  renewedBy: number | null;
  /** The provider takes nothing of it any more, though something is not taken. */
  ended: boolean;
  /** Its last renewal was declined: a person decides whether the card is asked again. */
  renewalDeclined: boolean;
  /** A person gave its renewal up: the card is never asked again for it. */
  renewalGivenUp: boolean;
  /** A person gave up to have it released: the provider is not asked again, whatever it holds. */
  releaseGivenUp: boolean;
}>;

/** Renewals are numbered from here: far above an order's reservations, which both count from 1. */
export const RENEWAL_FIRST = 1_000_001;

export function isRenewal({ renews }: Wave): boolean {
  return renews !== null;
}

/** The reservation that a wave's money is for, however often it was renewed. */
export function rootOf(waves: readonly Pick<Wave, 'wave' | 'renews'>[], wave: number): number {
  let root = wave;
  // A renewal comes after what it renews, so that one way back passes all of them.
  for (const each of waves.toReversed()) if (each.wave === root) root = each.renews ?? root;
  return root;
}

/** True for a wave that renewed an earlier one, or a renewal of that. */
export function descendsFrom(
  waves: readonly Pick<Wave, 'wave' | 'renews'>[],
  wave: number,
  earlier: number,
): boolean {
  let at: number | null = wave;
  // As above, one way back passes all of them.
  for (const each of waves.toReversed()) if (each.wave === at && at !== earlier) at = each.renews;
  return at === earlier && wave !== earlier;
}

/** Names a wave where that is needed: nothing said of the first one names it. */
export type ForWave = Readonly<{ wave?: number }>;

export function forWave(wave: number): ForWave {
  return wave === 1 ? {} : { wave };
}

export function waveOf({ wave = 1 }: ForWave): number {
  return wave;
}

export function newWave(wave: number, reservedMinor: number): Wave {
  return {
    wave,
    reservedMinor,
    stage: 'OPEN',
    authorisedMinor: 0,
    reducedMinor: 0,
    declineReason: null,
    providerAuthorisationId: null,
    provider: null,
    expiresAt: null,
    ...{ renews: null, renewedBy: null, ended: false },
    ...{ renewalDeclined: false, renewalGivenUp: false, releaseGivenUp: false },
  };
}

/** The waves with one of them changed; one that was not heard of yet is there afterwards. */
export function withWave(waves: readonly Wave[], wave: number, change: Partial<Wave>): readonly Wave[] {
  const known = waves.find((each) => each.wave === wave);
  if (known === undefined) return [...waves, { ...newWave(wave, 0), ...change }];
  return waves.map((each) => (each === known ? { ...each, ...change } : each));
}

/** What was given back of authorisations that stand, and what they could pay for after all. */
export function restOf({ stage, reducedMinor, renewedBy, ended }: Wave): number {
  return stage === 'AUTHORISED' && renewedBy === null && !ended ? reducedMinor : 0;
}

/** Lets `amountMinor` of what was given back be taken after all, of the newest waves first. */
export function promiseAgain(waves: readonly Wave[], amountMinor: number): readonly Wave[] {
  let left = amountMinor;
  const promised = waves.toReversed().map((wave) => {
    const part = Math.min(left, restOf(wave));
    left -= part;
    return part === 0 ? wave : { ...wave, reducedMinor: wave.reducedMinor - part };
  });
  return promised.toReversed();
}

/** What of a declined wave's reservation was not given back yet; nothing of any other wave. */
export function declinedRoom({ stage, reservedMinor, reducedMinor, renews }: Wave): number {
  return stage === 'DECLINED' && renews === null ? reservedMinor - reducedMinor : 0;
}

/** True for an authorisation that something may be taken from. */
export function isSource({ stage, authorisedMinor, renewedBy, ended }: Wave): boolean {
  return stage === 'AUTHORISED' && authorisedMinor > 0 && renewedBy === null && !ended;
}

/** True for an authorisation that gives nothing more, and of which no other takes what it leaves: that is not taken. */
export function isLapsed({ stage, ended, renewalGivenUp }: Wave): boolean {
  return stage === 'AUTHORISED' && ended && renewalGivenUp;
}

/** What is secured and may be taken. */
export function securedOf({ stage, authorisedMinor, reducedMinor }: Wave): number {
  return stage === 'AUTHORISED' ? authorisedMinor - reducedMinor : 0;
}
