// A migrated database of its own for one test file, with warehouses and the consumer as main.ts builds it.
import { fileURLToPath } from 'node:url';
import { loadOffsets, migrate, openDatabase } from '@crossdock/event-store';
import { createApplier } from '@crossdock/messaging';
import { createLogger, Registry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { createUpsertWarehouses } from '../src/command-handlers/upsert-warehouses.ts';
import { createFulfillmentConsumer } from '../src/consumers/fulfillment-consumer.ts';
import { createRoutingMetrics } from '../src/consumers/routing-metrics.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));

export async function fulfillmentDatabase() {
  const clone = await databaseFromTemplate('fulfillment', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'fulfillment-test' });
  const { sql } = database;
  const logger = createLogger('test', 'silent');
  const faults: string[] = [];
  let released = 0;
  const metrics = createRoutingMetrics(new Registry());
  const consumer = createFulfillmentConsumer({ sql, logger, metrics, onReleased: () => (released += 1) });
  await loadOffsets(sql, consumer.name, consumer.sources, 0);
  const apply = createApplier({
    ...{ sql, consumer, epoch: 0, codeVersion: 'test', parkedKeys: new Set<string>() },
    signal: new AbortController().signal,
    onFault: (kind, error) => faults.push(`${kind}: ${String(error)}`),
    onParked: (parked) => faults.push(`parked: ${parked.error}`),
  });
  const upsert = createUpsertWarehouses(sql, () => undefined);
  let keys = 0;
  return {
    ...{ database, sql, logger, apply, faults, upsert },
    url: clone.url,
    wakeUps: () => released,
    warehouses: async (...rows: readonly { id: string; priority?: number }[]) => {
      keys += 1;
      const named = rows.map(({ id, priority = 100 }) => ({
        id,
        name: `Warehouse ${id}`,
        country: null,
        priority,
      }));
      await upsert({
        ...{
          actor: 'erp',
          traceparent: null,
          idempotencyKey: `warehouses-${keys}`,
          errorPolicy: 'REJECT_ALL',
        },
        rows: named,
      });
    },
    events: async (type: string) => {
      const rows = await sql<
        { stream_id: string; version: number; partition: number; data: Record<string, unknown> }[]
      >`
        SELECT stream_id, version, partition, data FROM events WHERE type = ${type} ORDER BY partition, position`;
      return [...rows];
    },
    close: async () => {
      await database.close();
      await clone.drop();
    },
  };
}

export type FulfillmentDatabase = Awaited<ReturnType<typeof fulfillmentDatabase>>;
