import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeCommit, describeMachine } from './machine.ts';

const RESULTS = new URL('../../results/', import.meta.url);

/** Keeps what a bench found as `bench/results/<name>.json`, with the machine and the commit; answers the path. */
export async function writeResultFile(
  name: string,
  what: string,
  found: Readonly<Record<string, unknown>>,
): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const path = fileURLToPath(new URL(`${name}.json`, RESULTS));
  const result = { what, commit: await describeCommit(), machine: describeMachine(), ...found };
  await writeFile(path, `${JSON.stringify(result, rounded, 2)}\n`);
  return path;
}

/** Digits past the third are noise; a file without them is read and compared. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 1_000) / 1_000 : value;
}
