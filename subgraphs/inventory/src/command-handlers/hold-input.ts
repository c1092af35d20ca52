// What is wrong with the input of a hold before anything is looked up.
import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';

export type HoldLineInput = Readonly<{ sku: string; quantity: number }>;

/** Lines of one hold at most: as many as an order may have. */
const LINES_MAX = 1_000;
/** Units of one line at most: as many as an order may ask. */
const QUANTITY_MAX = 1_000_000;
/** Seconds a hold may live: long enough for a person to answer, and never longer than a day without being asked for again. */
const TTL_MIN_S = 10;
const TTL_MAX_S = 86_400;

export const lineField = (index: number, field: string) => ['lines', String(index), field];

export function refuseTtl(ttlSeconds: number): Refusal[] {
  if (ttlSeconds >= TTL_MIN_S && ttlSeconds <= TTL_MAX_S) return [];
  const message = 'A hold lives 10 to 86,400 seconds.';
  return [refusal('INVALID_INPUT', { message, field: ['ttlSeconds'] })];
}

export function refuseHoldLines(lines: readonly HoldLineInput[]): Refusal[] {
  if (lines.length === 0 || lines.length > LINES_MAX) {
    return [refusal('LINE_COUNT', { message: 'A hold has 1 to 1,000 lines.', field: ['lines'] })];
  }
  const earlier = new Set<string>();
  return lines.flatMap(({ sku, quantity }, index) => {
    const refusals: Refusal[] = [];
    // A code that no product can have is one that there is not.
    if (!isText(sku, CODE_LENGTH_MAX))
      refusals.push(refusal('UNKNOWN_SKU', { field: lineField(index, 'sku') }));
    else if (earlier.has(sku)) refusals.push(refusal('DUPLICATE_SKU', { field: lineField(index, 'sku') }));
    earlier.add(sku);
    if (quantity < 1 || quantity > QUANTITY_MAX)
      refusals.push(refusal('QUANTITY_OUT_OF_RANGE', { field: lineField(index, 'quantity') }));
    return refusals;
  });
}
