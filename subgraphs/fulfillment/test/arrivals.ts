// Facts of other subgraphs as they arrive, for the tests of this one: dense positions, ids, metadata. It reads no log.
import type { FactData, Source } from '@crossdock/contracts';
import { newId } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';

type Heard = 'orders' | 'inventory';

/** The logs of the others, growing. `partition` is that of the partner; the same for all. */
export function createArrivals(partition = 3) {
  const positions = new Map<Source, number>();

  function arrive(source: Heard, type: string, data: object): ArrivedEvent {
    const position = (positions.get(source) ?? 0) + 1;
    positions.set(source, position);
    const stream = 'orderId' in data ? String(data.orderId) : newId();
    const place = { id: newId(), category: source, stream, version: 1, type, schemaVersion: 1 };
    const event = { ...place, data: { ...data }, metadata: {}, at: new Date().toISOString() };
    return { source, partition, position, event };
  }

  return {
    from: (source: Heard, type: string, data: object) => arrive(source, type, data),
    placed: (orderId: string, lines: Lines, more: Partial<FactData<'orders', 'OrderPlaced'>> = {}) =>
      arrive('orders', 'OrderPlaced', { ...orderPlaced(orderId, lines), ...more }),
    confirmed: (orderId: string, lines: Record<string, number> | null = null, wave?: number) =>
      arrive('orders', 'OrderConfirmed', {
        ...{ orderId, partnerId: 'P1', number: `N-${orderId.slice(-4)}` },
        ...(wave === undefined ? {} : { wave }),
        lines: lines === null ? null : Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
      }),
    reminded: (orderId: string) =>
      arrive('orders', 'OrderReminded', {
        ...{ orderId, partnerId: 'P1', number: `N-${orderId.slice(-4)}`, status: 'RELEASED', reminder: 1 },
      }),
    received: (warehouseId: string, units: Record<string, number>) =>
      arrive('inventory', 'StockReceived', {
        receiptId: newId(),
        lines: Object.entries(units).map(([sku, quantity]) => ({ sku, warehouseId, quantity })),
      }),
    allocated: (orderId: string, planId: string, shipmentIds: readonly string[]) =>
      arrive('inventory', 'StockAllocated', { orderId, partnerId: 'P1', planId, shipmentIds }),
    refused: (
      orderId: string,
      planId: string,
      available: FactData<'inventory', 'AllocationRefused'>['available'],
      open?: FactData<'inventory', 'AllocationRefused'>['open'],
    ) => arrive('inventory', 'AllocationRefused', { orderId, partnerId: 'P1', planId, available, open }),
  };
}

/** Quantity and unit price in minor units by SKU. */
export type Lines = Record<string, readonly [quantity: number, unitPriceMinor: number]>;

function orderPlaced(orderId: string, lines: Lines): FactData<'orders', 'OrderPlaced'> {
  const priced = Object.entries(lines).map(([sku, [quantity, unitPriceMinor]]) => ({
    sku,
    quantity,
    unitPriceMinor,
  }));
  return {
    ...{ orderId, partnerId: 'P1', number: `N-${orderId.slice(-4)}`, currencyCode: 'GBP', placedBy: 'buyer' },
    ...{ shortagePolicy: 'REJECT', paymentMethod: 'TERMS', totalMinor: 0 },
    shipTo: { name: 'Shop', lines: ['1 High Street'], city: 'Leeds', postalCode: 'LS1', country: 'GB' },
    requestedShipDate: '2026-03-02',
    lines: priced,
  };
}
