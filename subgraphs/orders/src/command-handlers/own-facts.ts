// The facts of an order's stream as events about to be logged.

import type { Metadata } from '@crossdock/event-store';
import { derivedId, type NewEvent } from '@crossdock/event-store';
import { isNote, type OrderEvent, type OrderFact } from '../domain/order-state.ts';
import type { OrderProgress } from '../store/progress.ts';

/** What facts follow from, and what rides along with them. */
export type Cause = Readonly<{ id: string; metadata: Metadata }>;

/** Who the fact belongs to and what it tells; what it does not tell is left out, since every byte travels to three subgraphs. */
function publicData({ orderId, partnerId, number }: OrderProgress, fact: OrderFact): object {
  const told = Object.entries(fact.data).filter(([, value]) => value !== null);
  return { orderId, partnerId, number, ...Object.fromEntries(told) };
}

/** The events to log for what was decided on the order's state; notes are none. */
export function eventsOf(order: OrderProgress, decided: readonly OrderEvent[], cause: Cause): NewEvent[] {
  const counts = new Map<string, number>();
  return decided
    .filter((event): event is OrderFact => !isNote(event))
    .map((fact, index) => {
      const ordinal = counts.get(fact.type) ?? 0;
      counts.set(fact.type, ordinal + 1);
      return {
        partition: order.partition,
        category: 'order',
        streamId: order.orderId,
        version: order.state.version + 1 + index,
        id: derivedId(cause.id, fact.type, ordinal),
        type: fact.type,
        data: publicData(order, fact),
        metadata: cause.metadata,
      };
    });
}
