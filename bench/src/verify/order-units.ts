import type { Rows } from './verdict.ts';

interface UnitsOfSku {
  readonly sku: string;
  readonly quantity: number;
}

/** A fact of an order as far as it moves units. Rows come by order and version. */
export interface OrderUnitsFact {
  readonly orderId: string;
  readonly type: string;
  readonly lines: readonly UnitsOfSku[] | null;
  readonly backordered: readonly UnitsOfSku[] | null;
  /** With OrderLinesBroken: what becomes of the units. */
  readonly rest: string | null;
}

interface Units {
  placed: Map<string, number>;
  /** To be shipped: claimed and not left yet. */
  claimed: Map<string, number>;
  waiting: Map<string, number>;
}

const mapOf = (lines: readonly UnitsOfSku[] | null) => {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines ?? []) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
};

/** Units of each order that are claimed for it and have not left, by the order's own facts. */
export async function unitsOutstanding(facts: Rows<OrderUnitsFact>): Promise<Map<string, number>> {
  const orders = new Map<string, Units>();
  for await (const fact of facts) {
    const units = orders.get(fact.orderId) ?? { placed: new Map(), claimed: new Map(), waiting: new Map() };
    orders.set(fact.orderId, units);
    apply(units, fact);
  }
  return new Map(
    Array.from(orders, ([orderId, { claimed }]) => [
      orderId,
      claimed.values().reduce((sum, quantity) => sum + quantity, 0),
    ]),
  );
}

function apply(units: Units, { type, lines, backordered, rest }: OrderUnitsFact): void {
  if (type === 'OrderPlaced') units.placed = mapOf(lines);
  if (type === 'OrderBackordered') units.waiting = mapOf(lines);
  if (type === 'OrderConfirmed') {
    units.claimed = lines === null ? new Map(units.placed) : mapOf(lines);
    units.waiting = mapOf(backordered);
  }
  if (type === 'OrderReplenished') {
    for (const { sku, quantity } of lines ?? []) {
      // What left before it was paid waits no more.
      add(units.claimed, sku, take(units.waiting, sku, quantity));
    }
  }
  if (type === 'OrderLinesBroken') {
    for (const { sku, quantity } of lines ?? []) {
      take(units.claimed, sku, quantity);
      if (rest === 'BACKORDERED') add(units.waiting, sku, quantity);
    }
  }
  if (type === 'OrderLinesCancelled') {
    // What waits goes first.
    for (const { sku, quantity } of lines ?? [])
      take(units.claimed, sku, quantity - take(units.waiting, sku, quantity));
  }
  if (type === 'OrderPartiallyShipped')
    for (const { sku, quantity } of lines ?? [])
      take(units.waiting, sku, quantity - take(units.claimed, sku, quantity));
  if (type === 'OrderShipped') units.claimed = new Map();
}

function add(units: Map<string, number>, sku: string, quantity: number): void {
  units.set(sku, (units.get(sku) ?? 0) + quantity);
}

/** Takes units off as far as there are any; answers how many it took. */
function take(units: Map<string, number>, sku: string, quantity: number): number {
  const before = units.get(sku) ?? 0;
  const taken = Math.min(before, quantity);
  units.set(sku, before - taken);
  return taken;
}
