/** One Node process of the platform: started with its own environment, awaited until it is ready, stopped in order. */
import { join } from 'node:path';
import { startChild, stopChild, tailOf, waitUntil } from '../infrastructure/child.ts';
import { inheritedEnvironment } from '../infrastructure/config.ts';
import type { Birth, Running } from '../infrastructure/keep-alive.ts';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { ROOT } from '../repository.ts';

export interface Service {
  readonly name: string;
  /** Path of the entry file within the repository. */
  readonly entry: string;
  readonly port: number;
  /** Limit of the JavaScript heap, in MB. */
  readonly heap_mb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A busy machine starts seven processes at once; none takes longer than this to answer. */
const READY_LIMIT_MS = 60_000;
const PROBE_LIMIT_MS = 2_000;
/** Processes end themselves within 10 s. */
const STOP_PATIENCE_MS = 12_000;
const MIGRATION_LIMIT_MS = 60_000;
const YOUNG_SPACE_MB = 32;

/** What children need of the environment we were called with; addresses and secrets are given to each by name. */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'LOG_LEVEL',
  'ORDER_DEADLINES_S',
];

/** Starts the process and resolves when its /readyz says yes; else rejects with the end of its log. */
export async function startService(service: Service, logFolder: string, birth: Birth): Promise<Running> {
  const child = await startChild({ ...childOptions(service, logFolder, []), birth });
  const outcome = await waitUntil(child, () => answersReady(service.port), READY_LIMIT_MS, birth.signal);
  if (!outcome.ready) {
    await stopChild(child, 'SIGKILL', 0);
    throw new PlainFailure(
      `${service.name} did not start (${outcome.why}); the end of ${child.logFile}:\n${tailOf(child.logFile)}`,
    );
  }
  return { pid: child.pid, gone: child.gone, stop: () => stopChild(child, 'SIGTERM', STOP_PATIENCE_MS) };
}

/** Runs the `migrate` command of a subgraph to its end. */
export async function migrate(service: Service, logFolder: string, birth: Birth): Promise<void> {
  const child = await startChild({ ...childOptions(service, logFolder, ['migrate']), birth });
  const signal = AbortSignal.any([birth.signal, AbortSignal.timeout(MIGRATION_LIMIT_MS)]);
  signal.addEventListener('abort', () => child.signal('SIGKILL'));
  const outcome = await child.gone;
  if (outcome === 'exit code 0') return;
  throw new PlainFailure(
    `The tables of ${service.name} could not be prepared (${outcome}); the end of ${child.logFile}:\n${tailOf(child.logFile)}`,
  );
}

function childOptions(service: Service, logFolder: string, args: readonly string[]) {
  return { ...invocationOf(service, args), logFile: join(logFolder, `${service.name}.log`) };
}

/** How a process of the platform is called, with all that it is told. */
export function invocationOf(service: Service, args: readonly string[]) {
  const inherited = INHERITED.map((name) => [name, inheritedEnvironment[name]] as const);
  return {
    command: process.execPath,
    args: [
      `--max-old-space-size=${service.heap_mb}`,
      `--max-semi-space-size=${YOUNG_SPACE_MB}`,
      join(ROOT, service.entry),
      ...args,
    ],
    cwd: ROOT,
    env: {
      ...Object.fromEntries(inherited.filter(([, value]) => value !== undefined)),
      NODE_ENV: 'production',
      APOLLO_TELEMETRY_DISABLED: '1',
      // Compiled code is kept between starts, for all data folders.
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'),
      HOST: '127.0.0.1',
      PORT: String(service.port),
      ...service.environment,
    },
  };
}

async function answersReady(port: number): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
