import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ChildServer, readJournal, startChild } from '../testing/child-server.ts';
import { paymentClient, referenceOf, startDoomedClient } from '../testing/payment-client.ts';

let folder: string;
let server: ChildServer;
const client = paymentClient(() => server);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-gates-'));
  server = await startChild('payment-provider', { JOURNAL_FILE: join(folder, 'payments.ndjson') });
});
afterEach(() => client.letGo('drop'));
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

const kindsOf = async (orderId: string) =>
  (await readJournal(server.url))
    .filter(({ reference }) => (reference as { orderId: string }).orderId === orderId)
    .map(({ kind }) => kind);

/** Waits until the gate has caught one request, kills its client, and waits until the provider knows that it is gone. */
async function killWhileHeld(doomed: { kill(): Promise<void> }) {
  await expect.poll(async () => (await client.gate()).held.length).toBe(1);
  const { held } = await client.gate();
  await doomed.kill();
  await expect.poll(async () => (await client.gate()).held[0]?.clientGone).toBe(true);
  return held[0];
}

/** How each operation that moves money is asked for, and the line that it leaves. */
const OPERATIONS = ['create', 'confirm', 'capture', 'void', 'refund'] as const;
type Operation = (typeof OPERATIONS)[number];
const LINE = {
  create: 'created',
  confirm: 'authorised',
  capture: 'captured',
  void: 'voided',
  refund: 'refunded',
} as const;

async function prepared(operation: Operation, orderId: string) {
  const reference = referenceOf(orderId, operation, 'i');
  if (operation === 'create') {
    const body = { amountMinor: 1_000, currencyCode: 'GBP', cardToken: 'tok_visa', reference };
    return { id: null, path: '/v1/authorizations', body };
  }
  if (operation === 'confirm') {
    const id = await client.create(orderId);
    return { id, path: `/v1/authorizations/${id}/confirm`, body: {} };
  }
  const id = await client.authorise(orderId);
  if (operation === 'void') return { id, path: `/v1/authorizations/${id}/void`, body: {} };
  const body = { amountMinor: 100, reference };
  if (operation === 'capture') return { id, path: `/v1/authorizations/${id}/captures`, body };
  const captured = await client.capture(id, orderId, 500);
  return { id, path: `/v1/captures/${String(captured.body.id)}/refunds`, body };
}

describe.each(OPERATIONS)('a client killed during %s', (operation) => {
  const begin = async (phase: 'before' | 'after', how: string) => {
    const orderId = `order-${operation}-${phase}-${how}`;
    const { id, path, body } = await prepared(operation, orderId);
    const kindsBefore = await kindsOf(orderId);
    expect((await client.setGate(operation, phase)).body).toEqual({ remaining: 1, held: [] });
    const doomed = startDoomedClient('POST', `${server.url}${path}`, `doomed-${orderId}`, body);
    const shown = await killWhileHeld(doomed);
    expect(shown).toMatchObject({ operation, phase, orderId });
    const retry = () => client.post(path, body, `doomed-${orderId}`);
    return { orderId, id, shown, kindsBefore, retry };
  };

  it('before it is done: nothing is done while it is held, and all of it on go-on', async () => {
    const { orderId, id, shown, kindsBefore } = await begin('before', 'go-on');
    expect(shown?.authorizationId).toBe(id);
    expect(await kindsOf(orderId)).toEqual(kindsBefore);
    expect((await client.letGo('go-on')).body).toEqual({ released: 1 });
    await expect.poll(() => kindsOf(orderId)).toEqual([...kindsBefore, LINE[operation]]);
  });

  it('before it is done: dropped, it is never done, and the same key does it anew', async () => {
    const { orderId, kindsBefore, retry } = await begin('before', 'drop');
    await client.letGo('drop');
    expect(await kindsOf(orderId)).toEqual(kindsBefore);
    const again = await retry();
    expect([again.status < 300, again.headers.get('idempotent-replayed')]).toEqual([true, null]);
    expect(await kindsOf(orderId)).toEqual([...kindsBefore, LINE[operation]]);
  });

  it.each(['go-on', 'drop'] as const)('after it is done (%s): it is done once', async (how) => {
    const { orderId, shown, kindsBefore, retry } = await begin('after', how);
    expect(shown?.authorizationId).toMatch(/^auth_/);
    expect(await kindsOf(orderId)).toEqual([...kindsBefore, LINE[operation]]);
    await client.letGo(how);
    expect((await retry()).headers.get('idempotent-replayed')).toBe('true');
    expect(await kindsOf(orderId)).toEqual([...kindsBefore, LINE[operation]]);
  });
});

describe('a gate', () => {
  it('holds as many as it was told, of its operation alone, and answers those that still wait', async () => {
    const ids = [await client.authorise('order-count'), await client.authorise('order-count')];
    await client.setGate('capture', 'before', 2);
    const waiting = ids.map((id) => client.capture(id, 'order-count', 10));
    await expect.poll(async () => (await client.gate()).held.length).toBe(2);
    expect((await client.gate()).remaining).toBe(0);
    const third = await client.capture(String(ids[0]), 'order-count', 20);
    expect([third.status, (await client.get(`/v1/authorizations/${ids[1]}`)).status]).toEqual([201, 200]);
    expect((await client.letGo('go-on')).body).toEqual({ released: 2 });
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201]);
    expect(await client.gate()).toEqual({ remaining: 0, held: [] });
  });

  it('lets a request that comes late find done what its twin did meanwhile', async () => {
    const id = await client.authorise('order-late');
    await client.setGate('capture', 'before');
    const late = client.capture(id, 'order-late', 10, 'twin-key');
    await expect.poll(async () => (await client.gate()).held.length).toBe(1);
    const twin = await client.capture(id, 'order-late', 10, 'twin-key');
    await client.letGo('go-on');
    const answer = await late;
    expect([answer.body, answer.headers.get('idempotent-replayed')]).toEqual([twin.body, 'true']);
    expect(await kindsOf('order-late')).toEqual(['created', 'authorised', 'captured']);
  });

  it('lets it take again when keys are forgotten', async () => {
    const id = await client.authorise('order-zombie');
    await client.setMode({ mode: 'forget-keys' });
    await client.setGate('capture', 'before');
    const late = client.capture(id, 'order-zombie', 10, 'zombie-key');
    await expect.poll(async () => (await client.gate()).held.length).toBe(1);
    await client.capture(id, 'order-zombie', 10, 'zombie-key');
    await client.letGo('go-on');
    expect((await late).status).toBe(201);
    await client.setMode({ mode: 'none' });
    expect((await client.get(`/v1/authorizations/${id}`)).body.capturedMinor).toBe(20);
  });

  it('cuts the connection of whoever waits when it drops', async () => {
    const id = await client.authorise('order-dropped');
    await client.setGate('capture', 'before');
    const waiting = client.capture(id, 'order-dropped', 10);
    const ended = expect(waiting).rejects.toThrow();
    await expect.poll(async () => (await client.gate()).held.length).toBe(1);
    await client.letGo('drop');
    await ended;
    expect(await kindsOf('order-dropped')).toEqual(['created', 'authorised']);
  });

  it.each([
    ['read', (id: string) => `/v1/authorizations/${id}`, { authorizationId: true, orderId: true }],
    ['report', () => '/v1/report', { authorizationId: false, orderId: false }],
  ] as const)('holds a %s too', async (operation, pathOf, known) => {
    const orderId = `order-${operation}`;
    const id = await client.authorise(orderId);
    for (const phase of ['before', 'after'] as const) {
      await client.setGate(operation, phase);
      const waiting = client.get(pathOf(id));
      await expect.poll(async () => (await client.gate()).held.length).toBe(1);
      expect((await client.gate()).held[0]).toMatchObject({
        authorizationId: known.authorizationId ? id : null,
        orderId: known.orderId ? orderId : null,
      });
      await client.letGo('go-on');
      expect((await waiting).status).toBe(200);
    }
  });

  it('is refused without an operation, a phase or a count', async () => {
    expect((await client.setGate('steal', 'before')).status).toBe(400);
    expect((await client.setGate('capture', 'before', 0)).status).toBe(400);
    expect((await client.post('/control/gate/release', {})).status).toBe(400);
  });

  it('does not keep the provider from stopping', async () => {
    const own = await startChild('payment-provider', { JOURNAL_FILE: join(folder, 'stopping.ndjson') });
    const itsClient = paymentClient(() => own);
    await itsClient.setGate('read', 'before');
    const ended = expect(itsClient.get('/v1/authorizations/x')).rejects.toThrow();
    await expect.poll(async () => (await itsClient.gate()).held.length).toBe(1);
    expect(await own.stop()).toBe(0);
    await ended;
  });
});
