// Plans orders on hold again, and releases what waits, when a warehouse opened or changed since. It looks at them on a timer, because no consumer hears
// this subgraph's own facts; each order is tried once for every such fact, so that nothing is tried for ever.
import { derivedId, faultKind, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { linesOfWave, type RoutedOrder } from '../domain/routed-order.ts';
import { type Cause, openDesk, type RoutingDesk } from '../domain/routing-desk.ts';
import type { ShipmentHead } from '../domain/shipment.ts';
import { retryHeldOrder } from '../domain/waves.ts';
import { publishedFact } from '../publishers/published-facts.ts';
import { applyBatch } from '../store/apply-batch.ts';
import { loadInbox, loadOrdersToRetry, loadRetries } from '../store/held-orders.ts';
import { loadShipmentHeads, loadStock, loadWarehouses } from '../store/load-batch.ts';
import { type RoutingMetrics, reportRouting } from './routing-metrics.ts';

/** Orders planned again in one call. */
const ORDERS_MAX = 50;
/** Calls in a row; what is left waits for the next look. */
const CALLS_MAX = 20;
/** Tries of one call: the consumer may commit meanwhile, and then all is decided again. */
const ROUNDS_MAX = 5;
/** Milliseconds between looks, which cost one read of an index that is mostly empty. */
const POLL_MS = 2_000;

export type RetryOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: RoutingMetrics;
  /** The consumer by whose offsets plans follow one another. */
  consumer: string;
  /** Says that the log has more to publish. */
  poke: () => void;
}>;

/** Looks until it is stopped, one look at a time; only while the process holds the worker's lease. */
export function startRetrying(options: RetryOptions & Readonly<{ holdsLease: () => boolean }>) {
  let stopped = false;
  let looking: Promise<void> | null = null;
  const look = async () => {
    await retryHeldOrders(options).catch((error: unknown) => {
      if (!stopped) options.logger.warn({ err: error }, 'orders on hold cannot be planned again now');
    });
    looking = null;
  };
  const timer = setInterval(() => {
    if (looking === null && options.holdsLease()) looking = look();
  }, POLL_MS);
  return {
    stop: async (): Promise<void> => {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}

/** Plans what is on hold since before the last fact of a warehouse, at most a bounded number of orders. */
export async function retryHeldOrders(options: RetryOptions): Promise<void> {
  for (let call = 0; call < CALLS_MAX; call += 1) {
    const desk = await retrySome(options);
    if (desk === null) return;
    reportRouting(desk, options);
    options.poke();
    if (desk.touched.size < ORDERS_MAX) return;
  }
}

async function retrySome({ sql, consumer }: RetryOptions): Promise<RoutingDesk | null> {
  for (let round = 1; ; round += 1) {
    const waiting = await loadOrdersToRetry(sql, ORDERS_MAX);
    if (waiting.length === 0) return null;
    try {
      return await planAgain(sql, consumer);
    } catch (error) {
      const kind = faultKind(error);
      if ((kind !== 'guard-lost' && kind !== 'lease-lost') || round === ROUNDS_MAX) throw error;
    }
  }
}

/**
 * The offsets are read first and written unchanged by the same compare-and-set that moves them: a batch of the consumer that
 * commits in between makes this call lose, so that no plan stands on a view of stock which has changed. The count of such
 * calls does the same for the consumer.
 */
async function planAgain(sql: Sql, consumer: string): Promise<RoutingDesk> {
  const [inbox, retries] = await Promise.all([loadInbox(sql, consumer), loadRetries(sql)]);
  const [orders, warehouses] = await Promise.all([loadOrdersToRetry(sql, ORDERS_MAX), loadWarehouses(sql)]);
  const skus = orders.flatMap((order) => order.waves.flatMap((wave) => linesOfWave(order, wave)));
  const stock = await loadStock(sql, [...new Set(skus.map(({ sku }) => sku))]);
  const held = orders.flatMap(({ heldShipments }) => heldShipments.map(({ shipmentId }) => shipmentId));
  const allocated = await loadShipmentHeads(sql, held);
  const desk = openDesk({ orders, warehouses, stock, allocated, refused: [], leaving: [] });
  const causes = { ofWave: causeOf, ofShipment: causeOfRelease };
  for (const { orderId } of orders) retryHeldOrder(desk, causes, orderId);
  await applyBatch(sql, inbox, desk, desk.said.map(publishedFact), { retries, isRetry: true });
  return desk;
}

/** What follows is named by the order and the place in its stream: the same at every try. */
function causeOf({ orderId, facts }: RoutedOrder): Cause {
  return {
    derive: (step, ordinal) => derivedId(orderId, `${step} behind fact ${facts}`, ordinal),
    metadata: { correlationId: orderId },
  };
}

/** A shipment is released once under each epoch. */
function causeOfRelease({ shipmentId, orderId }: ShipmentHead): Cause {
  return {
    derive: (step, ordinal) => derivedId(shipmentId, `${step} once its warehouse opened`, ordinal),
    metadata: { correlationId: orderId },
  };
}
