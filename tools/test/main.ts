// Runs every test: pure ones, the repository's own, those on real servers, the journeys through the gateway.
// It sees to the server programs first; vitest's global set-up starts private instances of them.
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
  process.exitCode = await vitest(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Runs vitest with the arguments given (all projects without any); answers its exit code. */
function vitest(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  // The terminal's Ctrl-C reaches vitest too, which then stops its servers; we wait for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
