import { type Plan, planOrder } from './plan.ts';
import {
  HOLD_OWNER,
  linesOfWave,
  PLAN_ATTEMPTS_MAX,
  type RoutedOrder,
  valueOfLines,
  type Wave,
  withHeldWave,
  withWave,
} from './routed-order.ts';
import { type Cause, type RoutingDesk, store } from './routing-desk.ts';
import type { SkuQuantity } from './shipment.ts';

/** Chooses warehouses for a wave's lines and says so; gives the order to its owner where that cannot be. */
export function routeWave(desk: RoutingDesk, cause: Cause, order: RoutedOrder, wave: Wave): void {
  if (wave.attempts === PLAN_ATTEMPTS_MAX) {
    const reason = `Inventory refused ${PLAN_ATTEMPTS_MAX} plans; the stock does not cover its own reservation.`;
    return hold(desk, cause, order, wave, reason);
  }
  const plan = planOrder(order.orderId, linesOfWave(order, wave), desk.tiers, desk.view);
  if (plan === null) hold(desk, cause, order, wave, 'No warehouse is open.');
  else accept(desk, cause, order, wave, plan);
}

function hold(desk: RoutingDesk, cause: Cause, order: RoutedOrder, wave: Wave, reason: string): void {
  const held = { reason, owner: HOLD_OWNER, heldUnder: desk.warehouseFacts };
  sayHeld(desk, cause, withHeldWave(order, wave, held), reason);
}

/** Says that the order needs its owner. */
export function sayHeld(desk: RoutingDesk, cause: Cause, order: RoutedOrder, reason: string): void {
  const { orderId, partnerId, partition } = order;
  const facts = order.facts + 1;
  store(desk, { ...order, facts });
  desk.said.push({
    ...{ partition, streamId: orderId, version: facts, id: cause.derive('held'), metadata: cause.metadata },
    event: { type: 'FulfillmentHeld', data: { orderId, partnerId, reason, owner: HOLD_OWNER } },
  });
}

/** Books a plan: shipments, the view, the order's row and the fact. */
function accept(desk: RoutingDesk, cause: Cause, order: RoutedOrder, wave: Wave, plan: Plan): void {
  const { orderId, partnerId, partition } = order;
  const planId = cause.derive('plan');
  const shipments = plan.consignments.map(({ warehouseId, lines }, ordinal) => {
    const shipmentId = cause.derive('shipment', ordinal);
    bookShipment(desk, order, planId, { shipmentId, warehouseId, lines });
    return { shipmentId, warehouseId, lines };
  });
  const [attempt, facts, attempts] = [order.planAttempts + 1, order.facts + 1, wave.attempts + 1];
  const planned = withWave(order, { ...wave, planId, attempts, isHeld: false });
  store(desk, { ...planned, planAttempts: attempt, facts });
  const { rule, explanation } = plan;
  desk.plans.push({ orderId, attempt, wave: wave.wave, waveAttempt: attempts, planId, rule, explanation });
  const which = wave.wave === 1 ? {} : { wave: wave.wave };
  const greedy = attempts === PLAN_ATTEMPTS_MAX ? { greedy: true as const } : {};
  desk.said.push({
    ...{
      partition,
      streamId: orderId,
      version: facts,
      id: cause.derive('planned'),
      metadata: cause.metadata,
    },
    event: {
      type: 'ShipmentsPlanned',
      data: { orderId, partnerId, planId, attempt, ...which, ...greedy, shipments },
    },
  });
}

type Consignment = Readonly<{ shipmentId: string; warehouseId: string; lines: readonly SkuQuantity[] }>;

function bookShipment(desk: RoutingDesk, order: RoutedOrder, planId: string, consignment: Consignment): void {
  const { orderId, partnerId, partition, currencyCode } = order;
  const { shipmentId, warehouseId, lines } = consignment;
  for (const { sku, quantity } of lines) desk.view.add(sku, warehouseId, -quantity);
  desk.warehousesUsed.add(warehouseId);
  desk.planned.push({
    ...{ shipmentId, orderId, planId, partnerId, partition, warehouseId, lines, currencyCode },
    ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, carrier: null, trackingNumber: null },
    valueMinor: valueOfLines(order, lines),
  });
}
