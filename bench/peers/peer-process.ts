// What a peer runs on: a private Postgres with fsync on and a Redis, set up as ours are, and its own Node process.
import { join } from 'node:path';
import {
  type Birth,
  type Child,
  freePort,
  inheritedEnvironment,
  startChild,
  startServers,
  stopChild,
  tailOf,
  waitUntil,
} from '@crossdock/tools/infrastructure';
import { openOwnFolder } from '../src/stage/own-folder.ts';

export interface PeerGround {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly port: number;
  readonly secret: string;
  /** Runs a command of the peer to its end; rejects with the end of its log. */
  readonly run: (name: string, command: PeerCommand) => Promise<void>;
  /** Starts the peer's server; resolves when it answers on the path, rejects with the end of its log. */
  readonly serve: (command: PeerCommand, readyPath: string) => Promise<void>;
  /** Stops everything and removes its data. */
  readonly stop: () => Promise<void>;
}

export interface PeerCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

const READY_LIMIT_MS = 180_000;
const COMMAND_LIMIT_MS = 300_000;
const STOP_PATIENCE_MS = 10_000;
const HEAP_MB = 2_048;
/** Nothing tells anybody that it was run here. */
const QUIET = {
  DO_NOT_TRACK: '1',
  MEDUSA_DISABLE_TELEMETRY: '1',
  VENDURE_DISABLE_TELEMETRY: 'true',
  CI: '1',
};
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'] as const;

/** Starts the servers in a temporary folder. */
export async function openPeerGround(
  name: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<PeerGround> {
  const own = openOwnFolder(`crossdock-peer-${name}-`, say, signal);
  const secret = crypto.randomUUID();
  const servers = await startServers({
    ...{ folder: own.path, logFolder: own.logFolder, say, databasePassword: secret, fsync: true },
    ...{ withDatabases: false, keeper: own.birthOf('servers') },
    // No peer speaks NATS.
    existing: { databaseUrls: undefined, natsUrl: 'nats://unused', redisUrl: undefined },
  });
  own.onStop(servers.stop);
  if (servers.maintenanceUrl === undefined)
    throw new Error('A private PostgreSQL has a maintenance database');
  const port = await freePort();
  const spawn = (what: string, command: PeerCommand, birth: Birth) =>
    startChild({
      ...{
        command: process.execPath,
        args: [`--max-old-space-size=${HEAP_MB}`, ...command.args],
        cwd: command.cwd,
      },
      ...{ logFile: join(own.logFolder, `${what}.log`), env: environmentOf(command, port), birth },
    });
  return {
    ...{ databaseUrl: servers.maintenanceUrl, redisUrl: servers.redisUrl, port, secret, stop: own.stop },
    run: (what, command) => own.passing((birth) => untilDone(what, spawn(what, command, birth))),
    serve: async (command, readyPath) => {
      const child = await spawn(name, command, own.birthOf(name));
      own.onStop(() => stopChild(child, 'SIGTERM', STOP_PATIENCE_MS));
      const outcome = await waitUntil(child, () => answers(port, readyPath), READY_LIMIT_MS, signal);
      if (!outcome.ready)
        throw new Error(`${name} did not start (${outcome.why}):\n${tailOf(child.logFile)}`);
    },
  };
}

async function untilDone(what: string, spawning: Promise<Child>): Promise<void> {
  const child = await spawning;
  const limit = setTimeout(() => child.signal('SIGKILL'), COMMAND_LIMIT_MS);
  const outcome = await child.gone;
  clearTimeout(limit);
  if (outcome !== 'exit code 0') throw new Error(`${what} failed (${outcome}):\n${tailOf(child.logFile)}`);
}

function environmentOf({ environment }: PeerCommand, port: number): Record<string, string | undefined> {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, inheritedEnvironment[name]]));
  return { ...inherited, ...QUIET, NODE_ENV: 'production', PORT: String(port), ...environment };
}

async function answers(port: number, path: string): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
    await reply.body?.cancel();
    return reply.status < 500;
  } catch {
    return false;
  }
}
