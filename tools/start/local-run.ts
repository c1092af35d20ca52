/** A run for a person: start, seed once, first orders, the screen, then until Ctrl-C. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dataFolderOf } from '../infrastructure/data-folder.ts';
import { gatewayClient } from '../seed/gateway-client.ts';
import { WAREHOUSES } from '../seed/rows.ts';
import { seed } from '../seed/seed.ts';
import { signClientToken } from '../token/client-token.ts';
import type { Keys } from '../token/keys.ts';
import { type FollowedOrder, sendFirstOrders } from './first-orders.ts';
import type { StartFlags } from './flags.ts';
import { type Platform, startPlatform } from './platform.ts';
import type { Progress } from './progress.ts';
import { stopSignals } from './stop-signals.ts';
import { screenOf } from './summary.ts';

export const DEFAULT_PORT = 4000;
const FIRST_ORDERS = 50;
const TOKEN_TTL_S = 3_600;
/** The customer of the data set's first order. */
const EXAMPLE_PARTNER = '17850';

/** Runs until a signal asks for the end; rejects with one sentence when the start fails. */
export async function runUntilStopped(flags: StartFlags, progress: Progress): Promise<void> {
  const started_ms = Date.now();
  const signals = stopSignals();
  const dataFolder = dataFolderOf(flags.dataDir);
  const platform = await startPlatform({
    dataFolder,
    gatewayPort: flags.port ?? DEFAULT_PORT,
    warehouseIds: WAREHOUSES.map(({ id }) => id),
    fresh: flags.fresh,
    progress,
    fsync: true,
    signal: signals.signal,
  });
  signals.onHurry(() => hurry(platform));
  try {
    const orders = await Promise.race([fill(platform, flags, dataFolder, progress), signals.asked]);
    if (orders) await showScreen(platform, orders, dataFolder, started_ms);
    await signals.asked;
  } finally {
    await progress.step('Stopping', () => platform.stop());
  }
}

/** Seeds what was not seeded before and sends the first orders. */
async function fill(platform: Platform, flags: StartFlags, dataFolder: string, progress: Progress) {
  const client = gatewayClient(platform.gatewayUrl, await erpToken(platform.keys));
  const marker = join(dataFolder, 'seeded.json');
  const isFirst = flags.seed && !existsSync(marker);
  if (isFirst) {
    const seeded = await progress.step('Products, partners, credit, stock', (note) => seed(client, note));
    writeFileSync(marker, `${JSON.stringify(seeded)}\n`);
  }
  const count = flags.orders ?? (isFirst ? FIRST_ORDERS : 0);
  if (count === 0) return [];
  return progress.step('Real orders', (note) => sendFirstOrders(client, count, note));
}

async function showScreen(
  platform: Platform,
  orders: readonly FollowedOrder[],
  dataFolder: string,
  started_ms: number,
): Promise<void> {
  const claims = { sub: `buyer:${EXAMPLE_PARTNER}`, role: 'buyer', partner: EXAMPLE_PARTNER } as const;
  const isDefault = dataFolder === dataFolderOf(undefined);
  const screen = screenOf({
    gatewayUrl: platform.gatewayUrl,
    orders,
    partnerId: EXAMPLE_PARTNER,
    buyerToken: await signClientToken(platform.keys, claims, TOKEN_TTL_S),
    dataDirFlag: isDefault ? '' : ` --data-dir ${dataFolder}`,
    logFolder: relative(process.cwd(), join(dataFolder, 'logs')),
    started_s: Math.round((Date.now() - started_ms) / 1000),
  });
  process.stdout.write(screen);
}

/** A token of the ERP for the run's own calls. */
export function erpToken(keys: Keys): Promise<string> {
  return signClientToken(keys, { sub: 'erp:start', role: 'erp' }, TOKEN_TTL_S);
}

function hurry(platform: Platform): void {
  process.stderr.write('\nEnding everything at once; the next start recovers the data.\n');
  platform.kill();
}
