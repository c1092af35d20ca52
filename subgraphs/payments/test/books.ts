// What payments' tables say of partners' money, and whether all of it agrees.
import { newId, type Sql } from '@crossdock/event-store';
import { expect } from 'vitest';
import type { RecordPayment } from '../src/command-handlers/record-payment.ts';
import type { TestOrder } from './hearing.ts';

export type InvoiceRow = Readonly<{
  shipmentId: string;
  number: number | null;
  method: string | null;
  total: number;
  paid: number;
  credited: number;
  lines: readonly unknown[];
  termsDays: number | null;
  daysToDue: number | null;
}>;

/** The rows of an order's shipments, in the order of issue. */
export async function invoicesOf(sql: Sql, { orderId }: Pick<TestOrder, 'orderId'>): Promise<InvoiceRow[]> {
  const rows = await sql<InvoiceRow[]>`
    SELECT shipment_id AS "shipmentId", number::float8 AS number, method, total_minor::float8 AS total, paid_minor::float8 AS paid,
           credited_minor::float8 AS credited, lines, terms_days AS "termsDays", due_on - issued_on AS "daysToDue"
    FROM invoices WHERE order_id = ${orderId} ORDER BY number`;
  return [...rows];
}

export type Account = Readonly<{ exposure: number; unapplied: number; version: number; open: number }>;

export async function accountOf(sql: Sql, partnerId: string): Promise<Account | undefined> {
  const [row] = await sql<Account[]>`
    SELECT exposure_minor::float8 AS exposure, unapplied_minor::float8 AS unapplied, version, (
      SELECT coalesce(sum(greatest(0, total_minor - paid_minor - credited_minor)), 0)::float8 FROM invoices i
      WHERE i.partner_id = a.partner_id AND method = 'TERMS' AND number IS NOT NULL) AS open
    FROM credit_accounts a WHERE partner_id = ${partnerId}`;
  return row;
}

/** Money that came from a partner, about to be booked; in pence. */
export function paymentOf(
  partnerId: string,
  amountMinor: number,
  invoiceNumbers: readonly string[] = [],
): RecordPayment {
  return {
    idempotencyKey: newId(),
    partnerId,
    amount: { amount: (amountMinor / 100).toFixed(2), currencyCode: 'GBP' },
    reference: 'BACS 1',
    receivedOn: null,
    invoiceNumbers,
    ...{ actor: 'erp', traceparent: null },
  };
}

/** Of every partner: the ledger's receivable is what is open less what was not applied, and both are not there at once. */
async function expectReceivablesAgree(sql: Sql): Promise<void> {
  const accounts = await sql<{ partner: string; ledger: number; open: number; unapplied: number }[]>`
    SELECT a.partner_id AS partner, a.unapplied_minor::float8 AS unapplied,
      (SELECT coalesce(sum(l.amount_minor), 0)::float8 FROM ledger_lines l WHERE l.account = 'receivable/' || a.partner_id) AS ledger,
      (SELECT coalesce(sum(greatest(0, i.total_minor - i.paid_minor - i.credited_minor)), 0)::float8 FROM invoices i
       WHERE i.partner_id = a.partner_id AND i.method = 'TERMS' AND i.number IS NOT NULL) AS open
    FROM credit_accounts a`;
  for (const { partner, ledger, open, unapplied } of accounts) {
    expect({ partner, ledger }).toEqual({ partner, ledger: open - unapplied });
    expect({ partner, both: open > 0 && unapplied > 0 }).toEqual({ partner, both: false });
  }
}

/** Of every partner: the exposure is what its orders on terms weigh less what it paid. Holds where nothing was given back. */
async function expectExposuresAgree(sql: Sql): Promise<void> {
  const accounts = await sql<{ partner: string; exposure: number; weight: number; paid: number }[]>`
    SELECT a.partner_id AS partner, a.exposure_minor::float8 AS exposure,
      (SELECT coalesce(sum(greatest(CASE p.stage WHEN 'AUTHORISED' THEN p.authorised_minor ELSE 0 END, p.captured_minor)), 0)::float8
       FROM payments p WHERE p.partner_id = a.partner_id AND p.method = 'TERMS') AS weight,
      (SELECT coalesce(sum(s.amount_minor), 0)::float8 FROM settlements s WHERE s.partner_id = a.partner_id) AS paid
    FROM credit_accounts a`;
  for (const { partner, exposure, weight, paid } of accounts)
    expect({ partner, exposure }).toEqual({ partner, exposure: weight - paid });
}

/** Numbers begin at 1 and have no gap; the ledger sums up to nothing; receivables and exposures agree. */
export async function expectBooksAgree(sql: Sql): Promise<void> {
  const [numbers] = await sql<{ first: number; last: number; count: number; counter: number }[]>`
    SELECT coalesce(min(number), 1)::int AS first, coalesce(max(number), 0)::int AS last, count(number)::int AS count,
           (SELECT last_number::int FROM invoice_counter) AS counter
    FROM invoices`;
  expect(numbers).toEqual({ first: 1, last: numbers?.count, count: numbers?.count, counter: numbers?.count });
  const [ledger] = await sql`SELECT coalesce(sum(amount_minor), 0)::float8 AS sum FROM ledger_lines`;
  expect(ledger).toEqual({ sum: 0 });
  await expectReceivablesAgree(sql);
  await expectExposuresAgree(sql);
}
