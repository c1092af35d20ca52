// The real inventory as a run of the model sees it: SKUs of its own in the file's database, and one door for every call.
import { faultKind, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
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

const SKUS = ['A', 'B', 'C'];
/** Decisions of one batch: beside two other calls, the fourth has nothing left to lose to. */
const ATTEMPTS_MAX = 5;

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
  const ask = askerOf(inventory);
  const make = async (call: Call) => {
    if ('facts' in call)
      await hear(
        inventory,
        call.facts.map((fact) => arrivalOf(fact, holds)),
      );
    else await ask(call.request);
  };
  return { sql: inventory.sql, skus, holds, nextId: idsOf(run), make };
}

/** Applies a batch; decided again where figures moved, as the worker does, but not for ever. */
async function hear(inventory: Inventory, events: readonly ArrivedEvent[]): Promise<void> {
  const placed = inventory.place(events);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await inventory.applyOnce(placed);
      return;
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

function askerOf(inventory: Inventory): (request: Request) => Promise<unknown> {
  const { sql } = inventory;
  const release = {
    sql,
    logger: createLogger('inventory', 'error'),
    metrics: createBackorderMetrics(createRegistry('inventory')),
    poke: () => undefined,
  };
  return async (request) => {
    switch (request.kind) {
      case 'receive': {
        const { sku, warehouseId, quantity } = request;
        return inventory.receiveStock([{ sku, warehouseId, quantity }]);
      }
      case 'release':
        return releaseBackorders(release, inventory.epoch);
      default:
        throw new Error(`no way to ${request.kind}`);
    }
  };
}
