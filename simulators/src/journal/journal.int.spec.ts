import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { JournalUnreadable } from './read-back.ts';
import type { Recorded } from './recorded.ts';

interface Note {
  readonly text: string;
}
type NoteLine = Recorded<Note>;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'inner', 'notes.ndjson');
});
afterEach(() => rm(folder, { recursive: true }));

async function openNotes() {
  const lines: NoteLine[] = [];
  const journal = await openJournal<Note>(
    path,
    (line) => line as NoteLine,
    (line) => lines.push(line),
  );
  return { journal, lines };
}

it('reads back what it wrote, numbered densely over restarts', async () => {
  const first = await openNotes();
  first.journal.write([{ text: 'one' }, { text: 'two\nlines' }], '2026-01-01T00:00:00.000Z');
  await first.journal.close();
  const second = await openNotes();
  second.journal.write([{ text: 'thrée 🦆' }], '2026-01-02T00:00:00.000Z');
  await second.journal.close();
  const third = await openNotes();
  await third.journal.close();
  expect(third.lines).toEqual([
    { seq: 1, at: '2026-01-01T00:00:00.000Z', text: 'one' },
    { seq: 2, at: '2026-01-01T00:00:00.000Z', text: 'two\nlines' },
    { seq: 3, at: '2026-01-02T00:00:00.000Z', text: 'thrée 🦆' },
  ]);
});

it('shares an fsync between all that is written while one runs', async () => {
  const { journal } = await openNotes();
  await Promise.all(
    Array.from({ length: 500 }, async (_, index) => {
      journal.write([{ text: `note ${index}` }]);
      await journal.durable();
      expect(await readFile(path, 'utf8')).toContain(`"note ${index}"`);
    }),
  );
  expect(journal.state.commits).toBeLessThan(10);
  await journal.close();
});

it('cuts off a torn last line and goes on behind it', async () => {
  const first = await openNotes();
  first.journal.write([{ text: 'whole' }]);
  await first.journal.close();
  await appendFile(path, '{"seq":2,"at":"2026-01-0');
  const second = await openNotes();
  second.journal.write([{ text: 'after' }]);
  await second.journal.close();
  const third = await openNotes();
  await third.journal.close();
  expect(third.lines.map(({ text }) => text)).toEqual(['whole', 'after']);
});

it.each([
  ['garbage', '{"seq":1,"at":"x","text":"a"}\nnonsense\n{"seq":3,"at":"x","text":"c"}\n'],
  ['a hole', '{"seq":1,"at":"x","text":"a"}\n{"seq":3,"at":"x","text":"c"}\n'],
])('refuses a file with %s in the middle', async (_case, content) => {
  const { journal } = await openNotes();
  await journal.close();
  await writeFile(path, content);
  await expect(openNotes()).rejects.toThrow(JournalUnreadable);
});
