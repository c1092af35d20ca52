// What customers and the ERP change their minds about while the provider misbehaves: orders by card are cancelled as soon as
// they are placed, and money that was taken is given back.
import { setTimeout as sleep } from 'node:timers/promises';
import { formatMoney } from '@crossdock/values';
import type { Claimants, Done } from '../race/claimants.ts';
import type { Deeds } from '../race/race.ts';
import type { Cluster } from '../stage/cluster/index.ts';
import { onDatabase } from '../stage/pipeline.ts';
import type { PlacedOrder } from './customers.ts';

/** One order by card in so many is cancelled. */
const CANCELLED_ONE_IN = 20;
/** While its card is asked, mostly. */
const CANCEL_WITHIN_MS = 1_500;
const REFUNDS_MAX = 40;
const REFUNDS_AT_ONCE = 2;
const REFUND_EVERY_MS = 1_500;
/** Share of refunds that give all back; the others half. */
const WHOLE_SHARE = 0.5;

export interface SecondThoughtsOptions {
  readonly cluster: Cluster;
  readonly claimants: Claimants;
  readonly deeds: Deeds;
  readonly draw: () => number;
  readonly placed: readonly PlacedOrder[];
}

export interface SecondThoughts {
  /** Cancels some of the orders that it is told of. */
  readonly onPlaced: (order: PlacedOrder) => void;
  /** Refunds once more what is taken by then, and resolves when all was answered. */
  readonly stop: () => Promise<void>;
}

interface Taken {
  readonly orderId: string;
  readonly capturedMinor: number;
  readonly currencyCode: string;
}

/** Begins to refund at once; what it may not do any more is refused, and noted. */
export function startSecondThoughts(options: SecondThoughtsOptions): SecondThoughts {
  const { claimants, deeds, draw } = options;
  const asked = new Set<string>();
  const cancelling = new Set<Promise<void>>();
  let cards = 0;
  let stopped = false;
  const refunding = (async () => {
    while (!stopped && asked.size < REFUNDS_MAX) {
      await refundSome(options, asked);
      await sleep(REFUND_EVERY_MS);
    }
    await refundSome(options, asked);
  })();
  return {
    onPlaced: ({ orderId, byCard }) => {
      cards += byCard ? 1 : 0;
      if (!byCard || cards % CANCELLED_ONE_IN !== 0) return;
      const one = sleep(draw() * CANCEL_WITHIN_MS)
        .then(() => claimants.cancel(orderId))
        .then((done) => note(deeds, 'cancel', done))
        .finally(() => cancelling.delete(one));
      cancelling.add(one);
    },
    stop: async () => {
      stopped = true;
      await refunding;
      await Promise.all(cancelling);
    },
  };
}

function note(deeds: Deeds, act: string, done: Done<unknown>): void {
  deeds.note(act, done.kind === 'done' ? undefined : done.codes);
}

/** Each order once; what was taken by card comes first. */
export async function refundSome(options: SecondThoughtsOptions, asked: Set<string>): Promise<void> {
  const { cluster, claimants, deeds, draw } = options;
  const candidates = options.placed.map(({ orderId }) => orderId).filter((id) => !asked.has(id));
  for (const { orderId, capturedMinor, currencyCode } of await takenOf(cluster, candidates)) {
    asked.add(orderId);
    const half = Math.ceil(capturedMinor / 2);
    const isWhole = draw() < WHOLE_SHARE;
    const amount = { amount: formatMoney({ minor: BigInt(half), currencyCode }), currencyCode };
    const done = await claimants.refund(orderId, 'changed their mind', isWhole ? undefined : amount);
    note(deeds, 'refund', done);
  }
}

/** A few orders whose money was taken whole, drawn by their ids, which are as good as drawn. */
function takenOf(cluster: Cluster, candidates: readonly string[]): Promise<readonly Taken[]> {
  return onDatabase(
    cluster,
    'payments',
    (sql) => sql<Taken[]>`
      select order_id as "orderId", captured_minor::float8 as "capturedMinor", currency_code as "currencyCode"
      from payments where order_id = any (${[...candidates]}::uuid[]) and status = 'CAPTURED' and captured_minor > 1
      order by method = 'CARD' desc, hashtext(order_id::text) limit ${REFUNDS_AT_ONCE}`,
  );
}
