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

/** The holds of each SKU in their order. */
function holdsBySku(holds: readonly HoldCandidate[]): Map<string, HoldCandidate[]> {
  const bySku = new Map<string, HoldCandidate[]>();
  for (const hold of holds) {
    for (const sku of new Set(hold.lines.map(([code]) => code))) {
      const those = bySku.get(sku) ?? [];
      those.push(hold);
      bySku.set(sku, those);
    }
  }
  return bySku;
}

/** As chooseBreaks, where the newest claims of one SKU need not be those of another; what breaks of an order is told once. */
export function chooseBreaksBySku(
  deficits: ReadonlyMap<string, number>,
  newestFirst: (sku: string) => readonly BreakCandidate[],
  holds: readonly HoldCandidate[],
): Breaks {
  const reservations = new Map<string, Units[]>();
  const brokenHolds = new Map<string, Units[]>();
  const unbroken = new Map<string, number>();
  const holdsOf = holdsBySku(holds);
  for (const [sku, units] of deficits) {
    const breaks = chooseBreaks(new Map([[sku, units]]), newestFirst(sku), holdsOf.get(sku) ?? []);
    for (const { orderId, lines } of breaks.reservations)
      reservations.set(orderId, [...(reservations.get(orderId) ?? []), ...lines]);
    for (const { holdId, lines } of breaks.holds)
      brokenHolds.set(holdId, [...(brokenHolds.get(holdId) ?? []), ...lines]);
    for (const [code, left] of breaks.unbroken) unbroken.set(code, left);
  }
  return {
    reservations: [...reservations].map(([orderId, lines]) => ({ orderId, lines })),
    holds: [...brokenHolds].map(([holdId, lines]) => ({ holdId, lines })),
    unbroken,
  };
}
