// What a physical decrease costs whom: shipments that their shelf lacks units for, then claims that nothing is for sale for.
import type { Sql } from '@crossdock/event-store';
import type { BrokenUnits, ShelfLoss } from '../domain/adjustment.ts';
import type { Batch } from '../domain/batch.ts';
import { chooseBreaksBySku } from '../domain/breaking.ts';
import { type Assigned, chooseMissing, type MissingUnits } from '../domain/missing-shipments.ts';
import { linesOf } from '../domain/reservation/claims.ts';
import { openUnits, type Units } from '../domain/reservation/reservation.ts';
import type { Shelves } from '../domain/shelves.ts';
import { loadNewestAssigned } from '../store/assigned-orders.ts';
import { loadBreakCandidates } from '../store/break-candidates.ts';
import { loadReservations } from '../store/figures.ts';
import type { Adjustment } from './adjustment-events.ts';

/** What is decided on and moved meanwhile. `read` names the orders that the batch knows already. */
export type LosingWork = Readonly<{
  batch: Batch;
  shelves: Shelves;
  adjustment: Adjustment;
  read: Set<string>;
}>;

/** Asks of the newest shipments of each short shelf whether their units left. */
export async function withdrawMissing(
  sql: Sql,
  losses: readonly ShelfLoss[],
  { batch, adjustment, read }: LosingWork,
): Promise<readonly BrokenUnits[]> {
  const missing: MissingUnits[] = losses.flatMap(({ sku, warehouseId, missing: quantity }) =>
    quantity > 0 ? [{ sku, warehouseId, quantity }] : [],
  );
  const newest = await loadNewestAssigned(sql, missing);
  const stored = await loadReservations(sql, [...new Set(newest.map(({ orderId }) => orderId))]);
  batch.read({ reservations: [...stored.values()] });
  for (const orderId of stored.keys()) read.add(orderId);
  const ordersOf = ({ sku, warehouseId }: MissingUnits): Assigned[] =>
    newest
      .filter((each) => each.sku === sku && each.warehouseId === warehouseId)
      .flatMap(({ orderId }) => {
        const order = stored.get(orderId);
        return order === undefined ? [] : [{ orderId, shipments: order.state.shipments }];
      });
  const { orders, broken } = chooseMissing(missing, ordersOf);
  for (const { orderId, warehouseId, shipments } of orders) {
    const order = stored.get(orderId);
    if (order === undefined) continue;
    const { partnerId, partition } = order;
    for (const [cause, { reason, lost }] of byCause(adjustment, warehouseId, shipments)) {
      const data = { warehouseId, shipments: lost, cause: reason };
      batch.take([{ orderId, partnerId, partition, cause, ask: { type: 'BreakAllocation', data } }]);
    }
  }
  return broken;
}

type LostShipment = Readonly<{ shipmentId: string; lines: readonly Units[] }>;

/** An order's lost units by the fact that tells of them. */
function byCause(adjustment: Adjustment, warehouseId: string, shipments: readonly LostShipment[]) {
  const causes = new Map<string, { reason: string; lost: LostShipment[] }>();
  for (const { shipmentId, lines } of shipments) {
    const parts = Map.groupBy(lines, ([sku]) => adjustment.lossOf({ sku, warehouseId }));
    for (const [{ cause, reason }, part] of parts) {
      const { lost } = causes.get(cause) ?? { lost: [] };
      causes.set(cause, { reason, lost: [...lost, { shipmentId, lines: part }] });
    }
  }
  return causes;
}

/** Breaks claims that no warehouse was assigned, the newest first, then holds, until what is left of them fits what is for sale. */
export async function breakUnbacked(
  sql: Sql,
  skus: Iterable<string>,
  { batch, shelves, adjustment, read }: LosingWork,
): Promise<readonly BrokenUnits[]> {
  const deficits = new Map([...skus].map((sku) => [sku, shelves.deficit(sku)]));
  const found = await loadBreakCandidates(sql, new Map([...deficits].filter(([, units]) => units > 0)));
  batch.read({ reservations: found.reservations.filter(({ orderId }) => !read.has(orderId)) });
  const claims = new Map(found.reservations.map((claim) => [claim.orderId, claim]));
  const holds = new Map(found.holds.map((hold) => [hold.holdId, hold]));
  const newestFirst = (sku: string) =>
    (found.newest.get(sku) ?? []).flatMap((orderId) => {
      const claim = claims.get(orderId);
      return claim === undefined ? [] : [{ orderId, open: linesOf(openUnits(claim.state)) }];
    });
  const breaks = chooseBreaksBySku(
    deficits,
    newestFirst,
    found.holds.map(({ holdId, state }) => ({ holdId, lines: state.lines })),
  );
  const ofCauses = (lines: readonly Units[]) => Map.groupBy(lines, ([sku]) => adjustment.lossOfSku(sku));
  for (const { orderId, lines } of breaks.reservations) {
    const claim = claims.get(orderId);
    if (claim === undefined) continue;
    const { partnerId, partition } = claim;
    for (const [{ cause, reason }, part] of ofCauses(lines)) {
      const ask = { type: 'BreakReservation', data: { lines: part, cause: reason } } as const;
      batch.take([{ orderId, partnerId, partition, cause, ask }]);
    }
  }
  for (const { holdId, lines } of breaks.holds) {
    const hold = holds.get(holdId);
    if (hold === undefined) continue;
    for (const [{ cause, reason }, part] of ofCauses(lines)) batch.breakHold(hold, part, reason, cause);
  }
  const told = (lines: readonly Units[], of: Pick<BrokenUnits, 'orderId' | 'holdId'>): BrokenUnits[] =>
    lines.map(([sku, quantity]) => ({ sku, quantity, warehouseId: null, ...of }));
  return [
    ...breaks.reservations.flatMap(({ orderId, lines }) => told(lines, { orderId, holdId: null })),
    ...breaks.holds.flatMap(({ holdId, lines }) => told(lines, { orderId: null, holdId })),
  ];
}
