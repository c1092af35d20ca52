import type { FactData } from '@crossdock/contracts';
import { unreachable } from '@crossdock/values';
import type { ReservationEvent, Units } from '../domain/reservation/reservation.ts';

type Published = {
  [T in Exclude<ReservationEvent['type'], 'ReservationClosed'>]: Readonly<{
    type: T;
    data: FactData<'inventory', T>;
  }>;
}[Exclude<ReservationEvent['type'], 'ReservationClosed'>];

const skuQuantities = (lines: readonly Units[]) => lines.map(([sku, quantity]) => ({ sku, quantity }));

/** What the others are told of an order's claim on stock; null for what concerns nobody else. */
export function reservationFact(
  event: ReservationEvent,
  order: Readonly<{ orderId: string; partnerId: string }>,
): Published | null {
  const { orderId, partnerId } = order;
  switch (event.type) {
    case 'StockReserved': {
      const { lines, reservedValueMinor, currencyCode, partly } = event.data;
      const part = partly ? { lines: skuQuantities(lines) } : {};
      return { type: event.type, data: { orderId, partnerId, reservedValueMinor, currencyCode, ...part } };
    }
    case 'StockShort':
      return { type: event.type, data: { orderId, partnerId, short: [...event.data.short] } };
    case 'ReservationReleased':
      return { type: event.type, data: { orderId, partnerId, cause: event.data.cause } };
    case 'StockAllocated': {
      const { planId, shipments } = event.data;
      return {
        type: event.type,
        data: { orderId, partnerId, planId, shipmentIds: shipments.map((each) => each.shipmentId) },
      };
    }
    case 'AllocationRefused': {
      const { planId, available, closed } = event.data;
      const ended = closed ? { closed } : {};
      return { type: event.type, data: { orderId, partnerId, planId, available: [...available], ...ended } };
    }
    case 'StockShipped': {
      const { shipmentId, warehouseId } = event.data;
      return { type: event.type, data: { orderId, partnerId, shipmentId, warehouseId } };
    }
    case 'ReservationClosed':
      return null;
    default:
      return unreachable(event);
  }
}
