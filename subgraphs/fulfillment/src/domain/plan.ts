import type { SkuQuantity } from './shipment.ts';
import type { StockView } from './stock-view.ts';
import type { Warehouse } from './warehouse.ts';

/** ONE_WAREHOUSE has it all; FEWEST_WAREHOUSES together have it; BEYOND_VIEW: the view has less than is wanted. */
export type PlanRule = 'ONE_WAREHOUSE' | 'FEWEST_WAREHOUSES' | 'BEYOND_VIEW';

export type Consignment = Readonly<{ warehouseId: string; lines: readonly SkuQuantity[] }>;

/** Which warehouse ships what of an order, by which rule, and why in sentences. */
export type Plan = Readonly<{
  rule: PlanRule;
  explanation: readonly string[];
  consignments: readonly Consignment[];
}>;

type Candidate = Pick<Warehouse, 'warehouseId' | 'priority'>;

/** Warehouses of one priority, by id; the tiers by priority. Made once for a batch. */
export function tiersOf(warehouses: readonly Candidate[]): Candidate[][] {
  const tiers = new Map<number, Candidate[]>();
  for (const each of [...warehouses].sort(byPriorityThenId)) {
    const tier = tiers.get(each.priority);
    if (tier === undefined) tiers.set(each.priority, [each]);
    else tier.push(each);
  }
  return [...tiers.values()];
}

function byPriorityThenId(left: Candidate, right: Candidate): number {
  if (left.priority !== right.priority) return left.priority - right.priority;
  return left.warehouseId < right.warehouseId ? -1 : 1;
}

/** 32-bit FNV-1a, as in contracts' `partitionOf`, but of an order: spreads orders evenly over equal warehouses. */
function spreadOf(orderId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < orderId.length; index += 1) {
    hash = Math.imul(hash ^ orderId.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Low priority number first; among equals each order starts with another one. */
function inPreference(tiers: readonly (readonly Candidate[])[], orderId: string): Candidate[] {
  const spread = spreadOf(orderId);
  return tiers.flatMap((tier) => {
    const first = spread % tier.length;
    return first === 0 ? tier : [...tier.slice(first), ...tier.slice(0, first)];
  });
}

/**
 * Chooses warehouses for an order's lines: the first that has them all; else the fewest, greedily by lines they
 * complete; what nobody has is asked of the first choice, so that inventory decides. Null without any warehouse.
 */
export function planOrder(
  orderId: string,
  lines: readonly SkuQuantity[],
  tiers: readonly (readonly Candidate[])[],
  view: StockView,
): Plan | null {
  const candidates = inPreference(tiers, orderId);
  const [preferred] = candidates;
  if (preferred === undefined) return null;
  const complete = candidates.find(({ warehouseId }) =>
    lines.every(({ sku, quantity }) => view.available(sku, warehouseId) >= quantity),
  );
  if (complete === undefined) return planSplit(lines, candidates, preferred, view);
  const { warehouseId, priority } = complete;
  return {
    rule: 'ONE_WAREHOUSE',
    explanation: [
      `${warehouseId} (priority ${priority}) has all ${lines.length} lines; it is the first of ${candidates.length} open warehouses that has.`,
    ],
    consignments: [{ warehouseId, lines }],
  };
}

type Offer = Readonly<{
  warehouseId: string;
  completed: number;
  units: number;
  lines: readonly SkuQuantity[];
}>;

/** What a warehouse could give to what is still wanted. */
function offerOf(warehouseId: string, wanted: ReadonlyMap<string, number>, view: StockView): Offer {
  const lines: SkuQuantity[] = [];
  let completed = 0;
  let units = 0;
  for (const [sku, quantity] of wanted) {
    const given = Math.min(quantity, view.available(sku, warehouseId));
    if (given <= 0) continue;
    lines.push({ sku, quantity: given });
    units += given;
    if (given === quantity) completed += 1;
  }
  return { warehouseId, completed, units, lines };
}

function isBetter(left: Offer, right: Offer | null): boolean {
  if (right === null) return left.units > 0;
  return left.completed !== right.completed ? left.completed > right.completed : left.units > right.units;
}

function bestOffer(
  candidates: ReadonlySet<string>,
  wanted: ReadonlyMap<string, number>,
  view: StockView,
): Offer | null {
  let best: Offer | null = null;
  for (const warehouseId of candidates) {
    const offer = offerOf(warehouseId, wanted, view);
    if (isBetter(offer, best)) best = offer;
  }
  return best;
}

function planSplit(
  lines: readonly SkuQuantity[],
  candidates: readonly Candidate[],
  preferred: Candidate,
  view: StockView,
): Plan {
  const wanted = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  const left = new Set(candidates.map(({ warehouseId }) => warehouseId));
  const chosen = new Map<string, readonly SkuQuantity[]>();
  const explanation = [`None of ${candidates.length} open warehouses has all ${lines.length} lines.`];
  // Each round takes one warehouse away, so there are at most as many as warehouses.
  for (let offer = bestOffer(left, wanted, view); offer !== null; offer = bestOffer(left, wanted, view)) {
    left.delete(offer.warehouseId);
    chosen.set(offer.warehouseId, offer.lines);
    explanation.push(
      `${offer.warehouseId} gives ${offer.units} units and completes ${offer.completed} lines.`,
    );
    for (const { sku, quantity } of offer.lines) {
      const rest = (wanted.get(sku) ?? 0) - quantity;
      if (rest > 0) wanted.set(sku, rest);
      else wanted.delete(sku);
    }
  }
  if (wanted.size === 0)
    return { rule: 'FEWEST_WAREHOUSES', explanation, consignments: consignmentsOf(chosen) };
  explanation.push(
    `${wanted.size} lines are wanted beyond the known stock; ${preferred.warehouseId} is asked for them.`,
  );
  const { warehouseId } = preferred;
  chosen.set(warehouseId, withMore(chosen.get(warehouseId) ?? [], wanted));
  return { rule: 'BEYOND_VIEW', explanation, consignments: consignmentsOf(chosen) };
}

function consignmentsOf(chosen: ReadonlyMap<string, readonly SkuQuantity[]>): Consignment[] {
  return [...chosen].map(([warehouseId, lines]) => ({ warehouseId, lines }));
}

function withMore(lines: readonly SkuQuantity[], more: ReadonlyMap<string, number>): SkuQuantity[] {
  const known = new Set(lines.map(({ sku }) => sku));
  const raised = lines.map(({ sku, quantity }) => ({ sku, quantity: quantity + (more.get(sku) ?? 0) }));
  const added = [...more].filter(([sku]) => !known.has(sku)).map(([sku, quantity]) => ({ sku, quantity }));
  return [...raised, ...added];
}
