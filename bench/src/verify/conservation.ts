import type { SkuTotal } from './no-oversell.ts';
import {
  applyMovement,
  emptyLedger,
  emptyShelf,
  emptyTotal,
  type Flow,
  type LedgerShelf,
  type LedgerTotal,
  type StockMovement,
  shelfName,
} from './stock-ledger.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** What the tables say of one SKU in one warehouse. */
export interface Shelf {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly allocated: number;
  readonly safety: number;
  /** Whether the warehouse is OPEN, so that its goods may be sold. */
  readonly open: boolean;
}

/** Units by SKU and warehouse that a log says went one road. */
export interface LoggedUnits {
  readonly flow: Flow;
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

/** Safety as the last fact about a shelf says. */
export interface LoggedSafety {
  readonly sku: string;
  readonly warehouseId: string;
  readonly safety: number;
}

/** Units of a SKU that reservations claim and hold: not there any more, or in a shut warehouse, are those withdrawing. */
export interface ClaimedUnits {
  readonly sku: string;
  readonly reserved: number;
  readonly withdrawing: number;
}

export interface HeldUnits {
  readonly sku: string;
  readonly quantity: number;
}

export interface StockWitnesses {
  readonly movements: Rows<StockMovement>;
  readonly shelves: readonly Shelf[];
  readonly totals: readonly SkuTotal[];
  readonly claims: readonly ClaimedUnits[];
  /** Lines of the holds that are alive. */
  readonly holds: readonly HeldUnits[];
  /** Receipts, adjustments and transfers by inventory's log, and what left by fulfillment's. */
  readonly logged: readonly LoggedUnits[];
  readonly safeties: readonly LoggedSafety[];
}

type Compare = (name: string, what: string, found: number, expected: number, by: string) => void;

const LOG_OF: Readonly<Record<Flow, string>> = {
  received: 'the log of receipts',
  adjusted: 'the log of adjustments',
  sent: 'the log of transfers',
  arrived: 'the log of transfers',
  shipped: 'the log of shipments',
};
// Each flow stands here once.
const FLOWS = Object.keys(LOG_OF) as readonly Flow[];

/**
 * 9. Per SKU and warehouse: on hand = receipts + transfers in + returns − shipped − transfers out ± adjustments, each as the
 * log of those who say it tells; reserved and withdrawing = what reservations claim, held = what holds hold, sellable = what
 * lies in open warehouses less safety; and all of them as the movements add up.
 */
export async function checkConservation(witnesses: StockWitnesses): Promise<Verdict> {
  const ledger = emptyLedger();
  for await (const movement of witnesses.movements) applyMovement(ledger, movement);
  const breaches: string[] = [];
  const compare: Compare = (name, what, found, expected, by) => {
    if (found !== expected) breaches.push(`${name}: ${found} ${what}, ${expected} by ${by}`);
  };
  const shelves = compareShelves(witnesses, ledger.shelves, compare);
  const skus = compareTotals(witnesses, ledger.totals, compare);
  return { summary: `${shelves.toLocaleString('en')} shelves of ${counted(skus, 'SKU')}`, breaches };
}

function compareShelves(
  witnesses: StockWitnesses,
  ledger: ReadonlyMap<string, LedgerShelf>,
  compare: Compare,
): number {
  const shelves = new Map(witnesses.shelves.map((shelf) => [shelfName(shelf), shelf]));
  const safeties = new Map(witnesses.safeties.map((each) => [shelfName(each), each.safety]));
  const logged = flowsOf(witnesses.logged);
  for (const name of new Set([...shelves.keys(), ...ledger.keys(), ...safeties.keys(), ...logged.keys()])) {
    const { onHand = 0, allocated = 0, safety = 0 } = shelves.get(name) ?? {};
    const moved = ledger.get(name) ?? emptyShelf();
    compare(name, 'on hand', onHand, moved.onHand, 'its movements');
    compare(name, 'allocated', allocated, moved.allocated, 'its movements');
    compare(name, 'kept back', safety, moved.safety, 'its movements');
    compare(name, 'kept back', safety, safeties.get(name) ?? 0, 'the log of safety');
    const told = logged.get(name) ?? emptyShelf().flows;
    for (const flow of FLOWS) compare(name, flow, moved.flows[flow], told[flow], LOG_OF[flow]);
  }
  return shelves.size;
}

function compareTotals(
  witnesses: StockWitnesses,
  ledger: ReadonlyMap<string, LedgerTotal>,
  compare: Compare,
): number {
  const totals = new Map(witnesses.totals.map((total) => [total.sku, total]));
  const claims = new Map(witnesses.claims.map((claim) => [claim.sku, claim]));
  const held = sumsOf(witnesses.holds);
  const sellable = sumsOf(
    witnesses.shelves
      .filter((shelf) => shelf.open)
      .map(({ sku, onHand, safety }) => ({ sku, quantity: onHand - safety })),
  );
  const named = [totals, claims, held, sellable, ledger].flatMap((figures) => [...figures.keys()]);
  for (const sku of new Set(named)) {
    const total = totals.get(sku) ?? emptyTotal();
    const moved = ledger.get(sku) ?? emptyTotal();
    compare(sku, 'sellable', total.sellable, moved.sellable, 'its movements');
    compare(sku, 'sellable', total.sellable, sellable.get(sku) ?? 0, 'its shelves');
    compare(sku, 'reserved', total.reserved, moved.reserved, 'its movements');
    compare(sku, 'reserved', total.reserved, claims.get(sku)?.reserved ?? 0, 'its open reservations');
    compare(sku, 'held', total.held, moved.held, 'its movements');
    compare(sku, 'held', total.held, held.get(sku) ?? 0, 'its live holds');
    compare(sku, 'withdrawing', total.withdrawing, moved.withdrawing, 'its movements');
    compare(sku, 'withdrawing', total.withdrawing, claims.get(sku)?.withdrawing ?? 0, 'its reservations');
  }
  return totals.size;
}

function flowsOf(rows: readonly LoggedUnits[]): Map<string, Record<Flow, number>> {
  const flows = new Map<string, Record<Flow, number>>();
  for (const row of rows) {
    const name = shelfName(row);
    const of = flows.get(name) ?? emptyShelf().flows;
    of[row.flow] += row.quantity;
    flows.set(name, of);
  }
  return flows;
}

function sumsOf(rows: readonly HeldUnits[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of rows) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}
