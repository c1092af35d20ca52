// What a client knows of its own orders, as NDJSON: the other side of the promise that no accepted order is lost.
// It holds no card data and no line, only their digest.
import { hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readJournalLines } from './journal-lines.ts';

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
    /** Whether the platform said that it answers from an earlier request; absent where the client did not note it. */
    replayed: z.boolean().optional(),
    at,
  }),
  z.object({ kind: z.literal('refused'), key: z.string(), codes: z.array(z.string()), at }),
  /** The client gave up without learning whether the order exists. */
  z.object({ kind: z.literal('unknown'), key: z.string(), codes: z.array(z.string()), at }),
  /** Written last: every key with this prefix that was ever sent stands above. A killed client never says so. */
  z.object({ kind: z.literal('complete'), keyPrefix: z.string(), at }),
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
export function readClientJournal(path: string): AsyncGenerator<ClientJournalEntry> {
  return readJournalLines(path, entry);
}

/** SHA-256 (hex) over the lines as `sku:quantity`, sorted: the content of an order whatever the order of its lines. */
export function digestOfLines(lines: Iterable<{ readonly sku: string; readonly quantity: number }>): string {
  const texts = Array.from(lines, ({ sku, quantity }) => `${sku}:${quantity}`).sort();
  return hash('sha256', texts.join('\n'));
}
