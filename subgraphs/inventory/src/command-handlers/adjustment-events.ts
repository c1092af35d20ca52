import { partitionOf } from '@crossdock/contracts';
import { type Metadata, type NewEvent, newId } from '@crossdock/event-store';
import type { ShelfChange, ShelfLoss } from '../domain/adjustment.ts';
import type { AdjustmentReason } from './adjustment-rows.ts';

/** A row that is booked, by its place in the input. */
export type BookedChange = ShelfChange &
  Readonly<{
    index: number;
    reason: AdjustmentReason;
    note: string | null;
    expectedVersion: number | null;
  }>;

/** Why units are not there, and the event that says so. */
export type Loss = Readonly<{ cause: string; reason: AdjustmentReason }>;
export type Adjustment = Readonly<{
  events: readonly NewEvent[];
  lossOf: (shelf: Readonly<{ sku: string; warehouseId: string }>) => Loss;
  /** The word on the SKU's first decrease of what was for sale. */
  lossOfSku: (sku: string) => Loss;
}>;

/** Lines of one event, so that it stays small whatever its notes. */
const LINES_OF_EVENT_MAX = 100;

/** Changes of one warehouse and reason, cut to the size of events: of each, an order or a hold follows once at most. */
function partsOf(changes: readonly BookedChange[]): BookedChange[][] {
  const groups = Map.groupBy(changes, ({ warehouseId, reason }) => `${reason} ${warehouseId}`);
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / LINES_OF_EVENT_MAX) }, (_, part) =>
      group.slice(part * LINES_OF_EVENT_MAX, (part + 1) * LINES_OF_EVENT_MAX),
    ),
  );
}

const shelfKey = ({ sku, warehouseId }: Readonly<{ sku: string; warehouseId: string }>) =>
  `${warehouseId}\u001f${sku}`;

/** The facts of an adjustment, and which of them tells of which shelf. */
export function adjustmentOf(
  changes: readonly BookedChange[],
  reference: string | null,
  metadata: Metadata,
): Adjustment {
  const adjustmentId = newId();
  const losses = new Map<string, Loss>();
  const events = partsOf(changes).map((part, index): NewEvent => {
    const id = newId();
    // One and the same for all shelves that the event tells of.
    const loss = part.map(({ reason }) => ({ cause: id, reason }))[0];
    for (const change of part) if (loss !== undefined) losses.set(shelfKey(change), loss);
    const lines = part.map(({ sku, warehouseId, delta, reason, note }) => ({
      ...{ sku, warehouseId, delta, reason },
      ...(note === null ? {} : { note }),
    }));
    return {
      ...{ partition: partitionOf(adjustmentId), category: 'adjustment', streamId: adjustmentId },
      ...{ version: index + 1, id, type: 'StockAdjusted', metadata },
      data: { adjustmentId, ...(reference === null ? {} : { reference }), lines },
    };
  });
  const lossOf: Adjustment['lossOf'] = (shelf) => {
    const loss = losses.get(shelfKey(shelf));
    if (loss === undefined) throw new Error(`no change of ${shelf.sku} at ${shelf.warehouseId} is booked`);
    return loss;
  };
  const decreases = new Map(
    changes
      .filter(({ delta, isOpen }) => delta < 0 && isOpen)
      .toReversed()
      .map((each) => [each.sku, each]),
  );
  return { events, lossOf, lossOfSku: (sku) => lossOf(decreases.get(sku) ?? { sku, warehouseId: '' }) };
}

/** The fact of what is no longer kept back since it does not lie there; null where all of it does. */
export function safetyGivenUp(losses: readonly ShelfLoss[], metadata: Metadata): NewEvent | null {
  const lines = losses.filter(({ givenUp }) => givenUp > 0);
  if (lines.length === 0) return null;
  const streamId = newId();
  return {
    ...{ partition: partitionOf(streamId), category: 'safety', streamId, version: 1 },
    ...{ id: newId(), type: 'SafetyStockSet', metadata },
    data: { lines: lines.map(({ sku, warehouseId, safety }) => ({ sku, warehouseId, safety })) },
  };
}
