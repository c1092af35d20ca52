// What of an order's authorisations will not be taken: it is of what nobody holds any more first, so that what leaves is paid from what
// is held.
import { freeOf } from './free.ts';
import type { PaymentState } from './payment.ts';
import { isLapsed, promiseAgain, restOf, type Wave } from './wave.ts';

/** Those that give nothing more come first, then those whose renewal is still to take over; of each the newest. */
function inOrderOfReduction(waves: readonly Wave[]): readonly Wave[] {
  const rank = (wave: Wave) => (isLapsed(wave) ? 0 : wave.ended ? 1 : 2);
  return waves.toReversed().toSorted((left, right) => rank(left) - rank(right));
}

/** Spreads `amountMinor` over waves, each up to its room, as something that will not be taken. */
export function withReduction(
  waves: readonly Wave[],
  amountMinor: number,
  roomOf: (wave: Wave) => number,
): readonly Wave[] {
  let left = amountMinor;
  const parts = new Map<Wave, number>();
  for (const wave of inOrderOfReduction(waves)) {
    const part = Math.min(left, Math.max(0, roomOf(wave)));
    left -= part;
    if (part > 0) parts.set(wave, part);
  }
  return waves.map((wave) => ({ ...wave, reducedMinor: wave.reducedMinor + (parts.get(wave) ?? 0) }));
}

/**
 * Where an authorisation ended before it was used up, what was given back of others that live is promised again, and is given back of
 * that one instead: what the order is good for stays the same, and less of it has to be asked of the card anew.
 */
export function withHeldPromised(state: PaymentState): PaymentState {
  const { method, waves } = state;
  if (method !== 'CARD' || !waves.some(({ ended }) => ended)) return state;
  const rest = waves.reduce((sum, wave) => sum + restOf(wave), 0);
  if (rest === 0) return state;
  const roomOf = (wave: Wave) =>
    wave.ended && wave.renewedBy === null ? Math.max(0, freeOf(state, wave)) : 0;
  const amountMinor = Math.min(
    rest,
    waves.reduce((sum, wave) => sum + roomOf(wave), 0),
  );
  if (amountMinor === 0) return state;
  return { ...state, waves: promiseAgain(withReduction(waves, amountMinor, roomOf), amountMinor) };
}
