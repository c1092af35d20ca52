import { rmSync } from 'node:fs';
import { discardShelter } from '@crossdock/tools/infrastructure';
import { DATABASE_SERVERS } from './database-servers.ts';

/** Removes a stopped cluster's folder, and its databases where they had to be kept elsewhere. */
export function forgetCluster(dataDir: string): void {
  for (const name of DATABASE_SERVERS) discardShelter(dataDir, name);
  rmSync(dataDir, { recursive: true, force: true });
}
