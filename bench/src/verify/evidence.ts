import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { type ClientJournalEntry, readClientJournal } from '../journal/client-journal.ts';
import { type FeedEntry, readFeedJournal } from '../journal/feed-journal.ts';
import { type ProviderEntry, readProviderJournal } from '../journal/provider-journal.ts';
import { CannotRun } from '../platform/cannot-run.ts';
import { journalFolder, type RunFile, SUBGRAPHS, type Subgraph } from '../platform/run-file.ts';
import { type LogSource, logSource } from './log-source.ts';

/** Everything the invariants are checked on: four databases with their logs, and the journals of the other side. */
export interface Evidence {
  readonly databases: Readonly<Record<Subgraph, Sql>>;
  readonly logs: Readonly<Record<Subgraph, LogSource>>;
  readonly clientJournals: readonly string[];
  readonly feedJournals: readonly string[];
  /** Every entry of every client journal. */
  readonly clientEntries: () => AsyncGenerator<ClientJournalEntry>;
  readonly providerEntries: () => AsyncGenerator<ProviderEntry>;
  /** What every subscriber of the live feed saw. */
  readonly feedEntries: () => AsyncGenerator<FeedEntry>;
  readonly close: () => Promise<void>;
}

/** One query streams while another looks up; both only read. */
const CONNECTIONS = 2;
const CLIENT_JOURNAL = /^client-.*\.ndjson$/;
const FEED_JOURNAL = /^feed-.*\.ndjson$/;
const PROVIDER = 'paymentProvider';

/** Opens the evidence of a run; rejects with CannotRun when the provider's journal is not where the run says. */
export function openEvidence(dataDir: string, run: RunFile): Evidence {
  const provider = run.journals[PROVIDER];
  if (provider === undefined || !existsSync(provider)) {
    throw new CannotRun(`The payment provider's journal is not at ${provider}: run \`npm start\` again.`);
  }
  const folder = journalFolder(dataDir);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const pathsOf = (kind: RegExp) => names.filter((name) => kind.test(name)).map((name) => join(folder, name));
  const clientJournals = pathsOf(CLIENT_JOURNAL);
  const feedJournals = pathsOf(FEED_JOURNAL);
  const databases = bySubgraph((subgraph) => readOnly(run.databaseUrls[subgraph]));
  return {
    databases,
    logs: bySubgraph((subgraph) => logSource(databases[subgraph], subgraph)),
    clientJournals,
    feedJournals,
    clientEntries: async function* () {
      for (const path of clientJournals) yield* readClientJournal(path);
    },
    providerEntries: () => readProviderJournal(provider),
    feedEntries: async function* () {
      for (const path of feedJournals) yield* readFeedJournal(path);
    },
    close: async () => {
      await Promise.all(SUBGRAPHS.map((subgraph) => databases[subgraph].end()));
    },
  };
}

function readOnly(url: string): Sql {
  return postgres(url, {
    max: CONNECTIONS,
    connection: { application_name: 'verify', default_transaction_read_only: true },
  });
}

function bySubgraph<Value>(make: (subgraph: Subgraph) => Value): Record<Subgraph, Value> {
  return {
    orders: make('orders'),
    inventory: make('inventory'),
    payments: make('payments'),
    fulfillment: make('fulfillment'),
  };
}
