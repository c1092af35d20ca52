/** A row of the movement log. `call` names the transaction that wrote it. Rows come in the order in which they were written. */
export interface StockMovement {
  readonly call: string;
  readonly sku: string;
  readonly warehouseId: string | null;
  readonly kind: string;
  readonly quantity: number;
  /** Units more or fewer for sale over all open warehouses. */
  readonly sellableDelta: number;
}

/** Roads by which goods come into a warehouse or leave it; each is told of by a log as well. */
export type Flow = 'received' | 'adjusted' | 'sent' | 'arrived' | 'shipped';

/** What one unit of a movement does: the first three to the shelf of its warehouse, the others to the claims on the SKU. */
interface MovementEffect {
  readonly onHand?: 1 | -1;
  readonly allocated?: 1 | -1;
  readonly safety?: 1 | -1;
  readonly reserved?: 1 | -1;
  readonly held?: 1 | -1;
  readonly withdrawing?: 1 | -1;
  readonly flow?: Flow;
  /** Goods of an open warehouse by its own meaning, or of a shut one: what is for sale moves along, or not at all. */
  readonly where?: 'open' | 'shut';
}

// Written down a second time on purpose, see flow.ts.
const EFFECTS: Readonly<Record<string, MovementEffect>> = {
  receipt: { onHand: 1, flow: 'received' },
  adjust: { onHand: 1, flow: 'adjusted' },
  return: { onHand: 1, flow: 'adjusted' },
  transfer_out: { onHand: -1, flow: 'sent' },
  transfer_in: { onHand: 1, flow: 'arrived' },
  safety: { safety: 1 },
  open: {},
  shut: {},
  suspend: { reserved: -1, withdrawing: 1 },
  resume: { reserved: 1, withdrawing: -1 },
  reserve: { reserved: 1 },
  release: { reserved: -1 },
  break: { reserved: -1 },
  hold: { held: 1 },
  unhold: { held: -1 },
  expire: { held: -1 },
  claim: { held: -1 },
  break_hold: { held: -1 },
  allocate: { allocated: 1 },
  withdraw: { allocated: -1, reserved: -1, withdrawing: 1 },
  withdraw_shut: { allocated: -1 },
  ship: { onHand: -1, allocated: -1, reserved: -1, flow: 'shipped', where: 'open' },
  ship_shut: { onHand: -1, allocated: -1, withdrawing: -1, flow: 'shipped', where: 'shut' },
  // The goods were not there by the books, and left all the same.
  ship_missing: { withdrawing: -1, flow: 'shipped', where: 'shut' },
};

/** One SKU in one warehouse, folded from the movement log. */
export interface LedgerShelf {
  onHand: number;
  allocated: number;
  safety: number;
  readonly flows: Record<Flow, number>;
}

/** One SKU over all warehouses, folded from the movement log. */
export interface LedgerTotal {
  sellable: number;
  reserved: number;
  held: number;
  withdrawing: number;
}

export interface StockLedger {
  readonly shelves: Map<string, LedgerShelf>;
  readonly totals: Map<string, LedgerTotal>;
}

export const emptyLedger = (): StockLedger => ({ shelves: new Map(), totals: new Map() });

export const shelfName = ({ sku, warehouseId }: { sku: string; warehouseId: string | null }) =>
  `${sku} in ${warehouseId}`;

export const emptyShelf = (): LedgerShelf => ({
  ...{ onHand: 0, allocated: 0, safety: 0 },
  flows: { received: 0, adjusted: 0, sent: 0, arrived: 0, shipped: 0 },
});

export const emptyTotal = (): LedgerTotal => ({ sellable: 0, reserved: 0, held: 0, withdrawing: 0 });

const isOfShelf = ({ onHand, allocated, safety, flow }: MovementEffect) =>
  onHand !== undefined || allocated !== undefined || safety !== undefined || flow !== undefined;

/** Whether a movement moves a figure of its SKU: then the call that wrote it had the SKU's row locked. */
export function movesTotal({ kind, sellableDelta }: StockMovement): boolean {
  const { reserved, held, withdrawing } = EFFECTS[kind] ?? {};
  return sellableDelta !== 0 || reserved !== undefined || held !== undefined || withdrawing !== undefined;
}

export const movesShelf = ({ kind }: StockMovement): boolean => isOfShelf(EFFECTS[kind] ?? {});

/** Adds one movement; answers false when its kind is unknown to this checker. */
export function applyMovement(ledger: StockLedger, movement: StockMovement): boolean {
  const effect = EFFECTS[movement.kind];
  if (effect === undefined) return false;
  const { quantity, sku, sellableDelta } = movement;
  const total = found(ledger.totals, sku, emptyTotal);
  total.sellable += sellableDelta;
  total.reserved += (effect.reserved ?? 0) * quantity;
  total.held += (effect.held ?? 0) * quantity;
  total.withdrawing += (effect.withdrawing ?? 0) * quantity;
  if (!isOfShelf(effect)) return true;
  const shelf = found(ledger.shelves, shelfName(movement), emptyShelf);
  shelf.onHand += (effect.onHand ?? 0) * quantity;
  shelf.allocated += (effect.allocated ?? 0) * quantity;
  shelf.safety += (effect.safety ?? 0) * quantity;
  if (effect.flow !== undefined) shelf.flows[effect.flow] += quantity;
  return true;
}

/** Whether a movement can have made so many units more or fewer for sale; true for kinds that are unknown. */
export function isSellableDeltaPossible({ kind, quantity, sellableDelta }: StockMovement): boolean {
  const effect = EFFECTS[kind];
  if (effect === undefined) return true;
  if (kind === 'open' || kind === 'shut') return Math.abs(sellableDelta) === Math.abs(quantity);
  const ofOpen = ((effect.onHand ?? 0) - (effect.safety ?? 0)) * quantity;
  if (effect.where !== undefined) return sellableDelta === (effect.where === 'open' ? ofOpen : 0);
  return sellableDelta === 0 || sellableDelta === ofOpen;
}

function found<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
