// Dead letters for operators, one mechanism for every subgraph: list, group, try again, give up. It asks; the worker that
// holds the lease does, and the desk waits a little for the outcome.
import {
  anyRequested,
  askForLetters,
  awaitTwin,
  type ChosenLetters,
  checkLettersKey,
  chooseForDiscard,
  chooseForReplay,
  type DeadLetter,
  fingerprint,
  groupLetters,
  type LetterFilter,
  type LetterRequest,
  type LetterSelection,
  lettersAt,
  listLetters,
  type Sql,
} from '@crossdock/event-store';
import type { Refusal } from '@crossdock/values';
import {
  type DeadLettersInput,
  noLetterOf,
  refuseRequest,
  selectionOf,
  unknownLetter,
} from './dead-letter-input.ts';
import { type DeadLetterView, letterId, viewOfGroup, viewOfLetter } from './dead-letter-view.ts';
import { refuseKeyVerdict } from './idempotent.ts';

/** Letters one request is about at most: more would not be done while somebody waits. */
const LETTERS_MAX = 200;
/** How long a request waits for the worker, and between looks. */
const OUTCOME_WAIT_MS = 5_000;
const OUTCOME_POLL_MS = 100;

export type DeadLetterOutcome =
  | 'REPLAYED'
  | 'DISCARDED'
  | 'FAILED'
  | 'NOT_REACHED'
  | 'PENDING'
  | 'WOULD_SUCCEED'
  | 'WOULD_FAIL'
  | 'WOULD_NOT_BE_REACHED';

export type DeadLetterResult = Readonly<{
  letter: DeadLetterView;
  outcome: DeadLetterOutcome;
  error: string | null;
}>;

export type DeadLettersAnswer = Readonly<{
  letters: readonly DeadLetterResult[];
  remaining: number;
  replayed: boolean;
  userErrors: readonly Refusal[];
}>;

export type DeadLetterDesk = Readonly<{
  list: (filter: LetterFilter, after: string | null, limit: number) => Promise<DeadLetter[]>;
  groups: () => Promise<ReturnType<typeof viewOfGroup>>;
  replay: (input: DeadLettersInput, actor: string) => Promise<DeadLettersAnswer>;
  discard: (input: DeadLettersInput, actor: string) => Promise<DeadLettersAnswer>;
}>;

export type DeadLetterDeskOptions = Readonly<{
  sql: Sql;
  /** Whose letters: the consumer's name, which is the subgraph's. */
  consumer: string;
  /** How far a replay of letters of one key would come; commits nothing. */
  rehearse: (
    letters: readonly DeadLetter[],
  ) => Promise<Readonly<{ succeeded: number; error: string | null }>>;
}>;

type Task = Readonly<{
  operation: string;
  request: (selection: LetterSelection) => LetterRequest;
  reasonNeeded: boolean;
  choose: typeof chooseForReplay;
  rehearse: (options: DeadLetterDeskOptions, letters: readonly DeadLetter[]) => Promise<DeadLetterResult[]>;
}>;

const REPLAY: Task = {
  operation: 'replayDeadLetters',
  request: ({ by }) => (by === 'places' ? 'REPLAY' : 'DRAIN'),
  reasonNeeded: false,
  choose: chooseForReplay,
  rehearse: rehearseReplay,
};

const DISCARD: Task = {
  operation: 'discardDeadLetters',
  request: () => 'DISCARD',
  reasonNeeded: true,
  choose: chooseForDiscard,
  rehearse: async (_options, letters) =>
    letters.map((letter) =>
      letter.status === 'parked' ? resultOf(letter, 'WOULD_SUCCEED') : standingOf(letter),
    ),
};

export function createDeadLetterDesk(options: DeadLetterDeskOptions): DeadLetterDesk {
  const { sql, consumer } = options;
  return {
    list: (filter, after, limit) => listLetters(sql, consumer, filter, after, limit),
    groups: async () => {
      const groups = await groupLetters(sql, consumer);
      const samples = await lettersAt(
        sql,
        consumer,
        groups.map(({ sample }) => sample),
      );
      return groups.flatMap((group) => viewOfGroup(group, samples));
    },
    replay: (input, actor) => carryOut(options, REPLAY, input, actor),
    discard: (input, actor) => carryOut(options, DISCARD, input, actor),
  };
}

function refused(...userErrors: Refusal[]): DeadLettersAnswer {
  return { letters: [], remaining: 0, replayed: false, userErrors };
}

async function carryOut(
  options: DeadLetterDeskOptions,
  task: Task,
  input: DeadLettersInput,
  actor: string,
): Promise<DeadLettersAnswer> {
  const { sql, consumer } = options;
  const selection = selectionOf(input);
  const refusals = [...refuseRequest(input, task.reasonNeeded), ...('by' in selection ? [] : selection)];
  if (refusals.length > 0 || !('by' in selection)) return refused(...refusals);
  const unknown = await refuseUnknown(options, selection);
  if (unknown.length > 0) return refused(...unknown);
  const chosen = await task.choose(sql, consumer, selection, LETTERS_MAX);
  const none = await refuseNone(options, task, input, { selection, chosen });
  if (none !== null) return refused(none);
  if (input.dryRun === true) {
    const letters = await task.rehearse(options, await lettersAt(sql, consumer, chosen.places));
    return { letters, remaining: chosen.remaining, replayed: false, userErrors: [] };
  }
  const asked = await askOnce(options, task, { input, selection, chosen, actor });
  const keyRefusal = refuseKeyVerdict(asked.verdict);
  if (keyRefusal !== null) return refused(keyRefusal);
  const { places, remaining } = asked.chosen;
  await awaitOutcome(options, asked.chosen);
  const letters = (await lettersAt(sql, consumer, places)).map(standingOf);
  return { letters, remaining, replayed: asked.verdict === 'REPLAYED', userErrors: [] };
}

async function refuseUnknown(
  { sql, consumer }: DeadLetterDeskOptions,
  selection: LetterSelection,
): Promise<Refusal[]> {
  if (selection.by !== 'places') return [];
  const known = new Set((await lettersAt(sql, consumer, selection.places)).map(letterId));
  return selection.places.flatMap((place, index) =>
    known.has(letterId(place)) ? [] : [unknownLetter(index)],
  );
}

/** Why a key or a group is refused that holds no parked letter; a request that came before is answered, whatever became of its letters. */
async function refuseNone(
  { sql }: DeadLetterDeskOptions,
  { operation }: Task,
  input: DeadLettersInput,
  { selection, chosen }: Pick<Asking, 'selection' | 'chosen'>,
): Promise<Refusal | null> {
  if (selection.by === 'places' || chosen.places.length > 0) return null;
  if (input.dryRun === true) return noLetterOf(selection.by);
  const key = { key: input.idempotencyKey, operation, fingerprint: printOf(input, selection) };
  return (await checkLettersKey(sql, key)) === 'NEW' ? noLetterOf(selection.by) : null;
}

function printOf(input: DeadLettersInput, selection: LetterSelection): string {
  return fingerprint({ selection, reason: input.reason ?? null });
}

type Asking = Readonly<{
  input: DeadLettersInput;
  selection: LetterSelection;
  chosen: ChosenLetters;
  actor: string;
}>;

function askOnce({ sql, consumer }: DeadLetterDeskOptions, task: Task, asking: Asking) {
  const { input, selection, chosen, actor } = asking;
  const reason = input.reason ?? null;
  return awaitTwin(
    () =>
      askForLetters(sql, {
        key: input.idempotencyKey,
        operation: task.operation,
        fingerprint: printOf(input, selection),
        ...{ consumer, request: task.request(selection), actor, reason, chosen },
      }),
    ({ verdict }) => verdict === 'IN_FLIGHT',
  );
}

async function awaitOutcome(
  { sql, consumer }: DeadLetterDeskOptions,
  { places }: ChosenLetters,
): Promise<void> {
  const until = performance.now() + OUTCOME_WAIT_MS;
  while (await anyRequested(sql, consumer, places)) {
    if (performance.now() >= until) return;
    await new Promise((resolve) => setTimeout(resolve, OUTCOME_POLL_MS));
  }
}

function resultOf(
  letter: DeadLetter,
  outcome: DeadLetterOutcome,
  error: string | null = null,
): DeadLetterResult {
  return { letter: viewOfLetter(letter), outcome, error };
}

/** What has become of a letter, by what happened to it last. */
function standingOf(letter: DeadLetter): DeadLetterResult {
  if (letter.status === 'replayed') return resultOf(letter, 'REPLAYED');
  if (letter.status === 'discarded') return resultOf(letter, 'DISCARDED');
  if (letter.requested) return resultOf(letter, 'PENDING');
  const last = letter.actions.at(-1);
  if (last?.action === 'REPLAY_STOPPED') return resultOf(letter, 'NOT_REACHED');
  return resultOf(letter, 'FAILED', last?.action === 'DISCARD_FAILED' ? last.error : letter.error);
}

async function rehearseReplay(
  options: DeadLetterDeskOptions,
  letters: readonly DeadLetter[],
): Promise<DeadLetterResult[]> {
  const until = performance.now() + OUTCOME_WAIT_MS;
  const results = new Map(letters.map((letter) => [letter, standingOf(letter)]));
  const parked = letters.filter(({ status }) => status === 'parked');
  for (const ofKey of Map.groupBy(parked, ({ key }) => key).values()) {
    const late = performance.now() >= until;
    const { succeeded, error } = late ? { succeeded: 0, error: null } : await options.rehearse(ofKey);
    ofKey.forEach((letter, index) => {
      if (late) results.set(letter, resultOf(letter, 'PENDING'));
      else if (index < succeeded) results.set(letter, resultOf(letter, 'WOULD_SUCCEED'));
      else if (index === succeeded) results.set(letter, resultOf(letter, 'WOULD_FAIL', error));
      else results.set(letter, resultOf(letter, 'WOULD_NOT_BE_REACHED'));
    });
  }
  return [...results.values()];
}
