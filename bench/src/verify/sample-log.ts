// What the sample run of the checker's specs is made of: its names, and events written straight into a log.
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';

export const PARTITION = 3;
export const PARTNER = '17850';
export const UNIT_PRICE_MINOR = 250;
export const QUANTITY = 4;
export const VALUE_MINOR = UNIT_PRICE_MINOR * QUANTITY;

/** A breach is made by one statement and taken back by another. */
export type SampleBreach = readonly [
  invariant: number,
  what: string,
  subgraph: Subgraph,
  make: string,
  unmake: string,
  breach: string,
];

/** How each order of the run ended. */
export const ORDERS = [
  { name: 'terms', number: 'SO-1', method: 'TERMS', end: 'SHIPPED' },
  { name: 'card', number: 'SO-2', method: 'CARD', end: 'SHIPPED' },
  { name: 'short', number: 'SO-3', method: 'TERMS', end: 'REJECTED' },
  { name: 'late', number: 'SO-4', method: 'TERMS', end: 'BACKORDERED' },
] as const;
export type SampleOrder = (typeof ORDERS)[number];

/** A UUID that is the same for the same name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const about = ({ name, number }: SampleOrder) => ({ orderId: idOf(name), partnerId: PARTNER, number });
export const shipmentOf = ({ name }: SampleOrder) => idOf(`shipment ${name}`);
export const planOf = ({ name }: SampleOrder) => idOf(`plan ${name}`);

type Appended = readonly [category: string, streamId: string, version: number, type: string, data: object];

export async function append(sql: Sql, ...events: readonly Appended[]): Promise<void> {
  for (const [category, streamId, version, type, data] of events) {
    await sql`
      select log_append(array[${PARTITION}::int], array[${category}::text], array[${streamId}::text], array[${version}::int],
        array[${idOf(`${category} ${streamId} ${version}`)}::uuid], array[${type}::text], array[1],
        array[${JSON.stringify(data)}::text], array['{}'])`;
  }
}
