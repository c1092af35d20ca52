import { Registry } from '@crossdock/telemetry';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import { eventually, type StartedWms, startWmsSimulator, WMS_KEY } from '../../test/processes.ts';
import { createHttpWarehouseSystem } from '../adapters/http-warehouse-system.ts';
import { createDispatchMetrics } from './dispatch-metrics.ts';
import { type Dispatcher, startDispatcher } from './dispatch-releases.ts';

let db: FulfillmentDatabase;
let wms: StartedWms;
const arrivals = createArrivals();
const running: { dispatcher: Dispatcher; close: () => Promise<void> }[] = [];

beforeAll(async () => {
  db = await fulfillmentDatabase();
  // No token for any warehouse: the simulator takes work and confirms nothing.
  wms = await startWmsSimulator('http://127.0.0.1:9', '/nowhere/tokens.json');
  await db.warehouses({ id: 'NORTH' }, { id: 'SOUTH' });
  await db.apply([arrivals.received('NORTH', { A: 10_000 }), arrivals.received('SOUTH', { A: 10_000 })]);
});
afterEach(async () => {
  for (const { dispatcher, close } of running.splice(0)) {
    await dispatcher.stop();
    await close();
  }
  await wms.setMode('none');
  await db.sql`DELETE FROM outgoing_releases`;
});
afterAll(async () => {
  await wms.stop();
  await db.close();
});

function start(holdsLease = () => true): Dispatcher {
  const registry = new Registry();
  const { sql, logger } = db;
  const system = createHttpWarehouseSystem({ url: wms.url, key: WMS_KEY, logger, registry });
  const metrics = createDispatchMetrics(registry);
  const dispatcher = startDispatcher({ sql, wms: system, holdsLease, logger, metrics });
  running.push({ dispatcher, close: system.close });
  return dispatcher;
}

async function release(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let order = 0; order < count; order += 1) {
    const shipments = await db.released(arrivals, { A: [1, 1] });
    ids.push(...shipments.map(({ shipmentId }) => shipmentId));
  }
  return ids;
}
const waiting = () => db.sql<
  { shipment_id: string; state: string; sends: number; last_outcome: string; owner: string | null }[]
>`
  SELECT * FROM outgoing_releases`;
const taken = async (ids: readonly string[]) =>
  (await wms.journal('accepted')).filter(({ shipmentId }) => ids.includes(shipmentId));

it('tells each release once, although two processes do it, and forgets it when it is accepted', async () => {
  const ids = await release(12);
  start();
  start();
  await eventually(waiting, (rows) => rows.length === 0);
  const accepted = await taken(ids);
  expect(accepted.map(({ shipmentId }) => shipmentId).sort()).toEqual([...ids].sort());
  expect(accepted[0]).toMatchObject({
    ...{ releaseEpoch: 1, requestedShipDate: '2026-03-02', lines: [{ sku: 'A', quantity: 1 }] },
    shipTo: { city: 'Leeds', country: 'GB' },
  });
});

it('tells nothing while another process holds the lease, and all of it once it has the lease', async () => {
  const ids = await release(2);
  let leased = false;
  const dispatcher = start(() => leased);
  dispatcher.wake();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await taken(ids)).toHaveLength(0);
  leased = true;
  dispatcher.wake();
  await eventually(waiting, (rows) => rows.length === 0);
});

it('waits for a warehouse that is down, and counts the tries', async () => {
  await wms.setMode('down');
  const ids = await release(3);
  start();
  await eventually(
    waiting,
    (rows) =>
      rows.length === 3 &&
      rows.every(({ sends, last_outcome }) => sends > 0 && last_outcome === 'UNANSWERED'),
  );
  await wms.setMode('none');
  await eventually(waiting, (rows) => rows.length === 0, 25_000);
  expect(await taken(ids)).toHaveLength(3);
});

it('tells again what was taken and never answered, and it is taken once', async () => {
  await wms.setMode('accept-then-timeout');
  const ids = await release(1);
  start();
  await eventually(
    () => taken(ids),
    (lines) => lines.length === 1,
  );
  expect(await waiting()).toHaveLength(1);
  await wms.setMode('none');
  await eventually(waiting, (rows) => rows.length === 0, 25_000);
  expect(await taken(ids)).toHaveLength(1);
});

it('asks a warehouse that rejects again, and leaves it to its owner in the end', async () => {
  await wms.setMode('reject');
  await release(1);
  const dispatcher = start();
  await eventually(
    waiting,
    ([row]) => (row?.sends ?? 0) > 0 && row?.last_outcome === 'REJECTED' && row.owner === null,
  );
  // The ninth try was a while ago.
  await db.sql`UPDATE outgoing_releases SET sends = 9, next_send_at = now()`;
  dispatcher.wake();
  await eventually(waiting, ([row]) => row?.state === 'REFUSED' && row.owner === 'warehouse operations');
});

it('tells nothing to a warehouse that is down, and all of it when it opens again', async () => {
  const ids = await release(1);
  await db.sql`UPDATE warehouses SET status = 'DOWN' WHERE warehouse_id IN ('NORTH', 'SOUTH')`;
  const dispatcher = start();
  dispatcher.wake();
  // Longer than the table is looked at without a wake-up.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(await taken(ids)).toEqual([]);
  expect(await waiting()).toMatchObject([{ state: 'PENDING', sends: 0 }]);
  await db.sql`UPDATE warehouses SET status = 'OPEN' WHERE warehouse_id IN ('NORTH', 'SOUTH')`;
  await eventually(
    () => taken(ids),
    (told) => told.length === 1,
  );
});
