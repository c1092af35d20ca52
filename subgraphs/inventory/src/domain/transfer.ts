// Units that go from one warehouse to another. Sending is a choice, so that it never takes what is claimed; what arrives is
// what was sent, or less.
import { isOpen, type StockFigures, shelfOf, UNITS_MAX, unclaimed, unitsAnywhere } from './stock-figures.ts';

export type TransferLine = readonly [sku: string, sent: number, received: number];

/** `version` counts writes of the row; every write names the one it was decided on. */
export type Transfer = Readonly<{
  transferId: string;
  fromWarehouseId: string;
  toWarehouseId: string;
  status: 'IN_TRANSIT' | 'RECEIVED';
  lines: readonly TransferLine[];
  version: number;
}>;

type SkuQuantity = Readonly<{ sku: string; quantity: number }>;

/** Why a line cannot be booked, by its place among the lines. */
export type LineRefusal<Code extends string> = Readonly<{ index: number; code: Code }>;

type SendingRefusal = LineRefusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK'>;

/** Lines (distinct SKUs) that cannot leave the warehouse: it must keep what is assigned or kept back, the network what is claimed. */
export function refuseSending(
  lines: readonly SkuQuantity[],
  fromWarehouseId: string,
  figures: StockFigures,
): SendingRefusal[] {
  return lines.flatMap(({ sku, quantity }, index): SendingRefusal[] => {
    if (!figures.totals.has(sku)) return [{ index, code: 'UNKNOWN_SKU' }];
    const { onHand, allocated, safety } = shelfOf(figures, sku, fromWarehouseId);
    const isFree = isOpen(figures, fromWarehouseId) ? quantity <= unclaimed(figures, sku) : true;
    const fits = isFree && onHand - quantity >= allocated + safety;
    return fits ? [] : [{ index, code: 'INSUFFICIENT_STOCK' }];
  });
}

export type Arrival = Readonly<{ lines: readonly SkuQuantity[]; isLast: boolean }>;
export type ArrivalRefusal = LineRefusal<'UNKNOWN_SKU' | 'MORE_THAN_SENT' | 'TOO_MANY'>;
export type ArrivalDecision =
  | Readonly<{ kind: 'ended' }>
  | Readonly<{ kind: 'refused'; refusals: readonly ArrivalRefusal[] }>
  | Readonly<{ kind: 'received'; transfer: Transfer; isLast: boolean }>;

/** Takes what arrived off what is on its way. It ends when all of it arrived, or when nothing more is said to come. */
export function decideArrival(transfer: Transfer, arrival: Arrival, figures: StockFigures): ArrivalDecision {
  if (transfer.status === 'RECEIVED') return { kind: 'ended' };
  const sent = new Map(transfer.lines.map((line) => [line[0], line]));
  const arrived = new Map(arrival.lines.map(({ sku, quantity }) => [sku, quantity]));
  const refusals = arrival.lines.flatMap(({ sku, quantity }, index): ArrivalRefusal[] => {
    const line = sent.get(sku);
    if (line === undefined) return [{ index, code: 'UNKNOWN_SKU' }];
    if (quantity > line[1] - line[2]) return [{ index, code: 'MORE_THAN_SENT' }];
    return unitsAnywhere(figures, sku) + quantity > UNITS_MAX ? [{ index, code: 'TOO_MANY' }] : [];
  });
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const lines = transfer.lines.map(
    ([sku, units, received]): TransferLine => [sku, units, received + (arrived.get(sku) ?? 0)],
  );
  const isLast = arrival.isLast || lines.every(([, units, received]) => received === units);
  const status = isLast ? 'RECEIVED' : 'IN_TRANSIT';
  return {
    kind: 'received',
    transfer: { ...transfer, lines, status, version: transfer.version + 1 },
    isLast,
  };
}
