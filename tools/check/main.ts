// `npm run check`: everything that can be said of the code without starting a server, in under a minute.
// `node tools/check/main.ts lint types` runs only the steps named.
import { availableParallelism } from 'node:os';
import { type Outcome, runStep } from './run-step.ts';
import { STEPS, type Step } from './steps.ts';

// More at once would only make every step slower; most of them use a second thread by themselves.
const STEPS_AT_ONCE_MAX = 2;

function chosenSteps(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no step ${unknown.join(', ')}; there are ${STEPS.map((step) => step.name).join(', ')}.`,
    );
    process.exit(2);
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
}

function print({ name, passed, seconds }: Outcome): void {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s`);
}

async function work(queue: Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const outcome = await runStep(step);
    print(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

const started = performance.now();
const queue = [...chosenSteps(process.argv.slice(2))];
const workers = Math.min(STEPS_AT_ONCE_MAX, availableParallelism());
const outcomes = (await Promise.all(Array.from({ length: workers }, () => work(queue)))).flat();
const failed = outcomes.filter((outcome) => !outcome.passed);

for (const { name, output } of failed) console.log(`\n--- ${name}\n${output}`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const verdict = failed.length === 0 ? 'all passed' : `${failed.length} of ${outcomes.length} FAILED`;
console.log(`\n${verdict} in ${seconds} s`);
process.exitCode = failed.length === 0 ? 0 : 1;
