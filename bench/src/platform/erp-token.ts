import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CannotRun } from './cannot-run.ts';

const TOKEN_TOOL = fileURLToPath(new URL('../../../tools/token/main.ts', import.meta.url));

/** A token of the ERP, signed by the issuer of a local run with its key in the data directory. */
export function erpToken(dataDir: string): Promise<string> {
  return issuedToken(dataDir, 'erp');
}

/** A token of a role that needs nothing beside it. */
export async function issuedToken(dataDir: string, role: 'erp' | 'operator'): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      TOKEN_TOOL,
      '--role',
      role,
      '--data-dir',
      dataDir,
    ]);
    return stdout.trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(
      `The local issuer gave no token for the role ${role}: run \`npm start\` first. (${why})`,
    );
  }
}
