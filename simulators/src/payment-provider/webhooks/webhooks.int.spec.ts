import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildServer, readJournal, startChild } from '../../testing/child-server.ts';
import { paymentClient, referenceOf } from '../../testing/payment-client.ts';
import {
  type Received,
  startWebhookReceiver,
  WEBHOOK_SECRET,
  type WebhookReceiver,
} from '../../testing/webhook-receiver.ts';

let folder: string;
let server: ChildServer;
let receiver: WebhookReceiver;
const client = paymentClient(() => server);

const start = (environment: Record<string, string> = {}) => {
  const JOURNAL_FILE = join(folder, 'payments.ndjson');
  const webhooks = { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET };
  return startChild('payment-provider', { JOURNAL_FILE, ...webhooks, ...environment });
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-webhooks-'));
  receiver = await startWebhookReceiver();
  server = await start();
});
afterEach(async () => {
  expect(await server.stop()).toBe(0);
  receiver.close();
  await rm(folder, { recursive: true });
});

const setSwitches = (switches: object) => client.put('/control/webhooks', switches);
const state = async () => (await client.get('/control/webhooks')).body;
const settled = () => expect.poll(async () => (await state()).waiting, { timeout: 20_000 }).toBe(0);
const typesOf = (received: readonly Received[]) => received.map(({ body: { type } }) => type);
const idOf = ({ headers }: Received) => String(headers['webhook-id']);

/** Two events for each: authorised and voided. */
async function authoriseAndVoid(orders: number): Promise<void> {
  for (let n = 0; n < orders; n += 1) {
    const id = await client.authorise(`order-${n}`);
    await client.post(`/v1/authorizations/${id}/void`);
  }
}

describe('what is told', () => {
  it('is every line but the creation, durable by then, under a name of its own, signed over the raw body', async () => {
    const id = await client.authorise('order-told');
    const captured = await client.capture(id, 'order-told', 400);
    const reference = referenceOf('order-told', 'refund', 'return-1');
    const refunds = `/v1/captures/${String(captured.body.id)}/refunds`;
    await client.post(refunds, { amountMinor: 150, reference });
    await client.post(`/v1/authorizations/${id}/void`);
    const declined = await client.create('order-told', 'tok_declined');
    await client.post(`/v1/authorizations/${declined}/confirm`);
    await settled();
    const journal = await readJournal(server.url);
    const told = journal.filter(({ kind }) => kind !== 'created');
    const bodies = receiver.received.map(({ body }) => JSON.stringify(body));
    const expected = told.map(({ kind, at, authorizationId }) =>
      JSON.stringify({
        type: `authorization.${String(kind)}`,
        timestamp: at,
        data: { authorizationId, orderId: 'order-told' },
      }),
    );
    expect(bodies.sort()).toEqual(expected.sort());
    expect(receiver.received.map(({ refusal }) => refusal)).toEqual(Array(5).fill(undefined));
    expect(new Set(receiver.received.map(idOf)).size).toBe(5);
    expect(await state()).toMatchObject({ sent: 5, accepted: 5, refused: 0, waiting: 0 });
  });

  it('is the end of an authorisation too, and nothing that stood in the journal before a start', async () => {
    await server.crash();
    server = await start({ AUTHORISATION_VALID_MS: '1' });
    await client.authorise('order-expires');
    await expect
      .poll(() => typesOf(receiver.received), { timeout: 10_000 })
      .toContain('authorization.expired');
    await server.crash();
    receiver.received.length = 0;
    server = await start();
    const id = await client.authorise('order-after');
    await settled();
    expect(receiver.received.map(({ body }) => body.data.authorizationId)).toEqual([id]);
  });

  it('is told in the style of Stripe when that is asked for', async () => {
    await server.crash();
    server = await start({ WEBHOOK_STYLE: 'stripe' });
    await setSwitches({ forgedShare: 1 });
    const id = await client.authorise('order-stripe');
    await client.capture(id, 'order-stripe', 1_000);
    await settled();
    const genuine = receiver.received.filter(({ refusal }) => refusal === undefined);
    expect(genuine.map(({ body }) => body)).toMatchObject([
      { object: 'event', type: 'payment_intent.amount_capturable_updated' },
      { object: 'event', type: 'payment_intent.succeeded' },
    ]);
    for (const { body } of genuine) {
      expect(body).toMatchObject({ id: expect.stringMatching(/^evt_/), created: expect.any(Number) });
      expect(body.data.object).toEqual({ id: id.replace('auth_', 'pi_'), object: 'payment_intent' });
    }
    expect(receiver.received).toHaveLength(4);
  });
});

describe('how deliveries go wrong', () => {
  it('sends copies as they were signed', async () => {
    await setSwitches({ duplicates: 3 });
    await authoriseAndVoid(1);
    await settled();
    const messages = receiver.received.map(({ headers, content }) => [
      ...[headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']],
      content,
    ]);
    expect(messages).toHaveLength(8);
    expect(new Set(messages.map(String)).size).toBe(2);
    expect(await state()).toMatchObject({ sent: 8, accepted: 8 });
  });

  it('lets later events overtake earlier ones', async () => {
    await setSwitches({ reorder: true });
    await authoriseAndVoid(20);
    await settled();
    const stamps = receiver.received.map(({ content }) => /"timestamp":"([^"]+)"/.exec(content)?.[1]);
    expect(stamps).toHaveLength(40);
    expect(stamps).not.toEqual([...stamps].sort());
  });

  it('sends late, or not at all until it may', async () => {
    await setSwitches({ delayMs: 600_000 });
    await authoriseAndVoid(1);
    await expect.poll(async () => (await state()).waiting).toBe(2);
    await setSwitches({ stopped: true });
    await authoriseAndVoid(2);
    await expect.poll(async () => (await state()).waiting).toBe(6);
    expect(receiver.received).toEqual([]);
    await setSwitches({ delayMs: 20 });
    await expect.poll(() => receiver.received.length).toBe(4);
    await authoriseAndVoid(1);
    await expect.poll(() => receiver.received.length).toBe(6);
  });

  it('forges in three ways, of which none stands a check', async () => {
    await setSwitches({ forgedShare: 1 });
    await authoriseAndVoid(3);
    await settled();
    const refused = receiver.received.filter(({ refusal }) => refusal !== undefined);
    expect(refused.map(({ refusal }) => refusal).sort()).toEqual([
      ...Array(2).fill('Message timestamp too old'),
      ...Array(4).fill('No matching signature found'),
    ]);
    const names = (received: readonly Received[]) => new Set(received.map(idOf));
    expect([names(receiver.received).size, names(refused).size]).toEqual([12, 6]);
    expect(await state()).toMatchObject({
      sent: 6,
      accepted: 6,
      refused: 0,
      forgedSent: 6,
      forgedAccepted: 0,
    });
  });

  it('sends again what was sent, byte for byte', async () => {
    await authoriseAndVoid(2);
    await settled();
    const before = receiver.received.map(
      ({ headers, content }) => `${headers['webhook-signature']} ${content}`,
    );
    expect((await client.post('/control/webhooks/replay', { count: 3 })).body).toEqual({ replayed: 3 });
    await settled();
    const again = receiver.received.map(
      ({ headers, content }) => `${headers['webhook-signature']} ${content}`,
    );
    expect(again.slice(4).sort()).toEqual(before.slice(1).sort());
    expect(receiver.received.at(-1)?.refusal).toBeUndefined();
  });

  it('refuses switches that do not exist', async () => {
    for (const bad of [{ duplicates: 21 }, { forgedShare: 2 }, { stopped: 'yes' }])
      expect((await setSwitches(bad)).status).toBe(400);
    expect((await client.post('/control/webhooks/replay', { count: 0 })).status).toBe(400);
  });
});

describe('a receiver that does not take them', () => {
  it('is asked again, under the same name, until it does', async () => {
    const refusedOnce = new Set<string>();
    receiver.script = (received) => {
      if (refusedOnce.has(idOf(received))) return 200;
      refusedOnce.add(idOf(received));
      return 503;
    };
    await authoriseAndVoid(2);
    await settled();
    expect(refusedOnce.size).toBe(4);
    expect(await state()).toMatchObject({ sent: 8, accepted: 4, refused: 4, lost: 0 });
  });

  it('costs one call at a time and no line of log, and gets what waited when it opens', async () => {
    receiver.script = () => 404;
    await authoriseAndVoid(30);
    await expect.poll(async () => Number((await state()).refused)).toBeGreaterThanOrEqual(20);
    const { refused, waiting } = await state();
    expect(Number(refused)).toBeLessThan(60);
    expect(Number(waiting)).toBeGreaterThan(0);
    expect(server.output().trim().split('\n')).toHaveLength(1);
    receiver.script = () => 200;
    await settled();
    const { accepted, lost } = await state();
    expect(Number(accepted) + Number(lost)).toBe(60);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain(`webhook_calls_total{outcome="accepted",forged="false"} ${String(accepted)}\n`);
    expect(metrics).toMatch(/webhook_calls_total\{outcome="refused",forged="false"\} \d+\n/);
  });

  it('may be absent altogether: then nothing is sent, and nothing can be set', async () => {
    receiver.close();
    await authoriseAndVoid(1);
    await expect.poll(async () => Number((await state()).refused)).toBeGreaterThan(0);
    const JOURNAL_FILE = join(folder, 'silent.ndjson');
    const silent = await startChild('payment-provider', { JOURNAL_FILE });
    const itsClient = paymentClient(() => silent);
    await itsClient.authorise('order-silent');
    expect((await itsClient.get('/control/webhooks')).body).toMatchObject({ sent: 0, waiting: 0 });
    expect((await itsClient.put('/control/webhooks', {})).body.code).toBe('webhooks_not_configured');
    expect(await silent.stop()).toBe(0);
    await expect(startChild('payment-provider', { JOURNAL_FILE, WEBHOOK_SECRET })).rejects.toThrow(
      /exit 78: .*WEBHOOK_SECRET \(comes with WEBHOOK_URL or not at all\)/,
    );
  });
});
