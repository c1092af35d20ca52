import type { Sql } from './client.ts';

/** A row by the names of its table's columns. */
export type TableRow = Readonly<Record<string, unknown>>;

/** A table, or some of its columns, that must be what a log amounts to, but that commands are decided on: only compared. */
export type ComparedReadModel = Readonly<{
  kind: 'compared';
  /** `<subgraph>.<what it shows>`. */
  name: string;
  /** One line for people. */
  about: string;
  table: string;
  /** What follows from the log; the primary key is among them. */
  columns: readonly string[];
  /** Writes what the log amounts to into the empty table `into`. Its snapshot stands still, and is that of the comparison. */
  fill: (sql: Sql, into: string) => Promise<void>;
}>;
