import { type PricedLine, pricedLines, type SkuQuantity } from './shipment.ts';

/** Plans the same lines get before a person must look at them. The last one is greedy. */
export const PLAN_ATTEMPTS_MAX = 3;
/** Who looks at orders that cannot be routed. */
export const HOLD_OWNER = 'warehouse operations';

/**
 * PLACED: nothing of it is to be shipped yet. PLANNED: a plan stands for all that is. ON_HOLD: needs its owner. CLOSED:
 * rejected or cancelled.
 */
export type RoutingState = 'PLACED' | 'PLANNED' | 'ON_HOLD' | 'CLOSED';

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

/**
 * A shipment that the order's owner must look at: it waits for its warehouse, misses units until it leaves all the same, or may
 * leave though the order has ended.
 */
export type HeldShipment = Readonly<{
  shipmentId: string;
  why: 'WAREHOUSE_CLOSED' | 'UNITS_MISSING' | 'MAY_LEAVE';
  reason: string;
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
  /** Shipments that it is on hold for. */
  heldShipments: readonly HeldShipment[];
  /** True once nothing more of it is planned or released: it is closed, or was withdrawn and is in the hands of its owner. */
  isEnded: boolean;
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
    ...{ heldShipments: [], isEnded: false },
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

/** The order with a wave as it is now. */
export function withWave(order: RoutedOrder, wave: Wave): RoutedOrder {
  return settled({ ...order, waves: withOthers(order, wave) });
}

function withOthers(order: RoutedOrder, wave: Wave): Wave[] {
  const others = order.waves.filter((each) => each.wave !== wave.wave);
  return [...others, wave].sort((left, right) => left.wave - right.wave);
}

/** The order in the state that its waves and shipments leave it in: PLANNED again once none of them is held. */
function settled(order: RoutedOrder): RoutedOrder {
  if (order.isEnded || order.waves.some(({ isHeld }) => isHeld)) return order;
  const held = order.heldShipments.at(-1);
  if (held !== undefined)
    return { ...order, state: 'ON_HOLD', holdReason: held.reason, holdOwner: HOLD_OWNER };
  return { ...order, state: 'PLANNED', holdReason: null, holdOwner: null, heldUnder: null };
}

type Hold = Readonly<{ reason: string; owner: string; heldUnder: number }>;

/** The order with a wave in the hands of its owner, and why; `heldUnder` counts the facts of warehouses known then. */
export function withHeldWave(order: RoutedOrder, wave: Wave, hold: Hold): RoutedOrder {
  return { ...onHold(order, hold), waves: withOthers(order, { ...wave, isHeld: true }) };
}

/** The order with shipments that wait until their warehouse opens. */
export function withWaitingShipments(
  order: RoutedOrder,
  shipmentIds: readonly string[],
  hold: Hold,
): RoutedOrder {
  const heldShipments = withHeld(order, shipmentIds, 'WAREHOUSE_CLOSED', hold.reason);
  return { ...onHold(order, hold), heldShipments };
}

/** The order with shipments that miss units. No warehouse's change ends that. */
export function withMissingUnits(
  order: RoutedOrder,
  shipmentIds: readonly string[],
  reason: string,
): RoutedOrder {
  const heldShipments = withHeld(order, shipmentIds, 'UNITS_MISSING', reason);
  return { ...order, heldShipments, state: 'ON_HOLD', holdReason: reason, holdOwner: HOLD_OWNER };
}

function withHeld(
  order: RoutedOrder,
  shipmentIds: readonly string[],
  why: HeldShipment['why'],
  reason: string,
): HeldShipment[] {
  const others = order.heldShipments.filter(
    (each) => each.why !== why || !shipmentIds.includes(each.shipmentId),
  );
  return [...others, ...shipmentIds.map((shipmentId) => ({ shipmentId, why, reason }))];
}

/** What it was on hold for before may have gone since: the older count stands. */
function onHold(order: RoutedOrder, { reason, owner, heldUnder }: Hold): RoutedOrder {
  const since = Math.min(order.heldUnder ?? heldUnder, heldUnder);
  return { ...order, state: 'ON_HOLD', holdReason: reason, holdOwner: owner, heldUnder: since };
}

/** True where it is on hold for that shipment and for that. */
export function isHeldFor(order: RoutedOrder, shipmentId: string, why: HeldShipment['why']): boolean {
  return order.heldShipments.some((each) => each.shipmentId === shipmentId && each.why === why);
}

/** The order without that hold for a shipment. */
export function withoutHold(order: RoutedOrder, shipmentId: string, why: HeldShipment['why']): RoutedOrder {
  if (!isHeldFor(order, shipmentId, why)) return order;
  const heldShipments = order.heldShipments.filter(
    (each) => each.shipmentId !== shipmentId || each.why !== why,
  );
  return settled({ ...order, heldShipments });
}

/** The order as it ended: nothing more happens by itself. */
export function closedOrder(order: RoutedOrder): RoutedOrder {
  return { ...endedOrder(order), state: 'CLOSED', holdReason: null, holdOwner: null };
}

/** The order as it ended too late, in the hands of its owner, with shipments that may leave all the same. */
export function handedOrder(
  order: RoutedOrder,
  reason: string,
  leaving: readonly string[] = [],
): RoutedOrder {
  const heldShipments = leaving.map((shipmentId) => ({ shipmentId, why: 'MAY_LEAVE' as const, reason }));
  const held = { holdReason: reason, holdOwner: HOLD_OWNER, heldShipments };
  return { ...endedOrder(order), state: 'ON_HOLD', ...held };
}

function endedOrder(order: RoutedOrder): RoutedOrder {
  const waves = order.waves.map((wave) => ({ ...wave, isHeld: false }));
  return { ...order, waves, isEnded: true, heldShipments: [], heldUnder: null };
}

/** The wave with no more units than inventory has open for it; the plans of what is left count anew. */
export function cutWave(order: RoutedOrder, wave: Wave, open: readonly SkuQuantity[]): Wave {
  const units = new Map(open.map(({ sku, quantity }) => [sku, quantity]));
  const wanted = linesOfWave(order, wave);
  const isOpen = ({ sku, quantity }: SkuQuantity) => (units.get(sku) ?? 0) >= quantity;
  if (wanted.every(isOpen)) return wave;
  const lines = wanted
    .map(({ sku, quantity }) => ({ sku, quantity: Math.min(quantity, units.get(sku) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  return { ...wave, lines, attempts: 0 };
}

/** Value of lines at the order's prices, in minor units. */
export function valueOfLines(order: RoutedOrder, lines: readonly SkuQuantity[]): number {
  const priced = pricedLines(lines, order.lines);
  return priced.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
}
