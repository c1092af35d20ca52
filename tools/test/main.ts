// Runs every test: pure ones, the repository's own, those on real servers, the journeys through the gateway.
// It sees to the server programs first; vitest's global set-up starts private instances of them. A run of everything ends with
// the short fault matrix: real processes killed, paused and cut off under load, and every promise checked afterwards.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { existingServers } from '../infrastructure/config.ts';
import { programsFor } from '../infrastructure/install.ts';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { ROOT } from '../repository.ts';

try {
  existingServers();
  await programsFor(['postgres', 'nats', 'redis'], (line) => process.stderr.write(`${line}\n`));
  const chosen = process.argv.slice(2);
  process.exitCode = await finished(['node_modules/vitest/vitest.mjs', 'run', ...chosen]);
  if (process.exitCode === 0 && chosen.length === 0) {
    process.exitCode = await finished(['bench/src/faults/main.ts', '--quick']);
  }
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Runs a program of the repository to its end; answers its exit code. */
function finished([entry = '', ...args]: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(ROOT, entry), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  // The terminal's Ctrl-C reaches the program too, which then stops its servers; we wait for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
