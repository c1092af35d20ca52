/** Draws that a seed repeats. */
export type Random = Readonly<{
  /** A whole number from 0 to `below` - 1. */
  below: (below: number) => number;
  /** True with the given probability. */
  chance: (probability: number) => boolean;
  /** One of a list that holds some. */
  pick: <T>(from: readonly T[]) => T;
}>;

/** Mulberry32: 32 bits of state, good enough to shuffle deliveries and never to keep a secret. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error('Nothing to pick from');
      return picked;
    },
  };
}
