import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChildServer, startChild } from '../testing/child-server.ts';
import { paymentClient } from '../testing/payment-client.ts';

let folder: string;
let server: ChildServer;
const client = paymentClient(() => server);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-report-'));
  server = await startChild('payment-provider', { JOURNAL_FILE: join(folder, 'payments.ndjson') });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

interface Page {
  readonly authorizations: readonly { readonly id: string; readonly status: string }[];
  readonly next: string | null;
}
// The provider's contract says what a page is; a field that is not so fails what is expected of it.
const page = async (query: string) => (await client.get(`/v1/report${query}`)).body as unknown as Page;

it('has nothing to say at first, and ends on a page that is full', async () => {
  expect(await page('')).toEqual({ authorizations: [], next: null });
  const ids = [await client.create('order-1'), await client.create('order-2')];
  const { authorizations, next } = await page('?limit=2');
  expect([authorizations.map(({ id }) => id), next]).toEqual([ids, null]);
});

it('shows each authorisation once, in order of creation, as it stands, while more are made and changed', async () => {
  const made = (await page('?limit=500')).authorizations.map(({ id }) => id);
  for (let n = 0; n < 15; n += 1) made.push(await client.create(`order-more-${n}`));
  const seen: { id: string; status: string }[] = [];
  let next: string | null = '0';
  for (let pages = 0; next !== null && pages < 100; pages += 1) {
    const shown: Page = await page(`?after=${next}&limit=4`);
    seen.push(...shown.authorizations);
    next = shown.next;
    if (pages < 5) made.push(await client.authorise(`order-meanwhile-${pages}`));
    await client.post(`/v1/authorizations/${made[pages]}/void`);
  }
  expect(seen.map(({ id }) => id)).toEqual(made);
  expect(new Set(seen.slice(-3).map(({ status }) => status))).toEqual(new Set(['authorised']));
});

it('has the same cursors after a restart', async () => {
  const first = await page('?limit=7');
  const second = await page(`?after=${first.next}&limit=7`);
  await server.crash();
  server = await startChild('payment-provider', { JOURNAL_FILE: join(folder, 'payments.ndjson') });
  expect(await page(`?after=${first.next}&limit=7`)).toEqual(second);
});

it.each(['?after=yesterday', '?after=-1', '?limit=0', '?limit=501', '?limit=many'])(
  'refuses %s',
  async (query) => {
    const { status, body } = await client.get(`/v1/report${query}`);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  },
);

it('ends behind the last one', async () => {
  expect(await page('?after=100000')).toEqual({ authorizations: [], next: null });
});
