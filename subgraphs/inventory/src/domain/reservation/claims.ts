// Sums over lines of units: what of them is taken, what is left, and what it is worth.
import { type Claim, type Units, unitsBySku } from './reservation.ts';

/** Units as they stand in the lines, at most `wanted` of each SKU, and the lines without them. Lines that come to nothing go. */
export function split(
  lines: readonly Claim[],
  wanted: ReadonlyMap<string, number>,
): Readonly<{ taken: readonly Claim[]; left: readonly Claim[] }> {
  const rest = new Map(wanted);
  const taken: Claim[] = [];
  const left: Claim[] = [];
  for (const line of lines) {
    const [sku, quantity] = line;
    const part = Math.max(0, Math.min(quantity, rest.get(sku) ?? 0));
    rest.set(sku, (rest.get(sku) ?? 0) - part);
    if (part > 0) taken.push(withQuantity(line, part));
    if (part < quantity) left.push(withQuantity(line, quantity - part));
  }
  return { taken, left };
}

/** The same line of another quantity. */
function withQuantity([sku, , unitPriceMinor, wave]: Claim, quantity: number): Claim {
  if (wave !== undefined) return [sku, quantity, unitPriceMinor ?? null, wave];
  return unitPriceMinor === undefined ? [sku, quantity] : [sku, quantity, unitPriceMinor];
}

/** The lines without the given units. */
export function lessUnits(lines: readonly Claim[], less: Iterable<Claim>): readonly Claim[] {
  return split(lines, unitsBySku(less)).left;
}

/** Both, a SKU of one price and wave on one line. */
export function added(lines: readonly Claim[], more: readonly Claim[]): readonly Claim[] {
  if (lines.length === 0) return more;
  const sum = [...lines];
  for (const line of more) {
    const [sku, quantity, price, wave] = line;
    const place = sum.findIndex(
      ([other, , otherPrice, otherWave]) => other === sku && otherPrice === price && otherWave === wave,
    );
    const known = sum[place];
    if (known === undefined) sum.push(line);
    else sum[place] = withQuantity(known, known[1] + quantity);
  }
  return sum;
}

/** Without prices. */
export const unpriced = (claims: readonly Claim[]): Units[] =>
  claims.map(([sku, quantity]) => [sku, quantity]);

/** What the units cost together, in minor units. */
export function worthOf(claims: readonly Claim[]): number {
  return claims.reduce((sum, [, quantity, unitPriceMinor]) => sum + quantity * (unitPriceMinor ?? 0), 0);
}

/** Units of each SKU as lines, without those of which there is none. */
export const linesOf = (units: ReadonlyMap<string, number>): Units[] =>
  [...units].filter(([, quantity]) => quantity > 0);

/** Units of each SKU without the given ones, none below zero. */
export function lessBySku(units: ReadonlyMap<string, number>, less: readonly Claim[]): Map<string, number> {
  const rest = new Map(units);
  for (const [sku, quantity] of less) rest.set(sku, Math.max(0, (rest.get(sku) ?? 0) - quantity));
  return rest;
}

/** Of each SKU the smaller of the two. */
export function atMost(
  units: ReadonlyMap<string, number>,
  limit: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...units].map(([sku, quantity]) => [sku, Math.min(quantity, limit.get(sku) ?? 0)]));
}
