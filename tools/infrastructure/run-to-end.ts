import { spawn } from 'node:child_process';
import type { Account } from './account.ts';
import { inheritedEnvironment } from './config.ts';
import { PlainFailure, sentenceAboutDisk } from './plain-failure.ts';

/** How much of what a failing program says is kept. */
const ERRORS_KEPT = 4_000;

/** Runs a program of PostgreSQL that makes `folder`, as the account; rejects with what it says when it fails. */
export function runToEnd(
  command: string,
  args: readonly string[],
  account: Account | undefined,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...inheritedEnvironment, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-ERRORS_KEPT);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) return resolve();
      reject(
        new PlainFailure(
          sentenceAboutDisk(errors, folder) ?? `PostgreSQL could not make ${folder}: ${errors.trim()}`,
        ),
      );
    });
  });
}
