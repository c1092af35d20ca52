// What is broken while a race is on: nothing, the hint in Redis, the reserver's life, the reserver's time.
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyRedis } from '../stage/empty-redis.ts';
import { leaseHolder, processOf } from '../stage/pipeline.ts';
import type { Disturbance, RaceStage } from './race.ts';

/** From the first order on: by then some are decided and most are not. */
const MOMENT_MS = { least: 150, most: 700 };
const FLUSHES = 8;
const BETWEEN_FLUSHES_MS = { least: 50, most: 300 };
const DOWN_MS = 1_000;
/** Longer than a lease lives, and the grace after it. */
const PAUSED_MS = 7_000;

const between = ({ draw }: RaceStage, { least, most }: Readonly<{ least: number; most: number }>) =>
  sleep(least + draw() * (most - least));

export const DISTURBANCES: readonly Disturbance[] = [
  { name: 'none', title: 'nothing', proves: [], disturb: async () => undefined },
  {
    name: 'redis',
    title: 'Redis FLUSHALL, again and again',
    proves: [],
    disturb: async (stage) => {
      for (let time = 0; time < FLUSHES; time += 1) {
        await between(stage, BETWEEN_FLUSHES_MS);
        await emptyRedis(stage.cluster);
      }
    },
  },
  {
    name: 'kill',
    title: 'kill -9 the reserver',
    proves: ['leases'],
    disturb: async (stage) => {
      const victim = processOf(stage.cluster, await leaseHolder(stage.cluster, 'inventory'));
      await between(stage, MOMENT_MS);
      stage.say(`kill -9 ${victim.name}`);
      await victim.kill();
      await sleep(DOWN_MS);
      await victim.start();
    },
  },
  {
    name: 'pause',
    title: 'SIGSTOP the reserver past its lease, then SIGCONT',
    proves: ['leases'],
    disturb: async (stage) => {
      const victim = processOf(stage.cluster, await leaseHolder(stage.cluster, 'inventory'));
      await between(stage, MOMENT_MS);
      stage.say(`SIGSTOP ${victim.name} for ${PAUSED_MS / 1_000} s`);
      victim.pause();
      await sleep(PAUSED_MS);
      victim.resume();
    },
  },
];
