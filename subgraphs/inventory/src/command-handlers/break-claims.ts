// Breaks what was promised of units that are not for sale any more, in the call that says so.
import type { Sql } from '@crossdock/event-store';
import type { Batch, StoredReservation } from '../domain/batch.ts';
import { type BreakCandidate, type Breaks, chooseBreaks } from '../domain/breaking.ts';
import { linesOf } from '../domain/reservation/claims.ts';
import { openUnits } from '../domain/reservation/reservation.ts';
import type { Shelves } from '../domain/shelves.ts';
import { loadBreakCandidates } from '../store/break-candidates.ts';

/** Why units are not there, and the event that says so. */
export type Loss = Readonly<{ cause: string; reason: string }>;

const candidateOf = ({ orderId, state }: StoredReservation): BreakCandidate => ({
  orderId,
  open: linesOf(openUnits(state)),
});

/**
 * Breaks claims of the SKUs until they fit what is for sale: those of this batch first, being the newest, then what the tables
 * have. Answers what broke, and what is missing still although nothing is left to break.
 */
export async function breakClaims(
  sql: Sql,
  batch: Batch,
  shelves: Shelves,
  skus: Iterable<string>,
  { cause, reason }: Loss,
): Promise<Breaks> {
  const deficits = new Map<string, number>();
  for (const sku of skus) {
    const units = shelves.deficit(sku);
    if (units > 0) deficits.set(sku, units);
  }
  if (deficits.size === 0) return { reservations: [], holds: [], unbroken: new Map() };
  const own = batch.changed();
  const found = await loadBreakCandidates(sql, deficits, new Set(own.map((each) => each.orderId)));
  batch.read(found);
  const claims = [...own.toReversed(), ...found.reservations];
  const holds = found.holds.map((hold) => batch.hold(hold));
  const breaks = chooseBreaks(
    deficits,
    claims.map(candidateOf),
    holds
      .filter(({ state }) => state.status === 'ACTIVE')
      .map(({ holdId, state }) => ({ holdId, lines: state.lines })),
  );
  const claimOf = new Map(claims.map((claim) => [claim.orderId, claim]));
  for (const { orderId, lines } of breaks.reservations) {
    const claim = claimOf.get(orderId);
    if (claim === undefined) continue;
    const { partnerId, partition } = claim;
    const ask = { type: 'BreakReservation', data: { lines, cause: reason } } as const;
    batch.take([{ orderId, partnerId, partition, cause, ask }]);
  }
  const holdOf = new Map(holds.map((hold) => [hold.holdId, hold]));
  for (const { holdId, lines } of breaks.holds) {
    const hold = holdOf.get(holdId);
    if (hold !== undefined) batch.breakHold(hold, lines, reason, cause);
  }
  return breaks;
}
