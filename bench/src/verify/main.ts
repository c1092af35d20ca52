// Checks the invariants of a run on its databases, logs and journals, and says one line each.
// It only reads: what it finds broken, a person repairs.
import { parseArgs } from 'node:util';
import { CannotRun, runMain } from '../platform/cannot-run.ts';
import { DEFAULT_DATA_DIR, readRunFile } from '../platform/run-file.ts';
import { verify } from './verify.ts';

await runMain(async () => {
  const dataDir = dataDirOf(process.argv.slice(2));
  return verify(dataDir, readRunFile(dataDir));
});

function dataDirOf(words: readonly string[]): string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { 'data-dir': { type: 'string', default: DEFAULT_DATA_DIR } },
    });
    return values['data-dir'];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`${why}. Usage: npm run verify [-- --data-dir ${DEFAULT_DATA_DIR}]`);
  }
}
