// The real inventory as a run of the model sees it: names of its own in the file's database, and one door for every call.
import { faultKind, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { arrived, type Inventory } from '../inventory.ts';
import { arrivalOf } from './facts.ts';
import type { Call } from './operations.ts';
import { requesterOf } from './requests.ts';
import type { Names } from './stock-model.ts';
import type { NextId } from './wishes.ts';

export type RealStock = Readonly<{
  sql: Sql;
  names: Names;
  /** Real ids of the holds, by their labels. */
  holds: ReadonlyMap<string, string>;
  nextId: NextId;
  make: (call: Call) => Promise<void>;
}>;

/** Decisions of one batch: beside two other calls, the last has nothing left to lose to. */
const ATTEMPTS_MAX = 5;

const namesOf = (run: number): Names => ({
  skus: ['A', 'B', 'C'].map((sku) => `${sku}-${run}`),
  partners: ['P', 'Q', 'R'].map((partnerId) => `${partnerId}-${run}`),
  warehouses: ['N', 'S', 'W'].map((warehouseId) => `${warehouseId}-${run}`),
});

/** Ids in rising order, apart from those of every other run. */
function idsOf(run: number): NextId {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(run).padStart(6, '0')}${String(count).padStart(6, '0')}`;
  };
}

/** Makes products, partners and warehouses for one run; `epoch` is that of the worker's lease. */
export async function openRealStock(inventory: Inventory, epoch: number, run: number): Promise<RealStock> {
  const names = namesOf(run);
  const holds = new Map<string, string>();
  await inventory.upsertProducts(names.skus);
  await inventory.hear([
    ...names.warehouses.map((warehouseId) =>
      arrivalOf({ kind: 'warehouse', warehouseId, status: 'OPEN' }, holds),
    ),
    ...names.partners.map((partnerId) => {
      const partner = { partnerId, name: partnerId, currencyCode: 'GBP', paymentMethods: ['TERMS'] };
      return arrived('orders', 'PartnerRegistered', partner);
    }),
  ]);
  const request = requesterOf(inventory, epoch, holds);
  const make = async (call: Call) => {
    if ('request' in call) await request(call.request);
    else
      await hear(
        inventory,
        call.facts.map((fact) => arrivalOf(fact, holds)),
      );
  };
  return { sql: inventory.sql, names, holds, nextId: idsOf(run), make };
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
