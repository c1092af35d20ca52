// Makes sure that a call of the wanted kind is made: the load brings about what every order needs, the rest is asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claimants } from '../../race/claimants.ts';
import type { Deeds } from '../../race/race.ts';
import type { Cluster } from '../../stage/cluster/index.ts';
import { onDatabase, processOf } from '../../stage/pipeline.ts';
import type { ProviderControl } from '../../stage/provider-control.ts';
import type { Customers } from '../customers.ts';
import { refundSome } from '../second-thoughts.ts';
import type { Step } from './steps.ts';

export interface KillStage {
  readonly cluster: Cluster;
  readonly provider: ProviderControl;
  readonly claimants: Claimants;
  readonly customers: Customers;
  readonly deeds: Deeds;
  readonly draw: () => number;
  /** Orders that were asked to be refunded already. */
  readonly refunded: Set<string>;
}

/** Undoes what a trigger did to the platform; called when the kill is over or did not come. */
type Undo = () => Promise<void>;

/** Share of confirmations and captures that are cut off, so that their outcome has to be read. */
const CUT_SHARE = 0.6;
const CONFIRMED_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 100;
const CANCELLED_AT_ONCE = 3;

export async function trigger(stage: KillStage, { operation }: Step): Promise<Undo> {
  if (operation === 'read') return cutSomeOff(stage);
  if (operation === 'void') return cancelConfirmed(stage);
  if (operation === 'refund') await refundSome({ ...stage, placed: stage.customers.placed }, stage.refunded);
  return async () => undefined;
}

async function cutSomeOff({ provider }: KillStage): Promise<Undo> {
  await provider.setMode({ mode: 'reset', probability: CUT_SHARE, operations: ['confirm', 'capture'] });
  return () => provider.setMode({ mode: 'none' });
}

/** Nothing is released while fulfillment stands still: orders that are paid for by then can be cancelled, and are given back. */
async function cancelConfirmed(stage: KillStage): Promise<Undo> {
  const fulfillment = stage.cluster.serviceNames('fulfillment').map((name) => processOf(stage.cluster, name));
  for (const each of fulfillment) each.pause();
  const undo = async () => {
    for (const each of fulfillment) each.resume();
  };
  const until = performance.now() + CONFIRMED_WITHIN_MS;
  while (performance.now() < until) {
    const ids = await confirmedByCard(stage);
    if (ids.length > 0) {
      await Promise.all(ids.map((id) => cancel(stage, id)));
      return undo;
    }
    await sleep(LOOK_EVERY_MS);
  }
  return undo;
}

async function cancel({ claimants, deeds }: KillStage, orderId: string): Promise<void> {
  const done = await claimants.cancel(orderId);
  deeds.note('cancel', done.kind === 'done' ? undefined : done.codes);
}

/** A few of the youngest orders by card that are confirmed and not released. */
function confirmedByCard({ cluster, customers }: KillStage): Promise<readonly string[]> {
  const ids = customers.placed.filter(({ byCard }) => byCard).map(({ orderId }) => orderId);
  return onDatabase(cluster, 'orders', async (sql) => {
    const rows = await sql<{ id: string }[]>`
      select order_id as id from orders where order_id = any (${ids}::uuid[]) and status = 'CONFIRMED'
      order by placed_at desc limit ${CANCELLED_AT_ONCE}`;
    return rows.map(({ id }) => id);
  });
}
