// The gateway process: the one public door. Builds everything from its settings, serves, and stops in order.
import './apollo-settings.ts';
import { createLogger } from '@crossdock/telemetry';
import closeWithGrace from 'close-with-grace';
import { createBearerVerifier, type KeySet, localKeySet, remoteKeySet } from './auth/bearer-tokens.ts';
import { createInternalTokens } from './auth/internal-tokens.ts';
import { type Config, readConfig, readKeySetFile } from './config.ts';
import { EVENTS_SUBGRAPH, eventsOutsideOfFeeds } from './feed/events-subgraph.ts';
import { createApollo } from './http/apollo.ts';
import { createApp } from './http/app.ts';
import { registerGraphqlRoute } from './http/graphql-route.ts';
import { registerProbes } from './http/probes.ts';
import { createDataSource } from './subgraphs/data-source.ts';
import { createSubgraphClient } from './subgraphs/subgraph-client.ts';
import { followSupergraphFile } from './supergraph/supergraph-file.ts';
import { createTelemetry } from './telemetry.ts';

/** EX_CONFIG of sysexits.h: a supervisor need not try again. */
const EXIT_BAD_CONFIG = 78;
const STOP_WITHIN_MS = 10_000;
const KEY_SET_RETRY_MS = 1_000;

async function serve(config: Config): Promise<void> {
  const logger = createLogger('gateway', config.logLevel);
  const telemetry = createTelemetry();
  const keySet = keySetOf(config);
  const keys = { loaded: false };
  void loadKeySet(keySet, keys);
  const internalTokens = createInternalTokens(config.internalKey);
  const clients = Object.entries(config.subgraphUrls).map(([name, origin]) =>
    createSubgraphClient(name, origin, (error) => logger.warn({ subgraph: name, err: error }, 'no answer')),
  );
  const { server } = createApollo({
    supergraph: followSupergraphFile(config.supergraphFile, logger),
    dataSourceOf: (name) => {
      if (name === EVENTS_SUBGRAPH) return eventsOutsideOfFeeds;
      const client = clients.find((each) => each.name === name);
      if (client === undefined) throw new Error(`SUBGRAPH_URLS has no address for ${name}.`);
      return createDataSource({ client, internalTokens, onCall: telemetry.subgraphCall });
    },
    logger,
    introspection: config.introspection,
    onInternalError: (requestId, error) => logger.error({ requestId, err: error }, 'an operation broke'),
  });
  await server.start();
  const app = createApp(logger);
  const verify = createBearerVerifier({ key: keySet.key, issuer: config.issuer, audience: config.audience });
  registerGraphqlRoute(app, { server, verify, stream: () => Promise.resolve(false) });
  const missing = () => (keys.loaded ? [] : ["the issuer's keys"]);
  registerProbes(app, { registry: telemetry.registry, subgraphs: clients, missing });
  closeWithGrace({ delay: STOP_WITHIN_MS, logger }, async () => {
    await app.close();
    await server.stop();
    await Promise.all(clients.map((client) => client.close()));
  });
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  logger.info({ port: typeof address === 'object' ? address?.port : config.port }, 'listening');
}

const keySetOf = ({ keySet }: Config): KeySet =>
  'file' in keySet ? localKeySet(readKeySetFile(keySet.file)) : remoteKeySet(keySet.url);

async function loadKeySet(keySet: KeySet, keys: { loaded: boolean }): Promise<void> {
  while (!keys.loaded) {
    try {
      await keySet.load();
      keys.loaded = true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, KEY_SET_RETRY_MS));
    }
  }
}

const read = readConfig();
if (read.ok) {
  await serve(read.config);
} else {
  process.stderr.write(`${read.sentence}\n`);
  process.exitCode = EXIT_BAD_CONFIG;
}
