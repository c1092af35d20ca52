// The payment provider simulator as it ships: its own process, with its journal as the second witness of the money.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '../../../simulators/src/payment-provider/main.ts');

export const PROVIDER_KEY = 'a key only tests know';

/** A line of the provider's journal, as far as tests look at it. */
export type JournalLine = Readonly<{
  kind: string;
  authorizationId: string;
  amountMinor: number;
  reference: Readonly<{ orderId: string; purpose: string; epoch?: number; instance?: string }>;
}>;

export type SimulatorProcess = Readonly<{
  url: string;
  setMode: (mode: Readonly<{ mode: string; probability?: number; seed?: number }>) => Promise<void>;
  journalOf: (orderId: string) => Promise<JournalLine[]>;
  /** Requests that met a fault of this mode since it started. */
  faultsMet: (mode: string) => Promise<number>;
  /** Its counters, in the text of Prometheus. */
  metrics: () => Promise<string>;
  stop: () => Promise<void>;
}>;

/** Starts one with a journal of its own; `environment` adds settings. */
export async function startSimulator(
  environment: Readonly<Record<string, string>> = {},
): Promise<SimulatorProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-provider-'));
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PORT: '0', JOURNAL_FILE: join(folder, 'journal.ndjson'), API_KEY: PROVIDER_KEY, ...environment },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${await listeningPort(child)}`;
  const headers = { authorization: `Bearer ${PROVIDER_KEY}` };
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return {
    url,
    setMode: async (mode) => {
      const json = { ...headers, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/control/mode`, {
        method: 'PUT',
        headers: json,
        body: JSON.stringify(mode),
      });
      if (!answer.ok) throw new Error(`The simulator refused the mode: ${answer.status}`);
    },
    journalOf: async (orderId) => {
      const text = await (await fetch(`${url}/v1/journal`, { headers })).text();
      const lines = text.split('\n').filter((line) => line !== '');
      return lines
        .map((line) => JSON.parse(line) as JournalLine)
        .filter((line) => line.reference.orderId === orderId);
    },
    metrics,
    faultsMet: async (mode) => {
      const counted = new RegExp(`faults_injected_total\\{mode="${mode}"\\} (\\d+)`).exec(await metrics());
      return Number(counted?.[1] ?? 0);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('The simulator has no output');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The simulator did not start')));
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; port?: number };
      if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
    });
  });
}
