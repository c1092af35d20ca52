// Payments as it ships, with Stripe as its provider: the simulator answers in Stripe's shapes, and its journal is the witness.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import {
  databaseFromTemplate,
  type OwnServer,
  ownNats,
  redisUrl,
  type TestDatabase,
} from '@crossdock/testing';
import { CompactEncrypt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  newOrder,
  orderPlaced,
  partnerRegistered,
  shipmentConfirmed,
  startHearing,
  stockReserved,
} from '../test/hearing.ts';
import { type PaymentsProcess, startPayments } from '../test/payments-process.ts';
import { PROVIDER_KEY, type SimulatorProcess, startSimulator } from '../test/simulator-process.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const PATIENCE = { timeout: 25_000, interval: 50 };

let nats: OwnServer;
let clone: TestDatabase;
let database: Database;
let simulator: SimulatorProcess;
let payments: PaymentsProcess;
const partnerId = newId();
const [shipped, declined] = [newOrder(partnerId), newOrder(partnerId)];

beforeAll(async () => {
  nats = await ownNats();
  simulator = await startSimulator();
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  const card = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
  const sealed = (token: string) =>
    new CompactEncrypt(new TextEncoder().encode(token))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(card.publicKey);
  const hearing = await startHearing(database.sql);
  await hearing.hear(partnerRegistered(partnerId));
  await hearing.hear(
    orderPlaced(shipped, 2_500, await sealed('cus_test/pm_card_visa')),
    stockReserved(shipped, 2_500),
    shipmentConfirmed(shipped, 1_000),
    shipmentConfirmed(shipped, 1_500),
    orderPlaced(declined, 900, await sealed('pm_card_visa_chargeDeclinedInsufficientFunds')),
    stockReserved(declined, 900),
  );
  await hearing.leave();
  payments = await startPayments({
    databaseUrl: clone.url,
    natsUrl: nats.url,
    redisUrl: redisUrl(),
    cardTokenPrivateJwk: await exportJWK(card.privateKey),
    provider: { url: simulator.url, key: PROVIDER_KEY },
    environment: { PAYMENT_PROVIDER: 'stripe', PAYMENT_PROVIDER_CAPTURES: 'many' },
  });
});

afterAll(async () => {
  expect(await payments.stop()).toBe(0);
  await database.close();
  await clone.drop();
  await simulator.stop();
  await nats.stop();
});

async function statusOf(orderId: string): Promise<unknown> {
  const [row] = await database.sql`SELECT status FROM payments WHERE order_id = ${orderId}`;
  return row?.status;
}

const journalOf = async (orderId: string) =>
  (await simulator.journalOf(orderId)).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);

it('authorises a card and captures each shipment once', async () => {
  await expect.poll(() => statusOf(shipped.orderId), PATIENCE).toBe('CAPTURED');
  const journal = await journalOf(shipped.orderId);
  expect(journal.slice(0, 2)).toEqual(['created 2500', 'authorised 2500']);
  expect(journal.slice(2).sort()).toEqual(['captured 1000', 'captured 1500']);
  const stored = await database.sql<{ provider: string }[]>`
    SELECT provider FROM payment_calls WHERE order_id = ${shipped.orderId} AND operation = 'authorise'`;
  expect(stored.map(({ provider }) => provider)).toEqual(['stripe']);
});

it("tells the card's refusal, and leaves no card token behind", async () => {
  await expect.poll(() => statusOf(declined.orderId), PATIENCE).toBe('DECLINED');
  expect(await journalOf(declined.orderId)).toEqual(['created 900', 'declined 900']);
  const [attempt] = await database.sql`
    SELECT outcome, reason FROM payment_attempts WHERE order_id = ${declined.orderId} ORDER BY attempt DESC LIMIT 1`;
  expect(attempt).toMatchObject({ outcome: 'declined', reason: 'insufficient_funds' });
  const kept = await database.sql`SELECT FROM events WHERE data::text LIKE '%pm\\_card%'`;
  expect(kept).toHaveLength(0);
});
