// What a client knows of its own orders, as NDJSON: the other side of the promise that no accepted order is lost.
// It holds no card data and no line, only their digest.
import { hash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const at = z.string();
const entry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sent'),
    key: z.string(),
    partnerId: z.string(),
    poNumber: z.string(),
    linesDigest: z.string(),
    at,
  }),
  z.object({
    kind: z.literal('acknowledged'),
    key: z.string(),
    orderId: z.string(),
    number: z.string(),
    totalMinor: z.number(),
    at,
  }),
  z.object({ kind: z.literal('refused'), key: z.string(), codes: z.array(z.string()), at }),
  /** The client gave up without learning whether the order exists. */
  z.object({ kind: z.literal('unknown'), key: z.string(), codes: z.array(z.string()), at }),
]);
export type ClientJournalEntry = z.infer<typeof entry>;

/** A journal loses at most this much when its process is killed. */
const FLUSH_EVERY_MS = 50;

export interface ClientJournal {
  readonly append: (entry: ClientJournalEntry) => void;
  /** Writes what is left, makes it durable, and closes the file. */
  readonly close: () => void;
}

/** Opens a journal that must not exist yet. */
export function openClientJournal(path: string): ClientJournal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx');
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    writeWhole(file, Buffer.from(text));
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  return {
    append: (line) => {
      lines.push(`${JSON.stringify(line)}\n`);
    },
    close: () => {
      clearInterval(timer);
      flush();
      fsyncSync(file);
      closeSync(file);
    },
  };
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** Yields the entries of a journal; a torn last line, left by a killed process, is none. */
export async function* readClientJournal(path: string): AsyncGenerator<ClientJournalEntry> {
  let torn: string | undefined;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (torn !== undefined) throw new Error(`${path} holds a line that is no entry: ${torn}`);
    const parsed = parsedEntry(line);
    if (parsed === undefined) torn = line;
    else yield parsed;
  }
}

function parsedEntry(line: string): ClientJournalEntry | undefined {
  try {
    return entry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** SHA-256 (hex) over the lines as `sku:quantity`, sorted: the content of an order whatever the order of its lines. */
export function digestOfLines(lines: Iterable<{ readonly sku: string; readonly quantity: number }>): string {
  const texts = Array.from(lines, ({ sku, quantity }) => `${sku}:${quantity}`).sort();
  return hash('sha256', texts.join('\n'));
}
