// Partners with orders, and what the others say of them, for specs that need some of each.
import type { Sql } from '@crossdock/event-store';
import { createPlaceOrder } from '../src/command-handlers/place-order.ts';
import { createUpsertPartners } from '../src/command-handlers/upsert-partners.ts';
import type { Neighbours, Said } from './neighbours.ts';

export type Placed = Readonly<{ orderId: string; partnerId: string; partition: number }>;

const PARTNERS = ['p1', 'p2', 'p3'];
const LINES = [{ sku: 'a', quantity: 2 }];
const actor = { subject: 'tester', traceparent: null };
const poke = () => undefined;

/** Registers partners and a product, and places orders of two units each. */
export async function placeOrders(sql: Sql, { say }: Neighbours, count: number): Promise<readonly Placed[]> {
  const partners = PARTNERS.map((id) => ({
    ...{ id, name: `Shop ${id}`, currencyCode: 'GBP', shipTo: { country: 'GB' } },
    paymentMethods: ['TERMS'] as const,
  }));
  await createUpsertPartners({ sql, poke })('seed', 'REJECT_ALL', partners, actor);
  await say([productFact('ProductRegistered', 250), productFact('ProductRevised', 300)]);
  const placeOrder = createPlaceOrder({ sql, seal: async () => 'sealed', poke });
  const terms = { shortagePolicy: 'REJECT', paymentMethod: null, cardToken: null, waitMs: 0 } as const;
  const plain = {
    poNumber: null,
    shipTo: null,
    requestedShipDate: null,
    holdId: null,
    expectedTotal: null,
    note: null,
  };
  for (let index = 0; index < count; index += 1) {
    const partnerId = PARTNERS[index % PARTNERS.length] ?? '';
    await placeOrder(`k${index}`, { partnerId, lines: LINES, ...terms, ...plain }, actor);
  }
  return sql<Placed[]>`
    SELECT order_id AS "orderId", partner_id AS "partnerId", partition FROM orders ORDER BY order_id`;
}

export function productFact(type: 'ProductRegistered' | 'ProductRevised', listPriceMinor: number): Said {
  const shape = { casePack: 1, minOrderQuantity: 1, weightGrams: 1 };
  const data = { sku: 'a', name: 'Apple', listPriceMinor, currencyCode: 'GBP', ...shape };
  return { source: 'inventory', partition: 5, type, data };
}

function said(
  source: Said['source'],
  { orderId, partnerId, partition }: Placed,
  type: string,
  data: object,
): Said {
  return { source, partition, type, data: { orderId, partnerId, ...data } };
}

/** What can be said of an order again and again. */
export function allocationFact(order: Placed): Said {
  return said('inventory', order, 'StockAllocated', { planId: order.orderId, shipmentIds: [] });
}

/** What the others say of an order that goes its way; every fourth lacks stock. */
export function factsOf(order: Placed, index: number): Said[] {
  if (index % 4 === 3) {
    const short = [{ sku: 'a', requested: 2, available: 1 }];
    return [said('inventory', order, 'StockShort', { short })];
  }
  const money = { amountMinor: 600, currencyCode: 'GBP', method: 'TERMS' };
  const shipment = { shipmentId: order.orderId, warehouseId: 'W1', releaseEpoch: 1 };
  const left = { ...shipment, valueMinor: 600, currencyCode: 'GBP', lines: LINES, trackingNumber: 'T1' };
  return [
    said('inventory', order, 'StockReserved', { reservedValueMinor: 600, currencyCode: 'GBP' }),
    said('payments', order, 'PaymentAuthorised', money),
    said('fulfillment', order, 'ShipmentReleased', shipment),
    said('fulfillment', order, 'ShipmentConfirmed', left),
  ];
}
