import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientJournalEntry,
  digestOfLines,
  openClientJournal,
  readClientJournal,
} from './client-journal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-journal-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ENTRIES: readonly ClientJournalEntry[] = [
  {
    kind: 'sent',
    key: 'k1',
    partnerId: '17850',
    poNumber: '536365-r',
    linesDigest: 'd',
    at: '2026-03-01T09:30:00.000Z',
  },
  {
    kind: 'acknowledged',
    key: 'k1',
    orderId: 'o1',
    number: 'SO-1',
    totalMinor: 1250,
    at: '2026-03-01T09:30:00.010Z',
  },
  { kind: 'refused', key: 'k2', codes: ['UNKNOWN_SKU'], at: '2026-03-01T09:30:00.020Z' },
];

async function entriesOf(path: string): Promise<ClientJournalEntry[]> {
  const entries: ClientJournalEntry[] = [];
  for await (const entry of readClientJournal(path)) entries.push(entry);
  return entries;
}

function written(name: string): string {
  const path = join(folder, 'deep', name);
  const journal = openClientJournal(path);
  for (const entry of ENTRIES) journal.append(entry);
  journal.close();
  return path;
}

describe('a client journal', () => {
  it('reads back what was written', async () => {
    expect(await entriesOf(written('whole.ndjson'))).toEqual(ENTRIES);
  });

  it('leaves out a torn last line, and stops at a broken one before it', async () => {
    const path = written('torn.ndjson');
    await appendFile(path, '{"kind":"sent","key":"k3"');
    expect(await entriesOf(path)).toEqual(ENTRIES);
    await appendFile(path, `\n${JSON.stringify(ENTRIES[0])}\n`);
    await expect(entriesOf(path)).rejects.toThrow('no entry');
  });

  it('is never written over', () => {
    const path = written('once.ndjson');
    expect(() => openClientJournal(path)).toThrow('EEXIST');
  });
});

describe('the digest of lines', () => {
  it('does not depend on their order and does on every quantity', () => {
    const [a, b] = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ];
    expect(digestOfLines([a, b])).toBe(digestOfLines([b, a]));
    expect(digestOfLines([a, b])).not.toBe(digestOfLines([a, { ...b, quantity: 3 }]));
  });
});
