// The platform that payments are tried on: one process of everything, the data set's products, partners and stock, and a
// subscriber of the live feed.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetOrder } from '../dataset/index.ts';
import type { FeedWatcher } from '../faults/feed-watcher.ts';
import { startWatcher } from '../faults/ground.ts';
import { realOrders } from '../replay/prepared-orders.ts';
import { clientTokens } from '../stage/client-tokens.ts';
import { type Cluster, forgetCluster, startCluster } from '../stage/cluster/index.ts';
import { type ProviderControl, providerControl } from '../stage/provider-control.ts';

export interface PaymentsGround {
  readonly cluster: Cluster;
  readonly provider: ProviderControl;
  readonly erpToken: string;
  /** Follows the live feed from the first order on. */
  readonly watcher: Pick<FeedWatcher, 'caughtUp'>;
  /** The next orders of the data set, which begins again behind its last. */
  readonly nextOrders: (count: number) => readonly DatasetOrder[];
  readonly clear: () => Promise<void>;
}

/** The balancers look five times a second. */
const DRAIN_MS = '1000';

export async function preparePaymentsGround(options: {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<PaymentsGround> {
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-payments-'));
  // The database's own account must get in.
  chmodSync(dataDir, 0o755);
  const cluster = await startCluster({
    ...{ ...options, dataDir, replicas: 1, standbys: 0, natsNodes: 1, seed: true },
    environment: { DRAIN_MS },
  });
  const watcher = startWatcher(cluster);
  await watcher.opened;
  const orders = await Array.fromAsync(realOrders());
  let next = 0;
  return {
    cluster,
    watcher,
    provider: providerControl(cluster),
    erpToken: (await clientTokens(cluster)).erp,
    nextOrders: (count) =>
      Array.from({ length: count }, () => {
        const order = orders[next % orders.length];
        next += 1;
        if (order === undefined) throw new Error('the data set holds no order');
        return order;
      }),
    clear: async () => {
      await watcher.stop(0);
      await cluster.stop();
      forgetCluster(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
