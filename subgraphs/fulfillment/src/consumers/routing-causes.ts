// What a plan or a hold of a restored log followed from.
import { readFact } from '@crossdock/contracts';
import type { ArrivedEvent, HistoryPage } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import type { RoutingCause } from '../domain/routing-history.ts';

/** The cause in the words of its fold. A plan without one followed from a warehouse that opened. */
export function routingCauseOf(page: HistoryPage, { event }: ArrivedEvent): RoutingCause {
  if (event.metadata.causationId === undefined) return { type: 'retried' };
  const cause = page.causeOf(event);
  const found = cause === undefined ? null : (ofOrders(cause) ?? ofInventory(cause));
  invariant(found !== null, 'a plan follows from a fact of orders or inventory that its log still has');
  return found;
}

function ofOrders({ source, event }: ArrivedEvent): RoutingCause | null {
  const fact = source === 'orders' ? readFact('orders', event) : null;
  switch (fact?.type) {
    case 'OrderConfirmed':
      return { type: 'freed', wave: fact.data.wave ?? 1, lines: fact.data.lines ?? null };
    case 'OrderReplenished':
      return { type: 'freed', wave: fact.data.wave, lines: fact.data.lines };
    case 'OrderReminded':
      return { type: 'retried' };
    case 'OrderRejected':
    case 'OrderCancelled':
      return { type: 'ended' };
    default:
      return null;
  }
}

function ofInventory({ source, event }: ArrivedEvent): RoutingCause | null {
  const fact = source === 'inventory' ? readFact('inventory', event) : null;
  switch (fact?.type) {
    case 'StockAllocated':
      return { type: 'allocated', shipmentIds: fact.data.shipmentIds };
    case 'AllocationRefused': {
      const { planId, available, open, closed } = fact.data;
      return closed === true ? { type: 'ended' } : { type: 'refused', planId, available, open: open ?? null };
    }
    case 'AllocationBroken':
      return { type: 'missing', shipments: fact.data.shipments };
    default:
      return null;
  }
}
