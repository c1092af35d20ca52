import type { FactData } from '@crossdock/contracts';
import { unreachable } from '@crossdock/values';
import type { Claim, ReservationEvent, StockReserved } from '../domain/reservation/reservation.ts';

type Order = Readonly<{ orderId: string; partnerId: string }>;

type Published = {
  [T in Exclude<ReservationEvent['type'], 'ReservationClosed'>]: Readonly<{
    type: T;
    data: FactData<'inventory', T>;
  }>;
}[Exclude<ReservationEvent['type'], 'ReservationClosed'>];

/** Lines as facts tell them. */
export const skuQuantities = (lines: readonly Claim[]) => lines.map(([sku, quantity]) => ({ sku, quantity }));

/** The first reservation of an order says its lines only where they are less than what was placed. */
function stockReserved({ data }: StockReserved, order: Order): FactData<'inventory', 'StockReserved'> {
  const { lines, reservedValueMinor, currencyCode, partly, waiting, wave } = data;
  return {
    ...order,
    reservedValueMinor,
    currencyCode,
    ...(partly || wave > 1 ? { lines: skuQuantities(lines) } : {}),
    ...(wave > 1 ? { wave } : {}),
    ...(waiting.length > 0 ? { backordered: skuQuantities(waiting) } : {}),
  };
}

/** What the others are told of an order's claim on stock; null for what concerns nobody else. */
export function reservationFact(event: ReservationEvent, order: Order): Published | null {
  const { orderId, partnerId } = order;
  switch (event.type) {
    case 'StockReserved':
      return { type: event.type, data: stockReserved(event, { orderId, partnerId }) };
    case 'StockBackordered':
      return { type: event.type, data: { orderId, partnerId, lines: skuQuantities(event.data.waiting) } };
    case 'ReservationReduced': {
      const { claimed, waiting, valueMinor, currencyCode, cause } = event.data;
      const units = { lines: skuQuantities(claimed), backordered: skuQuantities(waiting) };
      return { type: event.type, data: { orderId, partnerId, ...units, valueMinor, currencyCode, cause } };
    }
    case 'ReservationBroken': {
      const { lines, ...more } = event.data;
      return { type: event.type, data: { orderId, partnerId, lines: skuQuantities(lines), ...more } };
    }
    case 'AllocationBroken': {
      const { shipments, ...more } = event.data;
      const broken = shipments.map(({ shipmentId, lines }) => ({ shipmentId, lines: skuQuantities(lines) }));
      return { type: event.type, data: { orderId, partnerId, ...more, shipments: broken } };
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
      const { planId, available, open, closed } = event.data;
      const standing = closed ? { closed } : { open: skuQuantities(open) };
      return {
        type: event.type,
        data: { orderId, partnerId, planId, available: [...available], ...standing },
      };
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
