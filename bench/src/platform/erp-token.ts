import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CannotRun } from './cannot-run.ts';

const TOKEN_TOOL = fileURLToPath(new URL('../../../tools/token/main.ts', import.meta.url));

/** A token of the ERP, signed by the issuer of a local run with its key in the data directory. */
export async function erpToken(dataDir: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      TOKEN_TOOL,
      '--role',
      'erp',
      '--data-dir',
      dataDir,
    ]);
    return stdout.trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`The local issuer gave no token for the ERP: run \`npm start\` first. (${why})`);
  }
}
