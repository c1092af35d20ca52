// What a subscriber of the live feed saw, as NDJSON: the other side of the promise that a feed has neither hole nor repeat.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readJournalLines } from './journal-lines.ts';

const from = { subscriber: z.string(), at: z.string() };
const entry = z.discriminatedUnion('kind', [
  /** The feed is open, anew or again. `partnerId` is whose orders it shows, null for everybody's. */
  z.object({ kind: z.literal('opened'), ...from, partnerId: z.string().nullable(), cursor: z.string() }),
  z.object({
    kind: z.literal('event'),
    ...from,
    orderId: z.string(),
    version: z.number(),
    type: z.string(),
    cursor: z.string(),
  }),
  /** The platform said that changes are missing here. */
  z.object({ kind: z.literal('gap'), ...from, reason: z.string(), cursor: z.string() }),
  /** The feed ended, whoever ended it; `reason` is the code that came, or what the transport said. */
  z.object({ kind: z.literal('dropped'), ...from, reason: z.string() }),
]);
export type FeedEntry = z.infer<typeof entry>;

export interface FeedJournal {
  readonly append: (entry: FeedEntry) => void;
  readonly close: () => void;
}

/** Opens a journal that must not exist yet. Each entry is in the file before the next item is read. */
export function openFeedJournal(path: string): FeedJournal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx');
  return {
    append: (line) => {
      writeSync(file, `${JSON.stringify(line)}\n`);
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Yields the entries of a journal; a torn last line, left by a killed process, is none. */
export function readFeedJournal(path: string): AsyncGenerator<FeedEntry> {
  return readJournalLines(path, entry);
}
