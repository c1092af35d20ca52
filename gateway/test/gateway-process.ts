// The gateway as it ships: its own process, told everything by the environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair } from 'jose';
import type { Issuer } from './issuer.ts';
import { LOG_READ_SECRET, SCHEMA_FOLDER } from './stub-subgraph.ts';

export const CURSOR_SECRET = 'a cursor secret that only tests know';
const MAIN = join(import.meta.dirname, '../src/main.ts');

export type LogLine = Readonly<{ level: number; msg: string; port?: number } & Record<string, unknown>>;

export type GatewayProcess = Readonly<{
  url: string;
  supergraphFile: string;
  child: ChildProcess;
  /** What it logged so far. */
  logged: readonly LogLine[];
  stop: () => Promise<number | null>;
}>;

export async function startGateway(options: {
  readonly issuer: Issuer;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly natsUrl: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<GatewayProcess> {
  const supergraphFile = join(options.issuer.folder, 'supergraph.graphql');
  copyFileSync(join(SCHEMA_FOLDER, 'supergraph.graphql'), supergraphFile);
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'info',
      SUPERGRAPH_FILE: supergraphFile,
      SUBGRAPH_URLS: JSON.stringify(options.subgraphUrls),
      JWKS_FILE: options.issuer.keySetFile,
      INTERNAL_PRIVATE_JWK: JSON.stringify(await exportJWK(privateKey)),
      CURSOR_SECRET,
      LOG_READ_SECRET,
      DRAIN_MS: '0',
      NATS_URL: options.natsUrl,
      ...options.environment,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const logged: LogLine[] = [];
  const port = await listeningPort(child, logged);
  const stop = async () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url: `http://127.0.0.1:${port}`, supergraphFile, child, logged, stop };
}

/** Resolves as soon as it listens; goes on to collect what it logs. */
function listeningPort({ stdout }: ChildProcess, logged: LogLine[]): Promise<number> {
  if (stdout === null) throw new Error('The gateway has no output.');
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout })
      .on('line', (line) => {
        // Written by our own logger: one object a line.
        const entry = JSON.parse(line) as LogLine;
        logged.push(entry);
        if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
      })
      .once('close', () => reject(new Error('The gateway ended before it listened.')));
  });
}
