import type { SkuQuantity } from './shipment.ts';

/**
 * Units of an order's claim that inventory said are not there, as far as no wave was shortened by them. Orders may have left
 * such units out of what it confirmed, or not: nobody but inventory knows, so that a wave is shortened only where inventory
 * refuses what it asks for. A row of its own, because a claim may break before the order is heard of here.
 */
export type BrokenClaims = Readonly<{
  /** One list for each break, the newest last. */
  open: readonly (readonly SkuQuantity[])[];
  /** Units that a restored log shows waves shortened by, while the breaks themselves are heard again. */
  owed: readonly SkuQuantity[];
}>;

/** Breaks of an order that are kept; of more the oldest are forgotten, and a plan with too much is refused until it is held. */
export const BREAKS_KEPT_MAX = 50;

export const noBrokenClaims: BrokenClaims = { open: [], owed: [] };

/** Lines less others, of which at most what there is: what is left, and what of the others found nothing to take. */
export function lessLines(
  lines: readonly SkuQuantity[],
  others: readonly SkuQuantity[],
): Readonly<{ left: SkuQuantity[]; unmet: SkuQuantity[] }> {
  const toTake = new Map<string, number>();
  for (const { sku, quantity } of others) toTake.set(sku, (toTake.get(sku) ?? 0) + quantity);
  const left = lines.flatMap(({ sku, quantity }) => {
    const taken = Math.min(quantity, toTake.get(sku) ?? 0);
    if (taken > 0) toTake.set(sku, (toTake.get(sku) ?? 0) - taken);
    return quantity > taken ? [{ sku, quantity: quantity - taken }] : [];
  });
  const unmet = [...toTake].flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []));
  return { left, unmet };
}

/** Units of a claim broke. */
export function noteBreak(broken: BrokenClaims, lines: readonly SkuQuantity[]): BrokenClaims {
  const { left, unmet } = lessLines(lines, broken.owed);
  const open = left.length === 0 ? broken.open : [...broken.open, left];
  return { open: open.slice(-BREAKS_KEPT_MAX), owed: unmet };
}

/**
 * Lines shortened by the newest break that has units of them; null where none has. The newest alone, because an older one
 * is more likely to be accounted for in what orders confirmed: where it is not, inventory refuses again.
 */
export function shorten(
  lines: readonly SkuQuantity[],
  { open, owed }: BrokenClaims,
): Readonly<{ lines: SkuQuantity[]; broken: BrokenClaims }> | null {
  const skus = new Set(lines.map(({ sku }) => sku));
  const at = open.findLastIndex((each) => each.some(({ sku }) => skus.has(sku)));
  const newest = open[at];
  if (newest === undefined) return null;
  const { left, unmet } = lessLines(lines, newest);
  const rest = unmet.length === 0 ? [] : [unmet];
  return { lines: left, broken: { open: open.toSpliced(at, 1, ...rest), owed } };
}

/** A restored log shows that a wave was shortened by these units: breaks that are known give them, others owe them. */
export function settleBreaks(broken: BrokenClaims, units: readonly SkuQuantity[]): BrokenClaims {
  let wanted = units;
  const open: (readonly SkuQuantity[])[] = [];
  for (const each of broken.open.toReversed()) {
    const { left, unmet } = lessLines(each, wanted);
    wanted = unmet;
    if (left.length > 0) open.unshift(left);
  }
  return { open, owed: [...broken.owed, ...wanted] };
}
