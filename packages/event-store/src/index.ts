// The event log of a subgraph on Postgres: append, read up to the committed intent, leases, idempotency keys, intake.
// It knows no subgraph and decides nothing.
export * from './append.ts';
export * from './client.ts';
export * from './dead-letters.ts';
export * from './faults.ts';
export * from './identifiers.ts';
export * from './intake.ts';
export * from './leases.ts';
export * from './letter-requests.ts';
export * from './log-gate.ts';
export * from './log-import.ts';
export * from './log-reader.ts';
export * from './log-tail.ts';
export * from './metadata.ts';
export * from './migrate.ts';
export * from './offsets.ts';
export * from './own-connection.ts';
export * from './read-model.ts';
export * from './relay-store.ts';
export * from './submission.ts';
export * from './table-comparison.ts';
export * from './table-copy.ts';
export * from './table-swap.ts';
