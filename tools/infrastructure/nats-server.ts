/** A private NATS on 127.0.0.1 with JetStream in files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startChild, stopChild, tailOf, waitUntil } from './child.ts';
import { inheritedEnvironment } from './config.ts';
import type { Running } from './keep-alive.ts';
import { PlainFailure, sentenceAboutDisk } from './plain-failure.ts';
import type { Program } from './programs.ts';
import type { ServerOptions } from './server-options.ts';

/** Reading a large stream's index back takes seconds. */
const READY_LIMIT_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;

/** What a server needs to know to be one of several. All ports are of 127.0.0.1. */
export interface NatsCluster {
  readonly routePort: number;
  /** Route ports of all members. */
  readonly memberPorts: readonly number[];
  /** Answers what the server knows of the cluster (`/jsz`). */
  readonly monitorPort: number;
}

export interface NatsOptions extends ServerOptions {
  readonly cluster?: NatsCluster;
}

const DEFAULT_NAME = 'nats';

/** Where an instance keeps its messages. */
export function natsStoreOf({ folder, name }: Pick<NatsOptions, 'folder' | 'name'>): string {
  return join(folder, name ?? DEFAULT_NAME, 'jetstream');
}

/** Starts the instance of `<folder>/nats`. Messages are at most 768 KB; the limit leaves room for headers. */
export async function startNats(program: Program, options: NatsOptions): Promise<Running> {
  const name = options.name ?? DEFAULT_NAME;
  const folder = join(options.folder, name);
  mkdirSync(folder, { recursive: true });
  const { port } = options;
  const configFile = join(folder, 'nats.conf');
  writeFileSync(configFile, configuration(options));
  const child = await startChild({
    command: program.path,
    args: ['-c', configFile],
    cwd: folder,
    env: { ...inheritedEnvironment, GOMEMLIMIT: '192MiB' },
    birth: options.birth,
    logFile: join(options.logFolder, `${name}.log`),
  });
  const outcome = await waitUntil(child, () => greets(port), READY_LIMIT_MS, options.birth.signal);
  if (!outcome.ready) {
    child.signal('SIGKILL');
    const tail = tailOf(child.logFile);
    throw new PlainFailure(
      sentenceAboutDisk(tail, folder) ??
        `NATS did not start (${outcome.why}); the end of ${child.logFile}:\n${tail}`,
    );
  }
  return { pid: child.pid, gone: child.gone, stop: () => stopChild(child, 'SIGINT', STOP_PATIENCE_MS) };
}

function configuration(options: NatsOptions): string {
  return [
    `server_name: ${options.name ?? 'crossdock-local'}`,
    'host: "127.0.0.1"',
    `port: ${options.port}`,
    'max_payload: 4MB',
    `jetstream { store_dir: ${JSON.stringify(natsStoreOf(options))}, max_memory_store: 64MB, max_file_store: 8GB }`,
    ...(options.cluster ? clustering(options.cluster) : []),
    '',
  ].join('\n');
}

/** Members do not tell clients of each other: whoever stands between a client and them shall not be passed by. */
function clustering({ routePort, memberPorts, monitorPort }: NatsCluster): string[] {
  const routes = memberPorts.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
  return [
    `http: "127.0.0.1:${monitorPort}"`,
    `cluster { name: crossdock, host: "127.0.0.1", port: ${routePort}, no_advertise: true, routes: [${routes}] }`,
  ];
}

/** NATS greets each connection with an INFO line once JetStream is up. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (greeting) => answer(greeting.includes('"jetstream":true')));
  });
}
