// One race under one disturbance: played, brought to rest, counted, and everything checked.
import { readRunFile } from '../platform/run-file.ts';
import { seededDraw } from '../replay/seeded-draw.ts';
import { type Evidence, missingProofs, startEvidence } from '../stage/evidence-meter.ts';
import { checkRun } from '../verify/verify.ts';
import { type BuyerCounts, openBuyers } from './buyers.ts';
import { openClaimants } from './claimants.ts';
import { countSold } from './counting.ts';
import { differences, type RaceSum, type SkuCount, type SkuSupply, sumOf } from './expectation.ts';
import type { RaceGround } from './ground.ts';
import {
  createDeeds,
  type DeedCounts,
  type Disturbance,
  type Race,
  type RaceSize,
  type RaceStage,
} from './race.ts';

export interface RaceRun {
  readonly race: string;
  readonly disturbance: string;
  readonly seed: number;
  readonly took_s: number;
  readonly orders: BuyerCounts;
  readonly sum: RaceSum;
  readonly evidence: Evidence;
  readonly counts: readonly SkuCount[];
  readonly deeds: DeedCounts;
  /** Sentences about what was promised and not kept; empty when all is well. */
  readonly problems: readonly string[];
}

export interface RaceRunOptions {
  readonly ground: RaceGround;
  readonly race: Race;
  readonly disturbance: Disturbance;
  readonly seed: number;
  readonly size: RaceSize;
  readonly say: (line: string) => void;
}

/** Runs and judges; what the race itself could not do is one of its problems. */
export async function runRace(options: RaceRunOptions): Promise<RaceRun> {
  const { ground, race, disturbance, seed, size, say } = options;
  const begin = performance.now();
  const run = `${race.name}-${disturbance.name}-${seed.toString(36)}`;
  const { cluster, partners } = ground;
  const draw = seededDraw(seed);
  const access = { gatewayUrl: cluster.gatewayUrl, token: ground.erpToken, run, draw };
  const buyers = openBuyers({ ...access, dataDir: cluster.dataDir });
  const claimants = openClaimants(access);
  const stage: RaceStage = {
    cluster,
    run,
    partners,
    buyers,
    claimants,
    draw,
    size,
    deeds: createDeeds(),
    say,
  };
  const problems: string[] = [];
  const meter = await startEvidence(cluster);
  try {
    const supplies = await played(race, disturbance, stage, problems);
    await buyers.close();
    const verdicts = await checkRun(cluster.dataDir, readRunFile(cluster.dataDir), { say });
    const evidence = await meter.stop(buyers.retries());
    const counts = await countSold(
      stage,
      supplies.map(({ sku }) => sku),
    );
    const deeds = stage.deeds.read();
    const broken = verdicts.filter(({ breaches }) => breaches.length > 0);
    problems.push(
      ...differences(supplies, counts),
      ...broken.map(({ number, name, breaches }) => `invariant ${number} (${name}): ${breaches[0]}`),
      ...missingProofs(evidence, disturbance.proves).map((proof) => `no evidence: ${proof} 0`),
      ...race.acts.filter((act) => !deeds[act]?.done).map((act) => `no evidence: no ${act} was done`),
      ...(buyers.counts().unknown > 0 ? [`${buyers.counts().unknown} orders' fate is unknown`] : []),
    );
    const took_s = (performance.now() - begin) / 1_000;
    return {
      ...{ race: race.name, disturbance: disturbance.name, seed, took_s, orders: buyers.counts() },
      ...{ sum: sumOf(supplies, counts), evidence, counts, problems, deeds },
    };
  } finally {
    await claimants.close();
  }
}

async function played(
  race: Race,
  disturbance: Disturbance,
  stage: RaceStage,
  problems: string[],
): Promise<readonly SkuSupply[]> {
  try {
    return await race.play(stage, () => disturbance.disturb(stage));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}
