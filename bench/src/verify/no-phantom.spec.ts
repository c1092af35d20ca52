import { describe, expect, it } from 'vitest';
import type { ClientJournalEntry } from '../journal/client-journal.ts';
import { checkNoPhantom, type RequestWitnesses } from './no-phantom.ts';

const at = '2026-03-01T09:30:00.000Z';
const sent = (key: string): ClientJournalEntry => ({
  kind: 'sent',
  key,
  partnerId: 'p',
  poNumber: 'po',
  linesDigest: 'd',
  at,
});
const refused = (code: string): ClientJournalEntry => ({ kind: 'refused', key: 'r-2', codes: [code], at });
const journal: ClientJournalEntry[] = [
  sent('r-1'),
  { kind: 'acknowledged', key: 'r-1', orderId: 'o1', number: 'SO-1', totalMinor: 1, at },
  sent('r-2'),
  refused('UNKNOWN_SKU'),
  { kind: 'complete', keyPrefix: 'r-', at },
];
const order = { id: 'o1', number: 'SO-1', partnerId: 'p', poNumber: 'po', ageSeconds: 60 };
const key = { scope: 'p', key: 'r-1', orderId: 'o1', replays: 0 };
const clean: RequestWitnesses = {
  orders: [order],
  placed: ['o1'],
  keys: [key],
  numbers: [{ partnerId: 'p', poNumber: 'po', orderId: 'o1' }],
  elsewhere: { inventory: ['o1'] },
};

describe('no phantom (2)', () => {
  it('accepts an order that a request stands behind', async () => {
    expect(await checkNoPhantom(journal, clean)).toEqual({
      summary: '1 order, 2 requests of 1 client, 1 refused',
      breaches: [],
    });
  });

  it.each<[string, ClientJournalEntry[], Partial<RequestWitnesses>]>([
    ['of a client that wrote nothing down', [], {}],
    ['of a client that was killed', journal.slice(0, 2), { keys: [key, { ...key, key: 'r-0' }] }],
    ['so old that its key may be gone', [], { orders: [{ ...order, ageSeconds: 30 * 24 * 3600 }], keys: [] }],
    [
      'whose key was used again with another input',
      [...journal.slice(0, 3), refused('IDEMPOTENCY_KEY_REUSED')],
      { keys: [key, { ...key, key: 'r-2' }] },
    ],
    [
      'whose first answer was lost, and the second came too late for the token',
      [...journal.slice(0, 3), refused('UNAUTHENTICATED')],
      { keys: [key, { ...key, key: 'r-2' }] },
    ],
  ])('accepts one %s', async (_what, entries, change) => {
    expect((await checkNoPhantom(entries, { ...clean, ...change })).breaches).toEqual([]);
  });

  it.each<[string, Partial<RequestWitnesses>, string]>([
    ['no fact', { placed: [] }, 'SO-1 (o1): placed by 0 facts'],
    ['two facts', { placed: ['o1', 'o1'] }, 'placed by 2 facts'],
    ['a fact alone', { placed: ['o1', 'o2'] }, 'order o2: its log places it'],
    ['no key', { keys: [] }, 'no request'],
    ['a key alone', { keys: [key, { ...key, key: 'x', orderId: 'o2' }] }, 'stands for order o2'],
    ['a refused key', { keys: [key, { ...key, key: 'r-2' }] }, 'r-2 of p: was refused and left order o1'],
    ['a key nobody sent', { keys: [key, { ...key, key: 'r-3' }] }, 'the client of r- never sent it'],
    [
      'a number held for another',
      { numbers: [{ partnerId: 'p', poNumber: 'x', orderId: 'o1' }] },
      'PO number x: held by o1',
    ],
    ['an order others made up', { elsewhere: { payments: ['o9'] } }, 'order o9: payments knows it'],
  ])('finds %s', async (_what, change, breach) => {
    expect((await checkNoPhantom(journal, { ...clean, ...change })).breaches).toEqual([
      expect.stringContaining(breach),
    ]);
  });
});
