// The migration that books part by part finds parts that were done before, while others of their shipment or refund are out.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endedOrBlocked } from '../../test/lock-waits.ts';
import { decide } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import { loadPayments } from './payment-rows.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const OWN = '0007_given_up';

let folder: string;
let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] };
  const before = journal.entries.slice(
    0,
    journal.entries.findIndex(({ tag }) => tag === OWN),
  );
  writeFileSync(file, JSON.stringify({ ...journal, entries: before }));
  clone = await databaseFromTemplate('payments-before-parts', (url) => migrate(url, folder));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
  rmSync(folder, { recursive: true });
});

const part = (wave: number, amountMinor: number, captured: boolean) => ({ wave, amountMinor, captured });

async function paymentWith(
  capturedMinor: number,
  shipments: readonly object[],
  refunds: readonly object[],
  status = 'AUTHORISED',
) {
  const orderId = newId();
  const waves = [1, 2].map((wave) => ({
    ...{ wave, reservedMinor: 10_000, stage: 'AUTHORISED', authorisedMinor: 10_000, reducedMinor: 0 },
    ...{ declineReason: null, providerAuthorisationId: `a${wave}`, provider: 'sim' },
  }));
  const inDepth = { waves, waitingUnits: 0, heardVersion: 2, reductions: [], refunds };
  await database.sql`
    INSERT INTO payments (order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor,
      reserved_minor, stage, status, outcome_unknown, authorised_minor, captured_minor, refunded_minor, shipments, in_depth)
    VALUES (${orderId}, 'p', 0, 7, 1, false, 'CARD', 'GBP', 20000, 20000, 'AUTHORISED', ${status},
      ${status === 'UNKNOWN'}, 20000, ${capturedMinor}, 0,
      ${JSON.stringify(shipments)}::text::jsonb, ${JSON.stringify(inDepth)}::text::jsonb)`;
  return orderId;
}

const halfTaken = (shipmentId: string) => ({
  ...{ shipmentId, valueMinor: 9_000, state: 'REQUESTED' },
  parts: [part(1, 8_000, true), part(2, 1_000, false)],
});

async function statusOfRow(orderId: string): Promise<string | undefined> {
  const [row] = await database.sql<
    { status: string }[]
  >`SELECT status FROM payments WHERE order_id = ${orderId}`;
  return row?.status;
}

/** Migrates while a write of the payment is under way, which goes on to its invoice as every write does. */
async function migrateBeside(orderId: string, shipmentId: string): Promise<void> {
  const writer = await database.sql.reserve();
  await writer`BEGIN`;
  await writer`UPDATE payments SET version = version WHERE order_id = ${orderId}`;
  const migrated = migrate(clone.url, MIGRATIONS);
  expect(await endedOrBlocked(database.sql, migrated)).toBe('blocked');
  await writer`UPDATE invoices SET paid_minor = paid_minor WHERE shipment_id = ${shipmentId}`;
  await writer`COMMIT`;
  writer.release();
  await migrated;
}

async function invoice(orderId: string, shipmentId: string, total: number, paid: number): Promise<void> {
  await database.sql`
    INSERT INTO invoices (shipment_id, order_id, partner_id, currency_code, total_minor, lines, paid_minor)
    VALUES (${shipmentId}, ${orderId}, 'p', 'GBP', ${total}, '[]', ${paid})`;
}

it('books them once, and what comes later books only the rest', async () => {
  const [half, later, whole, refundId] = [newId(), newId(), newId(), newId()];
  const taken = {
    shipmentId: whole,
    valueMinor: 5_000,
    state: 'CAPTURED',
    parts: [part(1, 2_000, true), part(2, 3_000, true)],
  };
  const back = [
    { shipmentId: whole, wave: 2, amountMinor: 3_000, done: true },
    { shipmentId: whole, wave: 1, amountMinor: 1_000, done: false },
  ];
  const orderId = await paymentWith(
    5_000,
    [taken, halfTaken(half)],
    [{ refundId, reason: 'broken', parts: back }],
  );
  const untouched = await paymentWith(0, [{ shipmentId: newId(), valueMinor: 100, state: 'REQUESTED' }], []);
  await invoice(orderId, whole, 5_000, 5_000);
  await invoice(orderId, half, 9_000, 0);
  const unknown = await paymentWith(0, [halfTaken(later)], [], 'UNKNOWN');
  await migrateBeside(orderId, half);
  await database.close();
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  const { sql } = database;
  const entries = await sql`
    SELECT kind, shipment_id, refund_id, debit_account AS debit, credit_account AS credit, amount_minor::int AS amount FROM ledger_entries
    ORDER BY kind, shipment_id`;
  expect([...entries]).toEqual([
    {
      kind: 'REFUND',
      shipment_id: whole,
      refund_id: refundId,
      debit: 'sales',
      credit: 'card_clearing/p',
      amount: 3_000,
    },
    ...[half, later].toSorted().map((shipmentId) => ({
      kind: 'SALE',
      shipment_id: shipmentId,
      refund_id: null,
      debit: 'card_clearing/p',
      credit: 'sales',
      amount: 8_000,
    })),
  ]);
  expect(await Promise.all([orderId, untouched, unknown].map(statusOfRow))).toEqual([
    'PARTIALLY_REFUNDED',
    'AUTHORISED',
    'UNKNOWN',
  ]);
  const invoices =
    await sql`SELECT paid_minor::int AS paid, credited_minor::int AS credited FROM invoices ORDER BY total_minor`;
  expect([...invoices]).toEqual([
    { paid: 5_000, credited: 3_000 },
    { paid: 8_000, credited: 0 },
  ]);
  const [payment, other] = await Promise.all([orderId, untouched].map((id) => loadPayments(sql, [id])));
  expect([payment?.[0]?.version, other?.[0]?.version]).toEqual([8, 7]);
  const state = payment?.[0]?.state;
  if (state === undefined) throw new Error('The payment is gone');
  expect([state.capturedMinor, state.refundedMinor]).toEqual([13_000, 3_000]);
  expect(state.waves.map(({ renewalGivenUp, releaseGivenUp }) => [renewalGivenUp, releaseGivenUp])).toEqual([
    [false, false],
    [false, false],
  ]);
  const last = decide({ type: 'RecordCaptured', data: { shipmentId: half, wave: 2 } }, state);
  expect(last[0]).toEqual({ type: 'PaymentCaptured', data: { shipmentId: half, amountMinor: 9_000 } });
  expect(last.reduce(evolve, state).capturedMinor).toBe(14_000);
});

it('lets nothing be credited beyond what left', async () => {
  const credited = database.sql`UPDATE invoices SET credited_minor = total_minor + 1`;
  await expect(credited).rejects.toMatchObject({ constraint_name: 'invoice_credited_within_total' });
});
