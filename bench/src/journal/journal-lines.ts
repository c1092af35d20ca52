import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

/**
 * Yields the entries of an NDJSON journal. A torn last line, left by a killed process, is none; rejects on any other line
 * that is none.
 */
export async function* readJournalLines<Entry>(path: string, entry: z.ZodType<Entry>): AsyncGenerator<Entry> {
  let torn: string | undefined;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (torn !== undefined) throw new Error(`${path} holds a line that is no entry: ${torn}`);
    const parsed = parsedEntry(line, entry);
    if (parsed === undefined) torn = line;
    else yield parsed;
  }
}

function parsedEntry<Entry>(line: string, entry: z.ZodType<Entry>): Entry | undefined {
  try {
    return entry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
