// Row 18: the wall clocks of our processes jump by minutes, each by its own, and back. Whatever expires does so by the
// database's clock.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUBGRAPHS } from '../../platform/run-file.ts';
import { drained, onDatabase, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const JUMP_MS = 5 * 60_000;
const JUMPS = 3;
const BETWEEN_JUMPS_MS = { least: 2_500, most: 5_000 };
/** More than any honest difference between an order's id and its row. */
const CLEARLY_WRONG_S = 60;
const DRAINED_WITHIN_MS = 60_000;
const PRELOAD = fileURLToPath(new URL('../clock/skewed-clock.mjs', import.meta.url));

/** Where the processes of a cluster look for how wrong their clock is. */
export const clockFolder = (dataDir: string) => join(dataDir, 'clocks');

/** Settings that make a process's clock one that can go wrong. */
export function clockEnvironment(dataDir: string): Record<string, string> {
  return { CLOCK_FOLDER: clockFolder(dataDir), NODE_OPTIONS: `--import=${PRELOAD}` };
}

export const clockJumps: Scenario = {
  row: '18',
  name: 'clocks of our processes jump ± 5 min',
  topology: { replicas: 2, standbys: 0, natsNodes: 1, wrongClocks: true },
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: [],
  run: async (run) => {
    const leasesBefore = await leaseEpochs(run);
    for (let jump = 0; jump < JUMPS; jump += 1) {
      await run.moment(BETWEEN_JUMPS_MS.least, BETWEEN_JUMPS_MS.most);
      setClocks(run);
    }
    await run.moment(BETWEEN_JUMPS_MS.least, BETWEEN_JUMPS_MS.most);
    rmSync(clockFolder(run.cluster.dataDir), { recursive: true, force: true });
    await drained(run.cluster, DRAINED_WITHIN_MS);
    const moved = (await leaseEpochs(run)) - leasesBefore;
    return [
      { name: 'leases that expired early', value: moved, unit: '', most: 0 },
      await ordersUnderWrongClocks(run),
    ];
  },
};

function setClocks(run: FaultRun): void {
  const folder = clockFolder(run.cluster.dataDir);
  mkdirSync(folder, { recursive: true });
  for (const group of [...SUBGRAPHS, 'gateway'] as const) {
    for (const name of run.cluster.serviceNames(group)) {
      const skew_ms = run.pick([-JUMP_MS, 0, JUMP_MS]);
      writeFileSync(join(folder, String(processOf(run.cluster, name).port)), String(skew_ms));
      run.say(`the clock of ${name} is wrong by ${skew_ms / 1_000} s`);
    }
  }
}

async function leaseEpochs({ cluster }: FaultRun): Promise<number> {
  const epochs = await Promise.all(
    SUBGRAPHS.map((subgraph) =>
      onDatabase(cluster, subgraph, async (sql) => {
        const [row] = await sql<
          { epochs: number }[]
        >`select coalesce(sum(epoch), 0)::float8 as epochs from leases`;
        return row?.epochs ?? 0;
      }),
    ),
  );
  return epochs.reduce((sum, each) => sum + each, 0);
}

/** An order's id holds the millisecond of the process that made it (UUIDv7): proof that its clock was wrong. */
async function ordersUnderWrongClocks({ cluster }: FaultRun): Promise<Measure> {
  const value = await onDatabase(cluster, 'orders', async (sql) => {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from orders
      where abs(('x' || lpad(left(replace(order_id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0
                - extract(epoch from placed_at)) > ${CLEARLY_WRONG_S}`;
    return row?.count ?? 0;
  });
  return { name: 'orders placed under a wrong clock', value, unit: '', least: 1 };
}
