// OrderPlaced as orders says it, of which the reserver's load is made.

import { partitionOf } from '@crossdock/contracts';
import { derivedId, newId } from '@crossdock/event-store';
import type { DatasetOrderLine } from '../../dataset/index.ts';

/** An order's fact as text, ready to travel: making it costs the machine nothing while it is measured. */
export interface PlacedOrder {
  readonly partition: number;
  readonly eventId: string;
  readonly lineCount: number;
  /** The travelling event, JSON. */
  readonly text: string;
}

const UNIT_PRICE_MINOR = 250;

/** The fact of an order that shall be reserved whole or not at all. */
export function placedOrder(
  index: number,
  partnerId: string,
  lines: readonly DatasetOrderLine[],
): PlacedOrder {
  const orderId = newId();
  const eventId = derivedId(orderId, 'OrderPlaced');
  const priced = lines.map(({ sku, quantity }) => ({ sku, quantity, unitPriceMinor: UNIT_PRICE_MINOR }));
  const data = {
    ...{ orderId, partnerId, number: `SO-${100_000 + index}`, currencyCode: 'GBP' },
    totalMinor: priced.reduce((sum, { quantity }) => sum + quantity * UNIT_PRICE_MINOR, 0),
    ...{ shortagePolicy: 'REJECT', paymentMethod: 'TERMS', placedBy: 'erp:race', poNumber: `PO-${index}` },
    lines: priced,
  };
  const event = {
    ...{ id: eventId, category: 'order', stream: orderId, version: 1, type: 'OrderPlaced', schemaVersion: 1 },
    data,
    metadata: { correlationId: orderId, actor: 'erp:race', request: requestOf(orderId, index) },
    at: new Date().toISOString(),
  };
  return { partition: partitionOf(partnerId), eventId, lineCount: lines.length, text: JSON.stringify(event) };
}

/** What orders notes of the client's request beside each fact. */
const requestOf = (orderId: string, index: number) => ({
  ...{
    scope: 'erp:race',
    operation: 'placeOrder',
    key: `race-${index}`,
    fingerprint: orderId,
    result: orderId,
  },
  events: 1,
});
