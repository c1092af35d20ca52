import { CannotRun } from '../platform/cannot-run.ts';
import type { RunFile } from '../platform/run-file.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { waitUntilSettled } from './settling.ts';
import type { Verdict } from './verdict.ts';

/** Examples shown of each broken invariant: enough to begin with, few enough to read. */
const EXAMPLES = 5;

/** Checks every invariant on a run; answers the exit code: 0, or 1 when one is broken. */
export async function verify(dataDir: string, run: RunFile): Promise<number> {
  const evidence = openEvidence(dataDir, run);
  try {
    await waitUntilSettled(evidence, (text) => process.stderr.write(`${text}\n`));
    let broken = 0;
    for (const invariant of INVARIANTS) {
      const verdict = await verdictOf(invariant, evidence);
      if (verdict.breaches.length > 0) broken += 1;
      process.stdout.write(`${linesOf(invariant, verdict).join('\n')}\n`);
    }
    process.stdout.write(`${conclusion(broken, evidence)}\n`);
    return broken === 0 ? 0 : 1;
  } catch (error) {
    throw error instanceof CannotRun
      ? error
      : new CannotRun(`The run in ${dataDir} cannot be read: ${reasonOf(error)}`);
  } finally {
    await evidence.close();
  }
}

async function verdictOf(invariant: Invariant, evidence: Evidence): Promise<Verdict> {
  try {
    return await invariant.check(evidence);
  } catch (error) {
    throw new CannotRun(
      `Invariant ${invariant.number} (${invariant.name}) cannot be checked: ${reasonOf(error)}`,
    );
  }
}

/** One line for an invariant that holds; for a broken one the first breaches below it. */
export function linesOf(
  { number, name }: Pick<Invariant, 'number' | 'name'>,
  { summary, breaches }: Verdict,
): string[] {
  const head = `${String(number).padStart(2)} ${name.padEnd(16)}`;
  if (breaches.length === 0) return [`ok     ${head} ${summary}`];
  const shown = breaches.slice(0, EXAMPLES).map((breach) => `         ${breach}`);
  const more = breaches.length > EXAMPLES ? [`         and ${breaches.length - EXAMPLES} more`] : [];
  return [`BREACH ${head} ${breaches.length} in ${summary}`, ...shown, ...more];
}

function conclusion(broken: number, { clientJournals }: Evidence): string {
  const journals = `${clientJournals.length} client journal${clientJournals.length === 1 ? '' : 's'}`;
  const result =
    broken === 0
      ? `All ${INVARIANTS.length} invariants hold`
      : `${broken} of ${INVARIANTS.length} invariants are broken`;
  return `${result} (${journals}).`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
