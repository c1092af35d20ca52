// The events that cross a boundary between subgraphs: names, data, who says and who hears them.
// Pure: shapes and tables only. Fields may be added; any other change is a new schema version.

export * from './envelope.ts';
export * from './events.ts';
export * from './fields.ts';
export * from './fulfillment-facts.ts';
export * from './inventory-facts.ts';
export * from './order-facts.ts';
export * from './partitions.ts';
export * from './payment-facts.ts';
