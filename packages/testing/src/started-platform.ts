import { rmSync } from 'node:fs';
import { discardShelter, freePort } from '@crossdock/tools/infrastructure';
import {
  type Platform,
  type RunFile,
  startPlatform as startOnThisMachine,
  tokenFor,
} from '@crossdock/tools/start';
import postgres from 'postgres';
import { temporaryFolder } from './started-servers.ts';

export interface StartedPlatform {
  readonly gatewayUrl: string;
  /** Addresses, process ids and journals, as they are now. */
  readonly run: () => RunFile;
  /** A client's token, such as `{ sub: 'test', role: 'buyer', partner: '17850' }`; it expires after `ttl_s` (default one hour). */
  readonly token: (claims: Parameters<typeof tokenFor>[1], ttl_s?: number) => Promise<string>;
  /** What `token` signs with, for tokens that must not be believed all the same. */
  readonly issuerKey: Platform['keys']['issuer']['privateJwk'];
  /** Opens what makes the simulated card provider misbehave or wait (`/control` of its address). */
  readonly providerKey: string;
  /** Stops everything in order and removes its data. */
  readonly stop: () => Promise<void>;
}

const TOKEN_TTL_S = 3_600;

/** Runs SQL in a database of a running platform: for journeys through what no client can bring about, such as a broken rule. */
export async function runStatements(databaseUrl: string, statements: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statements);
  } finally {
    await sql.end();
  }
}

/**
 * The whole platform for journeys: own servers, simulators, four subgraphs and the gateway, empty, in a temporary folder.
 * `warehouseIds` are those whose WMS is simulated. Takes some seconds: start it once for a file.
 */
export async function startPlatform(warehouseIds: readonly string[]): Promise<StartedPlatform> {
  const dataFolder = temporaryFolder('platform');
  const remove = () => {
    discardShelter(dataFolder);
    rmSync(dataFolder, { recursive: true, force: true });
  };
  const platform = await start(dataFolder, warehouseIds).catch((error: unknown) => {
    remove();
    throw error;
  });
  return {
    gatewayUrl: platform.gatewayUrl,
    run: platform.run,
    token: (claims, ttl_s = TOKEN_TTL_S) => tokenFor(platform.keys, claims, ttl_s),
    issuerKey: platform.keys.issuer.privateJwk,
    providerKey: platform.keys.secrets.paymentProviderKey,
    stop: () => platform.stop().finally(remove),
  };
}

async function start(dataFolder: string, warehouseIds: readonly string[]): Promise<Platform> {
  return startOnThisMachine({
    dataFolder,
    gatewayPort: await freePort(),
    warehouseIds,
    progress: {
      step: (_label, work) => work(() => undefined),
      say: (line) => void process.stderr.write(`${line}\n`),
    },
    fresh: false,
    fsync: false,
    signal: new AbortController().signal,
  });
}
