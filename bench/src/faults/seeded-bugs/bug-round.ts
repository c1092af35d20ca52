// One round of the checker's own test: orders through the gateway of a platform that may have a bug, then what the checker
// says of it.
import { hash } from 'node:crypto';
import type { ClientJournalEntry } from '../../journal/client-journal.ts';
import { readProviderJournal } from '../../journal/provider-journal.ts';
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

/** Where rounds are held. */
export interface RoundSite {
  readonly door: OrderDoor;
  readonly fresh: FreshDatabases;
  readonly providerJournal: string;
}

export type Verdicts = readonly InvariantVerdict[];

/** A refill of a gap that nobody noticed at once takes three seconds and a half, and on a busy machine some times that. */
const PATIENCE: Patience = {
  finalWithinSeconds: 0,
  rest_ms: 60_000,
  standstill_ms: 12_000,
  lookEvery_ms: 100,
};
/** Of a round that is known to hang nothing more is to be learned. */
const KNOWN_TO_HANG: Patience = { ...PATIENCE, rest_ms: 10_000, standstill_ms: 3_000 };
/** What is spoilt afterwards is checked as it is. */
const AT_ONCE: Patience = { finalWithinSeconds: 0, rest_ms: 0, standstill_ms: 0, lookEvery_ms: 1 };
const CONNECTIONS = 2;
/** A round's name stands in PO numbers, which are short. */
const ROUND_LENGTH = 8;

const say = () => undefined;

/** Runs a round under a bug, on databases that are as they were in the beginning; answers the verdicts. */
export async function roundUnder(site: RoundSite, bug: BugInFunctions): Promise<Verdicts> {
  await site.fresh.restore();
  const open = site.fresh.open(CONNECTIONS);
  try {
    await plantEdits(open.databases, bug.edits);
    await execute(open.databases, bug.meanwhile ?? {});
    return (await roundOn(site, open, bug)).verdicts;
  } finally {
    await open.end();
  }
}

/** Sends the orders, waits until they are at rest or hang, and checks. */
export async function roundOn(
  { door, providerJournal }: RoundSite,
  { databases }: OpenDatabases,
  { name, hangs }: Pick<BugInFunctions, 'name' | 'hangs'>,
): Promise<{ evidence: Evidence; verdicts: Verdicts }> {
  const earlier = (await collected(readProviderJournal(providerJournal))).length;
  const journal = await sendTestOrders(door, hash('sha256', name).slice(0, ROUND_LENGTH));
  const evidence = evidenceOf(databases, journal, async function* () {
    yield* (await collected(readProviderJournal(providerJournal))).slice(earlier);
  });
  const patience = hangs ? KNOWN_TO_HANG : PATIENCE;
  return { evidence, verdicts: await checkEvidence(evidence, { say, patience }) };
}

/** What the checker says when journals of a finished round are spoilt. */
export function verdictsOnSpoiltJournals(evidence: Evidence, { spoil }: BugInJournals): Promise<Verdicts> {
  return checkEvidence({ ...evidence, ...spoil(evidence) }, { say, patience: AT_ONCE });
}

/** What the checker says when data of a finished round are spoilt, in transactions that are rolled back. */
export async function verdictsOnSpoiltData(
  fresh: FreshDatabases,
  evidence: Evidence,
  { statements }: BugInData,
): Promise<Verdicts> {
  // One connection to each, so that whatever reads is in the transaction.
  const { databases, end } = fresh.open(1);
  const everywhere = (statement: string) =>
    Promise.all(Object.values(databases).map((sql) => sql.unsafe(statement)));
  try {
    await everywhere('begin');
    await execute(databases, statements);
    const spoilt = { ...evidence, databases, logs: logsOf(databases) };
    return await checkEvidence(spoilt, { say, patience: AT_ONCE });
  } finally {
    await everywhere('rollback');
    await end();
  }
}

function evidenceOf(
  databases: Databases,
  journal: readonly ClientJournalEntry[],
  providerEntries: Evidence['providerEntries'],
): Evidence {
  return {
    databases,
    logs: logsOf(databases),
    clientJournals: [],
    feedJournals: [],
    clientEntries: async function* () {
      yield* journal;
    },
    providerEntries,
    feedEntries: async function* () {},
    close: async () => undefined,
  };
}

function logsOf(databases: Databases): Evidence['logs'] {
  return {
    orders: logSource(databases.orders, 'orders'),
    inventory: logSource(databases.inventory, 'inventory'),
    payments: logSource(databases.payments, 'payments'),
    fulfillment: logSource(databases.fulfillment, 'fulfillment'),
  };
}

async function execute(databases: Databases, statements: BugInData['statements']): Promise<void> {
  const { orders, inventory, payments, fulfillment } = statements;
  if (orders !== undefined) await databases.orders.unsafe(orders);
  if (inventory !== undefined) await databases.inventory.unsafe(inventory);
  if (payments !== undefined) await databases.payments.unsafe(payments);
  if (fulfillment !== undefined) await databases.fulfillment.unsafe(fulfillment);
}
