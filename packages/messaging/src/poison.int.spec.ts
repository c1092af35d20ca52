import { acquireLease, loadOffsets, newId } from '@crossdock/event-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONSUMER, type Faults, notingConsumer, openStage, type Stage } from '../test/letter-stage.ts';
import { createApplier } from './consumer.ts';

const BUG = { error: new Error('a bug of this code') };

let stage: Stage;
let faults: Faults;

beforeEach(async () => {
  stage = await openStage();
  faults = new Map();
});

afterEach(() => stage.close());

describe('poison in a full batch', () => {
  const BATCH = 512;

  async function callsFor(isPoison: (index: number) => boolean, keyOf: (index: number) => string) {
    const { sql } = stage.target;
    const epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
    await loadOffsets(sql, CONSUMER, ['orders'], epoch);
    const noting = notingConsumer(stage.target, faults);
    let calls = 0;
    const parkedKeys = new Set<string>();
    const apply = createApplier({
      ...{ sql, epoch, codeVersion: 'test', parkedKeys, signal: new AbortController().signal },
      consumer: {
        ...noting,
        apply: async (events, inbox) => {
          calls += 1;
          await noting.apply(events, inbox);
        },
      },
      ...{ onFault: () => undefined, onParked: () => undefined },
    });
    const events = Array.from({ length: BATCH }, (_, index) => {
      const stream = keyOf(index);
      if (isPoison(index)) faults.set(`${stream}/${index}`, BUG);
      const event = {
        id: newId(),
        category: 'order',
        stream,
        version: index,
        type: 'Something',
        schemaVersion: 1,
      };
      return {
        source: 'orders' as const,
        partition: 0,
        position: index + 1,
        event: { ...event, data: {}, metadata: {}, at: '' },
      };
    });
    await apply(events);
    const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM effects`;
    return { calls, effects: row?.count, parkedKeys: [...parkedKeys] };
  }

  it('is found in a number of calls that grows with the logarithm of the batch', async () => {
    const { calls, ...rest } = await callsFor(
      (index) => index === 300,
      (index) => `stream ${index}`,
    );
    expect(rest).toEqual({ effects: BATCH - 1, parkedKeys: ['stream 300'] });
    // Nine halvings of 512, each a failing call and one for the other half, and three tries of the one that is left.
    expect(calls).toBeLessThanOrEqual(2 * 9 + 3);
  });

  it('costs no more when every fourth event is of the key that fails', async () => {
    const { calls, ...rest } = await callsFor(
      (index) => index % 4 === 1,
      (index) => (index % 4 === 1 ? 'broken' : `stream ${index}`),
    );
    expect(rest).toEqual({ effects: (BATCH / 4) * 3, parkedKeys: ['broken'] });
    expect(calls).toBeLessThanOrEqual(2 * 9 + 3);
  });
});
