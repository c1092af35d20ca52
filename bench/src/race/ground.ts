// The cluster that all races are run on: two replicas of everything, and as many partners as there are buyers.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayClient, WAREHOUSES } from '@crossdock/tools/seed';
import { clientTokens } from '../stage/client-tokens.ts';
import { type Cluster, forgetCluster, startCluster } from '../stage/cluster/index.ts';

export interface RaceGround {
  readonly cluster: Cluster;
  readonly partners: readonly string[];
  readonly erpToken: string;
  readonly clear: () => Promise<void>;
}

export interface GroundOptions {
  readonly replicas: 1 | 2;
  readonly partners: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The balancers look five times a second. */
const DRAIN_MS = '1000';
const CREDIT_LIMIT = '10000000.00';
const ROWS_MAX = 1_000;

const UPSERT_WAREHOUSES = `mutation RaceWarehouses($input: UpsertWarehousesInput!) {
  upsertWarehouses(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const UPSERT_PARTNERS = `mutation RacePartners($input: UpsertPartnersInput!) {
  upsertPartners(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const SET_CREDIT_LIMITS = `mutation RaceCredit($input: SetCreditLimitsInput!) {
  setCreditLimits(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;

/** Starts it in a temporary folder, with warehouses and partners who can pay, and no product. */
export async function prepareGround(options: GroundOptions): Promise<RaceGround> {
  const { replicas, say, signal } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-race-'));
  // The database's own account must get in.
  chmodSync(dataDir, 0o755);
  const cluster = await startCluster({
    ...{ dataDir, replicas, standbys: 0, natsNodes: 1, seed: false, say, signal },
    environment: { DRAIN_MS },
  });
  const clear = async () => {
    await cluster.stop();
    forgetCluster(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { erp } = await clientTokens(cluster);
    const partners = Array.from({ length: options.partners }, (_, index) => `RACER-${index + 1}`);
    await register(cluster, erp, partners);
    return { cluster, partners, erpToken: erp, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

async function register(cluster: Cluster, token: string, partners: readonly string[]): Promise<void> {
  const client = gatewayClient(cluster.gatewayUrl, token);
  const send = async (document: string, name: string, rows: readonly unknown[]) => {
    for (let from = 0; from < rows.length; from += ROWS_MAX) {
      const batch = rows.slice(from, from + ROWS_MAX);
      await client.send(document, { input: { idempotencyKey: `race-${name}-${from}`, [name]: batch } });
    }
  };
  const shipTo = { country: 'United Kingdom' };
  await Promise.all([
    send(
      UPSERT_WAREHOUSES,
      'warehouses',
      WAREHOUSES.map(({ id, name, priority }) => ({ id, name, priority })),
    ),
    send(
      UPSERT_PARTNERS,
      'partners',
      partners.map((id) => ({ id, name: id, currencyCode: 'GBP', shipTo })),
    ),
  ]);
  const limit = { amount: CREDIT_LIMIT, currencyCode: 'GBP' };
  await send(
    SET_CREDIT_LIMITS,
    'limits',
    partners.map((partnerId) => ({ partnerId, limit })),
  );
}
