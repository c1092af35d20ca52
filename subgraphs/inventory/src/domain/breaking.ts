// Whose units go when fewer are for sale than are promised: claims that no warehouse was assigned, the newest first, then holds.
import { linesOf, split } from './reservation/claims.ts';
import { type Claim, type Units, unitsBySku } from './reservation/reservation.ts';

/** An order's units that no warehouse was assigned. */
export type BreakCandidate = Readonly<{ orderId: string; open: readonly Claim[] }>;
export type HoldCandidate = Readonly<{ holdId: string; lines: readonly Units[] }>;

/** Units that break, of each claim; `unbroken` is what nothing was found for. */
export type Breaks = Readonly<{
  reservations: readonly Readonly<{ orderId: string; lines: readonly Units[] }>[];
  holds: readonly Readonly<{ holdId: string; lines: readonly Units[] }>[];
  unbroken: ReadonlyMap<string, number>;
}>;

/** Takes each SKU's deficit from the candidates in their order, which is the newest first, then from the holds. */
export function chooseBreaks(
  deficits: ReadonlyMap<string, number>,
  candidates: readonly BreakCandidate[],
  holds: readonly HoldCandidate[],
): Breaks {
  const rest = new Map([...deficits].filter(([, units]) => units > 0));
  const takeFrom = (lines: readonly Claim[]): Units[] => {
    const taken = unitsBySku(split(lines, rest).taken);
    for (const [sku, units] of taken) rest.set(sku, (rest.get(sku) ?? 0) - units);
    return linesOf(taken);
  };
  const reservations = candidates
    .map(({ orderId, open }) => ({ orderId, lines: takeFrom(open) }))
    .filter(({ lines }) => lines.length > 0);
  const brokenHolds = holds
    .map(({ holdId, lines }) => ({ holdId, lines: takeFrom(lines) }))
    .filter(({ lines }) => lines.length > 0);
  const unbroken = new Map([...rest].filter(([, units]) => units > 0));
  return { reservations, holds: brokenHolds, unbroken };
}
