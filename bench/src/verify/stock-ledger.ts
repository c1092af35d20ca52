/** A row of the movement log. `call` names the transaction that wrote it. Rows come in the order in which they were written. */
export interface StockMovement {
  readonly call: string;
  readonly sku: string;
  readonly warehouseId: string | null;
  readonly kind: string;
  readonly quantity: number;
}

/** What one unit of a movement does to the shelf of its warehouse and to the SKU's claims. */
interface MovementEffect {
  readonly onHand: number;
  readonly allocated: number;
  readonly reserved: number;
}

const EFFECTS: Readonly<Record<string, MovementEffect>> = {
  receipt: { onHand: 1, allocated: 0, reserved: 0 },
  reserve: { onHand: 0, allocated: 0, reserved: 1 },
  release: { onHand: 0, allocated: 0, reserved: -1 },
  allocate: { onHand: 0, allocated: 1, reserved: 0 },
  ship: { onHand: -1, allocated: -1, reserved: -1 },
};

/** One SKU in one warehouse, folded from the movement log. */
export interface LedgerShelf {
  onHand: number;
  allocated: number;
  received: number;
  shipped: number;
}

/** One SKU over all warehouses, folded from the movement log. */
export interface LedgerTotal {
  onHand: number;
  reserved: number;
}

export interface StockLedger {
  readonly shelves: Map<string, LedgerShelf>;
  readonly totals: Map<string, LedgerTotal>;
}

export const emptyLedger = (): StockLedger => ({ shelves: new Map(), totals: new Map() });

export const shelfName = ({ sku, warehouseId }: { sku: string; warehouseId: string | null }) =>
  `${sku} in ${warehouseId}`;

/** Adds one movement; answers false when its kind is unknown to this checker. */
export function applyMovement(ledger: StockLedger, movement: StockMovement): boolean {
  const effect = EFFECTS[movement.kind];
  if (effect === undefined) return false;
  const { quantity, sku, kind } = movement;
  const total = found(ledger.totals, sku, () => ({ onHand: 0, reserved: 0 }));
  total.onHand += effect.onHand * quantity;
  total.reserved += effect.reserved * quantity;
  if (effect.onHand === 0 && effect.allocated === 0) return true;
  const shelf = found(ledger.shelves, shelfName(movement), () => ({
    onHand: 0,
    allocated: 0,
    received: 0,
    shipped: 0,
  }));
  shelf.onHand += effect.onHand * quantity;
  shelf.allocated += effect.allocated * quantity;
  if (kind === 'receipt') shelf.received += quantity;
  if (kind === 'ship') shelf.shipped += quantity;
  return true;
}

function found<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
