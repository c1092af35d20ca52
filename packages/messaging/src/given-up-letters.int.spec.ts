// Letters whose giving up means something: that is decided and written in the call that discards them, or neither is done.
import { chooseForDiscard, chooseForReplay } from '@crossdock/event-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ask,
  CONSUMER,
  effectsOf,
  type Faults,
  lettersOf,
  openStage,
  parkedKeysOf,
  type Stage,
  standingOf,
} from '../test/letter-stage.ts';

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
const discards = () => chooseForDiscard(stage.target.sql, CONSUMER, { by: 'key', key: 'a' }, 100);

/** Version 2 of a stream cannot be applied, and its giving up means something; the next waits behind it. */
async function parked(): Promise<void> {
  faults.set('a/2', BUG);
  stage.start(faults);
  await stage.say('a', [1]);
  await stage.say('a', [2], { type: 'Meant' });
  await stage.say('a', [3]);
  await eventually(() => standingOf(stage, 'a'), ['2 parked 3: PARKED', '3 parked 0: PARKED']);
}

it('is done once, with the letter that is discarded; of another the discard is all', async () => {
  await parked();
  faults.clear();
  await ask(stage, 'DISCARD', await discards());
  await eventually(() => parkedKeysOf(stage), []);
  expect(await effectsOf(stage, 'a')).toEqual([1, 2]);
  expect(await standingOf(stage, 'a')).toEqual([
    '2 discarded 3: PARKED DISCARD_REQUESTED DISCARDED',
    '3 discarded 0: PARKED DISCARD_REQUESTED DISCARDED',
  ]);
});

it('that fails leaves the letter parked with its own error, and may be asked for again, as may a replay', async () => {
  await parked();
  const [before] = await lettersOf(stage, 'a');
  const first = await discards();
  await ask(stage, 'DISCARD', { ...first, places: first.places.slice(0, 1) });
  const failed = '2 parked 3: PARKED DISCARD_REQUESTED DISCARD_FAILED';
  await eventually(() => standingOf(stage, 'a'), [failed, '3 parked 0: PARKED']);
  const [letter] = await lettersOf(stage, 'a');
  expect([letter?.error, letter?.fingerprint, letter?.requested]).toEqual([
    before?.error,
    before?.fingerprint,
    false,
  ]);
  expect(letter?.actions.at(-1)).toMatchObject({
    actor: 'ann',
    reason: 'mended',
    error: expect.stringContaining('a bug'),
  });
  faults.clear();
  await ask(stage, 'DRAIN', await chooseForReplay(stage.target.sql, CONSUMER, { by: 'key', key: 'a' }, 100));
  await eventually(() => effectsOf(stage, 'a'), [1, 2, 3]);
});

it('whose commit is not heard of is not done twice', async () => {
  await parked();
  faults.set('a/2', { error: Object.assign(new Error('gone'), { code: 'ECONNRESET' }), committed: true });
  await ask(stage, 'DISCARD', await discards());
  await eventually(() => parkedKeysOf(stage), []);
  expect(await effectsOf(stage, 'a')).toEqual([1, 2]);
});

describe('a letter that cannot be read', () => {
  /** As after a restore, or by a version before this one: its event has no place in its stream. */
  const spoil = (stream: string, event: object) => stage.target.sql`
    UPDATE dead_letters SET event = (event - 'version') || ${JSON.stringify(event)}::text::jsonb WHERE key = ${stream}`;
  const choose = (key: string) => chooseForDiscard(stage.target.sql, CONSUMER, { by: 'key', key }, 100);

  async function bothParked(): Promise<void> {
    for (const stream of ['a', 'b']) faults.set(`${stream}/1`, BUG);
    stage.start(faults);
    for (const stream of ['a', 'b']) {
      await stage.say(stream, [1], { type: 'Meant' });
      await eventually(() => standingOf(stage, stream), ['1 parked 3: PARKED']);
    }
    faults.clear();
  }

  it.each([
    ['is discarded where giving it up means nothing', { type: 'Something' }],
    ['is discarded where nobody can say what it is', { type: null }],
  ])('%s, and holds up nothing behind it', async (_what, event) => {
    await bothParked();
    await spoil('a', event);
    await ask(stage, 'DISCARD', await choose('a'));
    await ask(stage, 'DISCARD', await choose('b'));
    await eventually(() => parkedKeysOf(stage), []);
    expect([await effectsOf(stage, 'a'), await effectsOf(stage, 'b')]).toEqual([[], [1]]);
  });

  it('stays parked and says why where giving it up means something, and holds up nothing behind it', async () => {
    await bothParked();
    await spoil('a', {});
    await ask(stage, 'DISCARD', await choose('a'));
    await ask(
      stage,
      'DRAIN',
      await chooseForReplay(stage.target.sql, CONSUMER, { by: 'key', key: 'b' }, 100),
    );
    await eventually(() => parkedKeysOf(stage), ['a']);
    expect([await effectsOf(stage, 'a'), await effectsOf(stage, 'b')]).toEqual([[], [1]]);
    const [letter] = await lettersOf(stage, 'a');
    expect(letter?.actions.map(({ action }) => action)).toEqual([
      'PARKED',
      'DISCARD_REQUESTED',
      'DISCARD_FAILED',
    ]);
    expect(letter?.actions.at(-1)?.error).toContain('version');
  });
});
