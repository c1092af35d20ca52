// What an order does with each wave of units that orders gives free for shipping.

import { releaseWaiting } from './release-shipments.ts';
import { routeWave } from './route-wave.ts';
import { newWave, type RoutedOrder, type Wave } from './routed-order.ts';
import { type Cause, orderOf, type RoutingDesk, store } from './routing-desk.ts';
import type { ShipmentHead, SkuQuantity } from './shipment.ts';

/** The order was confirmed: the wave that it confirms gets its first plan, unless it ended before or all of it waits. */
export function confirmOrder(
  desk: RoutingDesk,
  cause: Cause,
  orderId: string,
  { wave, lines }: Readonly<{ wave: number; lines: readonly SkuQuantity[] | null }>,
): void {
  const order = orderOf(desk, orderId);
  if (order.waves.length > 0 || order.isEnded || lines?.length === 0) return;
  routeWave(desk, cause, order, newWave(wave, lines));
}

/** Units that waited are to be shipped: they are planned beside whatever became of the waves before. */
export function replenishOrder(
  desk: RoutingDesk,
  cause: Cause,
  orderId: string,
  { wave, lines }: Readonly<{ wave: number; lines: readonly SkuQuantity[] }>,
): void {
  const order = orderOf(desk, orderId);
  if (order.isEnded || order.waves.some((each) => each.wave === wave)) return;
  const waves = order.waves.filter((each) => each.wave === 1 || !isAssigned(desk, each));
  routeWave(desk, cause, { ...order, waves }, newWave(wave, lines));
}

/** True where no shipment of its plan waits for inventory any more. */
function isAssigned(desk: RoutingDesk, { planId, isHeld }: Wave): boolean {
  if (isHeld) return false;
  const planned = [...desk.refused, ...desk.planned].filter((shipment) => shipment.planId === planId);
  return planned.every(({ shipmentId }) => desk.moved.has(shipmentId));
}

/** A warehouse opened or changed: what an order is on hold for is tried once more under the facts that are known now. */
export function retryHeldOrder(
  desk: RoutingDesk,
  causes: Readonly<{
    ofWave: (order: RoutedOrder, wave: Wave) => Cause;
    ofShipment: (shipment: ShipmentHead) => Cause;
  }>,
  orderId: string,
): void {
  const order = orderOf(desk, orderId);
  store(desk, { ...order, heldUnder: desk.warehouseFacts });
  releaseWaiting(desk, causes.ofShipment, orderId);
  retryHeldWaves(desk, causes.ofWave, orderId);
}

/**
 * What an order is on hold for may have gone: its held waves are planned again, from the first attempt. Nothing where no
 * warehouse is open, so that nothing is said twice.
 */
export function retryHeldWaves(
  desk: RoutingDesk,
  causeOf: (order: RoutedOrder, wave: Wave) => Cause,
  orderId: string,
): void {
  const order = desk.orders.get(orderId);
  if (order === undefined || desk.tiers.length === 0) return;
  const held = order.waves.filter(({ isHeld }) => isHeld);
  for (const wave of held) {
    const before = orderOf(desk, orderId);
    routeWave(desk, causeOf(before, wave), before, { ...wave, attempts: 0 });
  }
}

/** The cause of one wave among several that follow from one fact. */
export function causeForWave({ derive, metadata }: Cause, { wave }: Wave): Cause {
  return { derive: (step, ordinal) => derive(`${step} of wave ${wave}`, ordinal), metadata };
}
