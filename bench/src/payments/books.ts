// What everybody's books say of some orders once they are at rest: the provider's own journal, payments' log and ledger, and
// what left.
import { readRunFile } from '../platform/run-file.ts';
import type { Cluster } from '../stage/cluster/index.ts';
import { type Evidence, openEvidence } from '../verify/evidence.ts';
import { isAtRest } from '../verify/final-or-owned.ts';
import { readOrdersAtRest } from '../verify/invariants.ts';
import * as money from '../verify/money-rows.ts';
import type { OrderMoney } from '../verify/one-charge.ts';
import { readProviderMoney } from '../verify/provider-money.ts';
import { type Patience, waitUntilSettled } from '../verify/settling.ts';
import type { PlacedOrder } from './customers.ts';

/** One order by everybody's books; amounts in minor units. */
export interface OrderBooks {
  readonly orderId: string;
  readonly byCard: boolean;
  readonly shipped: number;
  /** Of that, what a person gave up to take by card. */
  readonly givenUp: number;
  readonly captured: number;
  readonly refunded: number;
  readonly ledger: number;
  readonly provider: Readonly<{ captured: number; refunded: number }>;
  /** A person owns a call of it. */
  readonly isHeld: boolean;
  readonly isAtRest: boolean;
}

export interface Books {
  readonly orders: readonly OrderBooks[];
  /** What the provider did twice, in one sentence each. */
  readonly doubles: readonly string[];
  readonly heldCalls: number;
  /** Tries to call the provider, and those of them that got no good answer. */
  readonly attempts: Readonly<{ made: number; failed: number }>;
  /** Authorisations that took another's place. */
  readonly renewals: number;
}

/** Pauses between tries grow to 15 s; what has hung for minutes will not come any more. */
const PATIENCE: Patience = { finalWithinSeconds: 240, rest_ms: 150_000, lookEvery_ms: 1_000 };

/** Waits, at most for some minutes, until everything is final or owned, and reads the books of these orders. */
export async function readBooksAtRest(
  cluster: Cluster,
  placed: readonly PlacedOrder[],
  say: (line: string) => void,
): Promise<Books> {
  const evidence = openEvidence(cluster.dataDir, readRunFile(cluster.dataDir));
  try {
    await waitUntilSettled(evidence, say, PATIENCE);
    return await readBooks(evidence, placed);
  } finally {
    await evidence.close();
  }
}

async function readBooks(evidence: Evidence, placed: readonly PlacedOrder[]): Promise<Books> {
  const { payments, fulfillment } = evidence.databases;
  const ids = new Set(placed.map(({ orderId }) => orderId));
  const provider = await readProviderMoney(evidence.providerEntries());
  const shipped = sumsOf(await money.readShippedValues(fulfillment));
  const givenUp = sumsOf(await money.readGivenUp(payments));
  const captured = sumsOf(await money.readCaptured(payments));
  const refunded = sumsOf(await money.readRefunded(payments));
  const ledger = sumsOf(await money.readLedger(payments));
  const held = (await money.readHeldCalls(payments)).filter(({ orderId }) => ids.has(orderId));
  const owned = new Set(held.map(({ orderId }) => orderId));
  const resting = new Set((await readOrdersAtRest(evidence)).filter(isAtRest).map(({ id }) => id));
  return {
    orders: placed.map(({ orderId, byCard }) => ({
      ...{ orderId, byCard },
      shipped: shipped.get(orderId) ?? 0,
      givenUp: givenUp.get(orderId) ?? 0,
      captured: captured.get(orderId) ?? 0,
      refunded: refunded.get(orderId) ?? 0,
      ledger: ledger.get(orderId) ?? 0,
      provider: {
        captured: provider.captured.get(orderId) ?? 0,
        refunded: provider.refunded.get(orderId) ?? 0,
      },
      isHeld: owned.has(orderId),
      isAtRest: resting.has(orderId),
    })),
    doubles: provider.doubles
      .filter(({ orderId }) => ids.has(orderId))
      .map(({ orderId, what }) => `order ${orderId}, ${what}`),
    heldCalls: held.length,
    attempts: await readAttempts(evidence, [...ids]),
    renewals: await readRenewals(evidence, [...ids]),
  };
}

function sumsOf(rows: readonly OrderMoney[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { orderId, amountMinor } of rows) sums.set(orderId, (sums.get(orderId) ?? 0) + amountMinor);
  return sums;
}

async function readAttempts(
  { databases: { payments } }: Evidence,
  ids: readonly string[],
): Promise<Books['attempts']> {
  const [row] = await payments<{ made: number; failed: number }[]>`
    select count(*)::int as made, count(*) filter (where outcome in ('unknown', 'failed'))::int as failed
    from payment_attempts where order_id = any (${[...ids]}::uuid[])`;
  return row ?? { made: 0, failed: 0 };
}

async function readRenewals({ databases: { payments } }: Evidence, ids: readonly string[]): Promise<number> {
  const [row] = await payments<{ renewals: number }[]>`
    select count(*)::int as renewals from payments, jsonb_array_elements(in_depth -> 'waves') wave
    where order_id = any (${[...ids]}::uuid[]) and wave ->> 'renewedBy' is not null`;
  return row?.renewals ?? 0;
}
