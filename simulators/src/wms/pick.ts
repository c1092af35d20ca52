// The life of one pick: pure decisions and the fold of its journal lines. No clock, no ids, no input or output.
import type { PickLine, ShipmentOrder, WmsLine } from './journal-lines.ts';

/** HELD waits for a person or for being told again; SHIPPED and CANCELLED are final. */
export type PickStatus = 'PICKING' | 'CONFIRMING' | 'HELD' | 'SHIPPED' | 'CANCELLED';

export interface Pick {
  readonly shipmentId: string;
  readonly releaseEpoch: number;
  readonly warehouseId: string;
  readonly orderNumber: string;
  readonly lines: readonly PickLine[];
  readonly status: PickStatus;
  readonly acceptedAt: string;
  /** The batch it was last sent in; null before the first. */
  readonly batchKey: string | null;
  readonly refusals: number;
  /** Why it is not on its way: Crossdock's or the warehouse's code. */
  readonly reason: string | null;
  readonly shippedAt: string | null;
}

/** About a minute of tries with the pauses of the confirmer: covers a release that Crossdock has not yet committed. */
export const MAX_REFUSALS = 12;

export type AcceptReason =
  | 'STALE_EPOCH'
  | 'RECALLED'
  | 'CANCELLED'
  | 'CONTENT_DIFFERS'
  | 'ALREADY_SHIPPED'
  | 'REJECTED';
export type AcceptDecision =
  | { readonly result: 'ACCEPTED'; readonly supersedes: Pick | undefined }
  | { readonly result: 'ALREADY_ACCEPTED'; readonly resumes: boolean }
  | { readonly result: 'REFUSED'; readonly reason: AcceptReason };

/** What a warehouse knows when it is told a shipment. */
export interface Known {
  /** The pick of the same shipment and epoch. */
  readonly same: Pick | undefined;
  /** The pick of the shipment's highest epoch in this warehouse. */
  readonly latest: Pick | undefined;
  readonly recalled: boolean;
}

export function decideAccept(order: ShipmentOrder, { same, latest, recalled }: Known): AcceptDecision {
  if (same !== undefined) return decideAgain(order, same, recalled);
  if (recalled) return { result: 'REFUSED', reason: 'RECALLED' };
  if (latest === undefined) return { result: 'ACCEPTED', supersedes: undefined };
  if (latest.releaseEpoch > order.releaseEpoch) return { result: 'REFUSED', reason: 'STALE_EPOCH' };
  if (latest.status === 'SHIPPED') return { result: 'REFUSED', reason: 'ALREADY_SHIPPED' };
  const isOnTheFloor = latest.status === 'PICKING' || latest.status === 'HELD';
  return { result: 'ACCEPTED', supersedes: isOnTheFloor ? latest : undefined };
}

function decideAgain(order: ShipmentOrder, same: Pick, recalled: boolean): AcceptDecision {
  if (recalled) return { result: 'REFUSED', reason: 'RECALLED' };
  if (same.status === 'CANCELLED') return { result: 'REFUSED', reason: 'CANCELLED' };
  if (!hasSameContent(order, same)) return { result: 'REFUSED', reason: 'CONTENT_DIFFERS' };
  return { result: 'ALREADY_ACCEPTED', resumes: same.status === 'HELD' };
}

function hasSameContent(order: ShipmentOrder, pick: Pick): boolean {
  if (order.warehouseId !== pick.warehouseId || order.lines.length !== pick.lines.length) return false;
  const quantities = new Map(pick.lines.map(({ sku, quantity }) => [sku, quantity]));
  return order.lines.every(({ sku, quantity }) => quantities.get(sku) === quantity);
}

/** CONFIRMING: Crossdock has not answered yet whether the goods may leave; ask again. */
export type RecallResult = 'RECALLED' | 'ALREADY_SHIPPED' | 'UNKNOWN' | 'CONFIRMING';

/** `writes` says whether the recall is news that must be kept. */
export function decideRecall(
  pick: Pick | undefined,
  recalled: boolean,
): { result: RecallResult; writes: boolean } {
  if (pick === undefined) return { result: 'UNKNOWN', writes: !recalled };
  if (pick.status === 'SHIPPED') return { result: 'ALREADY_SHIPPED', writes: false };
  if (pick.status === 'CONFIRMING') return { result: 'CONFIRMING', writes: false };
  return { result: 'RECALLED', writes: !recalled };
}

type LineOfPick = Exclude<WmsLine, { kind: 'accepted' }>;

export function accepted(line: Extract<WmsLine, { kind: 'accepted' }>): Pick {
  const { shipmentId, releaseEpoch, warehouseId, orderNumber, lines, at: acceptedAt } = line;
  const fresh = { status: 'PICKING', batchKey: null, refusals: 0, reason: null, shippedAt: null } as const;
  return { shipmentId, releaseEpoch, warehouseId, orderNumber, lines, acceptedAt, ...fresh };
}

/** Folds a later line of the pick. */
export function evolve(pick: Pick, line: LineOfPick): Pick {
  switch (line.kind) {
    case 'resumed':
      return { ...pick, status: 'PICKING', refusals: 0, reason: null };
    case 'recalled':
      return { ...pick, status: 'CANCELLED', reason: 'RECALLED' };
    case 'confirming':
      return { ...pick, status: 'CONFIRMING', batchKey: line.idempotencyKey };
    case 'refused': {
      const refusals = pick.refusals + 1;
      return { ...pick, status: refusals >= MAX_REFUSALS ? 'HELD' : 'PICKING', refusals, reason: line.code };
    }
    case 'cancelled':
      return { ...pick, status: 'CANCELLED', reason: line.code };
    case 'shipped':
      return { ...pick, status: 'SHIPPED', reason: null, shippedAt: line.at };
  }
}
