/** A private Redis on 127.0.0.1 that keeps nothing on disk: here it is a cache and a lock hint, never the truth. */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startChild, stopChild, tailOf, waitUntil } from './child.ts';
import { inheritedEnvironment } from './config.ts';
import type { Running } from './keep-alive.ts';
import { PlainFailure } from './plain-failure.ts';
import type { Program } from './programs.ts';
import type { ServerOptions } from './server-options.ts';

const READY_LIMIT_MS = 10_000;
const STOP_PATIENCE_MS = 5_000;

/** Starts an empty instance; `<folder>/redis` is only its working folder. */
export async function startRedis(program: Program, options: ServerOptions): Promise<Running> {
  const folder = join(options.folder, 'redis');
  mkdirSync(folder, { recursive: true });
  const { port } = options;
  const child = await startChild({
    command: program.path,
    args: settings(port),
    cwd: folder,
    env: inheritedEnvironment,
    birth: options.birth,
    logFile: join(options.logFolder, 'redis.log'),
  });
  const outcome = await waitUntil(child, () => pongs(port), READY_LIMIT_MS, options.birth.signal);
  if (!outcome.ready) {
    child.signal('SIGKILL');
    throw new PlainFailure(
      `Redis did not start (${outcome.why}); the end of ${child.logFile}:\n${tailOf(child.logFile)}`,
    );
  }
  return { pid: child.pid, gone: child.gone, stop: () => stopChild(child, 'SIGINT', STOP_PATIENCE_MS) };
}

function settings(port: number): string[] {
  const network = ['--port', String(port), '--bind', '127.0.0.1'];
  const memory = [
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory',
    '64mb',
    '--maxmemory-policy',
    'allkeys-lru',
  ];
  return [...network, ...memory];
}

function pongs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (reply) => answer(reply.toString().startsWith('+PONG')));
  });
}
