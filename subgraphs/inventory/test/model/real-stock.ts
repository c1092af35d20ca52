// The real inventory as a run of the model sees it: SKUs of its own in the file's database, and one door for every call.
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createBackorderMetrics } from '../../src/command-handlers/backorder-metrics.ts';
import { releaseBackorders } from '../../src/command-handlers/release-backorders.ts';
import type { Inventory } from '../inventory.ts';
import { arrivalOf } from './facts.ts';
import type { Call, Request } from './operations.ts';
import { type NextId, WAREHOUSES } from './wishes.ts';

export type RealStock = Readonly<{
  sql: Sql;
  skus: readonly string[];
  /** Real ids of the holds, by their labels. */
  holds: Map<string, string>;
  nextId: NextId;
  make: (call: Call) => Promise<void>;
}>;

type RequestOf<K extends Request['kind']> = Extract<Request, { kind: K }>;
type Doing = { [K in Request['kind']]: (request: RequestOf<K>) => Promise<unknown> };

const SKUS = ['A', 'B', 'C'];

/** Ids in rising order, apart from those of every other run. */
function idsOf(run: number): NextId {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(run).padStart(6, '0')}${String(count).padStart(6, '0')}`;
  };
}

/** Opens SKUs and warehouses for one run. */
export async function openRealStock(inventory: Inventory, run: number): Promise<RealStock> {
  const skus = SKUS.map((sku) => `${sku}-${run}`);
  const holds = new Map<string, string>();
  await inventory.upsertProducts(skus);
  const opened = WAREHOUSES.map((warehouseId) =>
    arrivalOf({ kind: 'warehouse', warehouseId, status: 'OPEN' }, holds),
  );
  await inventory.hear(opened);
  const doing = doingsOf(inventory, holds);
  const make = async (call: Call) => {
    if ('facts' in call) await inventory.hear(call.facts.map((fact) => arrivalOf(fact, holds)));
    else await doing(call.request);
  };
  return { sql: inventory.sql, skus, holds, nextId: idsOf(run), make };
}
