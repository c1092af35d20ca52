// Runs a simulator as its own process, so that tests can kill it and start it again on its files. Tests only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const API_KEY = 'a-key-for-tests';
/** Ends a call that hangs; one that a gate holds while the machine is busy needs long. */
const ANSWER_WITHIN_MS = 30_000;

export interface ChildServer {
  readonly url: string;
  readonly output: () => string;
  /** kill -9: nothing is flushed. */
  crash(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function startChild(
  name: 'payment-provider' | 'wms',
  environment: Record<string, string>,
): Promise<ChildServer> {
  const main = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url));
  const env = { PATH: process.env.PATH ?? '', PORT: '0', API_KEY, ...environment };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exit ${code}: ${output}`)));
    lines.on('line', (line) => {
      output += `${line}\n`;
      const port = /"port":(\d+).*"listening"/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    crash: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A JSON call with the key; `headers` may replace it. */
export async function call(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    ...sent,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

export async function readJournal(url: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${url}/v1/journal`, { headers: { authorization: `Bearer ${API_KEY}` } });
  const text = await answer.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
