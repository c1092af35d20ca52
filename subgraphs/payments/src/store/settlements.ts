import type { Sql } from '@crossdock/event-store';
import type { PaymentMethod } from '../domain/payment.ts';
import type { KeyVerdict, KeyWrite } from './credit-accounts.ts';

/** Money of a partner about to be booked; `first` are the numbers of invoices to be settled before others. */
export type SettlementWrite = Readonly<{
  settlementId: string;
  eventId: string;
  partnerId: string;
  partition: number;
  currencyCode: string;
  amountMinor: number;
  reference: string;
  /** YYYY-MM-DD; today by the database's clock when null. */
  receivedOn: string | null;
  first: readonly number[];
  data: object;
  metadata: object;
}>;

/** What of a payment went to one invoice, as it is stored under the key. */
export type SettledPart = Readonly<{ number: number; amountMinor: number }>;

/** Tells what stands under the key, storing nothing. A replay is a write of its own, and so proves what it answers. */
export async function checkPaymentKey(
  sql: Sql,
  { scope, key, fingerprint }: Omit<KeyWrite, 'result'>,
): Promise<KeyVerdict> {
  const [row] = await sql<KeyVerdict[]>`
    SELECT verdict, result FROM log_check_keys(ARRAY[${scope}::text], 'recordPayment', ARRAY[${key}::text], ARRAY[${fingerprint}::text])`;
  if (row === undefined) throw new Error('log_check_keys answered nothing');
  return row;
}

/**
 * Books the money, settles invoices and stores the key in one call; answers what stands under the key: `SettledPart`s as JSON.
 * Rejects with GUARD_LOST where the account has another currency.
 */
export async function recordSettlement(
  sql: Sql,
  key: Omit<KeyWrite, 'result'>,
  settlement: SettlementWrite,
): Promise<KeyVerdict> {
  const [row] = await sql<KeyVerdict[]>`
    SELECT verdict, result
    FROM credit_record_payment(${JSON.stringify(key)}::text::jsonb, ${JSON.stringify(settlement)}::text::jsonb)`;
  if (row === undefined) throw new Error('credit_record_payment answered nothing');
  return row;
}

/** Whose the issued invoices with these numbers are, and how they are paid. */
export async function invoicesNumbered(
  sql: Sql,
  numbers: readonly number[],
): Promise<Readonly<{ number: number; partnerId: string; method: PaymentMethod }>[]> {
  if (numbers.length === 0) return [];
  return sql<{ number: number; partnerId: string; method: PaymentMethod }[]>`
    SELECT number::float8 AS number, partner_id AS "partnerId", method FROM invoices WHERE number = ANY (${[...numbers]}::bigint[])`;
}
