// Puts a peer's packages from npm into its own folder, outside this repository, once.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface PeerPackages {
  readonly name: string;
  readonly type: 'module' | 'commonjs';
  readonly dependencies: Readonly<Record<string, string>>;
}

const INSTALL_LIMIT_MS = 15 * 60_000;
const FLAGS = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** Installs what `wanted` names unless it is there; no script of any package runs. Rejects with where npm's words are. */
export async function installPeer(
  folder: string,
  wanted: PeerPackages,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = Object.entries(wanted.dependencies).filter(
    ([name, version]) => installedVersion(folder, name) !== version,
  );
  if (missing.length === 0) return;
  const manifest = { ...wanted, private: true };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  say(`installing ${wanted.name} into ${folder} (npm; minutes)`);
  const logFile = join(folder, 'npm-install.log');
  const log = openSync(logFile, 'w');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(INSTALL_LIMIT_MS)]);
  const child = spawn('npm', FLAGS, {
    ...{ cwd: folder, stdio: ['ignore', log, log], signal: limit },
    env: npmEnvironment(),
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => closeSync(log));
  if (code !== 0) throw new Error(`npm could not install ${wanted.name} (exit code ${code}): see ${logFile}`);
}

function installedVersion(folder: string, name: string): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/** The machine's own npm, as if it had been called in that folder: not the one of this repository, nor its settings. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  const path = (process.env.PATH ?? '').split(delimiter).filter((place) => !place.includes('node_modules'));
  return { ...Object.fromEntries(own), PATH: path.join(delimiter), NPM_CONFIG_UPDATE_NOTIFIER: 'false' };
}
