// The rows of the fault matrix that this harness runs, in the order of the design's list.
import type { Scenario } from './fault-run.ts';
import { clockJumps } from './scenarios/clock.ts';
import { deleteJetStream, loseNatsNodes, partitionConsumer } from './scenarios/messages.ts';
import { providerFails, webhooksRun } from './scenarios/payments.ts';
import { poison } from './scenarios/poison.ts';
import { crashPostgres, killBackends, losePrimary } from './scenarios/postgres.ts';
import {
  killEachService,
  pauseLeaseHolder,
  rollingRestart,
  wholeSubgraphDown,
} from './scenarios/processes.ts';
import { loseRedis } from './scenarios/redis.ts';
import { restoreEarlier } from './scenarios/restore.ts';
import { publishWithoutIntent, replayWithoutCommit } from './scenarios/seeded.ts';

export const MATRIX: readonly Scenario[] = [
  killEachService,
  pauseLeaseHolder,
  wholeSubgraphDown,
  rollingRestart,
  killBackends,
  crashPostgres,
  losePrimary,
  replayWithoutCommit,
  publishWithoutIntent,
  restoreEarlier,
  loseNatsNodes,
  deleteJetStream,
  partitionConsumer,
  loseRedis,
  providerFails,
  webhooksRun,
  poison,
  clockJumps,
];

/** Rows that need one and the same small cluster and no minute of waiting: what every test run can afford. */
export const QUICK_ROWS = ['1', '2', '5', '6', '9', '10', '16'] as const;
