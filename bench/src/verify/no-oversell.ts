import {
  applyMovement,
  emptyLedger,
  type StockLedger,
  type StockMovement,
  shelfName,
} from './stock-ledger.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** What the tables say of a SKU now; sellable is counted over open warehouses, less safety. */
export interface SkuTotal {
  readonly sku: string;
  readonly sellable: number;
  readonly reserved: number;
  readonly held: number;
}

/**
 * 10. At no point of the movement log was more claimed than there was, nor more allocated in a warehouse than lay
 * there; checked for each SKU after every call that moved it, and against what is sellable at the end.
 */
export async function checkNoOversell(
  movements: Rows<StockMovement>,
  totals: readonly SkuTotal[],
): Promise<Verdict> {
  const ledger = emptyLedger();
  const lastOf = new Map<string, StockMovement>();
  const breaches: string[] = [];
  let count = 0;
  for await (const movement of movements) {
    for (const name of [movement.sku, shelfName(movement)]) {
      const last = lastOf.get(name);
      if (last !== undefined && last.call !== movement.call) breaches.push(...oversold(ledger, last, name));
      lastOf.set(name, movement);
    }
    count += 1;
    if (!applyMovement(ledger, movement))
      breaches.push(`${movement.sku}: nobody told what a ${movement.kind} moves`);
  }
  for (const [name, last] of lastOf) breaches.push(...oversold(ledger, last, name));
  for (const { sku, sellable, reserved, held } of totals) {
    if (reserved + held > sellable)
      breaches.push(`${sku}: ${reserved} reserved and ${held} held of ${sellable} sellable`);
  }
  return { summary: `${counted(count, 'movement')} of ${counted(totals.length, 'SKU')}`, breaches };
}

function oversold({ totals, shelves }: StockLedger, { call }: StockMovement, name: string): string[] {
  const total = totals.get(name);
  const shelf = shelves.get(name);
  const breaches: string[] = [];
  if (total !== undefined && (total.reserved > total.onHand || total.reserved < 0)) {
    breaches.push(`${name}: ${total.reserved} reserved of ${total.onHand} on hand after call ${call}`);
  }
  if (shelf !== undefined && (shelf.allocated > shelf.onHand || shelf.allocated < 0)) {
    breaches.push(`${name}: ${shelf.allocated} allocated of ${shelf.onHand} on hand after call ${call}`);
  }
  return breaches;
}
