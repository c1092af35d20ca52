// Bugs that only a lost primary brings to light, planted into the cluster before it is lost: the checker must report them, or
// the clean runs of row 7 prove nothing. The bug is a changed SQL function of the running database, never code of the product.

import { onDatabase } from '../../stage/pipeline.ts';
import type { FaultRun, Scenario } from '../fault-run.ts';
import type { Edit } from '../seeded-bugs/bug.ts';
import { plantEdits } from '../seeded-bugs/function-edits.ts';
import { loseIt } from './postgres.ts';

const TOPOLOGY = { replicas: 2, standbys: 2, natsNodes: 1 } as const;

const READS_ONLY: readonly Edit[] = [
  {
    database: 'orders',
    function: 'log_check_keys',
    from: `UPDATE idempotency_keys i SET replays = i.replays + 1
    FROM unnest(_scope, _key, taken) AS u (s, k, ok)
    WHERE u.ok AND i.scope = u.s AND i.operation = _operation AND i.key = u.k
    RETURNING i.scope, i.key, i.fingerprint, i.result`,
    to: `SELECT i.scope, i.key, i.fingerprint, i.result
    FROM unnest(_scope, _key, taken) AS u (s, k, ok), idempotency_keys i
    WHERE u.ok AND i.scope = u.s AND i.operation = _operation AND i.key = u.k`,
  },
];

const SAYS_NO_INTENT: readonly Edit[] = [
  {
    database: 'orders',
    function: 'relay_intend',
    from: 'BEGIN\n',
    to: 'BEGIN\n  RETURN;\n',
  },
];

/** A repeated request is answered from a row that was only read: the row may be nowhere but on the primary. */
export const replayWithoutCommit: Scenario = {
  row: '7s1',
  name: 'seeded: a replay is acknowledged from a row that no commit of its own proved',
  topology: TOPOLOGY,
  spendsCluster: true,
  allows: {},
  proves: ['clientRetries'],
  mustBreak: [1],
  run: async (run) => {
    await run.moment(1_000, 2_000);
    await plant(run, READS_ONLY);
    return loseIt(run, {
      endOfWaits: 'pg_terminate_backend',
      waitsOf: null,
      // Only repeats are asked then, so that no batch waits for a new order's own commit.
      onWaiting: () => void run.load.hold(),
    });
  },
};

/** The relay publishes what no commit of its own proved: consumers act on facts that the new primary never heard of. */
export const publishWithoutIntent: Scenario = {
  row: '7s2',
  name: 'seeded: the relay publishes beyond its committed intent',
  topology: TOPOLOGY,
  spendsCluster: true,
  allows: {},
  proves: ['clientRetries'],
  mustBreak: [2, 7, 16, 17],
  run: async (run) => {
    await run.moment(1_000, 2_000);
    return loseIt(run, {
      endOfWaits: 'pg_terminate_backend',
      waitsOf: 'orders',
      sparesLeases: true,
      onWaiting: () => undefined,
      beforeSilence: () => plant(run, SAYS_NO_INTENT),
      // The log closes itself, for JetStream knows more than the new primary: nothing comes to rest any more.
      drainedWithin_ms: 1_000,
    });
  },
};

function plant(run: FaultRun, edits: readonly Edit[]): Promise<void> {
  return onDatabase(run.cluster, 'orders', async (orders) => {
    await plantEdits({ orders }, edits);
  });
}
