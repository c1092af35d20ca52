import type { TravellingEvent } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import type { Logger } from '@crossdock/telemetry';
import type { RoutingDesk } from '../domain/routing-desk.ts';
import { publishedFact } from '../publishers/published-facts.ts';
import { applyBatch } from '../store/apply-batch.ts';
import { hastenReleases } from '../store/outgoing-releases.ts';
import { HEARD_SOURCES, readHeard, wants } from './heard-facts.ts';
import { routeBatch } from './route-batch.ts';
import { type RoutingMetrics, reportRouting } from './routing-metrics.ts';

export type FulfillmentConsumerOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: RoutingMetrics;
  /** Called after a commit that released shipments, or made telling them due. */
  onReleased: () => void;
}>;

/** Hears orders and inventory: plans what was confirmed, releases what was allocated, plans anew what was refused. */
export function createFulfillmentConsumer(options: FulfillmentConsumerOptions): Consumer {
  return {
    name: 'fulfillment',
    sources: HEARD_SOURCES,
    wants,
    // No step before CONFIRMED waits for a warehouse: routing leaves the machine to them and gathers longer.
    gather: { perEvent_ms: 2, max_ms: 500 },
    keyOf,
    reminds: (source, event) => (source === 'orders' && event.type === 'OrderReminded' ? keyOf(event) : null),
    apply: async (events, inbox) => {
      const heard = readHeard(events.filter(isUndecided));
      const reminded = heard.flatMap(({ fact }) =>
        fact.type === 'OrderReminded' ? [fact.data.orderId] : [],
      );
      // Before the offsets move: a release that is told sooner is harmless however often it is said, and never lost.
      const hastened = reminded.length > 0 ? await hastenReleases(options.sql, inbox, reminded) : 0;
      const { desk, retries } = await routeBatch(options.sql, heard);
      await applyBatch(options.sql, inbox, desk, desk.said.map(publishedFact), { retries });
      report(desk, options);
      if (hastened > 0) options.onReleased();
    },
  };
}

/**
 * Not what came back with a restored log and was decided then. Allocations are decided all the same: of the releases one of
 * them led to some may not have come back, and those that did are not made twice.
 */
function isUndecided({ isRecorded, event }: ArrivedEvent): boolean {
  return isRecorded !== true || event.type === 'StockAllocated';
}

function keyOf({ data, stream }: TravellingEvent): string {
  return typeof data.orderId === 'string' ? data.orderId : stream;
}

/** Tells what was committed; a batch that is decided again is told once. */
function report(desk: RoutingDesk, options: FulfillmentConsumerOptions): void {
  reportRouting(desk, options);
  if (desk.said.some(({ event }) => event.type === 'ShipmentReleased')) options.onReleased();
}
