import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from '../repository.ts';
import type { Step } from './steps.ts';

// Far above what any step needs; a step that hangs must not hang whoever waits for it.
const STEP_TIMEOUT_MS = 300_000;
// The tail of a failing step's output: enough to mend it, little enough to read.
const OUTPUT_CHARACTERS_MAX = 40_000;

export type Outcome = Readonly<{ name: string; passed: boolean; seconds: number; output: string }>;

const ENVIRONMENT = {
  ...process.env,
  PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
  APOLLO_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  NO_COLOR: '1',
};

function run(command: readonly string[]): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const [program = 'node', ...rest] = command;
    const child = spawn(program, rest, { cwd: ROOT, env: ENVIRONMENT, timeout: STEP_TIMEOUT_MS });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-OUTPUT_CHARACTERS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ passed: false, output: `${output}${error.message}` }));
    child.once('close', (code, signal) => {
      const ended = signal === null ? '' : `\nended by ${signal} (limit ${STEP_TIMEOUT_MS / 1000} s)`;
      resolve({ passed: code === 0, output: `${output}${ended}` });
    });
  });
}

/** Runs a step's commands in order, every one of them, so that one look shows all that is wrong. */
export async function runStep(step: Step): Promise<Outcome> {
  const started = performance.now();
  const results: { passed: boolean; output: string }[] = [];
  for (const command of step.commands) results.push(await run(command));
  return {
    name: step.name,
    passed: results.every((result) => result.passed),
    seconds: (performance.now() - started) / 1000,
    output: results
      .filter((result) => !result.passed)
      .map((result) => result.output.trim())
      .join('\n'),
  };
}
