/**
 * Finds or installs PostgreSQL, NATS and Redis and runs private instances of them, for a local run and for tests.
 * It knows nothing of subgraphs beyond the names of their databases.
 */
export { discardShelter } from './account.ts';
export { SUBGRAPHS, type Subgraph } from './config.ts';
export { freePort, portIsFree } from './free-port.ts';
export { startNats } from './nats-server.ts';
export { type OrphanGuard, orphanGuard } from './orphan-guard.ts';
export { PlainFailure } from './plain-failure.ts';
export { findPrograms } from './programs.ts';
export { type Servers, startServers } from './servers.ts';
