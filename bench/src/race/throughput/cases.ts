// What the reserver is measured with: one hot SKU, the data set's real orders, and a calm schedule.
import type { DatasetOrderLine } from '../../dataset/index.ts';
import { realOrders } from '../../replay/prepared-orders.ts';

/** An order to be said as placed. */
export interface CaseOrder {
  readonly partnerId: string;
  readonly lines: readonly DatasetOrderLine[];
}

/** A figure a case shall reach, by the unit it is counted in. */
export interface Aim {
  readonly of: 'orders/s' | 'lines/s' | 'p99 ms';
  readonly value: number;
}

export interface ThroughputCase {
  readonly name: 'hot' | 'real' | 'calm';
  readonly title: string;
  readonly aim: Aim;
  /** Orders a second on a fixed schedule, or as many as the reserver takes. */
  readonly rate: number | 'max';
  /** Orders before measuring begins: code is compiled and caches are warm by then. */
  readonly warmUp: number;
  readonly orders: number;
  readonly make: (count: number) => Promise<readonly CaseOrder[]>;
}

const HOT_SKU = 'HOT-1';
/** As many as the data set has, about. */
const HOT_PARTNERS = 4_000;

export const CASES: readonly ThroughputCase[] = [
  {
    name: 'hot',
    title: 'one hot SKU, one line an order',
    aim: { of: 'orders/s', value: 2_000 },
    ...{ rate: 'max', warmUp: 4_000, orders: 30_000 },
    make: async (count) =>
      Array.from({ length: count }, (_, index) => ({
        partnerId: `HOT-${index % HOT_PARTNERS}`,
        lines: [{ sku: HOT_SKU, quantity: 1 }],
      })),
  },
  {
    name: 'real',
    title: 'real orders of the data set',
    aim: { of: 'lines/s', value: 40_000 },
    ...{ rate: 'max', warmUp: 2_000, orders: 11_000 },
    make: realCaseOrders,
  },
  {
    name: 'calm',
    title: 'real orders, 50 a second',
    aim: { of: 'p99 ms', value: 20 },
    ...{ rate: 50, warmUp: 250, orders: 1_000 },
    make: realCaseOrders,
  },
];

/** The oldest orders of the data set. */
async function realCaseOrders(count: number): Promise<readonly CaseOrder[]> {
  const orders: CaseOrder[] = [];
  for await (const order of realOrders()) {
    orders.push(order);
    if (orders.length === count) break;
  }
  return orders;
}

/** The SKUs that orders ask for, each once. */
export const skusOf = (orders: readonly CaseOrder[]): readonly string[] => [
  ...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku))),
];

/** Whether the aim is reached by what was measured. */
export function reached({ of, value }: Aim, measured: number): boolean {
  return of === 'p99 ms' ? measured <= value : measured >= value;
}
