// Breaks what was promised of units that are not for sale any more, in the call that says so.
import type { Sql } from '@crossdock/event-store';
import type { Batch } from '../domain/batch.ts';
import { type Breaks, chooseBreaksBySku } from '../domain/breaking.ts';
import { linesOf } from '../domain/reservation/claims.ts';
import { openUnits } from '../domain/reservation/reservation.ts';
import type { Shelves } from '../domain/shelves.ts';
import { loadBreakCandidates } from '../store/break-candidates.ts';

/** Why units are not there, and the event that says so. */
export type Loss = Readonly<{ cause: string; reason: string }>;

/** Orders that claimed units of each SKU in this batch, the newest first: all of them are newer than what the tables have. */
function claimedNow(shelves: Shelves): Map<string, string[]> {
  const orders = new Map<string, string[]>();
  for (const { kind, lines, orderId } of shelves.moves().movements.toReversed()) {
    if (kind !== 'reserve' || orderId === null) continue;
    for (const [sku] of lines) {
      const claimed = orders.get(sku) ?? [];
      claimed.push(orderId);
      orders.set(sku, claimed);
    }
  }
  return orders;
}

/**
 * Breaks claims of the SKUs until they fit what is for sale, of each SKU the newest first. Answers what broke, and what is missing
 * still although nothing is left to break.
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
  const besides = [...own.map(({ orderId }) => orderId), ...batch.changedHolds().map(({ holdId }) => holdId)];
  const found = await loadBreakCandidates(sql, deficits, new Set(besides));
  batch.read(found);
  const claims = new Map([...found.reservations, ...own].map((claim) => [claim.orderId, claim]));
  const claimed = claimedNow(shelves);
  const newestFirst = (sku: string) =>
    [...new Set([...(claimed.get(sku) ?? []), ...(found.newest.get(sku) ?? [])])].flatMap((orderId) => {
      const claim = claims.get(orderId);
      return claim === undefined ? [] : [{ orderId, open: linesOf(openUnits(claim.state)) }];
    });
  const holds = found.holds.map((hold) => batch.hold(hold));
  const breaks = chooseBreaksBySku(
    deficits,
    newestFirst,
    holds
      .filter(({ state }) => state.status === 'ACTIVE')
      .map(({ holdId, state }) => ({ holdId, lines: state.lines })),
  );
  for (const { orderId, lines } of breaks.reservations) {
    const claim = claims.get(orderId);
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
