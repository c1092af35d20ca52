// A subgraph as real as the gateway can see: mercurius over the true SDL, answers made up here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { freePort } from '@crossdock/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { parse } from 'graphql';
import mercurius from 'mercurius';
import type { StubLog } from './stub-log.ts';

export const SCHEMA_FOLDER = join(import.meta.dirname, '../../schema');
export const LOG_READ_SECRET = 'the secret of log reads';

export type Received = Readonly<{
  query: string;
  variables: Record<string, unknown>;
  headers: Record<string, unknown>;
}>;
export type Resolvers = NonNullable<
  Parameters<typeof buildSubgraphSchema>[0] extends infer T
    ? T extends { resolvers?: infer R }
      ? R
      : never
    : never
>;
export type StubSubgraph = Readonly<{
  name: string;
  url: string;
  received: Received[];
  stop: () => Promise<void>;
  /** Listens again on the same port. */
  restart: () => Promise<void>;
}>;

export async function startStubSubgraph(
  name: string,
  resolvers: Resolvers,
  log?: StubLog,
): Promise<StubSubgraph> {
  const received: Received[] = [];
  const build = async () => {
    const app = Fastify({ bodyLimit: 5_000_000, forceCloseConnections: true });
    await app.register(mercurius, {
      schema: buildSubgraphSchema({ typeDefs: parse(sdlOf(name)), resolvers }),
      subscription: false,
      // The real subgraphs repair the paths themselves; here they stay texts, as mercurius writes them.
      errorFormatter: (execution, context) => ({
        ...mercurius.defaultErrorFormatter(execution, context),
        statusCode: 200,
      }),
    });
    app.addHook('preHandler', async (request) => {
      if (request.url !== '/graphql') return;
      const { query, variables } = request.body as { query: string; variables: Record<string, unknown> };
      received.push({ query, variables, headers: request.headers });
    });
    app.get('/healthz', async () => ({ status: 'ok' }));
    if (log !== undefined) addLogRoutes(app, log);
    return app;
  };
  let app = await build();
  // None that the system gives to outgoing connections: one of those would take it while nobody listens.
  const url = await app.listen({ host: '127.0.0.1', port: await freePort() });
  const restart = async () => {
    app = await build();
    await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
  };
  return { name, url, received, stop: () => app.close(), restart };
}

type Place = { partition: number; position: number; eventId: string | null };

function addLogRoutes(app: FastifyInstance, log: StubLog): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/internal/')) return;
    if (request.headers.authorization !== `Bearer ${LOG_READ_SECRET}`) await reply.code(401).send({});
  });
  app.post('/internal/log/heads', async (request) =>
    log.compare((request.body as { positions: Place[] }).positions),
  );
  app.post('/internal/log/read', async (request) => {
    const { after, limit } = request.body as { after: Place[]; limit: number };
    return log.read(after, limit);
  });
}

const sdlOf = (name: string) =>
  ['common', name].map((file) => readFileSync(join(SCHEMA_FOLDER, `${file}.graphql`), 'utf8')).join('\n');
