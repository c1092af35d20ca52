import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardShelter, orphanGuard, startServers } from '@crossdock/tools/infrastructure';
import { publishServerUrls, requiredServerUrls, type ServerUrls, serverUrls } from './config.ts';

export interface StartedServers extends ServerUrls {
  /** Stops what was started here and removes its data. */
  readonly stop: () => Promise<void>;
}

/** Test data need not outlive a power cut; a kill -9 of the server they do outlive. */
const FSYNC = false;

/**
 * Private PostgreSQL, NATS and Redis for one test run, in a temporary folder; those of the environment
 * (TEST_DATABASE_URL, TEST_NATS_URL, TEST_REDIS_URL) where they are named, and then `stop` leaves them alone.
 */
export async function startedServers(): Promise<StartedServers> {
  const named = serverUrls();
  if (named) return { ...named, stop: async () => undefined };
  const folder = temporaryFolder('servers');
  const guard = orphanGuard();
  const servers = await startServers({
    folder,
    logFolder: join(folder, 'logs'),
    say: (line) => process.stderr.write(`${line}\n`),
    databasePassword: 'test',
    fsync: FSYNC,
    withDatabases: false,
    existing: { databaseUrls: undefined, natsUrl: undefined, redisUrl: undefined },
    keeper: { spawned: guard.watch, signal: new AbortController().signal },
  });
  const urls = {
    databaseUrl: servers.maintenanceUrl ?? '',
    natsUrl: servers.natsUrl,
    redisUrl: servers.redisUrl,
  };
  publishServerUrls(urls);
  const stop = async () => {
    await servers.stop();
    guard.dismiss();
    discardShelter(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...urls, stop };
}

/** A new folder under the system's temporary folder that other accounts can enter, as the database's must. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `crossdock-${purpose}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** The NATS that the files of a test run share; a file that needs the stream for itself takes `ownNats()`. */
export function natsUrl(): string {
  return requiredServerUrls().natsUrl;
}

/** The Redis that the files of a test run share; keep to keys of your own. */
export function redisUrl(): string {
  return requiredServerUrls().redisUrl;
}
