// The first step of every npm script: runs on whatever Node the machine has (20 or newer), installs the packages when
// the lock changed, then hands over to the pinned Node 24. It imports no package and holds no other logic.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRIES = {
  start: 'tools/start/main.ts',
  test: 'tools/test/main.ts',
  check: 'tools/check/main.ts',
  token: 'tools/token/main.ts',
  replay: 'bench/src/replay/main.ts',
  verify: 'bench/src/verify/main.ts',
  'bench:faults': 'bench/src/faults/main.ts',
  'bench:race': 'bench/src/race/main.ts',
  'bench:payments': 'bench/src/payments/main.ts',
  rebuild: 'tools/rebuild/main.ts',
  'restore-log': 'tools/restore-log/main.ts',
  reconcile: 'tools/reconcile/main.ts',
  compose: 'tools/compose/main.ts',
  generate: 'tools/generate/main.ts',
};
const OLDEST_NODE = 20;
const PINNED_NODE = 24;
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(repository, 'node_modules');
const stampFile = join(modules, '.crossdock-lock-hash');
const pinnedNode = join(modules, '.bin', 'node');

const [name, ...args] = process.argv.slice(2);
const entry = ENTRIES[name];
if (entry === undefined) giveUp(`Write one of: npm run ${Object.keys(ENTRIES).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  giveUp(`Node ${process.versions.node} is too old to begin with: install Node ${OLDEST_NODE} or newer.`);
}
await ensurePackages();
ensurePinnedNode();
run(pinnedNode, [join(repository, entry), ...args]);

/** Installs the packages unless what is installed is what the lock says. */
async function ensurePackages() {
  const lock = readFileSync(join(repository, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (readIfThere(stampFile) === hash) return;
  if (!isInstalled(JSON.parse(lock))) await install();
  try {
    writeFileSync(stampFile, hash);
  } catch (error) {
    giveUp(explained(error.message) ?? `${stampFile} could not be written: ${error.message}`);
  }
}

/** Compares the lock with npm's own record of node_modules, so that a developer's `npm install` is not undone. */
function isInstalled(lock) {
  const record = readIfThere(join(modules, '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const sameVersion = ([path, wanted]) => {
    const found = installed[path];
    if (found === undefined) return wanted.optional === true || path === '';
    return found.version === wanted.version && found.integrity === wanted.integrity;
  };
  return (
    Object.entries(lock.packages).every(sameVersion) &&
    Object.keys(installed).every((path) => lock.packages[path] !== undefined)
  );
}

async function install() {
  const started_ms = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started_ms) / 1000)} s`;
  say('Installing packages (npm ci) …');
  const ticker = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\rInstalling packages (npm ci) … ${elapsed()} `), 1000)
    : setInterval(() => say(`  still installing, ${elapsed()}`), 20_000);
  const { code, output } = await npmCi();
  clearInterval(ticker);
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (code !== 0) {
    const remedy = 'mend what npm reports (often the network, or the registry set in .npmrc) and start again';
    giveUp(`${explained(output) ?? `npm ci failed: ${remedy}.`}\n${gist(output)}`);
  }
  say(`Packages installed in ${elapsed()}.   `);
}

/** Runs `npm ci` by the npm and the Node that called us, never by the Node inside the folder it replaces. */
function npmCi() {
  const { npm_execpath: npmScript, npm_node_execpath: npmNode, ...environment } = process.env;
  environment.PATH = outsideModules(environment.PATH ?? '');
  // Production would leave out the development packages, and with them the pinned Node.
  delete environment.NODE_ENV;
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--progress=false'];
  const byScript = npmScript !== undefined && npmNode !== undefined && !npmNode.startsWith(modules);
  const [command, parameters] = byScript ? [npmNode, [npmScript, ...flags]] : ['npm', flags];
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      cwd: repository,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-8000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** The first lines of npm's complaint: what follows them is its manual. */
function gist(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line));
  return lines.slice(0, 8).join('\n') || output.trim().slice(-1000);
}

function outsideModules(path) {
  return path
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter);
}

function ensurePinnedNode() {
  const answer = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  if (answer.status === 0 && answer.stdout.startsWith(`v${PINNED_NODE}.`)) return;
  const found = answer.status === 0 ? `is ${answer.stdout.trim()}` : 'is missing';
  giveUp(
    `${pinnedNode} ${found} where Node ${PINNED_NODE} is needed: run \`npm ci\` with install scripts allowed ` +
      '(`npm config get ignore-scripts` must say false).',
  );
}

/** Runs the command with our input and output; passes signals on, and its exit code back. */
function run(command, parameters) {
  const child = spawn(command, parameters, { cwd: process.cwd(), stdio: 'inherit' });
  for (const signal of FORWARDED_SIGNALS) process.on(signal, () => child.kill(signal));
  stopWithNpm(child);
  child.once('error', (error) => giveUp(`${command} cannot be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
    for (const forwarded of FORWARDED_SIGNALS) process.removeAllListeners(forwarded);
  });
}

/** A signal to npm ends npm and its shell but does not reach us: we notice that our parent is gone. */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function explained(text) {
  if (/ENOSPC|no space left/i.test(text)) {
    return `The disk that holds ${repository} is full: free about 1 GB there and start again.`;
  }
  if (/EACCES|EPERM|EROFS|permission denied/i.test(text)) {
    return `${repository} cannot be written by this account: fix its permissions and start again.`;
  }
  return undefined;
}

/** Progress goes to the error stream: the standard output belongs to the command (`token` prints a JWT alone). */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function giveUp(sentence) {
  say(sentence);
  process.exit(1);
}
