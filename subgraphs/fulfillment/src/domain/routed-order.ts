import type { SkuQuantity } from './shipment.ts';

/** Plans the same lines get before a person must look at them. The last one is greedy. */
export const PLAN_ATTEMPTS_MAX = 3;
/** Who looks at orders that cannot be routed. */
export const HOLD_OWNER = 'warehouse operations';

/**
 * PLACED: nothing of it is to be shipped yet. PLANNED: a plan stands for all that is. ON_HOLD: needs its owner. CLOSED:
 * rejected or cancelled.
 */
export type RoutingState = 'PLACED' | 'PLANNED' | 'ON_HOLD' | 'CLOSED';

export type PricedLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>;

/** Units that orders gave free for shipping together; each wave is planned on its own. */
export type Wave = Readonly<{
  /** Counts the order's reservations from 1. */
  wave: number;
  /** Null where it is all that was placed. */
  lines: readonly SkuQuantity[] | null;
  /** Its last plan. */
  planId: string | null;
  /** Plans of these very lines. */
  attempts: number;
  isHeld: boolean;
}>;

/** An order as far as routing goes. `version` counts the batches that changed its row; 0 before it is stored. */
export type RoutedOrder = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  number: string;
  currencyCode: string;
  lines: readonly PricedLine[];
  /** The first wave, and of the later ones those that inventory may not have assigned yet. */
  waves: readonly Wave[];
  state: RoutingState;
  /** Plans of all waves. */
  planAttempts: number;
  /** Facts in the order's stream of fulfillment: what is said next stands behind them. */
  facts: number;
  holdReason: string | null;
  holdOwner: string | null;
  /** Facts of warehouses that were known when it was last held: with more of them another plan may do. */
  heldUnder: number | null;
  version: number;
}>;

type NewOrder = Pick<
  RoutedOrder,
  'orderId' | 'partnerId' | 'partition' | 'number' | 'currencyCode' | 'lines'
>;

/** An order as it was placed. */
export function placedOrder({
  orderId,
  partnerId,
  partition,
  number,
  currencyCode,
  lines,
}: NewOrder): RoutedOrder {
  return {
    ...{ orderId, partnerId, partition, number, currencyCode, lines, waves: [], state: 'PLACED' },
    ...{ planAttempts: 0, facts: 0, holdReason: null, holdOwner: null, heldUnder: null, version: 0 },
  };
}

export function newWave(wave: number, lines: readonly SkuQuantity[] | null): Wave {
  return { wave, lines, planId: null, attempts: 0, isHeld: false };
}

/** What is to be shipped of a wave. */
export function linesOfWave(order: RoutedOrder, wave: Wave): SkuQuantity[] {
  const lines = wave.lines ?? order.lines;
  return lines.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** The order with a wave as it is now; it is PLANNED again once none of its waves is held. */
export function withWave(order: RoutedOrder, wave: Wave): RoutedOrder {
  const others = order.waves.filter((each) => each.wave !== wave.wave);
  const waves = [...others, wave].sort((left, right) => left.wave - right.wave);
  if (waves.some(({ isHeld }) => isHeld)) return { ...order, waves };
  return { ...order, waves, state: 'PLANNED', holdReason: null, holdOwner: null, heldUnder: null };
}

/** The order with a wave in the hands of its owner, and why; `heldUnder` counts the facts of warehouses known then. */
export function withHeldWave(
  order: RoutedOrder,
  wave: Wave,
  hold: Readonly<{ reason: string; owner: string; heldUnder: number }>,
): RoutedOrder {
  const { waves } = withWave(order, { ...wave, isHeld: true });
  const { reason: holdReason, owner: holdOwner, heldUnder } = hold;
  return { ...order, waves, state: 'ON_HOLD', holdReason, holdOwner, heldUnder };
}

/** True where nothing more of it is planned: it is closed, or was withdrawn and is in the hands of its owner. */
export function hasEnded({ state, waves }: RoutedOrder): boolean {
  return state === 'CLOSED' || (state === 'ON_HOLD' && !waves.some(({ isHeld }) => isHeld));
}

/** Value of lines at the order's prices, in minor units. */
export function valueOfLines(order: RoutedOrder, lines: readonly SkuQuantity[]): number {
  const prices = new Map(order.lines.map(({ sku, unitPriceMinor }) => [sku, unitPriceMinor]));
  return lines.reduce((sum, { sku, quantity }) => sum + quantity * (prices.get(sku) ?? 0), 0);
}
