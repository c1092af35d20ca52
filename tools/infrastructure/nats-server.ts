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

/** Starts the instance of `<folder>/nats`. Messages are at most 768 KB; the limit leaves room for headers. */
export async function startNats(program: Program, options: ServerOptions): Promise<Running> {
  const folder = join(options.folder, 'nats');
  mkdirSync(folder, { recursive: true });
  const { port } = options;
  const configFile = join(folder, 'nats.conf');
  writeFileSync(configFile, configuration(port, join(folder, 'jetstream')));
  const child = await startChild({
    command: program.path,
    args: ['-c', configFile],
    cwd: folder,
    env: { ...inheritedEnvironment, GOMEMLIMIT: '192MiB' },
    birth: options.birth,
    logFile: join(options.logFolder, 'nats.log'),
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

function configuration(port: number, storeFolder: string): string {
  return [
    'server_name: crossdock-local',
    'host: "127.0.0.1"',
    `port: ${port}`,
    'max_payload: 4MB',
    `jetstream { store_dir: ${JSON.stringify(storeFolder)}, max_memory_store: 64MB, max_file_store: 8GB }`,
    '',
  ].join('\n');
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
