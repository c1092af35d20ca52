// One round of the checker's own test: orders through the gateway of a platform that may have a bug, then what the checker
// says of it.
import type { ClientJournalEntry } from '../../journal/client-journal.ts';
import { type ProviderEntry, readProviderJournal } from '../../journal/provider-journal.ts';
import type { OrderDoor } from '../../replay/placing.ts';
import type { Evidence } from '../../verify/evidence.ts';
import { logSource } from '../../verify/log-source.ts';
import type { Patience } from '../../verify/settling.ts';
import { collected } from '../../verify/verdict.ts';
import { checkEvidence, type InvariantVerdict } from '../../verify/verify.ts';
import type { BugInData, BugInFunctions, BugInJournals, Databases } from './bug.ts';
import type { FreshDatabases, OpenDatabases } from './fresh-databases.ts';
import { plantEdits } from './function-edits.ts';
import { sendTestOrders } from './test-orders.ts';

export interface RoundSite {
  readonly door: OrderDoor;
  readonly fresh: FreshDatabases;
  readonly providerJournal: string;
}

/** A refill of a gap that nobody noticed at once takes three seconds and a half; what stands still longer hangs. */
const PATIENCE: Patience = {
  finalWithinSeconds: 0,
  rest_ms: 20_000,
  standstill_ms: 5_000,
  lookEvery_ms: 100,
};
/** Of a round that is known to hang nothing more is to be learned. */
const KNOWN_TO_HANG: Patience = { ...PATIENCE, standstill_ms: 1_500 };
const CONNECTIONS = 2;

export type Verdicts = readonly InvariantVerdict[];

/** Runs a round under a bug on databases of its own; answers the verdicts. */
export async function roundUnder(site: RoundSite, name: string, bug: BugInFunctions): Promise<Verdicts> {
  await site.fresh.restore((databases) => planted(databases, bug));
  return roundOn(site, name, bug.hangs ? KNOWN_TO_HANG : PATIENCE, async (_, verdicts) => verdicts);
}

async function planted(databases: Databases, { edits, also = {} }: BugInFunctions): Promise<void> {
  await plantEdits(databases, edits);
  await execute(databases, also);
}

/** Sends the orders, waits until they are at rest, checks, and hands on the evidence while it stands. */
export async function roundOn<Result>(
  { door, fresh, providerJournal }: RoundSite,
  name: string,
  patience: Patience,
  work: (evidence: Evidence, verdicts: Verdicts) => Promise<Result>,
): Promise<Result> {
  const earlier = (await collected(readProviderJournal(providerJournal))).length;
  const journal = await sendTestOrders(door, name);
  const open = fresh.open(CONNECTIONS);
  try {
    const evidence = evidenceOf(open, journal, async function* () {
      yield* (await collected(readProviderJournal(providerJournal))).slice(earlier);
    });
    return await work(evidence, await checkEvidence(evidence, { say: () => undefined, patience }));
  } finally {
    await open.end();
  }
}

export function cleanRound<Result>(
  site: RoundSite,
  name: string,
  work: (evidence: Evidence, verdicts: Verdicts) => Promise<Result>,
): Promise<Result> {
  return roundOn(site, name, PATIENCE, work);
}

function evidenceOf(
  { databases, end }: OpenDatabases,
  journal: readonly ClientJournalEntry[],
  providerEntries: () => AsyncGenerator<ProviderEntry>,
): Evidence {
  return {
    databases,
    logs: {
      orders: logSource(databases.orders, 'orders'),
      inventory: logSource(databases.inventory, 'inventory'),
      payments: logSource(databases.payments, 'payments'),
      fulfillment: logSource(databases.fulfillment, 'fulfillment'),
    },
    clientJournals: [],
    feedJournals: [],
    clientEntries: async function* () {
      yield* journal;
    },
    providerEntries,
    // Who follows the feed belongs to the site, not to the round.
    feedEntries: async function* () {},
    close: end,
  };
}

/** Nothing is waited for: what is spoilt is checked as it is. */
const AT_ONCE: Patience = { finalWithinSeconds: 0, rest_ms: 0, standstill_ms: 0, lookEvery_ms: 1 };

/** What the checker says when journals of a clean round are spoilt. */
export function verdictsOnSpoiltJournals(evidence: Evidence, { spoil }: BugInJournals): Promise<Verdicts> {
  return checkEvidence({ ...evidence, ...spoil(evidence) }, { say: () => undefined, patience: AT_ONCE });
}

/** What the checker says when data of a clean round are spoilt, in transactions that are rolled back. */
export async function verdictsOnSpoiltData(
  fresh: FreshDatabases,
  evidence: Evidence,
  { statements }: BugInData,
): Promise<Verdicts> {
  const open = fresh.open(1);
  const everywhere = (statement: string) =>
    Promise.all(Object.values(open.databases).map((sql) => sql.unsafe(statement)));
  try {
    await everywhere('begin');
    await execute(open.databases, statements);
    const spoilt = { ...evidence, ...evidenceOf(open, [], evidence.providerEntries) };
    const { clientEntries, feedEntries } = evidence;
    return await checkEvidence(
      { ...spoilt, clientEntries, feedEntries },
      { say: () => undefined, patience: AT_ONCE },
    );
  } finally {
    await everywhere('rollback');
    await open.end();
  }
}

async function execute(databases: Databases, statements: BugInData['statements']): Promise<void> {
  const { orders, inventory, payments, fulfillment } = statements;
  if (orders !== undefined) await databases.orders.unsafe(orders);
  if (inventory !== undefined) await databases.inventory.unsafe(inventory);
  if (payments !== undefined) await databases.payments.unsafe(payments);
  if (fulfillment !== undefined) await databases.fulfillment.unsafe(fulfillment);
}
