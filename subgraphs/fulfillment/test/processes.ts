// Real processes for the tests of this subgraph: the WMS simulator, and fulfillment itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SIMULATOR = fileURLToPath(new URL('../../../simulators/src/wms/main.ts', import.meta.url));
const FULFILLMENT = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export const WMS_KEY = 'wms-key-of-a-test';

export type StartedProcess = Readonly<{
  port: number;
  url: string;
  log: readonly string[];
  /** Ends it with the signal and waits for its exit code. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}>;

/** Starts a server and waits for its line `listening`; rejects with its output when it ends before. */
async function startProcess(script: string, environment: Record<string, string>): Promise<StartedProcess> {
  const child = spawn(process.execPath, [script], {
    env: { NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.stderr.on('data', (text: Buffer) => log.push(text.toString()));
  const port = await listening(child, log);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    return ended;
  };
  return { port, url: `http://127.0.0.1:${port}`, log, end };
}

function listening(child: ChildProcess, log: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`It ended before it listened:\n${log.join('\n')}`)));
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (line) => {
      log.push(line);
      const entry: { msg?: string; port?: number } = line.startsWith('{') ? JSON.parse(line) : {};
      if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
    });
  });
}

export type StartedWms = StartedProcess &
  Readonly<{
    setMode: (mode: string) => Promise<void>;
    /** Its journal's lines of one kind. */
    journal: (kind: string) => Promise<{ shipmentId: string; releaseEpoch: number }[]>;
    stop: () => Promise<void>;
  }>;

/** The WMS simulator with a journal of its own; it confirms at `gatewayUrl` with the tokens of a file. */
export async function startWmsSimulator(gatewayUrl: string, tokensFile: string): Promise<StartedWms> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-wms-'));
  const wms = await startProcess(SIMULATOR, {
    ...{ PORT: '0', LOG_LEVEL: 'info', API_KEY: WMS_KEY, GATEWAY_URL: gatewayUrl },
    ...{ WMS_TOKENS_FILE: tokensFile, JOURNAL_FILE: join(folder, 'wms.ndjson') },
  });
  const ask = async (path: string, more: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${WMS_KEY}`, 'content-type': 'application/json' };
    return (await fetch(wms.url + path, { ...more, headers })).text();
  };
  return {
    ...wms,
    setMode: async (mode) => {
      await ask('/control/mode', { method: 'PUT', body: JSON.stringify({ mode }) });
    },
    journal: async (kind) => {
      const lines = (await ask('/v1/journal')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line)).filter((line) => line.kind === kind);
    },
    stop: async () => {
      await wms.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const startFulfillment = (environment: Record<string, string>) =>
  startProcess(FULFILLMENT, { PORT: '0', WMS_KEY, ...environment });

/** Looks again until it holds; throws after the time. */
export async function eventually<T>(
  look: () => Promise<T>,
  holds: (found: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
    if (performance.now() > until) throw new Error(`It never held; last: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
