import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FeedEntry, openFeedJournal, readFeedJournal } from './feed-journal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feed-journal-'));
});
afterAll(() => rm(folder, { recursive: true }));

const from = { subscriber: 'erp', at: '2026-03-01T09:30:00.000Z' };
const ENTRIES: readonly FeedEntry[] = [
  { kind: 'opened', ...from, partnerId: null, cursor: 'a' },
  { kind: 'event', ...from, orderId: 'o1', version: 1, type: 'ORDER_PLACED', cursor: 'b' },
  { kind: 'gap', ...from, reason: 'FORKED', cursor: 'c' },
  { kind: 'dropped', ...from, reason: 'ECONNRESET' },
];

it('reads back what was written, at any time, without a torn last line', async () => {
  const path = join(folder, 'deep', 'feed-erp.ndjson');
  const journal = openFeedJournal(path);
  for (const entry of ENTRIES) journal.append(entry);
  expect(await Array.fromAsync(readFeedJournal(path))).toEqual(ENTRIES);
  journal.close();
  await appendFile(path, '{"kind":"event"');
  expect(await Array.fromAsync(readFeedJournal(path))).toEqual(ENTRIES);
  expect(() => openFeedJournal(path)).toThrow('EEXIST');
});
