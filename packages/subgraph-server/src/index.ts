// Start-up every subgraph shares: Fastify with mercurius over the SDL, the caller from the gateway's token, the log for
// others to read, health, metrics, an orderly stop. It knows no subgraph.
export * from './caller.ts';
export * from './connections.ts';
export * from './dead-letter-desk.ts';
export * from './dead-letter-resolvers.ts';
export * from './faults.ts';
export * from './idempotent.ts';
export * from './raw-route.ts';
export * from './run.ts';
export * from './schema.ts';
export * from './server.ts';
export * from './settings.ts';
