// One platform for all journeys of a test run: started and filled when the first file asks for it, because a run without
// journeys needs none and the pure tests before them should have the machine; stopped when the run ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { type StartedPlatform, startPlatform } from '@crossdock/testing/platform';
import type { TestProject } from 'vitest/node';
import { gatewayClient } from '../client/gateway-client.ts';
import { fillWholesaler, LONDON, MANCHESTER } from './wholesaler.ts';

/** What a file of journeys is told, as JSON. */
export type PlatformSheet = Readonly<{
  gatewayUrl: string;
  /** Signs tokens that the gateway believes. */
  issuerKey: StartedPlatform['issuerKey'];
  /** Where the run keeps its data, for the commands that work beside it. */
  dataFolder: string;
  /** What no answer may ever show: addresses of what lies behind the gateway. */
  innerAddresses: readonly string[];
  /** Where the simulated card provider is told to wait, see `provider-gate.ts`. */
  provider: Readonly<{ url: string; key: string }>;
  /** For what no client can bring about, see `runStatements`. */
  databaseUrls: ReturnType<StartedPlatform['run']>['databaseUrls'];
}>;

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers the PlatformSheet. */
    platformDoor: string;
  }
}

const INTERNAL_ERROR = 500;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<StartedPlatform> | undefined;
  const door = createServer((_, response) => {
    started ??= start();
    started.then(
      (platform) => response.end(JSON.stringify(sheetOf(platform))),
      (error: unknown) => response.writeHead(INTERNAL_ERROR).end(String(error)),
    );
  });
  // A start on a busy machine takes longer than Node lets a request take by default.
  door.requestTimeout = 0;
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = door.address() as AddressInfo;
  project.provide('platformDoor', `http://127.0.0.1:${port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    await (await started?.catch(() => undefined))?.stop();
  };
}

async function start(): Promise<StartedPlatform> {
  const platform = await startPlatform([LONDON, MANCHESTER]);
  try {
    await fillWholesaler(
      gatewayClient(platform.gatewayUrl, await platform.token({ sub: 'erp', role: 'erp' })),
    );
    return platform;
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

function sheetOf({ gatewayUrl, issuerKey, providerKey, run }: StartedPlatform): PlatformSheet {
  const { subgraphUrls, simulatorUrls, databaseUrls, natsUrl, redisUrl, journals } = run();
  const urls = [subgraphUrls, simulatorUrls, databaseUrls].flatMap((each) => Object.values(each));
  const innerAddresses = [...urls, natsUrl, redisUrl].map((url) => `:${new URL(url).port}`);
  const dataFolder = dirname(dirname(journals.wms));
  const provider = { url: simulatorUrls.paymentProvider, key: providerKey };
  return { gatewayUrl, issuerKey, dataFolder, innerAddresses, provider, databaseUrls };
}
