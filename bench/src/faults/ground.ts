// The ground that fault runs stand on: one cluster at a time, kept from run to run while it fits and is whole, with a
// subscriber of the live feed that follows it from its first order to its end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journalFolder } from '../platform/run-file.ts';
import { seededDraw } from '../replay/seeded-draw.ts';
import { clientTokens } from '../stage/client-tokens.ts';
import { type Cluster, forgetCluster, startCluster } from '../stage/cluster/index.ts';
import { onDatabase } from '../stage/pipeline.ts';
import type { Topology } from './fault-run.ts';
import { type FeedWatcher, startFeedWatcher } from './feed-watcher.ts';
import { orderHeads } from './order-heads.ts';
import { clockEnvironment } from './scenarios/clock.ts';

/** The balancers look five times a second. */
const DRAIN_MS = '1000';
/** The subscriber's own drops, so that resuming is tried in rows without a fault of the gateway, too. */
const HANG_UP_EVERY_MS = 5_000;
const HANG_UP_SEED = 7;

interface Standing {
  readonly cluster: Cluster;
  readonly watcher: FeedWatcher;
}

export interface Ground {
  /** The cluster that stands when it is of this shape, else a new one in its place. */
  readonly clusterFor: (topology: Topology) => Promise<Standing>;
  /** Stops what stands and removes its data. */
  readonly clear: () => Promise<void>;
}

export function createGround(say: (line: string) => void, signal: AbortSignal): Ground {
  let standing: (Standing & { readonly topology: Topology }) | null = null;

  async function clear(): Promise<void> {
    if (standing === null) return;
    const { cluster, watcher } = standing;
    standing = null;
    await watcher.stop(0);
    await cluster.stop();
    forgetCluster(cluster.dataDir);
    rmSync(cluster.dataDir, { recursive: true, force: true });
  }

  async function clusterFor(topology: Topology): Promise<Standing> {
    if (standing !== null && JSON.stringify(standing.topology) === JSON.stringify(topology)) return standing;
    await clear();
    const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-faults-'));
    // The database's own account must get in.
    chmodSync(dataDir, 0o755);
    const environment = { DRAIN_MS, ...(topology.wrongClocks === true ? clockEnvironment(dataDir) : {}) };
    const cluster = await startCluster({ ...topology, dataDir, seed: true, say, signal, environment });
    const watcher = startWatcher(cluster);
    standing = { cluster, watcher, topology };
    await watcher.opened;
    return standing;
  }

  return { clusterFor, clear };
}

/** A subscriber that sees every order of a cluster, and drops by itself now and then. */
export function startWatcher(cluster: Cluster): FeedWatcher {
  return startFeedWatcher({
    gatewayUrl: cluster.gatewayUrl,
    token: async () => (await clientTokens(cluster)).erp,
    subscriber: 'erp',
    journalFolder: journalFolder(cluster.dataDir),
    partnerId: null,
    hangUpEvery_ms: HANG_UP_EVERY_MS,
    draw: seededDraw(HANG_UP_SEED),
    heads: () => onDatabase(cluster, 'orders', (sql) => orderHeads(sql, null)),
  });
}
