import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';
import { ROWS_MAX } from './request.ts';

export type UnitsLine = Readonly<{ sku: string; quantity: number }>;

const QUANTITY_MAX = 1_000_000;

export const unitsField = (index: number, field: 'sku' | 'quantity') => ['lines', String(index), field];

/** What is wrong with lines of distinct SKUs, at least `min` of them. */
export function refuseUnits(lines: readonly UnitsLine[], min: number): Refusal[] {
  if (lines.length < min || lines.length > ROWS_MAX) {
    return [refusal('INVALID_INPUT', { message: `A transfer has ${min} to 1,000 lines.`, field: ['lines'] })];
  }
  const earlier = new Set<string>();
  return lines.flatMap(({ sku, quantity }, index) => {
    const refusals: Refusal[] = [];
    // A code that no product can have is one that there is not.
    if (!isText(sku, CODE_LENGTH_MAX))
      refusals.push(refusal('UNKNOWN_SKU', { field: unitsField(index, 'sku') }));
    if (earlier.has(sku)) refusals.push(refusal('DUPLICATE_SKU', { field: unitsField(index, 'sku') }));
    if (quantity < 1 || quantity > QUANTITY_MAX)
      refusals.push(refusal('QUANTITY_OUT_OF_RANGE', { field: unitsField(index, 'quantity') }));
    earlier.add(sku);
    return refusals;
  });
}
