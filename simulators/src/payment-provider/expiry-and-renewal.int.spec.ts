import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildServer, readJournal, startChild } from '../testing/child-server.ts';
import { EVENTUALLY, type PaymentClient, paymentClient, referenceOf } from '../testing/payment-client.ts';

let folder: string;
const running = new Set<ChildServer>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-expiry-'));
});
afterAll(async () => {
  for (const server of running) expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

async function start(name: string, environment: Record<string, string> = {}) {
  const files = { JOURNAL_FILE: join(folder, `${name}.ndjson`) };
  const server = await startChild('payment-provider', { ...files, ...environment });
  running.add(server);
  const crash = async () => {
    running.delete(server);
    await server.crash();
  };
  const client = paymentClient(() => server);
  const linesOf = async (id: string) =>
    (await readJournal(server.url)).filter(({ authorizationId }) => authorizationId === id);
  return { ...client, server, crash, linesOf };
}
/** Passes before anything else can be asked. */
const SHORT = { AUTHORISATION_VALID_MS: '1' };
/** Long enough for a few calls on a busy machine. */
const FEW_SECONDS = { AUTHORISATION_VALID_MS: '6000' };

/** Waits by the clock that tests and provider share, and asks the provider nothing meanwhile. */
async function confirmAndOutlive(client: PaymentClient, id: string): Promise<void> {
  const { body } = await client.post(`/v1/authorizations/${id}/confirm`);
  const expiresMs = Date.parse(String(body.expiresAt));
  await expect.poll(() => Date.now() > expiresMs, { ...EVENTUALLY, interval: 1 }).toBe(true);
}

describe('an authorisation whose time has passed', () => {
  it('says when it ends, from its confirmation on', async () => {
    const client = await start('says');
    const id = await client.create('order-says');
    expect((await client.get(`/v1/authorizations/${id}`)).body.expiresAt).toBe(null);
    const confirmed = await client.post(`/v1/authorizations/${id}/confirm`);
    const [, authorised] = await client.linesOf(id);
    expect(confirmed.body.expiresAt).toBe(authorised?.expiresAt);
    const lastsMs = Date.parse(String(authorised?.expiresAt)) - Date.parse(String(authorised?.at));
    expect(Math.round(lastsMs / 60_000)).toBe(7 * 24 * 60);
  });

  it('releases what it held, and takes neither capture, void nor confirmation any more', async () => {
    const client = await start('refuses', SHORT);
    const id = await client.create('order-refuses');
    await confirmAndOutlive(client, id);
    expect((await client.get(`/v1/authorizations/${id}`)).body.status).toBe('expired');
    const refused = [
      await client.capture(id, 'order-refuses', 1),
      await client.post(`/v1/authorizations/${id}/void`),
      await client.post(`/v1/authorizations/${id}/confirm`),
    ];
    for (const { status, body } of refused) expect([status, body.code]).toEqual([409, 'unexpected_state']);
    const lines = await client.linesOf(id);
    expect(lines.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['created', 1_000],
      ['authorised', 1_000],
      ['expired', 1_000],
    ]);
    expect(lines[2]).not.toHaveProperty('idempotencyKey');
  });

  it('is expired by the capture, the report or the read of its order that comes too late', async () => {
    const client = await start('late', SHORT);
    const captured = await client.create('order-late-1');
    await confirmAndOutlive(client, captured);
    expect((await client.capture(captured, 'order-late-1', 1)).status).toBe(409);
    expect((await client.linesOf(captured)).at(-1)?.kind).toBe('expired');
    const reported = await client.create('order-late-2');
    await confirmAndOutlive(client, reported);
    const { body: report } = await client.get('/v1/report?after=1');
    expect(report.authorizations).toMatchObject([{ id: reported, status: 'expired' }]);
    const read = await client.create('order-late-3');
    await confirmAndOutlive(client, read);
    const { body: ofOrder } = await client.get('/v1/authorizations?orderId=order-late-3');
    expect(ofOrder.authorizations).toMatchObject([{ id: read, status: 'expired' }]);
  });

  it('is in the journal though nobody touches it', async () => {
    const client = await start('alone', SHORT);
    const id = await client.authorise('order-alone');
    await expect.poll(async () => (await client.linesOf(id)).at(-1)?.kind, EVENTUALLY).toBe('expired');
  });

  it('keeps what was taken from it, which can still be given back', async () => {
    const client = await start('taken', FEW_SECONDS);
    const id = await client.authorise('order-taken');
    const captured = await client.capture(id, 'order-taken', 400);
    expect(captured.status).toBe(201);
    const read = async () => (await client.get(`/v1/authorizations/${id}`)).body;
    await expect.poll(async () => (await read()).status, EVENTUALLY).toBe('expired');
    expect((await client.linesOf(id)).at(-1)).toMatchObject({ kind: 'expired', amountMinor: 600 });
    const reference = referenceOf('order-taken', 'refund', 'return-1');
    const refund = await client.post(`/v1/captures/${String(captured.body.id)}/refunds`, {
      amountMinor: 150,
      reference,
    });
    expect(refund.status).toBe(201);
    expect(await read()).toMatchObject({
      status: 'expired',
      capturedMinor: 400,
      refundedMinor: 150,
      captures: [{ refunds: [{ id: refund.body.id, amountMinor: 150, reference }] }],
    });
  });

  it('ends as it was told, also under a provider that was started again', async () => {
    const first = await start('again', FEW_SECONDS);
    const id = await first.authorise('order-again');
    const standing = await first.authorise('order-standing');
    await first.post(`/v1/authorizations/${standing}/void`);
    await first.crash();
    const second = await start('again');
    await expect.poll(async () => (await second.linesOf(id)).at(-1)?.kind, EVENTUALLY).toBe('expired');
    const before = await readJournal(second.server.url);
    await second.crash();
    const third = await start('again');
    expect(await readJournal(third.server.url)).toEqual(before);
    expect((await third.get(`/v1/authorizations/${id}`)).body.status).toBe('expired');
    expect((await third.get(`/v1/authorizations/${standing}`)).body.status).toBe('voided');
  });
});

it('lets what was authorised before authorisations ended stand for ever', async () => {
  const reference = referenceOf('order-old', 'authorisation', 'o');
  const every = { authorizationId: 'auth_old', amountMinor: 1_000, currencyCode: 'GBP', reference };
  const lines = [
    { seq: 1, kind: 'created', ...every, idempotencyKey: 'k1', fingerprint: 'f1', card: 'approves' },
    { seq: 2, kind: 'authorised', ...every, idempotencyKey: 'k2', fingerprint: 'f2' },
  ];
  const text = lines
    .map((line) => `${JSON.stringify({ at: '2020-01-01T00:00:00.000Z', ...line })}\n`)
    .join('');
  await writeFile(join(folder, 'old.ndjson'), text);
  const client = await start('old', SHORT);
  const read = await client.get('/v1/authorizations/auth_old');
  expect(read.body).toMatchObject({ status: 'authorised', expiresAt: null });
  expect((await client.capture('auth_old', 'order-old', 1_000)).status).toBe(201);
});

describe('renewing', () => {
  it('asks the same card again, for another authorisation, once for its key', async () => {
    const client = await start('renews', SHORT);
    const old = await client.authorise('order-renews');
    const renewed = await client.renew('order-renews', old);
    expect([renewed.status, renewed.body.status]).toEqual([201, 'requires_confirmation']);
    expect(renewed.body.id).not.toBe(old);
    const path = `/v1/authorizations/${String(renewed.body.id)}/confirm`;
    expect((await client.post(path)).body.status).toBe('authorised');
    expect((await client.linesOf(String(renewed.body.id)))[0]).toMatchObject({
      kind: 'created',
      renews: old,
    });
  });

  it('is declined by a card that says yes only once, also after a restart', async () => {
    const client = await start('once');
    const old = await client.create('order-once', 'tok_declined_on_renewal');
    expect((await client.post(`/v1/authorizations/${old}/confirm`)).body.status).toBe('authorised');
    await client.crash();
    const again = await start('once');
    const { body } = await again.renew('order-once', old);
    const confirmed = await again.post(`/v1/authorizations/${String(body.id)}/confirm`);
    expect(confirmed.body).toMatchObject({ status: 'declined', declineCode: 'card_declined' });
  });

  it('needs an authorisation that exists, and no card beside it', async () => {
    const client = await start('needs');
    const unknown = await client.renew('order-needs', 'auth_of_nobody');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'unknown_authorization']);
    const creation = {
      amountMinor: 1,
      currencyCode: 'GBP',
      reference: referenceOf('o', 'authorisation', 'i'),
    };
    const both = { ...creation, cardToken: 'tok_visa', renews: 'auth_x' };
    for (const body of [both, creation])
      expect((await client.post('/v1/authorizations', body)).body.code).toBe('invalid_request');
  });
});

it('takes a first capture for the last one when the provider knows no other', async () => {
  const client = await start('captures-once', { CAPTURES_ONCE: 'true' });
  const id = await client.authorise('order-captures-once');
  expect((await client.capture(id, 'order-captures-once', 400)).status).toBe(201);
  const { body } = await client.get(`/v1/authorizations/${id}`);
  expect([body.status, body.capturedMinor]).toEqual(['captured', 400]);
  const second = await client.capture(id, 'order-captures-once', 100);
  expect([second.status, second.body.code]).toEqual([409, 'unexpected_state']);
  expect((await client.linesOf(id)).at(-1)).toMatchObject({ kind: 'captured', final: true });
});

it('asks cards on other terms from when it is told to, until it is told otherwise', async () => {
  const client = await start('terms');
  const standing = await client.authorise('order-standing-on-old-terms');
  const changed = await client.put('/control/terms', { validMs: 1, capturesOnce: true });
  expect(changed.body).toEqual({ validMs: 1, capturesOnce: true });
  const id = await client.create('order-on-new-terms');
  await confirmAndOutlive(client, id);
  expect((await client.get(`/v1/authorizations/${id}`)).body.status).toBe('expired');
  expect((await client.capture(standing, 'order-standing-on-old-terms', 400)).status).toBe(201);
  expect((await client.get(`/v1/authorizations/${standing}`)).body.status).toBe('captured');
  await client.put('/control/terms', {});
  expect((await client.get('/control/terms')).body).toEqual({
    validMs: 7 * 24 * 3_600_000,
    capturesOnce: false,
  });
  expect((await client.put('/control/terms', { validMs: 0 })).status).toBe(400);
});
