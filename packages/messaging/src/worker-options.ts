import type { Source } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { LockHint } from '@crossdock/resilience';
import type { Logger, Registry } from '@crossdock/telemetry';
import type { Bus } from './bus.ts';
import type { Consumer } from './consumer.ts';
import type { LogClient } from './log-client.ts';
import type { LogGuard } from './restore/log-guard.ts';

/** What a worker is made of. */
export type WorkerOptions = Readonly<{
  subgraph: Source;
  sql: Sql;
  bus: Bus;
  log: LogClient;
  hint: LockHint;
  consumer: Consumer;
  logger: Logger;
  registry: Registry;
  codeVersion: string;
  /** Asked at every take-over of the lease, before anything is written; a subgraph's process always has one. */
  guard?: LogGuard;
}>;
