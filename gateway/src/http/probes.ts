// What an orchestrator and Prometheus ask. A subgraph that is down makes a warning, because orders can be placed
// without three of the four.
import type { Registry } from '@crossdock/telemetry';
import type { FastifyInstance } from 'fastify';
import type { SubgraphClient } from '../subgraphs/subgraph-client.ts';

export type ProbeOptions = Readonly<{
  registry: Registry;
  subgraphs: readonly SubgraphClient[];
  /** What is not there yet, in words; empty when the gateway can serve. */
  missing: () => readonly string[];
}>;

const NOT_READY = 503;

export function registerProbes(app: FastifyInstance, options: ProbeOptions): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_, reply) => {
    const missing = options.missing();
    const alive = await Promise.all(options.subgraphs.map((subgraph) => subgraph.isAlive()));
    const warnings = options.subgraphs.flatMap(({ name }, index) =>
      alive[index] === true ? [] : [`${name} does not answer`],
    );
    if (missing.length > 0) reply.code(NOT_READY);
    return { status: missing.length === 0 ? 'ready' : 'not ready', missing, warnings };
  });
  app.get('/metrics', async (_, reply) => {
    reply.header('content-type', options.registry.contentType);
    return options.registry.metrics();
  });
}
