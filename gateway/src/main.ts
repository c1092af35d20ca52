// The gateway process: the one public door. Builds everything from its settings, serves, and stops in order.
import './apollo-settings.ts';
import type { GraphQLDataSource } from '@apollo/gateway';
import { createDrain } from '@crossdock/resilience';
import { createLogger, type Logger, tellRarely } from '@crossdock/telemetry';
import closeWithGrace from 'close-with-grace';
import { createBearerVerifier, type KeySet, localKeySet, remoteKeySet } from './auth/bearer-tokens.ts';
import { createInternalTokens } from './auth/internal-tokens.ts';
import { type Config, readConfig, readKeySetFile } from './config.ts';
import { EVENTS_SUBGRAPH, eventsOutsideOfFeeds } from './feed/events-subgraph.ts';
import { createFeedService } from './feed/feed-service.ts';
import { streamAnswerer } from './feed/stream-route.ts';
import { serveSockets } from './feed/websocket.ts';
import { createApollo } from './http/apollo.ts';
import { createApp } from './http/app.ts';
import { DOCUMENT_LIMITS, registerDocumentRoute } from './http/document-route.ts';
import { registerGraphqlRoute } from './http/graphql-route.ts';
import { orderlyClose } from './http/orderly-close.ts';
import { createPassOn, type PassOnLimits } from './http/pass-on.ts';
import { registerProbes } from './http/probes.ts';
import { registerWebhookRoute, WEBHOOK_LIMITS } from './http/webhook-route.ts';
import { createDataSource } from './subgraphs/data-source.ts';
import { createSubgraphClient, type SubgraphClient } from './subgraphs/subgraph-client.ts';
import { followSupergraphFile } from './supergraph/supergraph-file.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';

/** EX_CONFIG of sysexits.h: a supervisor need not try again. */
const EXIT_BAD_CONFIG = 78;
const STOP_WITHIN_MS = 10_000;
/** Live feeds end over this time, so that their clients do not all come back at once. */
const FEEDS_END_WITHIN_MS = 2_000;
const KEY_SET_RETRY_MS = 1_000;

async function serve(config: Config): Promise<void> {
  const logger = createLogger('gateway', config.logLevel);
  const telemetry = createTelemetry();
  const { introspection, cursorSecret, logReadSecret, natsUrl } = config;
  const clients = Object.entries(config.subgraphUrls).map(([name, origin]) =>
    createSubgraphClient(name, origin, (error) => logger.warn({ subgraph: name, err: error }, 'no answer')),
  );
  const sourceOf = dataSourcesOf(config, clients, telemetry);
  const onInternalError = (requestId: string, error: unknown) =>
    logger.error({ requestId, err: error }, 'an operation broke');
  const supergraph = followSupergraphFile(config.supergraphFile, logger);
  const { gateway, server } = createApollo({ supergraph, sourceOf, logger, introspection, onInternalError });
  const ordersOrigin = config.subgraphUrls.orders;
  const secrets = { cursorSecret, logReadSecret };
  const counts = telemetry.feed;
  const told = { introspection, onInternalError, counts };
  const feed = createFeedService({ gateway, sourceOf, ordersOrigin, natsUrl, ...secrets, ...told });
  await server.start();

  const app = createApp(logger, config.trustedProxies);
  const close = orderlyClose(app);
  const drain = createDrain(app.server, config.drain_ms);
  const keySet = keySetOf(config);
  const missing = missingUntilLoaded(keySet);
  const verify = createBearerVerifier({ key: keySet.key, issuer: config.issuer, audience: config.audience });
  registerGraphqlRoute(app, { server, verify, stream: streamAnswerer(feed.live, server) });
  const closePayments = passOnToPayments(app, config, logger);
  registerProbes(app, {
    registry: telemetry.registry,
    subgraphs: clients,
    missing: () => [...missing(), ...(drain.isDraining() ? ['it is stopping'] : [])],
  });
  const sockets = serveSockets({ http: app.server, live: feed.live, server, verify });
  closeWithGrace({ delay: STOP_WITHIN_MS + config.drain_ms, logger }, async ({ err }) => {
    if (err === undefined) await drain.run();
    feed.endAll(FEEDS_END_WITHIN_MS);
    await Promise.all([close(), sockets.drain(FEEDS_END_WITHIN_MS)]);
    await Promise.all([
      server.stop(),
      feed.close(),
      closePayments(),
      ...clients.map((client) => client.close()),
    ]);
  });
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  logger.info({ port: typeof address === 'object' ? address?.port : config.port }, 'listening');
}

/** Documents and webhooks are payments' own: they pass unread. Answers how to close the ways there. */
function passOnToPayments(
  app: Parameters<typeof registerDocumentRoute>[0],
  { subgraphUrls: { payments: origin } }: Config,
  logger: Logger,
): () => Promise<void> {
  const subgraph = 'payments';
  const tellUnanswered = tellRarely<unknown>((what, count, err) =>
    logger.warn({ subgraph, what, count, err }, 'not passed on'),
  );
  const tellBad = tellRarely<object>((_, count, told) =>
    logger.error({ subgraph, ...told, count }, 'answered what it never answers on purpose'),
  );
  // Each has connections of its own, so that slow documents hold up no webhook.
  // Anybody may send requests that nobody answers, as many as they like: a line a minute tells of them.
  const passOn = (what: string, limits: PassOnLimits) =>
    createPassOn(origin, limits, {
      onFault: (error) => tellUnanswered(what, error),
      onBadAnswer: ({ status }) => tellBad(`${what} ${status}`, { what, status }),
    });
  const documents = passOn('document', DOCUMENT_LIMITS);
  const webhooks = passOn('webhook', WEBHOOK_LIMITS);
  registerDocumentRoute(app, documents);
  registerWebhookRoute(app, webhooks);
  return async () => void (await Promise.all([documents.close(), webhooks.close()]));
}

/** One data source for each subgraph, shared by queries and feeds; throws for a subgraph without an address. */
function dataSourcesOf(
  config: Config,
  clients: readonly SubgraphClient[],
  telemetry: Telemetry,
): (name: string) => GraphQLDataSource {
  const internalTokens = createInternalTokens(config.internalKey);
  const sources = new Map(
    clients.map((client) => [
      client.name,
      createDataSource({ client, internalTokens, onCall: telemetry.subgraphCall }),
    ]),
  );
  sources.set(EVENTS_SUBGRAPH, eventsOutsideOfFeeds);
  return (name) => {
    const source = sources.get(name);
    if (source === undefined) throw new Error(`SUBGRAPH_URLS has no address for ${name}.`);
    return source;
  };
}

const keySetOf = ({ keySet }: Config): KeySet =>
  'file' in keySet ? localKeySet(readKeySetFile(keySet.file)) : remoteKeySet(keySet.url);

/** Loads the issuer's keys in the background; answers what is missing until then. */
function missingUntilLoaded(keySet: KeySet): () => readonly string[] {
  let missing = ["the issuer's keys"];
  const load = () => {
    keySet.load().then(
      () => {
        missing = [];
      },
      () => setTimeout(load, KEY_SET_RETRY_MS),
    );
  };
  load();
  return () => missing;
}

const read = readConfig();
if (read.ok) {
  await serve(read.config);
} else {
  process.stderr.write(`${read.sentence}\n`);
  process.exitCode = EXIT_BAD_CONFIG;
}
