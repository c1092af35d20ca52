import { z } from 'zod';

/** A line as it stands in the file: the entry, its dense number from 1, and when it was written (RFC 3339). */
export type Recorded<Entry> = Entry & { readonly seq: number; readonly at: string };

const stamp = z.object({ seq: z.int().min(1), at: z.string() });

/** A parser of lines whose entries follow `entry`; it throws on any other. */
export function lineParser<Entry extends object>(
  entry: z.ZodType<Entry>,
): (line: unknown) => Recorded<Entry> {
  return (line) => ({ ...entry.parse(line), ...stamp.parse(line) });
}
