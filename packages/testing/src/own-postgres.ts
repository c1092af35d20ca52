import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { discardShelter, orphanGuard, startServers } from '@crossdock/tools/infrastructure';
import type { OwnServer } from './own-nats.ts';
import { temporaryFolder } from './started-servers.ts';

/** A PostgreSQL for one test file that changes settings of the server itself. Takes some seconds to make. */
export async function ownPostgres(): Promise<Omit<OwnServer, 'pid'>> {
  const folder = temporaryFolder('postgres');
  const guard = orphanGuard();
  const servers = await startServers({
    folder,
    logFolder: join(folder, 'logs'),
    say: () => undefined,
    databasePassword: 'test',
    fsync: false,
    withDatabases: false,
    // The other two are nobody's concern here.
    existing: { databaseUrls: undefined, natsUrl: 'nats://unused', redisUrl: 'redis://unused' },
    keeper: { spawned: guard.watch, signal: new AbortController().signal },
  });
  return {
    url: servers.maintenanceUrl ?? '',
    stop: async () => {
      await servers.stop();
      guard.dismiss();
      discardShelter(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
