// A fact of an order as the public feed shows it. Everything else of the event is dropped here, card data first of all.
import {
  FEED_TYPE_OF,
  type OrderFact,
  type OrderStatus,
  orderStatusAfter,
  type TravellingEvent,
} from '@crossdock/contracts';

export type FeedItem = Readonly<{
  orderId: string;
  orderNumber: string;
  partnerId: string;
  type: (typeof FEED_TYPE_OF)[OrderFact];
  status: OrderStatus;
  version: number;
  occurredAt: string;
}>;

const isOrderFact = (type: string): type is OrderFact => Object.hasOwn(FEED_TYPE_OF, type);

/** The item of an event; null for what is no public fact of an order. */
export function feedItemOf(event: TravellingEvent): FeedItem | null {
  if (event.category !== 'order' || !isOrderFact(event.type)) return null;
  const { orderId, partnerId, number } = event.data;
  if (typeof orderId !== 'string' || typeof partnerId !== 'string' || typeof number !== 'string') return null;
  const status = orderStatusAfter(event.type, event.data);
  if (status === null) return null;
  return {
    orderId,
    orderNumber: number,
    partnerId,
    type: FEED_TYPE_OF[event.type],
    status,
    version: event.version,
    occurredAt: event.at,
  };
}
