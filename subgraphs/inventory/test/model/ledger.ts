// Folds the ledger by the factors of its kinds: what the tables say must be what the movements come to, after every call.
import type { Sql } from '@crossdock/event-store';
import { type Figure, type MovementKind, movedBy } from '../../src/domain/ledger.ts';

type MovementRow = Readonly<{
  sku: string;
  warehouseId: string | null;
  kind: MovementKind;
  quantity: number;
  sellableDelta: number;
  /** Whether it is the last of its SKU in the call that wrote it. */
  endsCall: boolean;
}>;
type NetworkFigures = Record<'sellable' | 'reserved' | 'held' | 'withdrawing', number>;
type ShelfFigures = Record<'onHand' | 'allocated' | 'safety', number>;

export type Folded = Readonly<{
  shelves: Readonly<Record<string, ShelfFigures>>;
  totals: Readonly<Record<string, NetworkFigures>>;
  /** Calls after which more was claimed than was for sale, by their last line. */
  oversold: readonly string[];
}>;

const NETWORK = ['reserved', 'held', 'withdrawing'] as const satisfies Figure[];
const SHELF = ['onHand', 'allocated', 'safety'] as const satisfies Figure[];

/** Figures of the SKUs as their movements tell, in the order of the ledger. */
export async function foldLedger(sql: Sql, skus: readonly string[]): Promise<Folded> {
  const rows = await sql<MovementRow[]>`
    SELECT sku, warehouse_id AS "warehouseId", kind, quantity, sellable_delta AS "sellableDelta",
           lead(xmin::text) OVER (PARTITION BY sku ORDER BY id) IS DISTINCT FROM xmin::text AS "endsCall"
    FROM movements
    WHERE sku = ANY (${[...skus]}::text[]) ORDER BY id`;
  const shelves: Record<string, ShelfFigures> = {};
  const totals: Record<string, NetworkFigures> = {};
  const oversold: string[] = [];
  for (const { sku, warehouseId, kind, quantity, sellableDelta, endsCall } of rows) {
    const total = totals[sku] ?? { sellable: 0, reserved: 0, held: 0, withdrawing: 0 };
    totals[sku] = total;
    total.sellable += sellableDelta;
    for (const figure of NETWORK) total[figure] += movedBy(kind, figure, quantity);
    if (endsCall && total.reserved + total.held > total.sellable)
      oversold.push(`${kind} of ${quantity} ${sku}`);
    if (warehouseId === null) continue;
    const place = `${sku} in ${warehouseId}`;
    const shelf = shelves[place] ?? { onHand: 0, allocated: 0, safety: 0 };
    shelves[place] = shelf;
    for (const figure of SHELF) shelf[figure] += movedBy(kind, figure, quantity);
  }
  return { shelves, totals, oversold };
}
