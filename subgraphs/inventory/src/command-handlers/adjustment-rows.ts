import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';
import type { AdjustmentRefusal, FoundRow } from '../domain/adjustment.ts';
import type { OwnWarehouse } from './stock-request.ts';

export type AdjustmentReason = 'COUNT' | 'DAMAGE' | 'LOSS' | 'FOUND' | 'RETURN' | 'CORRECTION';
export type AdjustmentRow = Readonly<{
  sku: string;
  warehouseId: string;
  delta?: number | null | undefined;
  counted?: number | null | undefined;
  expectedVersion?: number | null | undefined;
  reason: AdjustmentReason;
  note?: string | null | undefined;
}>;

const UNITS_OF_ROW_MAX = 1_000_000_000;
const NOTE_LENGTH_MAX = 200;

export const fieldOf = (index: number, field: string) => ['lines', String(index), field];

/** What is wrong with the codes of a row; a WMS knows of no warehouse but its own. */
export function refusePlace(
  { sku, warehouseId }: Readonly<{ sku: string; warehouseId: string }>,
  index: number,
  own: OwnWarehouse,
): Refusal[] {
  const refusals: Refusal[] = [];
  // A code that no product or warehouse can have is one that there is not.
  if (!isText(sku, CODE_LENGTH_MAX)) refusals.push(refusal('UNKNOWN_SKU', { field: fieldOf(index, 'sku') }));
  const isVisible = own === null ? isText(warehouseId, CODE_LENGTH_MAX) : warehouseId === own;
  if (!isVisible) refusals.push(refusal('UNKNOWN_WAREHOUSE', { field: fieldOf(index, 'warehouseId') }));
  return refusals;
}

/** Refuses the later ones of rows that name the same shelf. */
export function refuseTwins(
  rows: readonly Readonly<{ sku: string; warehouseId: string }>[],
): (Refusal | null)[] {
  const earlier = new Set<string>();
  return rows.map(({ sku, warehouseId }, index) => {
    const shelf = `${warehouseId}\u001f${sku}`;
    if (!earlier.has(shelf)) {
      earlier.add(shelf);
      return null;
    }
    const message = 'The SKU stands on an earlier row of the same warehouse.';
    return refusal('DUPLICATE_SKU', { message, field: fieldOf(index, 'sku') });
  });
}

type Fault = readonly [code: 'INVALID_INPUT' | 'QUANTITY_OUT_OF_RANGE', field: string, message: string];

function faultsOfDelta(delta: number, reason: AdjustmentReason): Fault[] {
  if (delta === 0 || Math.abs(delta) > UNITS_OF_ROW_MAX) {
    return [['QUANTITY_OUT_OF_RANGE', 'delta', 'A difference is 1 to 1,000,000,000 units, more or fewer.']];
  }
  if (reason === 'RETURN' && delta < 0)
    return [['INVALID_INPUT', 'delta', 'What came back is a difference of more units, not of fewer.']];
  return [];
}

function faultsOfCount(counted: number, { reason, expectedVersion }: AdjustmentRow): Fault[] {
  const faults: Fault[] = [];
  if (counted < 0 || counted > UNITS_OF_ROW_MAX) {
    faults.push(['QUANTITY_OUT_OF_RANGE', 'counted', 'A count is 0 to 1,000,000,000 units.']);
  }
  if (expectedVersion == null) {
    faults.push(['INVALID_INPUT', 'expectedVersion', "A count needs the shelf's version when it began."]);
  }
  if (reason === 'RETURN')
    faults.push(['INVALID_INPUT', 'counted', 'What came back is a difference, not a count.']);
  return faults;
}

function faultsOf(row: AdjustmentRow): Fault[] {
  const { delta, counted, reason, note } = row;
  const faults: Fault[] = [];
  if ((delta == null) === (counted == null))
    faults.push(['INVALID_INPUT', 'delta', 'Exactly one of delta and counted is given.']);
  else if (delta != null) faults.push(...faultsOfDelta(delta, reason));
  else if (counted != null) faults.push(...faultsOfCount(counted, row));
  if (note != null && !isText(note, NOTE_LENGTH_MAX))
    faults.push(['INVALID_INPUT', 'note', 'A note has 1 to 200 characters.']);
  return faults;
}

/** Why each row cannot be booked whatever the books say; empty for a good row. */
export function refuseAdjustments(rows: readonly AdjustmentRow[], own: OwnWarehouse): Refusal[][] {
  const twins = refuseTwins(rows);
  return rows.map((row, index) => {
    const faults = faultsOf(row).map(([code, field, message]) =>
      refusal(code, { message, field: fieldOf(index, field) }),
    );
    const twin = twins[index] ?? null;
    return [...refusePlace(row, index, own), ...faults, ...(twin === null ? [] : [twin])];
  });
}

/** A good row in the words of the domain. */
export function foundRow({ sku, warehouseId, delta, counted, expectedVersion }: AdjustmentRow): FoundRow {
  const found = counted != null ? { counted } : { delta: delta ?? 0 };
  return { sku, warehouseId, found, expectedVersion: expectedVersion ?? null };
}

/** A refusal of the domain in the words of the API, with its place in the input. */
export function adjustmentRefusal(refused: AdjustmentRefusal, row: AdjustmentRow, index: number): Refusal {
  const units = fieldOf(index, row.counted != null ? 'counted' : 'delta');
  switch (refused.code) {
    case 'UNKNOWN_SKU':
      return refusal(refused.code, { field: fieldOf(index, 'sku') });
    case 'UNKNOWN_WAREHOUSE':
      return refusal(refused.code, { field: fieldOf(index, 'warehouseId') });
    case 'INSUFFICIENT_STOCK': {
      const message = 'Fewer units lie there by the books: what cannot be taken away is a wrong booking.';
      return refusal(refused.code, { message, field: units });
    }
    case 'TOO_MANY': {
      const message = 'More than 2,000,000,000 units of a SKU cannot be kept.';
      return refusal('QUANTITY_OUT_OF_RANGE', { message, field: units });
    }
    case 'CONFLICT': {
      const message = 'The shelf moved since it was counted; count it again.';
      const { currentVersion } = refused;
      return refusal(refused.code, { message, field: fieldOf(index, 'expectedVersion'), currentVersion });
    }
  }
}
