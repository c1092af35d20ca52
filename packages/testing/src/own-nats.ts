import { rmSync } from 'node:fs';
import { findPrograms, freePort, orphanGuard, startNats } from '@crossdock/tools/infrastructure';
import { temporaryFolder } from './started-servers.ts';

export interface OwnServer {
  readonly url: string;
  readonly pid: number;
  /** Stops it and removes its data. */
  readonly stop: () => Promise<void>;
}

/** A NATS with JetStream for one test file, which may stop it, or delete its stream, without disturbing others. */
export async function ownNats(): Promise<OwnServer> {
  const program = findPrograms().nats;
  if (!program) throw new Error('nats-server is missing: `npm test` installs it.');
  const folder = temporaryFolder('nats');
  const port = await freePort();
  const guard = orphanGuard();
  const birth = { spawned: guard.watch, signal: new AbortController().signal };
  const server = await startNats(program, {
    folder,
    logFolder: folder,
    port,
    birth,
    say: () => undefined,
  });
  const stop = async () => {
    await server.stop();
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `nats://127.0.0.1:${port}`, pid: server.pid, stop };
}
