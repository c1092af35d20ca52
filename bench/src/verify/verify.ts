import { CannotRun } from '../platform/cannot-run.ts';
import type { RunFile } from '../platform/run-file.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { DEFAULT_PATIENCE, type Patience, waitUntilSettled } from './settling.ts';
import { counted, type Verdict } from './verdict.ts';

/** Examples shown of each broken invariant: enough to begin with, few enough to read. */
const EXAMPLES = 5;

/** What one invariant of the design's list came to. */
export interface InvariantVerdict extends Verdict {
  readonly number: number;
  readonly name: string;
}

export interface CheckOptions {
  /** Told in one line what is waited for. */
  readonly say: (text: string) => void;
  /** How long to wait for the run to come to rest before it is checked as it is. */
  readonly patience?: Patience;
  /** Told each verdict as soon as there is one. */
  readonly onVerdict?: (verdict: InvariantVerdict) => void;
}

/** Waits for a run to come to rest and checks every invariant on it. Rejects with CannotRun when it cannot be read. */
export function checkRun(
  dataDir: string,
  run: RunFile,
  options: CheckOptions,
): Promise<readonly InvariantVerdict[]> {
  return onEvidence(dataDir, run, (evidence) => checkEvidence(evidence, options));
}

async function onEvidence<Result>(
  dataDir: string,
  run: RunFile,
  work: (evidence: Evidence) => Promise<Result>,
): Promise<Result> {
  const evidence = openEvidence(dataDir, run);
  try {
    return await work(evidence);
  } catch (error) {
    throw error instanceof CannotRun
      ? error
      : new CannotRun(`The run in ${dataDir} cannot be read: ${reasonOf(error)}`);
  } finally {
    await evidence.close();
  }
}

/** The same on evidence that is open. */
export async function checkEvidence(
  evidence: Evidence,
  { say, patience = DEFAULT_PATIENCE, onVerdict = () => undefined }: CheckOptions,
): Promise<readonly InvariantVerdict[]> {
  await waitUntilSettled(evidence, say, patience);
  const verdicts: InvariantVerdict[] = [];
  for (const invariant of INVARIANTS) {
    const verdict = await verdictOf(invariant, evidence);
    onVerdict(verdict);
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Checks every invariant on a run and prints one line each; answers the exit code: 0, or 1 when one is broken. */
export function verify(dataDir: string, run: RunFile): Promise<number> {
  return onEvidence(dataDir, run, async (evidence) => {
    const verdicts = await checkEvidence(evidence, {
      say: (text) => process.stderr.write(`${text}\n`),
      onVerdict: (verdict) => process.stdout.write(`${linesOf(verdict).join('\n')}\n`),
    });
    const broken = verdicts.filter(({ breaches }) => breaches.length > 0).length;
    process.stdout.write(`${conclusion(broken, verdicts.length, evidence)}\n`);
    return broken === 0 ? 0 : 1;
  });
}

async function verdictOf({ number, name, check }: Invariant, evidence: Evidence): Promise<InvariantVerdict> {
  try {
    return { number, name, ...(await check(evidence)) };
  } catch (error) {
    throw new CannotRun(`Invariant ${number} (${name}) cannot be checked: ${reasonOf(error)}`);
  }
}

/** One line for an invariant that holds; for a broken one the first breaches below it. */
export function linesOf({ number, name, summary, breaches }: InvariantVerdict): string[] {
  const head = `${String(number).padStart(2)} ${name.padEnd(16)}`;
  if (breaches.length === 0) return [`ok     ${head} ${summary}`];
  const shown = breaches.slice(0, EXAMPLES).map((breach) => `         ${breach}`);
  const more = breaches.length > EXAMPLES ? [`         and ${breaches.length - EXAMPLES} more`] : [];
  return [`BREACH ${head} ${breaches.length} in ${summary}`, ...shown, ...more];
}

function conclusion(broken: number, checked: number, { clientJournals, feedJournals }: Evidence): string {
  const journals = `${counted(clientJournals.length, 'client journal')}, ${counted(feedJournals.length, 'feed journal')}`;
  const result =
    broken === 0
      ? `All ${checked} invariants hold`
      : `${broken} of ${checked} invariants ${broken === 1 ? 'is' : 'are'} broken`;
  return `${result} (${journals}).`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
