/** `npm start -- --check`: the whole platform in a temporary folder, one order to SHIPPED, and away again. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardShelter } from '../infrastructure/account.ts';
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { freePort } from '../infrastructure/free-port.ts';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { gatewayClient } from '../seed/gateway-client.ts';
import { WAREHOUSES } from '../seed/rows.ts';
import { seed } from '../seed/seed.ts';
import { sendFirstOrders } from './first-orders.ts';
import type { StartFlags } from './flags.ts';
import { erpToken } from './local-run.ts';
import { type Platform, startPlatform } from './platform.ts';
import type { Progress } from './progress.ts';
import { stopSignals } from './stop-signals.ts';

/** Resolves when an order was seen SHIPPED and everything is stopped; rejects with what failed. */
export async function selfCheck(flags: StartFlags, progress: Progress): Promise<void> {
  const started_ms = Date.now();
  const signals = stopSignals();
  const folder = flags.dataDir === undefined ? temporaryFolder() : dataFolderOf(flags.dataDir);
  try {
    const platform = await startPlatform({
      dataFolder: folder,
      gatewayPort: flags.port ?? (await freePort()),
      warehouseIds: WAREHOUSES.map(({ id }) => id),
      fresh: flags.fresh,
      progress,
      fsync: true,
      signal: signals.signal,
    });
    signals.onHurry(platform.kill);
    try {
      const interrupted = signals.asked.then(() =>
        Promise.reject(new PlainFailure('Stopped before the check ended.')),
      );
      await Promise.race([oneOrder(platform, progress), interrupted]);
    } finally {
      await progress.step('Stopping', () => platform.stop());
    }
  } finally {
    if (flags.dataDir === undefined) remove(folder);
  }
  process.stdout.write(`Check passed: one order was placed and SHIPPED (${seconds(started_ms)} s in all).\n`);
}

async function oneOrder(platform: Platform, progress: Progress): Promise<void> {
  const client = gatewayClient(platform.gatewayUrl, await erpToken(platform.keys));
  await progress.step('Products, partners, credit, stock', (note) => seed(client, note));
  const [order] = await progress.step('One order', (note) => sendFirstOrders(client, 1, note));
  if (order?.status === 'SHIPPED') return;
  const facts = order?.timeline.map(({ type }) => type).join(', ') || 'nothing';
  throw new PlainFailure(
    `The order did not ship: it is ${order?.status ?? 'unknown'}${order?.statusReason ? ` (${order.statusReason})` : ''} after ${facts}.`,
  );
}

/** Open to other accounts, as the database's must be let in. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-check-'));
  chmodSync(folder, 0o755);
  return folder;
}

function remove(folder: string): void {
  discardShelter(folder);
  rmSync(folder, { recursive: true, force: true });
}

function seconds(since_ms: number): string {
  return ((Date.now() - since_ms) / 1000).toFixed(1);
}
