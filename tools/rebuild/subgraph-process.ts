/** A subgraph's process called for one task: its words are ours, and so is its exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Subgraph } from '../infrastructure/config.ts';
import { invocationOf } from '../start/service.ts';
import { HEAP_MB } from '../start/services.ts';

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Calls the subgraph with `rebuild` and the given words; answers its exit code. */
export function callSubgraph(
  name: Subgraph,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const entry = `subgraphs/${name}/src/main.ts`;
  const service = { name, entry, port: 0, heap_mb: HEAP_MB.subgraph, environment };
  const { command, args: words, ...options } = invocationOf(service, ['rebuild', ...args]);
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of FORWARDED_SIGNALS) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const forwarded of FORWARDED_SIGNALS) process.off(forwarded, passOn);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
