// What must have been sold, by arithmetic on what the clients themselves did, and how it differs from what was. Pure.

/** One SKU as its race's own clients know it. */
export interface SkuSupply {
  readonly sku: string;
  /** Units that came in, less those that were found missing. */
  readonly supply: number;
  /** Units asked for that nobody cancelled. */
  readonly demand: number;
}

/** One SKU as the orders' lines and the stock tables tell it. */
export interface SkuCount {
  readonly sku: string;
  /** Reserved or shipped by the lines of orders. */
  readonly sold: number;
  /** Claimed by the movement log: reserved, less given back, less lost. */
  readonly claimed: number;
  /** Reserved by the SKU's row, and shipped by the movement log. */
  readonly booked: number;
  /** Units that left although the books said that they were not there: a count came too late for them. */
  readonly leftUnbooked: number;
}

export interface RaceSum {
  readonly supply: number;
  readonly demand: number;
  readonly expected: number;
  readonly sold: number;
  readonly recorded: number;
}

/** What was there and was wanted is sold, to the unit. */
export const expectedOf = ({ supply, demand }: SkuSupply, leftUnbooked: number): number =>
  Math.min(supply + leftUnbooked, demand);

/** Sentences about what is not exactly as it must be; empty when all is. */
export function differences(supplies: readonly SkuSupply[], counts: readonly SkuCount[]): readonly string[] {
  const counted = new Map(counts.map((count) => [count.sku, count]));
  return supplies.flatMap((supply) => {
    const { sku } = supply;
    const count = counted.get(sku);
    if (count === undefined) return [`${sku}: nobody counted it`];
    const expected = expectedOf(supply, count.leftUnbooked);
    return [
      ...(count.sold === expected ? [] : [`${sku}: ${count.sold} sold, exactly ${expected} were to be`]),
      ...(count.claimed === count.sold
        ? []
        : [`${sku}: ${count.sold} sold, ${count.claimed} claimed by its movements`]),
      ...(count.booked === count.sold
        ? []
        : [`${sku}: ${count.sold} sold, ${count.booked} booked in its row`]),
    ];
  });
}

/** The race over all its SKUs. */
export function sumOf(supplies: readonly SkuSupply[], counts: readonly SkuCount[]): RaceSum {
  const left = new Map(counts.map(({ sku, leftUnbooked }) => [sku, leftUnbooked]));
  const sum = <Row>(rows: readonly Row[], of: (row: Row) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  return {
    supply: sum(supplies, ({ supply }) => supply),
    demand: sum(supplies, ({ demand }) => demand),
    expected: sum(supplies, (supply) => expectedOf(supply, left.get(supply.sku) ?? 0)),
    sold: sum(counts, ({ sold }) => sold),
    recorded: sum(counts, ({ claimed }) => claimed),
  };
}

/** Adds up what clients ask for, SKU by SKU. */
export function createTally() {
  const units = new Map<string, number>();
  return {
    add: (lines: readonly Readonly<{ sku: string; quantity: number }>[], sign: 1 | -1 = 1) => {
      for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + sign * quantity);
    },
    of: (sku: string) => units.get(sku) ?? 0,
  };
}

export type Tally = ReturnType<typeof createTally>;
