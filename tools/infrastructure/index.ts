/**
 * Finds or installs PostgreSQL, NATS and Redis and runs private instances of them, for a local run, for tests and for
 * fault runs. It knows nothing of subgraphs beyond the names of their databases.
 */
export { discardShelter } from './account.ts';
export { type Child, type ChildOptions, startChild, stopChild, tailOf, waitUntil } from './child.ts';
export { databaseOf, inheritedEnvironment, SUBGRAPHS, type Subgraph } from './config.ts';
export { freePort, portIsFree } from './free-port.ts';
export { programsFor } from './install.ts';
export type { Birth, Running, Watch } from './keep-alive.ts';
export { type NatsCluster, natsStoreOf, startNats } from './nats-server.ts';
export { type OrphanGuard, orphanGuard } from './orphan-guard.ts';
export { PlainFailure } from './plain-failure.ts';
export { databaseFolderOf, type PostgresOptions, postgresUrl, startPostgres } from './postgres-server.ts';
export { makeStandby } from './postgres-standby.ts';
export { findPrograms, type Program, type Programs } from './programs.ts';
export { startRedis } from './redis-server.ts';
export { type Servers, startServers } from './servers.ts';
