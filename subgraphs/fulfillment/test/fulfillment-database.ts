// A migrated database of its own for one test file, with warehouses and the consumer as main.ts builds it.
import { fileURLToPath } from 'node:url';
import { loadOffsets, migrate, newId, openDatabase, type Sql } from '@crossdock/event-store';
import { createApplier } from '@crossdock/messaging';
import { createLogger, type Logger, Registry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { createUpsertWarehouses } from '../src/command-handlers/upsert-warehouses.ts';
import { createFulfillmentConsumer } from '../src/consumers/fulfillment-consumer.ts';
import { createRoutingMetrics } from '../src/consumers/routing-metrics.ts';

import { loadShipmentsById } from '../src/store/shipments.ts';
import type { createArrivals, Lines } from './arrivals.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));

type Arrivals = ReturnType<typeof createArrivals>;
type Apply = ReturnType<typeof createApplier>;
type LoggedEvent = { stream_id: string; version: number; partition: number; data: Record<string, unknown> };

export async function fulfillmentDatabase() {
  const clone = await databaseFromTemplate('fulfillment', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'fulfillment-test' });
  const { sql } = database;
  const logger = createLogger('test', 'silent');
  const upsert = createUpsertWarehouses(sql, () => undefined);
  const consumer = await consumerOf(sql, logger);
  return {
    ...{ database, sql, logger, upsert, url: clone.url, ...consumer },
    warehouses: (...rows: readonly { id: string; priority?: number }[]) => {
      const named = rows.map(({ id, priority = 100 }) => ({
        id,
        name: `Warehouse ${id}`,
        country: null,
        priority,
      }));
      return upsert({
        ...{ actor: 'erp', traceparent: null, idempotencyKey: newId(), errorPolicy: 'REJECT_ALL' },
        rows: named,
      });
    },
    events: async (type: string) => [
      ...(await sql<LoggedEvent[]>`
        SELECT stream_id, version, partition, data FROM events WHERE type = ${type} ORDER BY partition, position`),
    ],
    released: (arrivals: Arrivals, lines: Lines) => released(sql, consumer.apply, arrivals, lines),
    close: async () => {
      await database.close();
      await clone.drop();
    },
  };
}

/** The consumer and what it calls back; `faults` lists what went wrong on the way. */
async function consumerOf(sql: Sql, logger: Logger) {
  const faults: string[] = [];
  let wakeUps = 0;
  const onReleased = () => {
    wakeUps += 1;
  };
  const metrics = createRoutingMetrics(new Registry());
  const consumer = createFulfillmentConsumer({ sql, logger, metrics, onReleased });
  await loadOffsets(sql, consumer.name, consumer.sources, 0);
  const apply = createApplier({
    ...{ sql, consumer, epoch: 0, codeVersion: 'test', parkedKeys: new Set<string>() },
    signal: new AbortController().signal,
    onFault: (kind, error) => faults.push(`${kind}: ${String(error)}`),
    onParked: (parked) => faults.push(`parked: ${parked.error}`),
  });
  return { apply, faults, wakeUps: () => wakeUps };
}

/** An order that was placed, confirmed, planned and allocated: its released shipments. */
async function released(sql: Sql, apply: Apply, arrivals: Arrivals, lines: Lines) {
  const orderId = newId();
  await apply([arrivals.placed(orderId, lines), arrivals.confirmed(orderId)]);
  const planned = await sql<{ shipment_id: string; plan_id: string }[]>`
    SELECT shipment_id, plan_id FROM shipments WHERE order_id = ${orderId}`;
  const ids = planned.map(({ shipment_id }) => shipment_id);
  await apply([arrivals.allocated(orderId, planned[0]?.plan_id ?? '', ids)]);
  return [...(await loadShipmentsById(sql, ids)).values()];
}

export type FulfillmentDatabase = Awaited<ReturnType<typeof fulfillmentDatabase>>;
