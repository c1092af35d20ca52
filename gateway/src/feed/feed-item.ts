// A fact of an order as the public feed shows it. Everything else of the event is dropped here, card data first of all.
import { FEED_TYPE_OF, ORDER_STATUS_AFTER, type OrderFact, type TravellingEvent } from '@crossdock/contracts';

export type FeedItem = Readonly<{
  orderId: string;
  orderNumber: string;
  partnerId: string;
  type: (typeof FEED_TYPE_OF)[OrderFact];
  status: (typeof ORDER_STATUS_AFTER)[OrderFact];
  version: number;
  occurredAt: string;
}>;

const isOrderFact = (type: string): type is OrderFact => Object.hasOwn(FEED_TYPE_OF, type);

/** The item of an event; null for what is no public fact of an order. */
export function feedItemOf(event: TravellingEvent): FeedItem | null {
  if (event.category !== 'order' || !isOrderFact(event.type)) return null;
  const { orderId, partnerId, number } = event.data;
  if (typeof orderId !== 'string' || typeof partnerId !== 'string' || typeof number !== 'string') return null;
  return {
    orderId,
    orderNumber: number,
    partnerId,
    type: FEED_TYPE_OF[event.type],
    status: ORDER_STATUS_AFTER[event.type],
    version: event.version,
    occurredAt: event.at,
  };
}
