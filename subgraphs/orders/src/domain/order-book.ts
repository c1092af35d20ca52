// What stands where of an order that did not simply get all it asked for, SKU by SKU. An ordinary order has no book.

/** Units of SKUs. */
export type SkuQuantities = readonly Readonly<{ sku: string; quantity: number }>[];
export type PaymentHeard = 'OPEN' | 'AUTHORISED' | 'DECLINED';

/** One SKU of an order, in units. */
export type BookLine = Readonly<{
  sku: string;
  ordered: number;
  /** Will not come: a person, a declined payment or a loss decided so. */
  cancelled: number;
  /** Inventory's claims for the order, confirmed by us or not. */
  claimed: number;
  confirmed: number;
}>;

/** One of inventory's reservations. `lines` are null until heard, and empty once confirmed, lost or given up. */
export type Wave = Readonly<{ wave: number; lines: SkuQuantities | null; payment: PaymentHeard }>;

export type OrderBook = Readonly<{
  lines: readonly BookLine[];
  /** The last reservation counted in `claimed`: inventory's come in order. */
  heardWave: number;
  waves: readonly Wave[];
  /** Whether units that are not claimed wait for receipts, or are not going to come. */
  restWaits: boolean;
  /** Why an order that was to come whole could not, if that was before its confirmation. */
  brokenWhole: string | null;
}>;

export type RestOfBroken = 'BACKORDERED' | 'HELD' | 'CANCELLED';

export function unitsOf(lines: SkuQuantities): number {
  return lines.reduce((units, line) => units + line.quantity, 0);
}

/** The book of an order that was ordinary so far. */
export function openBook(
  placed: SkuQuantities,
  so: Readonly<{ isReserved: boolean; isConfirmed: boolean; payment: PaymentHeard }>,
): OrderBook {
  const unconfirmed = so.isReserved ? placed : null;
  return {
    lines: placed.map(({ sku, quantity }) => ({
      ...{ sku, ordered: quantity, cancelled: 0 },
      claimed: so.isReserved ? quantity : 0,
      confirmed: so.isConfirmed ? quantity : 0,
    })),
    heardWave: so.isReserved ? 1 : 0,
    waves: [{ wave: 1, lines: so.isConfirmed ? [] : unconfirmed, payment: so.payment }],
    restWaits: true,
    brokenWhole: null,
  };
}

/** Units of a line that are still wanted. */
export function wantedOf({ ordered, cancelled }: BookLine): number {
  return ordered - cancelled;
}

/** Of each SKU the lesser of what is claimed and what is wanted comes: whichever of the two fell first, and here or there. */
function comingOf(line: BookLine): number {
  return Math.min(line.claimed, wantedOf(line));
}

/** Units of a line that may still come. */
function leftOf({ restWaits }: OrderBook, line: BookLine): number {
  return restWaits ? wantedOf(line) : comingOf(line);
}

/** Units of a line that may still come and are not confirmed. */
export function waitingOf(book: OrderBook, line: BookLine): number {
  return Math.max(0, leftOf(book, line) - line.confirmed);
}

function someUnits(book: OrderBook, of: (line: BookLine) => number): SkuQuantities {
  return book.lines.flatMap((line) => {
    const quantity = of(line);
    return quantity > 0 ? [{ sku: line.sku, quantity }] : [];
  });
}

/** All that waits, by SKU. */
export function waitingLines(book: OrderBook): SkuQuantities {
  return someUnits(book, (line) => waitingOf(book, line));
}

export function unitsLeft(book: OrderBook): number {
  return book.lines.reduce((units, line) => units + leftOf(book, line), 0);
}

export function unitsWaiting(book: OrderBook | null): number {
  return book === null ? 0 : unitsOf(waitingLines(book));
}

/** What of a reservation can be confirmed. */
export function takeable(book: OrderBook, { lines }: Wave): SkuQuantities {
  const offered = quantitiesOf(lines ?? []);
  return someUnits(book, (line) => Math.min(offered.get(line.sku) ?? 0, comingOf(line) - line.confirmed));
}

/** The earliest reservation of which something can be confirmed. */
export function firstTakeable(book: OrderBook): Wave | null {
  return book.waves.find((wave) => takeable(book, wave).length > 0) ?? null;
}

/** Confirmed units that a loss of claims takes: those that neither a claim nor the order itself covers any more. */
export function lostOf(book: OrderBook, broken: SkuQuantities): SkuQuantities {
  const lost = quantitiesOf(broken);
  return someUnits(book, (line) => {
    const units = lost.get(line.sku) ?? 0;
    return units === 0
      ? 0
      : line.confirmed - comingOf({ ...line, claimed: Math.max(0, line.claimed - units) });
  });
}

function quantitiesOf(lines: SkuQuantities): ReadonlyMap<string, number> {
  return new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
}

/** The book with every named line changed by its quantity. */
function changed(
  book: OrderBook,
  lines: SkuQuantities,
  change: (line: BookLine, quantity: number) => Partial<BookLine>,
): OrderBook {
  const named = quantitiesOf(lines);
  return {
    ...book,
    lines: book.lines.map((line) => {
      const quantity = named.get(line.sku) ?? 0;
      return quantity === 0 ? line : { ...line, ...change(line, quantity) };
    }),
  };
}

function withWave(book: OrderBook, wave: number, change: (known: Wave) => Wave): OrderBook {
  const known = book.waves.find((each) => each.wave === wave);
  if (known !== undefined)
    return { ...book, waves: book.waves.map((each) => (each === known ? change(each) : each)) };
  const fresh = change({ wave, lines: null, payment: 'OPEN' });
  return { ...book, waves: [...book.waves, fresh].sort((left, right) => left.wave - right.wave) };
}

/** Counts a reservation; `lines` null for all that was ordered. */
export function claimed(book: OrderBook, wave: number, lines: SkuQuantities | null): OrderBook {
  const units = lines ?? someUnits(book, (line) => line.ordered);
  const counted = changed(book, units, (line, quantity) => ({ claimed: line.claimed + quantity }));
  const noted = withWave(counted, wave, (known) => ({ ...known, lines: known.lines ?? units }));
  return { ...noted, heardWave: wave };
}

export function paid(book: OrderBook, wave: number, payment: PaymentHeard): OrderBook {
  return withWave(book, wave, (known) => ({ ...known, payment }));
}

/** Nothing more of a reservation is going to be confirmed. */
export function settledWave(book: OrderBook, wave: number): OrderBook {
  return withWave(book, wave, (known) => ({ ...known, lines: [] }));
}

/** Claims that inventory has no more: the newest unconfirmed ones go first. */
export function unclaimed(book: OrderBook, lines: SkuQuantities): OrderBook {
  const gone = new Map(quantitiesOf(lines));
  const waves = book.waves.toReversed().map((wave) => ({
    ...wave,
    lines:
      wave.lines?.flatMap(({ sku, quantity }) => {
        const taken = Math.min(quantity, gone.get(sku) ?? 0);
        gone.set(sku, (gone.get(sku) ?? 0) - taken);
        return quantity > taken ? [{ sku, quantity: quantity - taken }] : [];
      }) ?? null,
  }));
  const less = changed(book, lines, (line, quantity) => ({ claimed: Math.max(0, line.claimed - quantity) }));
  return { ...less, waves: waves.toReversed() };
}

export function cancelled(book: OrderBook, lines: SkuQuantities): OrderBook {
  return changed(book, lines, (line, quantity) => ({ cancelled: line.cancelled + quantity }));
}

/** The first confirmation, by the reservation `wave`: what stands neither in it nor among what waits is cancelled. `lines` null for all. */
export function confirmed(
  book: OrderBook,
  wave: number,
  lines: SkuQuantities | null,
  backordered: SkuQuantities,
): OrderBook {
  const [here, later] = [quantitiesOf(lines ?? []), quantitiesOf(backordered)];
  const all = book.lines.map((line) => {
    const units = lines === null ? line.ordered : (here.get(line.sku) ?? 0);
    const gone = line.ordered - units - (later.get(line.sku) ?? 0);
    return { ...line, confirmed: units, cancelled: gone };
  });
  return { ...settledWave(book, wave), lines: all, brokenWhole: null };
}

export function replenished(book: OrderBook, wave: number, lines: SkuQuantities): OrderBook {
  const more = changed(book, lines, (line, quantity) => ({ confirmed: line.confirmed + quantity }));
  return settledWave(more, wave);
}

/** Confirmed units that are lost wait again, or are cancelled. */
export function broken(book: OrderBook, lines: SkuQuantities, rest: 'BACKORDERED' | 'CANCELLED'): OrderBook {
  return changed(book, lines, (line, quantity) => ({
    confirmed: line.confirmed - quantity,
    cancelled: rest === 'CANCELLED' ? line.cancelled + quantity : line.cancelled,
  }));
}
