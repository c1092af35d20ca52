// What a bench knows of a running platform: its addresses, processes and journals, and the machine it runs on.
// It starts and stops nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CannotRun } from './cannot-run.ts';

export const SUBGRAPHS = ['orders', 'inventory', 'payments', 'fulfillment'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];

const runFile = z.object({
  gatewayUrl: z.string(),
  databaseUrls: z.record(z.enum(SUBGRAPHS), z.string()),
  pids: z.record(z.string(), z.number()),
  /** Paths of the journals by who keeps them. */
  journals: z.record(z.string(), z.string()),
});
export type RunFile = z.infer<typeof runFile>;

/** Folder of the default local run; the same as that of `npm start`. */
export const DEFAULT_DATA_DIR = '.local/default';

/** Reads what `npm start` wrote about its run; rejects with CannotRun when there is none or it cannot be read. */
export function readRunFile(dataDir: string): RunFile {
  const file = join(dataDir, 'run.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CannotRun(
      `No platform has run in ${dataDir}: run \`npm start\` first, or name its folder by --data-dir.`,
    );
  }
  const parsed = runFile.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new CannotRun(
    `${file} is not what this version writes: run \`npm start\` again. (${z.prettifyError(parsed.error)})`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the client journals of replays lie. */
export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journals');
}
