// Makes sure that a call of the wanted kind is made: the load brings about what every order needs, the rest is asked for.
import type { Claimants } from '../../race/claimants.ts';
import type { Deeds } from '../../race/race.ts';
import type { Cluster } from '../../stage/cluster/index.ts';
import { onDatabase } from '../../stage/pipeline.ts';
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

/** How a call of a kind is brought about, again and again while it does not come; and what is undone afterwards. */
export interface Trigger {
  readonly pull: () => Promise<void>;
  readonly undo: () => Promise<void>;
}

/** Share of confirmations and captures that are cut off, so that their outcome has to be read. */
const CUT_SHARE = 0.6;
/** A card that takes so long to answer can be overtaken by a cancellation, and is asked no second time meanwhile. */
const SLOW_CARD_MS = { slowMinMs: 1_500, slowMaxMs: 3_000 };
const CANCELLED_AT_ONCE = 3;

const nothing = async () => undefined;

export async function setTrigger(stage: KillStage, { operation }: Step): Promise<Trigger> {
  const { provider, customers, refunded } = stage;
  const undo = () => provider.setMode({ mode: 'none' });
  if (operation === 'read') {
    await provider.setMode({ mode: 'reset', probability: CUT_SHARE, operations: ['confirm', 'capture'] });
    return { pull: nothing, undo };
  }
  if (operation === 'void') {
    await provider.setMode({ mode: 'slow', operations: ['confirm'], ...SLOW_CARD_MS });
    return { pull: () => cancelWhileAsked(stage), undo };
  }
  if (operation === 'refund')
    return { pull: () => refundSome({ ...stage, placed: customers.placed }, refunded), undo: nothing };
  return { pull: nothing, undo: nothing };
}

/** What is authorised after its order was cancelled is given back. */
async function cancelWhileAsked(stage: KillStage): Promise<void> {
  const { claimants, deeds } = stage;
  await Promise.all(
    (await askedNow(stage)).map(async (orderId) => {
      const done = await claimants.cancel(orderId);
      deeds.note('cancel', done.kind === 'done' ? undefined : done.codes);
    }),
  );
}

/** A few of the youngest orders whose card is being asked. */
function askedNow({ cluster, customers }: KillStage): Promise<readonly string[]> {
  const ids = customers.placed.filter(({ byCard }) => byCard).map(({ orderId }) => orderId);
  return onDatabase(cluster, 'payments', async (sql) => {
    const rows = await sql<{ id: string }[]>`
      select order_id as id from payments
      where order_id = any (${ids}::uuid[]) and stage = 'REQUESTED' and provider_authorisation_id is not null and not closed
      order by order_id desc limit ${CANCELLED_AT_ONCE}`;
    return rows.map(({ id }) => id);
  });
}
