import { newId, type Sql } from '@crossdock/event-store';
import { createSetCreditLimits } from '../src/command-handlers/set-credit-limits.ts';

/** Sets limit and terms of a partner that was heard of. */
export async function openCreditAccount(
  sql: Sql,
  partnerId: string,
  limitMinor: number,
  termsDays: number,
): Promise<void> {
  const setCreditLimits = createSetCreditLimits({ sql, poke: () => undefined });
  const limit = { amount: (limitMinor / 100).toFixed(2), currencyCode: 'GBP' };
  const { verdict } = await setCreditLimits({
    ...{ idempotencyKey: newId(), errorPolicy: 'REJECT_ALL', actor: 'erp', traceparent: null },
    limits: [{ partnerId, limit, termsDays }],
  });
  if (verdict !== 'NEW') throw new Error(`The limit was not set: ${verdict}`);
}
