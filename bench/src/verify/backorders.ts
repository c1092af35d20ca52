import { counted, type Verdict } from './verdict.ts';

/** Units of a SKU that an order waits for. */
export interface WaitingUnits {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

const nameOf = ({ orderId, sku }: WaitingUnits) => `order ${orderId}, ${sku}`;

/** 9, of what waits: the backorders are what reservations say is waiting, neither more nor less. */
export function checkBackorders(
  backorders: readonly WaitingUnits[],
  waiting: readonly WaitingUnits[],
): Verdict {
  const breaches: string[] = [];
  const rows = new Map(backorders.map((row) => [nameOf(row), row.quantity]));
  const reservations = new Map(waiting.map((row) => [nameOf(row), row.quantity]));
  for (const name of new Set([...rows.keys(), ...reservations.keys()])) {
    const [backordered = 0, waits = 0] = [rows.get(name), reservations.get(name)];
    if (backordered !== waits)
      breaches.push(`${name}: ${backordered} backordered, ${waits} waiting by its reservation`);
  }
  return { summary: counted(backorders.length, 'backorder'), breaches };
}
