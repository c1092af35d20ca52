import type { z } from 'zod';
import type { Source, TravellingEvent } from './envelope.ts';
import { fulfillmentFacts } from './fulfillment-facts.ts';
import { inventoryFacts } from './inventory-facts.ts';
import { orderFacts } from './order-facts.ts';
import { paymentFacts } from './payment-facts.ts';

/** Every fact by the subgraph that says it. */
export const FACTS = {
  orders: orderFacts,
  inventory: inventoryFacts,
  payments: paymentFacts,
  fulfillment: fulfillmentFacts,
} as const;

export type Facts = typeof FACTS;

/** The data of a fact, such as `FactData<'orders', 'OrderPlaced'>`. */
export type FactData<S extends Source, T extends keyof Facts[S]> = Facts[S][T] extends z.ZodType
  ? z.infer<Facts[S][T]>
  : never;

/** A fact as a discriminated union of its source, for consumers. */
export type Fact<S extends Source> = {
  [T in keyof Facts[S] & string]: { readonly type: T; readonly data: FactData<S, T> };
}[keyof Facts[S] & string];

/** Present version of every fact; raise one here and write its upcaster when its shape changes. */
export const SCHEMA_VERSION = 1;

export type ReadFact<S extends Source> = Fact<S> & { readonly event: TravellingEvent };

/**
 * Reads a travelling event as a fact of its source. Answers null for a type this code does not know of; throws on a
 * newer schema version or data that breaks the contract, which the consumer turns into a dead letter.
 */
export function readFact<S extends Source>(source: S, event: TravellingEvent): ReadFact<S> | null {
  const schemas: Partial<Record<string, z.ZodType>> = FACTS[source];
  const schema = schemas[event.type];
  if (schema === undefined) return null;
  if (event.schemaVersion > SCHEMA_VERSION) {
    throw new Error(
      `${source}.${event.type} has schema version ${event.schemaVersion}, this code reads ${SCHEMA_VERSION}`,
    );
  }
  // The schema was found under the event's own type: the pair is a member of the union.
  return { type: event.type, data: schema.parse(event.data), event } as ReadFact<S>;
}
