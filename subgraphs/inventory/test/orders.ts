// Facts of orders and fulfillment, as short as a test wants to write them.
import { randomUUID } from 'node:crypto';
import type { ArrivedEvent } from '@crossdock/messaging';
import { arrived } from './inventory.ts';

export type Amounts = Readonly<Record<string, number>>;

const UNIT_PRICE_MINOR = 250;
const skuQuantities = (amounts: Amounts) =>
  Object.entries(amounts).map(([sku, quantity]) => ({ sku, quantity }));

export type TestOrder = Readonly<{ orderId: string; partnerId: string; lines: Amounts }>;

export function order(lines: Amounts, partnerId = 'P-1'): TestOrder {
  return { orderId: randomUUID(), partnerId, lines };
}

export function placed(
  { orderId, partnerId, lines }: TestOrder,
  shortagePolicy: 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER' = 'REJECT',
  holdId: string | null = null,
): ArrivedEvent {
  return arrived('orders', 'OrderPlaced', {
    orderId,
    partnerId,
    number: 'N-1',
    currencyCode: 'GBP',
    totalMinor: 0,
    shortagePolicy,
    paymentMethod: 'TERMS',
    placedBy: 'somebody',
    holdId,
    lines: skuQuantities(lines).map((line) => ({ ...line, unitPriceMinor: UNIT_PRICE_MINOR })),
  });
}

export function rejected({ orderId, partnerId }: TestOrder): ArrivedEvent {
  return arrived('orders', 'OrderRejected', {
    orderId,
    partnerId,
    number: 'N-1',
    reason: 'PAYMENT_DECLINED',
  });
}

export function cancelled({ orderId, partnerId }: TestOrder): ArrivedEvent {
  return arrived('orders', 'OrderCancelled', { orderId, partnerId, number: 'N-1', reason: 'no need' });
}

export function cancelledLines({ orderId, partnerId }: TestOrder, lines: Amounts): ArrivedEvent {
  const about = { orderId, partnerId, number: 'N-1', status: 'PLACED', reason: 'no need' };
  return arrived('orders', 'OrderLinesCancelled', { ...about, lines: skuQuantities(lines) });
}

export function reminded({ orderId, partnerId }: TestOrder): ArrivedEvent {
  const about = { orderId, partnerId, number: 'N-1' };
  return arrived('orders', 'OrderReminded', { ...about, status: 'PLACED', reminder: 1 });
}

export type TestShipment = Readonly<{ shipmentId: string; warehouseId: string; lines: Amounts }>;

export function shipment(warehouseId: string, lines: Amounts): TestShipment {
  return { shipmentId: randomUUID(), warehouseId, lines };
}

export function planned(
  { orderId, partnerId }: TestOrder,
  shipments: readonly TestShipment[],
  wave = 1,
): ArrivedEvent {
  return arrived('fulfillment', 'ShipmentsPlanned', {
    orderId,
    partnerId,
    planId: randomUUID(),
    attempt: 1,
    ...(wave > 1 ? { wave } : {}),
    shipments: shipments.map((each) => ({ ...each, lines: skuQuantities(each.lines) })),
  });
}

export function confirmed({ orderId, partnerId }: TestOrder, left: TestShipment): ArrivedEvent {
  return arrived('fulfillment', 'ShipmentConfirmed', {
    orderId,
    partnerId,
    shipmentId: left.shipmentId,
    warehouseId: left.warehouseId,
    releaseEpoch: 1,
    valueMinor: 0,
    currencyCode: 'GBP',
    lines: skuQuantities(left.lines),
  });
}
