import {
  applyMovement,
  emptyLedger,
  isSellableDeltaPossible,
  movesShelf,
  movesTotal,
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
  /** Units assigned to shipments which are not there, or whose warehouse is not open. */
  readonly withdrawing: number;
}

/** SKUs with withdrawing units that the summary names. */
const NAMED_MAX = 5;

/**
 * 10. At no point of the movement log was more claimed and held than for sale, nor more allocated in a warehouse than lay
 * there; checked after every call that moved a figure of the SKU, or of the shelf, and against what stands at the end.
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
    // A call writes between those of another only where they share no locked row, hence no figure.
    const moved = [
      ...(movesTotal(movement) ? [movement.sku] : []),
      ...(movesShelf(movement) ? [shelfName(movement)] : []),
    ];
    for (const name of moved) {
      const last = lastOf.get(name);
      if (last !== undefined && last.call !== movement.call) breaches.push(...oversold(ledger, last, name));
      lastOf.set(name, movement);
    }
    count += 1;
    if (!applyMovement(ledger, movement))
      breaches.push(`${movement.sku}: nobody told what a ${movement.kind} moves`);
    if (!isSellableDeltaPossible(movement))
      breaches.push(
        `${movement.sku}: ${movement.kind} of ${movement.quantity} moved ${movement.sellableDelta} for sale`,
      );
  }
  for (const [name, last] of lastOf) breaches.push(...oversold(ledger, last, name));
  for (const { sku, sellable, reserved, held } of totals) {
    if (reserved + held > sellable)
      breaches.push(`${sku}: ${reserved} reserved and ${held} held of ${sellable} sellable`);
  }
  const named = `${counted(count, 'movement')} of ${counted(totals.length, 'SKU')}${withdrawingOf(totals)}`;
  return { summary: named, breaches };
}

function oversold({ totals, shelves }: StockLedger, { call }: StockMovement, name: string): string[] {
  const total = totals.get(name);
  const shelf = shelves.get(name);
  const breaches: string[] = [];
  if (total !== undefined) {
    const { sellable, reserved, held, withdrawing } = total;
    if (reserved + held > sellable || Math.min(reserved, held, withdrawing) < 0) {
      breaches.push(
        `${name}: ${reserved} reserved, ${held} held and ${withdrawing} withdrawing of ${sellable} sellable after call ${call}`,
      );
    }
  }
  if (shelf !== undefined && (shelf.allocated > shelf.onHand || shelf.allocated < 0)) {
    breaches.push(`${name}: ${shelf.allocated} allocated of ${shelf.onHand} on hand after call ${call}`);
  }
  return breaches;
}

/** Units that stand outside what may be claimed are no oversell, and nobody shall overlook them. */
function withdrawingOf(totals: readonly SkuTotal[]): string {
  const concerned = totals.filter(({ withdrawing }) => withdrawing > 0);
  if (concerned.length === 0) return '';
  const sum = concerned.reduce((units, { withdrawing }) => units + withdrawing, 0);
  const named = concerned.slice(0, NAMED_MAX).map(({ sku, withdrawing }) => `${sku} ${withdrawing}`);
  const more = concerned.length > NAMED_MAX ? ` and of ${concerned.length - NAMED_MAX} more` : '';
  return `, ${counted(sum, 'unit')} withdrawing: ${named.join(', ')}${more}`;
}
