import type { Rows, Verdict } from './verdict.ts';
import { counted } from './verdict.ts';

/** A fact of payments' log about a partner's credit, in the order of the log. `amountMinor` is the limit where one was set. */
export interface CreditFact {
  readonly partnerId: string;
  readonly partition: number;
  readonly position: number;
  readonly type: string;
  /** Null where a limit was set, or a settlement came. */
  readonly orderId: string | null;
  readonly amountMinor: number;
}

interface Account {
  readonly partition: number;
  limit: number;
  exposure: number;
  readonly orders: Map<string, { authorised: number; captured: number; refunded: number }>;
}

/**
 * 13, second half. No reservation of credit passed the limit that stood at that moment: a partner's facts lie in one
 * partition, whose order is the order of commits. What was shipped or lowered later is never refused, and counts; what was
 * refunded or settled weighs no more.
 */
export async function checkCreditLimits(facts: Rows<CreditFact>): Promise<Verdict> {
  const accounts = new Map<string, Account>();
  const breaches: string[] = [];
  let reservations = 0;
  for await (const fact of facts) {
    const { partnerId, partition, type, orderId, amountMinor } = fact;
    const account = accounts.get(partnerId) ?? { partition, limit: 0, exposure: 0, orders: new Map() };
    accounts.set(partnerId, account);
    if (account.partition !== partition)
      breaches.push(
        `partner ${partnerId}: its credit is told in partitions ${account.partition} and ${partition}`,
      );
    if (orderId === null) {
      if (type === 'PaymentReceived') account.exposure -= amountMinor;
      else account.limit = amountMinor;
      continue;
    }
    const grown = move(account, orderId, type, amountMinor);
    if (type !== 'PaymentAuthorised') continue;
    reservations += 1;
    if (grown > 0 && account.exposure > account.limit)
      breaches.push(
        `partner ${partnerId}: order ${orderId} raised its exposure to ${account.exposure} under a limit of ${account.limit}`,
      );
  }
  return { summary: `${counted(reservations, 'reservation')} of credit`, breaches };
}

/** Books a fact; answers by how much the exposure grew. An order weighs what its waves reserved, at least what was taken, less refunds. */
function move(account: Account, orderId: string, type: string, amountMinor: number): number {
  const order = account.orders.get(orderId) ?? { authorised: 0, captured: 0, refunded: 0 };
  account.orders.set(orderId, order);
  const weight = () => Math.max(order.authorised, order.captured) - order.refunded;
  const before = weight();
  if (type === 'PaymentAuthorised') order.authorised += amountMinor;
  if (type === 'PaymentReduced') order.authorised -= amountMinor;
  if (type === 'PaymentVoided') order.authorised = 0;
  if (type === 'PaymentCaptured') order.captured += amountMinor;
  if (type === 'PaymentRefunded') order.refunded += amountMinor;
  const grown = weight() - before;
  account.exposure += grown;
  return grown;
}
