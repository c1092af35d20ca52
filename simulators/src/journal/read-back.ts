import { createReadStream } from 'node:fs';
import type { Recorded } from './recorded.ts';

/** Larger reads make a start quicker, at the price of memory. */
const READ_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** A whole line of the journal does not parse, or its number does not follow: the file needs a person. */
export class JournalUnreadable extends Error {
  constructor(path: string, line: number, options?: ErrorOptions) {
    super(`Line ${line} of the journal ${path} is unreadable: restore the file or move it away.`, options);
  }
}

/** Hands each whole line to `replay`; answers the bytes that whole lines take and the last line's number. */
export async function readBack<Entry extends object>(
  path: string,
  parse: (line: unknown) => Recorded<Entry>,
  replay: (line: Recorded<Entry>) => void,
): Promise<{ bytes: number; seq: number }> {
  const end = { bytes: 0, seq: 0 };
  let torn: Buffer = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: READ_BYTES });
  for await (const chunk of chunks) {
    const text = torn.length === 0 ? chunk : Buffer.concat([torn, chunk]);
    let from = 0;
    for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, from)) {
      replay(parseLine(path, text.toString('utf8', from, at), end.seq + 1, parse));
      end.seq += 1;
      end.bytes += at + 1 - from;
      from = at + 1;
    }
    torn = text.subarray(from);
  }
  return end;
}

function parseLine<Entry extends object>(
  path: string,
  text: string,
  expected: number,
  parse: (line: unknown) => Recorded<Entry>,
): Recorded<Entry> {
  let line: Recorded<Entry>;
  try {
    line = parse(JSON.parse(text));
  } catch (cause) {
    throw new JournalUnreadable(path, expected, { cause });
  }
  if (line.seq !== expected) throw new JournalUnreadable(path, expected);
  return line;
}
