import {
  acquireLease,
  type ChosenLetters,
  chooseForDiscard,
  chooseForReplay,
  consumeOnly,
  faultKind,
  type LetterSelection,
  loadOffsets,
  newId,
} from '@crossdock/event-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ask,
  CONSUMER,
  effectsOf,
  type Faults,
  firstLetterOf,
  lettersOf,
  notingConsumer,
  openStage,
  parkedKeysOf,
  type Stage,
  standingOf,
} from '../test/letter-stage.ts';
import { arrivedOf } from './letters.ts';

const SETTLED = { timeout: 15_000, interval: 50 };
const BUG = { error: new Error('a bug of this code') };

let stage: Stage;
let faults: Faults;

beforeEach(async () => {
  stage = await openStage();
  faults = new Map();
});

afterEach(() => stage.close());

const eventually = (look: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await look()).toEqual(wanted), SETTLED);

const chosen = (selection: LetterSelection) => chooseForReplay(stage.target.sql, CONSUMER, selection, 100);
const named = ({ places, ...rest }: ChosenLetters, ...indexes: number[]): ChosenLetters => ({
  ...rest,
  places: indexes.flatMap((index) => places[index] ?? []),
});
const wholeKey = (key: string) => chosen({ by: 'key', key });

/** Version 2 of each stream fails, version 3 waits behind it; the worker holds the lease. */
async function parkedStreams(...streams: string[]) {
  for (const stream of streams) faults.set(`${stream}/2`, BUG);
  const worker = stage.start(faults);
  for (const stream of streams) await stage.say(stream, [1, 2, 3]);
  for (const stream of streams)
    await eventually(() => standingOf(stage, stream), [`2 parked 3: PARKED`, `3 parked 0: PARKED`]);
  return worker;
}

describe('replay', () => {
  it('applies the letters of a key once, in order, and lets the key go on', async () => {
    await parkedStreams('a');
    await eventually(() => stage.metric('crossdock_parked_letters'), 2);
    await eventually(() => stage.metric('crossdock_dead_letters_total'), 1);
    faults.clear();
    await ask(stage, 'DRAIN', await wholeKey('a'));
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3]);
    await eventually(() => stage.metric('crossdock_parked_letters'), 0);
    await stage.say('a', [4]);
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3, 4]);
    expect(await standingOf(stage, 'a')).toEqual([
      '2 replayed 3: PARKED REPLAY_REQUESTED REPLAYED',
      '3 replayed 0: PARKED REPLAY_REQUESTED REPLAYED',
    ]);
    const letter = await firstLetterOf(stage, 'a');
    expect(letter.actions.map(({ actor, reason }) => [actor, reason])).toEqual([
      ['worker', null],
      ['ann', 'mended'],
      ['ann', 'mended'],
    ]);
    expect(letter.trace).toBe('00-1-2-01');
    expect(await parkedKeysOf(stage)).toEqual([]);
  });

  it('takes what stands before a letter, leaves what waits behind it, and does nothing twice', async () => {
    await parkedStreams('a');
    await stage.say('a', [4]);
    await eventually(async () => (await lettersOf(stage, 'a')).length, 3);
    faults.clear();
    const all = await wholeKey('a');
    const upToSecond = await chosen({ by: 'places', places: named(all, 1).places });
    expect(upToSecond).toEqual({ ...named(all, 0, 1), remaining: 0 });
    await ask(stage, 'REPLAY', upToSecond);
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3]);
    expect(await parkedKeysOf(stage)).toEqual(['a']);
    await ask(stage, 'REPLAY', upToSecond);
    await ask(stage, 'DRAIN', await wholeKey('a'));
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3, 4]);
    expect(await standingOf(stage, 'a')).toEqual([
      '2 replayed 3: PARKED REPLAY_REQUESTED REPLAYED',
      '3 replayed 0: PARKED REPLAY_REQUESTED REPLAYED',
      '4 replayed 0: PARKED REPLAY_REQUESTED REPLAYED',
    ]);
  });

  it('stops a key at its first failure and goes on with the others', async () => {
    await parkedStreams('a', 'bb');
    faults.delete('bb/2');
    faults.set('a/2', { error: new TypeError('another bug') });
    const { fingerprint } = await firstLetterOf(stage, 'a');
    const group = await chosen({ by: 'fingerprint', fingerprint });
    expect(group.places).toHaveLength(4);
    await ask(stage, 'DRAIN', group);
    await eventually(() => effectsOf(stage, 'bb'), [1, 2, 3]);
    await eventually(
      () => standingOf(stage, 'a'),
      [
        '2 parked 4: PARKED REPLAY_REQUESTED REPLAY_FAILED',
        '3 parked 0: PARKED REPLAY_REQUESTED REPLAY_STOPPED',
      ],
    );
    const failed = await firstLetterOf(stage, 'a');
    expect([failed.error.split('\n')[0], failed.requested]).toEqual(['TypeError: another bug', false]);
    expect(failed.fingerprint).not.toBe(fingerprint);
    expect([await effectsOf(stage, 'a'), await parkedKeysOf(stage)]).toEqual([[1], ['a']]);
  });

  it('waits out infrastructure, and knows a commit whose answer was lost', async () => {
    await parkedStreams('a');
    const gone = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    faults.set('a/2', { error: gone });
    faults.set('a/3', { error: gone, committed: true });
    await ask(stage, 'DRAIN', await wholeKey('a'));
    await eventually(async () => (faults.get('a/2')?.hits ?? 0) > 1, true);
    faults.delete('a/2');
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3]);
    await stage.say('a', [4]);
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3, 4]);
    expect(await standingOf(stage, 'a')).toEqual([
      '2 replayed 3: PARKED REPLAY_REQUESTED REPLAYED',
      '3 replayed 0: PARKED REPLAY_REQUESTED REPLAYED',
    ]);
  });

  it('of a whole key takes along what joins it before its turn', async () => {
    await (await parkedStreams('a')).stop();
    await ask(stage, 'DRAIN', await wholeKey('a'));
    const { sql } = stage.target;
    const epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
    const first = await firstLetterOf(stage, 'a');
    const at = (await loadOffsets(sql, CONSUMER, ['orders'], epoch)).find(
      ({ partition }) => partition === first.partition,
    );
    const { partition = 0, position = 0 } = at ?? {};
    const joining = { ...first, position: position + 1, fingerprint: 'waits-behind', attempts: 0 };
    await consumeOnly(sql, {
      ...{ consumer: CONSUMER, epoch, parked: [joining] },
      offsets: [{ source: 'orders', partition, from: position, to: position + 1, eventId: newId() }],
    });
    expect((await lettersOf(stage, 'a')).map(({ requested }) => requested)).toEqual([true, true, true]);
  });
});

describe('a worker that lost its lease', () => {
  it('replays and discards nothing', async () => {
    await (await parkedStreams('a')).stop();
    const { sql } = stage.target;
    const old = (await acquireLease(sql, 'worker', 'old', 0)) ?? 0;
    await loadOffsets(sql, CONSUMER, ['orders'], old);
    await ask(stage, 'DRAIN', await wholeKey('a'));
    const letter = await firstLetterOf(stage, 'a');
    await sql`SELECT lease_release('worker', 'old', ${old})`;
    expect(await acquireLease(sql, 'worker', 'new', 0)).toBe(old + 1);
    const { apply } = notingConsumer(stage.target, new Map());
    const inbox = { consumer: CONSUMER, epoch: old, offsets: [], parked: [], replays: [letter] };
    expect(await apply([arrivedOf(letter)], inbox).catch(faultKind)).toBe('lease-lost');
    const places = JSON.stringify([letter]);
    const discard = sql`SELECT letters_discard(${CONSUMER}, ${old}, ${places}::text::jsonb)`;
    expect(await discard.catch(faultKind)).toBe('lease-lost');
    const fail = sql`SELECT letters_fail(${CONSUMER}, ${old}, ${JSON.stringify(letter)}::text::jsonb)`;
    expect(await fail.catch(faultKind)).toBe('lease-lost');
    expect([await effectsOf(stage, 'a'), (await standingOf(stage, 'a'))[0]]).toEqual([
      [1],
      '2 parked 3: PARKED REPLAY_REQUESTED',
    ]);
  });

  it('leaves what was asked to the next one', async () => {
    const first = await parkedStreams('a', 'bb');
    await first.stop();
    faults.clear();
    const discards = await chooseForDiscard(stage.target.sql, CONSUMER, { by: 'key', key: 'bb' }, 100);
    await ask(stage, 'DISCARD', discards);
    await ask(stage, 'DRAIN', await wholeKey('a'));
    stage.start(faults);
    await eventually(() => effectsOf(stage, 'a'), [1, 2, 3]);
    await stage.say('bb', [4]);
    await eventually(() => effectsOf(stage, 'bb'), [1, 4]);
  });
});

describe('discard', () => {
  it('takes a letter off its key for good, and the last one lets the key go on, beside a worker that waits', async () => {
    const holder = await parkedStreams('a');
    const waiting = stage.start(faults);
    const both = await wholeKey('a');
    await ask(stage, 'DISCARD', named(both, 0));
    await eventually(
      async () => (await standingOf(stage, 'a'))[0],
      '2 discarded 3: PARKED DISCARD_REQUESTED DISCARDED',
    );
    expect(await parkedKeysOf(stage)).toEqual(['a']);
    await stage.say('a', [4]);
    await eventually(async () => (await lettersOf(stage, 'a')).length, 3);
    await ask(stage, 'DISCARD', await wholeKey('a'));
    await eventually(() => parkedKeysOf(stage), []);
    expect([holder.holdsLease(), waiting.holdsLease()]).toEqual([true, false]);
    await stage.say('a', [5]);
    await eventually(() => effectsOf(stage, 'a'), [1, 5]);
    await holder.stop();
    await stage.say('a', [6]);
    await eventually(() => effectsOf(stage, 'a'), [1, 5, 6]);
    expect(waiting.holdsLease()).toBe(true);
    await ask(stage, 'DRAIN', both);
    expect(await standingOf(stage, 'a')).toEqual(
      [2, 3, 4].map(
        (version) => `${version} discarded ${version === 2 ? 3 : 0}: PARKED DISCARD_REQUESTED DISCARDED`,
      ),
    );
  });
});

describe('a dry run', () => {
  const everything = async () => {
    const { sql } = stage.target;
    return JSON.stringify([
      await sql`SELECT event_id FROM effects ORDER BY ordinal`,
      await sql`SELECT consumer, position::text, status, request, attempts, error FROM dead_letters ORDER BY ordinal`,
      await sql`SELECT ordinal::text FROM dead_letter_actions ORDER BY ordinal`,
      await sql`SELECT key FROM parked_keys`,
      await sql`SELECT position::text, epoch::text FROM offsets ORDER BY source, partition`,
      await sql`SELECT * FROM dry_runs`,
    ]);
  };

  it('decides for real on any replica, tells how far a replay would come, and leaves nothing', async () => {
    await parkedStreams('a');
    await stage.say('a', [4, 5, 6, 7]);
    await eventually(async () => (await lettersOf(stage, 'a')).length, 6);
    const replica = stage.start(faults);
    const letters = await lettersOf(stage, 'a');
    const before = await everything();
    expect(await replica.rehearse(letters)).toMatchObject({
      succeeded: 0,
      error: expect.stringContaining('a bug'),
    });
    faults.clear();
    expect(await replica.rehearse(letters)).toEqual({ succeeded: 6, error: null });
    faults.set('a/6', BUG);
    expect(await replica.rehearse(letters)).toMatchObject({ succeeded: 4 });
    expect(await replica.rehearse(letters.slice(1))).toMatchObject({
      ...{ succeeded: 0, error: expect.stringContaining('stands before') },
    });
    expect(replica.holdsLease()).toBe(false);
    expect(await everything()).toBe(before);
  });
});

describe('a reminder', () => {
  it('is applied though its key is parked, and has the letters of the key it names replayed once', async () => {
    await parkedStreams('a');
    const remind = (version: number) => stage.say('a', [version], { type: 'Reminded', data: { of: 'a' } });
    await remind(4);
    await eventually(
      async () => (await standingOf(stage, 'a'))[0],
      '2 parked 4: PARKED REPLAY_REQUESTED REPLAY_FAILED',
    );
    expect(await effectsOf(stage, 'a')).toEqual([1, 4]);
    faults.clear();
    await remind(5);
    await eventually(() => effectsOf(stage, 'a'), [1, 4, 5, 2, 3]);
    const letter = await firstLetterOf(stage, 'a');
    expect(letter.actions.at(-1)).toMatchObject({
      ...{ action: 'REPLAYED', actor: 'watchdog', reason: expect.stringMatching(/^Reminded [0-9a-f-]{36}$/) },
    });
    await remind(6);
    await stage.say('a', [7]);
    await eventually(() => effectsOf(stage, 'a'), [1, 4, 5, 2, 3, 6, 7]);
  });
});
