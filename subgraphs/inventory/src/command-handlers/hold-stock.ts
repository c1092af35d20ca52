import { fingerprint, newId, type Sql } from '@crossdock/event-store';
import { refusal } from '@crossdock/values';
import type { StoredHold } from '../domain/batch.ts';
import { noHold } from '../domain/hold/hold.ts';
import { createShelves } from '../domain/shelves.ts';
import { databaseNow, loadTotals } from '../store/figures.ts';
import { countLiveHolds, partitionOfPartner } from '../store/holds.ts';
import { type HoldLineInput, lineField, refuseHoldLines, refuseTtl } from './hold-input.ts';
import { decideHold, type HoldAnswer, type HoldAsk, refusedHold, requestHold } from './hold-requests.ts';
import type { HandlerDependencies, Request } from './request.ts';

export type HoldStockInput = Readonly<{
  idempotencyKey: string;
  /** The caller may act for it. */
  partnerId: string;
  ttlSeconds: number;
  lines: readonly HoldLineInput[];
}>;

/** A partner may still be on its way from orders: it is waited for this long, asking this often. */
const PARTNER_WAIT_MS = 2_000;
const PARTNER_POLL_MS = 100;

/** The partner's partition; null where orders told of no such partner in time. */
async function awaitPartner(sql: Sql, partnerId: string): Promise<number | null> {
  const until = performance.now() + PARTNER_WAIT_MS;
  for (;;) {
    const partition = await partitionOfPartner(sql, partnerId);
    if (partition !== null || performance.now() >= until) return partition;
    await new Promise((resolve) => setTimeout(resolve, PARTNER_POLL_MS));
  }
}

/** Decides on the figures, the clock and the partner's holds of this moment. */
async function place(sql: Sql, input: HoldStockInput, of: Pick<HoldAsk, 'hold' | 'metadata' | 'keyed'>) {
  const skus = input.lines.map((line) => line.sku);
  const [{ totals, waiting }, now, alive] = await Promise.all([
    loadTotals(sql, skus),
    databaseNow(sql),
    countLiveHolds(sql, input.partnerId),
  ]);
  const known = new Set(totals.map((total) => total.sku));
  const unknown = skus.flatMap((sku, index) => (known.has(sku) ? [] : [lineField(index, 'sku')]));
  if (unknown.length > 0) return { refusals: unknown.map((field) => refusal('UNKNOWN_SKU', { field })) };
  const shelves = createShelves({ totals, stock: [], waiting, isOpen: () => false });
  const expiresAt = new Date(now.getTime() + input.ttlSeconds * 1_000).toISOString();
  const lines = input.lines.map(({ sku, quantity }) => [sku, quantity] as const);
  const available = skus.map((sku) => shelves.unpromised(sku));
  return decideHold({ ...of, command: { type: 'PlaceHold', data: { lines, available, alive, expiresAt } } });
}

/** Holds units for a partner: all lines or none. Requests of one moment may pass LIVE_HOLDS_MAX by as many as they are. */
export function createHoldStock({ sql, poke }: HandlerDependencies) {
  return async ({ input, metadata }: Request<HoldStockInput>): Promise<HoldAnswer> => {
    const { partnerId, ttlSeconds, lines } = input;
    const refusals = [...refuseTtl(ttlSeconds), ...refuseHoldLines(lines)];
    if (refusals.length > 0) return refusedHold(...refusals);
    const partition = await awaitPartner(sql, partnerId);
    if (partition === null) return refusedHold(refusal('UNKNOWN_PARTNER', { field: ['partnerId'] }));
    const keyed = {
      ...{ scope: partnerId, operation: 'holdStock', key: input.idempotencyKey },
      fingerprint: fingerprint({ ttlSeconds, lines }),
    };
    const hold: StoredHold = { holdId: newId(), partnerId, partition, state: noHold, version: 0 };
    const answer = await requestHold(sql, { keyed, holdId: hold.holdId }, () =>
      place(sql, input, { hold, metadata, keyed }),
    );
    if (answer.verdict === 'NEW' && answer.holdId !== null) poke();
    return answer;
  };
}
