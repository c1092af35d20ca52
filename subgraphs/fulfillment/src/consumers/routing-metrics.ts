import { Counter, type Logger, type Registry } from '@crossdock/telemetry';
import { HOLD_OWNER } from '../domain/routed-order.ts';
import type { RoutingDesk } from '../domain/routing-desk.ts';

/** What routing counts. */
export function createRoutingMetrics(registry: Registry) {
  const registers = [registry];
  return {
    plans: new Counter({
      name: 'crossdock_fulfillment_plans_total',
      help: 'Plans by rule; attempts after the first are what inventory refused',
      labelNames: ['rule', 'attempt'],
      registers,
    }),
    released: new Counter({
      name: 'crossdock_fulfillment_released_shipments_total',
      help: 'Shipments released to a WMS',
      registers,
    }),
    onHold: new Counter({
      name: 'crossdock_fulfillment_orders_on_hold_total',
      help: 'Orders that could not be routed and wait for their owner',
      registers,
    }),
  };
}

export type RoutingMetrics = ReturnType<typeof createRoutingMetrics>;

/** Counts plans and releases, and tells of holds. */
export function reportRouting(
  desk: RoutingDesk,
  { logger, metrics }: Readonly<{ logger: Logger; metrics: RoutingMetrics }>,
): void {
  metrics.released.inc(desk.said.filter(({ event }) => event.type === 'ShipmentReleased').length);
  for (const { rule, waveAttempt } of desk.plans) metrics.plans.inc({ rule, attempt: String(waveAttempt) });
  for (const { orderId, reason } of holdsOf(desk)) {
    metrics.onHold.inc();
    const number = desk.orders.get(orderId)?.number;
    logger.error(
      { orderId, number, reason, owner: HOLD_OWNER },
      'an order cannot be routed: its owner must decide',
    );
  }
}

/** Holds that were said, and orders that ended too late, which nobody says. */
function holdsOf(desk: RoutingDesk): { orderId: string; reason: string | null }[] {
  const said = desk.said.flatMap(({ event }) =>
    event.type === 'FulfillmentHeld' ? [{ orderId: event.data.orderId, reason: event.data.reason }] : [],
  );
  const handed = [...desk.touched].flatMap((orderId) => {
    const order = desk.orders.get(orderId);
    const isHanded = order?.state === 'ON_HOLD' && order.isEnded && order.heldShipments.length === 0;
    return isHanded ? [{ orderId, reason: order.holdReason }] : [];
  });
  return [...said, ...handed];
}
