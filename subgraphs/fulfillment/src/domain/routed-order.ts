import type { SkuQuantity } from './shipment.ts';

/** Plans an order gets before a person must look at it. The last one is greedy. */
export const PLAN_ATTEMPTS_MAX = 3;
/** Who looks at orders that cannot be routed. */
export const HOLD_OWNER = 'warehouse operations';

/** PLACED: waits for its confirmation. PLANNED: a plan stands. ON_HOLD: needs its owner. CLOSED: rejected. */
export type RoutingState = 'PLACED' | 'PLANNED' | 'ON_HOLD' | 'CLOSED';

export type PricedLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>;

/** An order as far as routing goes. `version` counts the batches that changed its row; 0 before it is stored. */
export type RoutedOrder = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  number: string;
  currencyCode: string;
  lines: readonly PricedLine[];
  /** Only where less than placed was reserved. */
  confirmedLines: readonly SkuQuantity[] | null;
  state: RoutingState;
  planId: string | null;
  planAttempts: number;
  holdReason: string | null;
  holdOwner: string | null;
  version: number;
}>;

/** What is to be shipped: the confirmed lines, which are the placed ones unless less was reserved. */
export function linesToShip(order: RoutedOrder): SkuQuantity[] {
  const lines = order.confirmedLines ?? order.lines;
  return lines.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** Value of lines at the order's prices, in minor units. */
export function valueOfLines(order: RoutedOrder, lines: readonly SkuQuantity[]): number {
  const prices = new Map(order.lines.map(({ sku, unitPriceMinor }) => [sku, unitPriceMinor]));
  return lines.reduce((sum, { sku, quantity }) => sum + quantity * (prices.get(sku) ?? 0), 0);
}

/** The order in the hands of its owner, and why. */
export function onHold(order: RoutedOrder, reason: string): RoutedOrder {
  return { ...order, state: 'ON_HOLD', holdReason: reason, holdOwner: HOLD_OWNER };
}
