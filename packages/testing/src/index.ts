/**
 * Fixtures for tests alone: real servers, databases cloned from a migrated template, a clock and ids that repeat.
 * Nothing that ships may import it, and it mocks none of our own code.
 */

export { freePort } from '@crossdock/tools/infrastructure';
export { chosenRuns } from './config.ts';
export { backupOf, type DatabaseBackup } from './database-backup.ts';
export { databaseFromTemplate, type TestDatabase } from './database-from-template.ts';
export { type FixedClock, fixedClock } from './fixed-clock.ts';
export { type Fact, hearInAnyOrder, hearInTurn, type OtherSide, type OwnEvent } from './other-side.ts';
export { type OwnServer, ownNats } from './own-nats.ts';
export { ownPostgres } from './own-postgres.ts';
export { pdfTexts } from './pdf-texts.ts';
export { type Random, randomOf } from './random.ts';
export { seeded } from './seeded.ts';
export { sequentialIds } from './sequential-ids.ts';
export { natsUrl, redisUrl, type StartedServers, startedServers } from './started-servers.ts';
