// The columns of the matrix that must be zero, from the verdicts of the invariants. Pure.

export const LOSSES = ['lost', 'phantom', 'doubled', 'oversold', 'forked', 'stuck', 'other'] as const;
export type Loss = (typeof LOSSES)[number];
export type Losses = Readonly<Record<Loss, number>>;

/** Which loss a breach of an invariant of the design's list is. */
const LOSS_OF_INVARIANT: Readonly<Record<number, Loss>> = {
  1: 'lost',
  2: 'phantom',
  3: 'doubled',
  4: 'stuck',
  5: 'forked',
  6: 'forked',
  7: 'forked',
  9: 'oversold',
  10: 'oversold',
  11: 'doubled',
  12: 'doubled',
};

/** Adds up the breaches of each kind. */
export function lossesOf(
  verdicts: readonly Readonly<{ number: number; breaches: readonly string[] }>[],
): Losses {
  const losses: Record<Loss, number> = {
    lost: 0,
    phantom: 0,
    doubled: 0,
    oversold: 0,
    forked: 0,
    stuck: 0,
    other: 0,
  };
  for (const { number, breaches } of verdicts)
    losses[LOSS_OF_INVARIANT[number] ?? 'other'] += breaches.length;
  return losses;
}
