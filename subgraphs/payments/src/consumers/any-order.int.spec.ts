// However badly the network behaves, payments ends with the same rows, and reserves no credit beyond a limit: real Postgres, the
// real consumer, a bad day drawn by a seed.
import { fileURLToPath } from 'node:url';
import { type Database, derivedId, migrate, newId, openDatabase, type Sql } from '@crossdock/event-store';
import { databaseFromTemplate, type Random, randomOf, seeded, type TestDatabase } from '@crossdock/testing';
import { type Ear, type Mishaps, openEar } from '@crossdock/testing/deliveries';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Life, otherSideOf, partnerSaid, someLife } from '../../test/other-side.ts';
import { createSetCreditLimits } from '../command-handlers/set-credit-limits.ts';
import { createPaymentsConsumer } from './payments-consumer.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
/** Days, each with partners and orders of its own, and the orders of one. */
const RUNS = 8;
const ORDERS = 10;

const fc = seeded(fastCheck);
type Subject = Readonly<{ clone: TestDatabase; database: Database; sql: Sql; ear: Ear }>;
let calm: Subject;
let stormy: Subject;
let run = 0;

async function openSubject(): Promise<Subject> {
  const clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'payments-any-order' });
  const { sql } = database;
  const consumer = createPaymentsConsumer({
    ...{ sql, onCallsQueued: () => undefined, onParked: () => undefined, codeVersion: 'test' },
  });
  return { clone, database, sql, ear: await openEar({ sql, consumer, look: () => standing(sql) }) };
}

beforeAll(async () => {
  [calm, stormy] = [await openSubject(), await openSubject()];
});

afterAll(async () => {
  for (const { database, clone } of [calm, stormy]) {
    await database.close();
    await clone.drop();
  }
});

/**
 * Every row but for instants and places in logs, which may differ. An order that expired was either never authorised or
 * authorised and given up, by what was heard first: only what it weighs must be the same.
 */
async function standing(sql: Sql) {
  const expired = sql`SELECT order_id FROM payments WHERE closed AND decline_reason IS NULL`;
  return {
    payments: await sql`
      SELECT order_id, partner_id, partition, stream_version, closed, method, currency_code, total_minor, reserved_minor, stage,
             status, decline_reason, authorised_minor, captured_minor, sealed_card_token,
             in_depth - 'waves' AS in_depth,
             (SELECT jsonb_agg(s ORDER BY s ->> 'shipmentId') FROM jsonb_array_elements(shipments) s) AS shipments
      FROM payments WHERE order_id NOT IN (${expired}) ORDER BY order_id`,
    expired: await sql`
      SELECT order_id, status, captured_minor FROM payments WHERE order_id IN (${expired}) ORDER BY order_id`,
    credit: await sql`
      SELECT partner_id, limit_minor, exposure_minor FROM credit_accounts WHERE exposure_minor > 0 ORDER BY partner_id`,
    ledger: await sql`
      SELECT entry_id, order_id, shipment_id, debit_account, credit_account, amount_minor FROM ledger_entries ORDER BY entry_id`,
    calls:
      await sql`SELECT order_id, operation, instance, state, provider_key FROM payment_calls ORDER BY provider_key`,
    events: await sql`
      SELECT event_id, stream_id, type, data, partition FROM events
      WHERE category = 'payment' AND stream_id NOT IN (SELECT order_id::text FROM (${expired}) e) ORDER BY event_id`,
    partners: await sql`SELECT * FROM partners ORDER BY partner_id`,
    letters: await sql`SELECT * FROM dead_letters`,
  };
}

async function setLimit({ sql }: Subject, partnerId: string, minor: number): Promise<void> {
  const set = createSetCreditLimits({ sql, poke: () => undefined });
  const limit = { amount: (minor / 100).toFixed(2), currencyCode: 'GBP' };
  const outcome = await set({
    ...{ idempotencyKey: newId(), errorPolicy: 'REJECT_ALL', actor: 'erp', traceparent: null },
    limits: [{ partnerId, limit }],
  });
  expect(outcome.verdict).toBe('NEW');
}

/** A day's orders of two partners, who may owe as much as `limitOf` says. */
async function drawDay(seed: number, subjects: readonly Subject[], limitOf: (random: Random) => number) {
  const random = randomOf(seed);
  run += 1;
  const partners = [`P-${run}-a`, `P-${run}-b`];
  for (const partnerId of partners) {
    const limit = limitOf(random);
    const first = partnerSaid(partnerId, 'first');
    for (const subject of subjects) {
      await subject.ear.hearInTurn({ opening: [first], answer: () => [] });
      await setLimit(subject, partnerId, limit);
    }
  }
  const lives: Life[] = Array.from({ length: ORDERS }, (_, index) =>
    someLife(derivedId(`payments ${run}`, 'order', index), random.pick(partners), random),
  );
  const revisions = partners.flatMap((id) => [partnerSaid(id, 'second'), partnerSaid(id, 'third')]);
  return { random, partners, lives, otherSide: otherSideOf(lives, revisions) };
}

const AMPLE_MINOR = 1_000_000;
const TIGHT_MINOR = 15_000;

describe('on a stormy day', () => {
  it('ends as on a calm one where credit is enough for all', async () => {
    const total: Mishaps = { dropped: 0, duplicates: 0, gaps: 0, refilled: 0, takeOvers: 0 };
    const day = async (seed: number) => {
      const { random, otherSide } = await drawDay(seed, [calm, stormy], () => AMPLE_MINOR);
      await calm.ear.hearInTurn(otherSide);
      const mishaps = await stormy.ear.hearAnyhow(otherSide, random);
      for (const kind of Object.keys(total) as (keyof Mishaps)[]) total[kind] += mishaps[kind];
      expect(await standing(stormy.sql)).toEqual(await standing(calm.sql));
      await stormy.ear.expectOffsetsAtHeads();
    };
    await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
    expect(
      Object.values(total).every((count) => count > 0),
      JSON.stringify(total),
    ).toBe(true);
  }, 60_000);

  it('reserves no credit beyond the limit where it is not, and each order has one answer', async () => {
    const day = async (seed: number) => {
      const drawn = await drawDay(seed, [stormy], (random) => random.below(TIGHT_MINOR));
      const lives = drawn.lives.map((life) => ({ ...life, hasty: false }));
      await stormy.ear.hearAnyhow(otherSideOf(lives, []), drawn.random);
      for (const partnerId of drawn.partners) await expectCreditAddsUp(partnerId);
      for (const life of lives) await expectOneAnswer(life);
      expect(await stormy.sql`SELECT * FROM dead_letters`).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
  }, 60_000);
});

async function expectCreditAddsUp(partnerId: string): Promise<void> {
  const [account] = await stormy.sql`
    SELECT exposure_minor <= limit_minor AS within, exposure_minor::int AS exposure FROM credit_accounts WHERE partner_id = ${partnerId}`;
  const [owed] = await stormy.sql`
    SELECT coalesce(sum(greatest(captured_minor, CASE WHEN stage = 'AUTHORISED' THEN authorised_minor ELSE 0 END)), 0)::int AS exposure
    FROM payments WHERE partner_id = ${partnerId} AND method = 'TERMS'`;
  expect(account).toEqual({ within: true, exposure: owed?.exposure });
}

async function expectOneAnswer({ orderId, fate, method, shipments, laterMinor }: Life): Promise<void> {
  const said = await stormy.sql<{ type: string; amount: number; wave: number }[]>`
    SELECT type, (data ->> 'amountMinor')::int AS amount, coalesce((data ->> 'wave')::int, 1) AS wave
    FROM events WHERE stream_id = ${orderId}`;
  const count = (type: string, wave = 1) =>
    said.filter((each) => each.type === type && each.wave === wave).length;
  const answers = count('PaymentAuthorised') + count('PaymentDeclined');
  expect(answers).toBeLessThanOrEqual(1);
  const later = count('PaymentAuthorised', 2) + count('PaymentDeclined', 2);
  expect(later).toBe(fate === 'WAVES' ? count('PaymentAuthorised') : 0);
  if (fate === 'EXPIRED') expect(count('PaymentVoided')).toBe(count('PaymentAuthorised'));
  else if (method === 'TERMS') expect(answers).toBe(fate === 'SHORT' ? 0 : 1);
  const captured = said
    .filter(({ type }) => type === 'PaymentCaptured')
    .reduce((sum, each) => sum + each.amount, 0);
  const ships = !['SHORT', 'EXPIRED', 'STAYS'].includes(fate) && count('PaymentAuthorised') === 1;
  const left = ships ? shipments.reduce((sum, value) => sum + value, 0) : 0;
  expect(captured).toBe(left + count('PaymentAuthorised', 2) * laterMinor);
}
