// What follows when a plan does not come to be: inventory refuses it, or its order ends.
import { shorten } from './broken-claims.ts';
import { chosenPlan, routeWave } from './route-wave.ts';
import {
  HOLD_OWNER,
  hasEnded,
  linesOfWave,
  PLAN_ATTEMPTS_MAX,
  type RoutedOrder,
  type Wave,
  withWave,
} from './routed-order.ts';
import {
  brokenOf,
  type Cause,
  orderOf,
  type PlannedShipment,
  type RoutingDesk,
  store,
  storeBroken,
} from './routing-desk.ts';

const ENDED_AFTER_PLAN = 'It ended after it was planned; inventory may hold units for it.';

/** Figures that a refusal of inventory came back with. */
export type Figure = Readonly<{ sku: string; warehouseId: string; available: number }>;

/** The order was rejected: nothing of it is planned any more, and what was planned and not released is withdrawn. */
export function rejectOrder(desk: RoutingDesk, orderId: string): void {
  const order = orderOf(desk, orderId);
  if (hasEnded(order)) return;
  withdraw(desk, openShipments(desk, orderId), 'CANCELLED');
  if (order.waves.some(({ isHeld }) => !isHeld)) hand(desk, order);
  else close(desk, order);
}

/** The order was cancelled: like a rejection, but what was released or left before is as it should be. */
export function cancelOrder(desk: RoutingDesk, orderId: string): void {
  const order = orderOf(desk, orderId);
  if (hasEnded(order)) return;
  const open = openShipments(desk, orderId);
  withdraw(desk, open, 'CANCELLED');
  if (open.length > 0) hand(desk, order);
  else close(desk, order);
}

function close(desk: RoutingDesk, order: RoutedOrder): void {
  store(desk, { ...endedWaves(order), state: 'CLOSED', holdReason: null, holdOwner: null, heldUnder: null });
}

/** Gives an order that ended too late to its owner. */
function hand(desk: RoutingDesk, order: RoutedOrder): void {
  const held = { holdReason: ENDED_AFTER_PLAN, holdOwner: HOLD_OWNER, heldUnder: null };
  store(desk, { ...endedWaves(order), state: 'ON_HOLD', ...held });
}

function endedWaves(order: RoutedOrder): RoutedOrder {
  return { ...order, waves: order.waves.map((wave) => ({ ...wave, isHeld: false })) };
}

/** Shipments of the order, or of one plan of it, that are planned and no more. */
function openShipments(desk: RoutingDesk, orderId: string, planId?: string): PlannedShipment[] {
  return [...desk.refused, ...desk.planned].filter(
    (each) =>
      each.orderId === orderId &&
      (planId === undefined || each.planId === planId) &&
      !desk.moved.has(each.shipmentId),
  );
}

/** Gives back what the shipments took. */
function withdraw(
  desk: RoutingDesk,
  shipments: readonly PlannedShipment[],
  status: 'CANCELLED' | 'REROUTED',
): void {
  for (const shipment of shipments) {
    for (const { sku, quantity } of shipment.lines) desk.view.add(sku, shipment.warehouseId, quantity);
    const withdrawn = { ...shipment, status };
    desk.moved.set(shipment.shipmentId, withdrawn);
    // An allocation of it that comes later in this batch releases nothing.
    desk.allocated.set(shipment.shipmentId, withdrawn);
  }
}

/**
 * Inventory refused a plan: its takings are given back, its figures believed, and another is made; none where the order has
 * ended there, or where nothing is left of the wave.
 */
export function refusePlan(
  desk: RoutingDesk,
  cause: Cause,
  refused: Readonly<{ orderId: string; planId: string; closed?: boolean | null | undefined }>,
  figures: readonly Figure[],
): void {
  const order = orderOf(desk, refused.orderId);
  const wave = order.waves.find(({ planId }) => planId === refused.planId);
  if (wave === undefined) return;
  if (refused.closed === true) {
    withdraw(desk, openShipments(desk, order.orderId), 'CANCELLED');
    return close(desk, order);
  }
  if (hasEnded(order) || wave.isHeld) return;
  const shipments = openShipments(desk, order.orderId, refused.planId);
  withdraw(desk, shipments, 'REROUTED');
  for (const { sku, warehouseId, available } of figures) desk.view.set(sku, warehouseId, available);
  const shortened = shortenedWave(desk, order, wave, isCovered(shipments, figures));
  if (shortened === null) return routeWave(desk, cause, order, wave);
  if (linesOfWave(order, shortened).length === 0) return store(desk, withWave(order, shortened));
  routeWave(desk, cause, order, { ...shortened, attempts: 0 });
}

/** True where each warehouse has what was asked of it: then the order's claim has not. */
function isCovered(shipments: readonly PlannedShipment[], figures: readonly Figure[]): boolean {
  const available = (sku: string, warehouseId: string) =>
    figures.find((each) => each.sku === sku && each.warehouseId === warehouseId)?.available ?? 0;
  return shipments.every(({ warehouseId, lines }) =>
    lines.every(({ sku, quantity }) => available(sku, warehouseId) >= quantity),
  );
}

/**
 * The wave without units of the newest break, where that can be why its plan was refused: the goods are there and the claim
 * is not, or the goods are nowhere, or nothing else is left to try. Null where none is taken off.
 */
function shortenedWave(desk: RoutingDesk, order: RoutedOrder, wave: Wave, isCovered: boolean): Wave | null {
  const shortened = shorten(linesOfWave(order, wave), brokenOf(desk, order.orderId));
  if (shortened === null) return null;
  const isNowhere = chosenPlan(desk, order, wave)?.rule === 'BEYOND_VIEW';
  if (!isCovered && !isNowhere && wave.attempts < PLAN_ATTEMPTS_MAX) return null;
  storeBroken(desk, order.orderId, shortened.broken);
  return { ...wave, lines: shortened.lines };
}
