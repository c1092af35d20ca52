// Rows 8 and 9: JetStream loses nodes, or everything it ever stored. It is a cache of the logs, so nobody may notice more
// than a delay.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { drained, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Scenario } from '../fault-run.ts';

const SECOND_NODE_AFTER_MS = 8_000;
const BOTH_AWAY_MS = 8_000;
const DRAINED_WITHIN_MS = 60_000;
const CONSUMERS = ['inventory', 'payments', 'fulfillment'] as const;

export const loseNatsNodes: Scenario = {
  row: '8',
  name: 'one of three NATS nodes killed, then two',
  topology: { replicas: 2, standbys: 0, natsNodes: 3 },
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: ['refills'],
  run: async (run) => {
    await run.moment(1_000, 3_000);
    const first = run.pick(['nats-1', 'nats-2', 'nats-3']);
    const second = run.pick(['nats-1', 'nats-2', 'nats-3'].filter((name) => name !== first));
    run.say(`kill -9 ${first}`);
    await processOf(run.cluster, first).kill();
    const oneGone_ms = await confirmedAgain(run);
    await run.pause(SECOND_NODE_AFTER_MS);
    run.say(`kill -9 ${second}: no quorum`);
    await processOf(run.cluster, second).kill();
    const twoGone_ms = await confirmedAgain(run);
    await run.pause(BOTH_AWAY_MS);
    await Promise.all([first, second].map((name) => processOf(run.cluster, name).start()));
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [
      { name: 'an order confirmed again, one node gone', value: oneGone_ms / 1_000, unit: 's', most: 10 },
      { name: 'an order confirmed again, no quorum', value: twoGone_ms / 1_000, unit: 's', most: 15 },
      { name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 },
    ];
  },
};

/** Milliseconds until an order that is placed from now on was confirmed. */
async function confirmedAgain(run: FaultRun): Promise<number> {
  const begin = performance.now();
  await sleep(100);
  await drained(run.cluster, DRAINED_WITHIN_MS);
  return performance.now() - begin;
}

export const deleteJetStream: Scenario = {
  row: '9',
  name: 'JetStream stopped and its store deleted while unconsumed messages exist, the last ones too',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 5_000, failedShare: 0 },
  proves: ['refills', 'leases'],
  run: async (run) => {
    await run.moment(1_000, 2_500);
    const consumers = CONSUMERS.flatMap((group) =>
      run.cluster.serviceNames(group).map((name) => processOf(run.cluster, name)),
    );
    run.say('every consumer killed: what is published now waits');
    await Promise.all(consumers.map((consumer) => consumer.kill()));
    await run.moment(1_500, 3_000);
    // Nothing follows the last messages, so that no later slice can give their loss away.
    await run.load.hold();
    await run.pause(500);
    const nats = processOf(run.cluster, 'nats');
    run.say('NATS killed, its store deleted, started empty');
    await nats.kill();
    rmSync(nats.storeFolder ?? '', { recursive: true, force: true });
    await nats.start();
    await Promise.all(consumers.map((consumer) => consumer.start()));
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    run.load.resume();
    return [
      {
        name: 'the last orders confirmed after',
        value: drain_ms / 1_000,
        unit: 's',
        most: DRAINED_WITHIN_MS / 1_000,
      },
    ];
  },
};

export const partitionConsumer: Scenario = {
  row: '9b',
  name: 'one consumer cut off from NATS: one way, then both, then slow',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: ['refills'],
  run: async (run) => {
    const group = CONSUMERS[run.repetition % CONSUMERS.length] ?? 'inventory';
    const links = run.cluster.serviceNames(group).map((name) => run.cluster.links.get(`${name}>nats`));
    for (const fault of [
      { kind: 'one-way', lost: 'to-client' },
      { kind: 'black-hole' },
      { kind: 'latency', ms: 300, jitter_ms: 400 },
    ] as const) {
      await run.moment(500, 1_500);
      run.say(`${group} and NATS: ${fault.kind}`);
      for (const link of links) link?.set(fault);
      await run.pause(7_000);
      for (const link of links) link?.set({ kind: 'none' });
    }
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [{ name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 }];
  },
};
