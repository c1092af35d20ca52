/** The seven processes of a local run and what each is told. A deployment says the same in its own files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBGRAPHS, type Subgraph } from '../infrastructure/config.ts';
import { freePort } from '../infrastructure/free-port.ts';
import type { Servers } from '../infrastructure/servers.ts';
import { ROOT } from '../repository.ts';
import { AUDIENCE, ISSUER, signClientToken } from '../token/client-token.ts';
import type { Keys } from '../token/keys.ts';
import type { Service } from './service.ts';

export interface Services {
  readonly gateway: Service;
  readonly subgraphs: readonly Service[];
  readonly simulators: readonly Service[];
  readonly gatewayUrl: string;
  readonly subgraphUrls: Readonly<Record<Subgraph, string>>;
  readonly simulatorUrls: Readonly<Record<'paymentProvider' | 'wms', string>>;
  readonly journals: Readonly<Record<'paymentProvider' | 'wms', string>>;
}

export interface ServicesOptions {
  readonly dataFolder: string;
  readonly gatewayPort: number;
  readonly keys: Keys;
  readonly servers: Pick<Servers, 'databaseUrls' | 'natsUrl' | 'redisUrl'>;
  /** The warehouses whose WMS is simulated. */
  readonly warehouseIds: readonly string[];
}

/** Where the servers of a run are. */
export type ServerUrls = Pick<Servers, 'databaseUrls' | 'natsUrl' | 'redisUrl'>;

export const HEAP_MB = { gateway: 384, subgraph: 256, simulator: 128 };
/** Nobody balances over the processes of a local run. */
const DRAIN_MS = '0';
/** The simulated warehouses' tokens are signed anew at every start. */
const WMS_TOKEN_TTL_S = 30 * 24 * 3600;

/** The composed schema that the gateway serves. */
export const SUPERGRAPH_FILE = join(ROOT, 'schema', 'supergraph.graphql');

/** Decides ports, files and environments; starts nothing. */
export async function planServices(options: ServicesOptions): Promise<Services> {
  const { dataFolder, gatewayPort } = options;
  const ports = await portsBySubgraph();
  const simulatorPorts = { paymentProvider: await freePort(), wms: await freePort() };
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  const addresses = {
    gatewayUrl: urlOf(gatewayPort),
    subgraphUrls: {
      orders: urlOf(ports.orders),
      inventory: urlOf(ports.inventory),
      payments: urlOf(ports.payments),
      fulfillment: urlOf(ports.fulfillment),
    },
    simulatorUrls: { paymentProvider: urlOf(simulatorPorts.paymentProvider), wms: urlOf(simulatorPorts.wms) },
    journals: {
      paymentProvider: join(dataFolder, 'journals', 'payment-provider.ndjson'),
      wms: join(dataFolder, 'journals', 'wms.ndjson'),
    },
  };
  return {
    ...addresses,
    gateway: {
      name: 'gateway',
      entry: 'gateway/src/main.ts',
      port: gatewayPort,
      heap_mb: HEAP_MB.gateway,
      environment: gatewayEnvironment(options, addresses),
    },
    subgraphs: SUBGRAPHS.map((name) => ({
      name,
      entry: `subgraphs/${name}/src/main.ts`,
      port: ports[name],
      heap_mb: HEAP_MB.subgraph,
      environment: subgraphEnvironment(name, options, addresses),
    })),
    simulators: await simulatorsOf(options, addresses, simulatorPorts),
  };
}

type Addresses = Pick<Services, 'gatewayUrl' | 'subgraphUrls' | 'simulatorUrls' | 'journals'>;

async function portsBySubgraph(): Promise<Record<Subgraph, number>> {
  return {
    orders: await freePort(),
    inventory: await freePort(),
    payments: await freePort(),
    fulfillment: await freePort(),
  };
}

function gatewayEnvironment({ keys, servers }: ServicesOptions, { subgraphUrls }: Addresses) {
  return {
    DRAIN_MS,
    SUPERGRAPH_FILE,
    SUBGRAPH_URLS: JSON.stringify(subgraphUrls),
    JWKS_FILE: keys.jwksFile,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    INTERNAL_PRIVATE_JWK: JSON.stringify(keys.internal.privateJwk),
    CURSOR_SECRET: keys.secrets.cursorSecret,
    LOG_READ_SECRET: keys.secrets.logReadSecret,
    NATS_URL: servers.natsUrl,
    REDIS_URL: servers.redisUrl,
    // Whoever runs it locally wants to look around.
    INTROSPECTION: 'true',
  };
}

/** What a subgraph is told, also when it is called for one task beside a run. */
export function subgraphEnvironment(
  name: Subgraph,
  { keys, servers }: Readonly<{ keys: Keys; servers: ServerUrls }>,
  addresses: Pick<Addresses, 'subgraphUrls' | 'simulatorUrls'>,
): Record<string, string> {
  const { secrets, cardToken } = keys;
  const own: Record<Subgraph, Record<string, string>> = {
    orders: {
      CARD_TOKEN_PUBLIC_JWK: JSON.stringify(cardToken.publicJwk),
      CURSOR_SECRET: secrets.cursorSecret,
    },
    inventory: {},
    payments: {
      CARD_TOKEN_PRIVATE_JWK: JSON.stringify(cardToken.privateJwk),
      PAYMENT_PROVIDER_URL: addresses.simulatorUrls.paymentProvider,
      PAYMENT_PROVIDER_KEY: secrets.paymentProviderKey,
      PAYMENT_PROVIDER_WEBHOOK_SECRET: secrets.paymentProviderWebhookSecret,
    },
    fulfillment: { WMS_URL: addresses.simulatorUrls.wms, WMS_KEY: secrets.wmsKey },
  };
  return {
    DRAIN_MS,
    DATABASE_URL: servers.databaseUrls[name],
    NATS_URL: servers.natsUrl,
    REDIS_URL: servers.redisUrl,
    INTERNAL_PUBLIC_JWK: JSON.stringify(keys.internal.publicJwk),
    LOG_READ_SECRET: secrets.logReadSecret,
    SUBGRAPH_URLS: JSON.stringify(addresses.subgraphUrls),
    SCHEMA_DIR: join(ROOT, 'schema'),
    ...own[name],
  };
}

async function simulatorsOf(
  { dataFolder, keys, warehouseIds }: ServicesOptions,
  { journals, gatewayUrl }: Addresses,
  ports: Readonly<Record<'paymentProvider' | 'wms', number>>,
): Promise<Service[]> {
  const tokensFile = join(dataFolder, 'keys', 'wms-tokens.json');
  const tokens = warehouseIds.map(async (warehouse): Promise<[string, string]> => {
    const claims = { sub: `wms:${warehouse}`, role: 'wms', warehouse } as const;
    return [warehouse, await signClientToken(keys, claims, WMS_TOKEN_TTL_S)];
  });
  writeFileSync(tokensFile, JSON.stringify(Object.fromEntries(await Promise.all(tokens))), { mode: 0o600 });
  return [
    {
      name: 'payment-provider',
      entry: 'simulators/src/payment-provider/main.ts',
      port: ports.paymentProvider,
      heap_mb: HEAP_MB.simulator,
      environment: {
        JOURNAL_FILE: journals.paymentProvider,
        API_KEY: keys.secrets.paymentProviderKey,
        WEBHOOK_URL: `${gatewayUrl}/webhooks/simulator`,
        WEBHOOK_SECRET: keys.secrets.paymentProviderWebhookSecret,
      },
    },
    {
      name: 'wms',
      entry: 'simulators/src/wms/main.ts',
      port: ports.wms,
      heap_mb: HEAP_MB.simulator,
      environment: {
        JOURNAL_FILE: journals.wms,
        API_KEY: keys.secrets.wmsKey,
        GATEWAY_URL: gatewayUrl,
        WMS_TOKENS_FILE: tokensFile,
      },
    },
  ];
}
