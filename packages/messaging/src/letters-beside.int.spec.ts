// Letters that are parked beside the consumer, by whoever writes in its name: they are found though nobody could say so.
import { chooseForReplay, newId, type Sql } from '@crossdock/event-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ask,
  CONSUMER,
  effectsOf,
  notingConsumer,
  openStage,
  parkedKeysOf,
  type Stage,
} from '../test/letter-stage.ts';
import { createLetterDesk } from './letter-desk.ts';

const SETTLED = { timeout: 15_000, interval: 50 };

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

const eventually = (look: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await look()).toEqual(wanted), SETTLED);

/** Parks an event of the stream under the key, as a call of its own. */
async function parkBeside(key: string, stream: string, position: number): Promise<void> {
  const event = {
    ...{ id: newId(), category: 'order', stream, version: 1, type: 'Something', schemaVersion: 1 },
    ...{ data: { stream }, metadata: {}, at: '2026-03-01T09:30:00.000Z' },
  };
  const letter = { source: 'orders', partition: 0, position, key, event, error: 'held', fingerprint: 'held' };
  const letters = JSON.stringify([{ ...letter, attempts: 1, codeVersion: 'test', trace: null }]);
  await stage.target.sql`SELECT letters_park(${CONSUMER}, ${letters}::text::jsonb)`;
}

const chosen = (key: string) => chooseForReplay(stage.target.sql, CONSUMER, { by: 'key', key }, 10);

describe('a letter whose key was noted by nobody', () => {
  it('is counted, and replayed when a person asks', async () => {
    stage.start(new Map());
    await stage.say('a', [1]);
    await eventually(() => effectsOf(stage, 'a'), [1]);
    await parkBeside('call 1', 'z', 1_000);
    await ask(stage, 'REPLAY', await chosen('call 1'));
    await eventually(() => effectsOf(stage, 'z'), [1]);
    await eventually(() => parkedKeysOf(stage), []);
    await eventually(() => stage.metric('crossdock_parked_letters'), 0);
  });
});

describe('a key that is noted while an older answer of the database is on its way', () => {
  it('stands', async () => {
    const { sql } = stage.target;
    const worker = stage.start(new Map());
    await stage.say('a', [1]);
    await eventually(() => effectsOf(stage, 'a'), [1]);
    await worker.stop();
    const [row] = await sql<{ epoch: number }[]>`
      SELECT epoch::int AS epoch FROM offsets WHERE consumer = ${CONSUMER} AND source = 'orders' AND partition = 0`;
    await parkBeside('call 1', 'y', 1_000);
    const parkedKeys = new Set(['call 1']);
    const known: string[][] = [];
    /** The keys are read, and before the answer is here the key is parked and noted once more. */
    const overtaken = new Proxy(sql, {
      apply: async (target, self, args: Parameters<Sql>) => {
        const rows = await Reflect.apply(target, self, args);
        if (!String(args[0]).includes('SELECT key FROM parked_keys') || known.length > 0) return rows;
        await parkBeside('call 1', 'z', 1_001);
        parkedKeys.add('call 1');
        known.push([]);
        return rows;
      },
    });
    const desk = createLetterDesk({
      ...{
        sql: overtaken,
        consumer: notingConsumer(stage.target, new Map()),
        epoch: row?.epoch ?? 0,
        parkedKeys,
      },
      ...{ codeVersion: 'test', signal: new AbortController().signal, onSettled: () => undefined },
      onFault: (_kind, error) => {
        throw error;
      },
      onCounted: () => known.push([...parkedKeys]),
    });
    await ask(stage, 'DISCARD', await chosen('call 1'));
    await desk.look();
    // As it was before the count could mend it.
    expect(known).toEqual([[], ['call 1']]);
    expect(await parkedKeysOf(stage)).toEqual(['call 1']);
  });
});
