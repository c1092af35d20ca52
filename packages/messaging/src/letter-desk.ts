import {
  consumeOnly,
  countParked,
  discardLetters,
  failLetter,
  faultKind,
  type Inbox,
  loadParkedKeys,
  loadRequestedLetters,
  placeOf,
  type RequestedLetter,
  type Sql,
} from '@crossdock/event-store';
import { backoffMs, pause } from '@crossdock/resilience';
import { type Consumer, marked } from './consumer.ts';
import { arrivedOf, errorFingerprint, errorText, kindOf } from './letters.ts';
import type { ArrivedEvent } from './slice-queue.ts';

/** How soon what a person asks is begun. */
const LOOK_EVERY_MS = 200;
/** Letters between two batches at most: what arrives waits meanwhile. */
const LETTERS_A_LOOK = 32;
/** Rounds a letter is decided again when a guard was lost, before that counts as its failure. */
const GUARD_ROUNDS = 3;
/** What was parked beside the consumer, by a process that could not say so any more, is found this soon. */
const COUNT_EVERY_MS = 5_000;
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 2_000;

export type LetterDeskOptions = Readonly<{
  sql: Sql;
  consumer: Consumer;
  epoch: number;
  codeVersion: string;
  /** What the applier goes by; kept as the database has it. */
  parkedKeys: Set<string>;
  /** Ids of events whose outcome came back with a restored log. */
  recorded?: ReadonlySet<string>;
  signal: AbortSignal;
  onFault: (kind: string, error: unknown) => void;
  onSettled: (outcome: 'replayed' | 'failed' | 'discarded', letter: RequestedLetter) => void;
  onCounted: (parked: number) => void;
}>;

/**
 * Carries out what was asked about dead letters. It works in the consumer's own loop, between two batches, so that no event
 * of a key is applied while its letters are.
 */
export type LetterDesk = Readonly<{
  /** Does what was asked when it is time to look, else nothing; rejects when the lease was lost. */
  look: () => Promise<void>;
  /** The next look is due at once. */
  lookSoon: () => void;
}>;

export function createLetterDesk(options: LetterDeskOptions): LetterDesk {
  const due = { look: 0, count: 0 };
  let counted = 0;

  async function settleRequested(): Promise<void> {
    const letters = await loadRequestedLetters(options.sql, options.consumer.name, LETTERS_A_LOOK);
    if (letters.length === 0) return;
    // Whatever happens, a call whose answer was lost included: what is parked is what the database says.
    await settle(options, letters).finally(() => reloadParkedKeys(options));
    due.count = 0;
    if (letters.length === LETTERS_A_LOOK) due.look = 0;
  }

  /** The database has the last word: a key that nobody could note, as the answer to its commit was lost, is found here. */
  async function count(): Promise<void> {
    if (performance.now() < due.count) return;
    due.count = performance.now() + COUNT_EVERY_MS;
    const { letters, keys } = await countParked(options.sql, options.consumer.name);
    counted = letters;
    options.onCounted(letters);
    if (keys !== options.parkedKeys.size) await reloadParkedKeys(options);
  }

  return {
    look: async () => {
      if (performance.now() < due.look || options.signal.aborted) return;
      due.look = performance.now() + LOOK_EVERY_MS;
      try {
        // Where nothing is parked there is nothing to ask: a healthy subgraph pays for a count now and then.
        if (options.parkedKeys.size > 0 || counted > 0) await settleRequested();
        await count();
      } catch (error) {
        const kind = faultKind(error);
        options.onFault(kind, error);
        if (kind === 'lease-lost') throw error;
        due.look = performance.now() + RETRY_CAP_MS;
      }
    },
    lookSoon: () => {
      due.look = 0;
      due.count = 0;
    },
  };
}

async function settle(options: LetterDeskOptions, letters: readonly RequestedLetter[]): Promise<void> {
  const { sql, consumer, epoch, signal } = options;
  const discards = letters.filter(({ request }) => request === 'DISCARD');
  const plain = discards.filter((letter) => !isMeant(consumer, letter));
  if (plain.length > 0) await discardLetters(sql, consumer.name, epoch, plain);
  for (const letter of plain) options.onSettled('discarded', letter);
  for (const letter of discards) {
    if (signal.aborted) return;
    if (isMeant(consumer, letter)) await settleOne(options, letter, 'discarded', giveUp);
  }
  const replays = letters.filter(({ request }) => request !== 'DISCARD');
  for (const ofKey of Map.groupBy(replays, ({ key }) => key).values()) {
    for (const letter of ofKey) {
      if (signal.aborted) return;
      if (!(await settleOne(options, letter, 'replayed', replay))) break;
    }
  }
}

/** True for a letter whose giving up has an effect of its own; whether it can be read is found when it is given up. */
function isMeant({ giveUp: given }: Consumer, letter: RequestedLetter): boolean {
  const kind = given === undefined ? null : kindOf(letter);
  return kind !== null && given?.wants(kind.source, kind.type) === true;
}

async function replay(options: LetterDeskOptions, letter: RequestedLetter): Promise<void> {
  const { sql, consumer, epoch } = options;
  const inbox = { consumer: consumer.name, epoch, offsets: [], parked: [], replays: [placeOf(letter)] };
  const letters = marked([arrivedOf(letter)], options.recorded ?? new Set());
  await applyLetters(sql, consumer, letters, inbox);
}

async function giveUp({ consumer, epoch }: LetterDeskOptions, letter: RequestedLetter): Promise<void> {
  const inbox = { consumer: consumer.name, epoch, offsets: [], parked: [], discards: [placeOf(letter)] };
  await consumer.giveUp?.apply({ letter: arrivedOf(letter), actor: letter.actor }, inbox);
}

/** One letter: true when its effect is committed, false when its failure is. Faults of infrastructure are neither. */
async function settleOne(
  options: LetterDeskOptions,
  letter: RequestedLetter,
  outcome: 'replayed' | 'discarded',
  carryOut: (options: LetterDeskOptions, letter: RequestedLetter) => Promise<void>,
): Promise<boolean> {
  const { sql, consumer, epoch, codeVersion } = options;
  for (let round = 1; ; round += 1) {
    try {
      await carryOut(options, letter);
      options.onSettled(outcome, letter);
      return true;
    } catch (error) {
      const kind = faultKind(error);
      if (kind === 'lease-lost' || kind === 'infrastructure') throw error;
      if (kind === 'guard-lost' && round <= GUARD_ROUNDS) continue;
      options.onFault(kind, error);
      const { key, event } = letter;
      const fingerprint = errorFingerprint(String(event.type), error);
      const failure = { ...placeOf(letter), key, error: errorText(error), fingerprint, codeVersion };
      await failLetter(sql, consumer.name, epoch, failure);
      options.onSettled('failed', letter);
      return false;
    }
  }
}

/** Applies letters in one call; those that the consumer no longer wants are settled without an effect. */
export async function applyLetters(
  sql: Sql,
  consumer: Consumer,
  letters: readonly ArrivedEvent[],
  inbox: Inbox,
): Promise<void> {
  const wanted = letters.filter(({ source, event }) => consumer.wants(source, event.type));
  if (wanted.length === 0) await consumeOnly(sql, inbox);
  else await consumer.apply(wanted, inbox);
}

/**
 * Whatever was known before is forgotten first, so that a key that is noted while the database answers stands: the answer may be
 * older. Nobody goes by the keys meanwhile, as the applier waits for the desk.
 */
async function reloadParkedKeys({ sql, consumer, parkedKeys, signal, onFault }: LetterDeskOptions) {
  for (let round = 1; !signal.aborted; round += 1) {
    const before = [...parkedKeys];
    parkedKeys.clear();
    try {
      for (const key of await loadParkedKeys(sql, consumer.name)) parkedKeys.add(key);
      return;
    } catch (error) {
      for (const key of before) parkedKeys.add(key);
      onFault(faultKind(error), error);
      await pause(backoffMs(round, RETRY_BASE_MS, RETRY_CAP_MS), signal);
    }
  }
}
