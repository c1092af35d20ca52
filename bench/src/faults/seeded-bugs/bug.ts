// What a seeded bug is: the switch by which the checker's own test breaks a platform. It lies outside the product: a bug
// replaces one of the SQL functions of a running test platform, or spoils what a finished run left behind.
import type { Sql } from 'postgres';
import type { Subgraph } from '../../platform/run-file.ts';
import type { Evidence } from '../../verify/evidence.ts';

export type Databases = Readonly<Record<Subgraph, Sql>>;

interface SeededBug {
  /** What is wrong, in the words of whoever would report it. */
  readonly name: string;
  /** The invariants that must report it; none, where the checker has to accept what it sees. */
  readonly breaks: readonly number[];
}

/** One change of a function's text. The text to change must stand in it, or the bug no longer exists. */
export interface Edit {
  readonly database: Subgraph;
  readonly function: string;
  readonly from: string;
  readonly to: string;
}

/** A bug of the running platform: planted before the orders are sent. */
export interface BugInFunctions extends SeededBug {
  readonly edits: readonly Edit[];
  /** What happens to the platform while it works, right before the orders come. */
  readonly meanwhile?: Readonly<Partial<Record<Subgraph, string>>>;
  /** The orders never come to rest under it. */
  readonly hangs?: true;
}

/** A bug that shows in the data of a run that went well: each statement leaves what the bug would have left. */
export interface BugInData extends SeededBug {
  readonly statements: Readonly<Partial<Record<Subgraph, string>>>;
}

/** A bug that shows in what the other side wrote down. */
export interface BugInJournals extends SeededBug {
  readonly spoil: (evidence: Evidence) => Partial<Evidence>;
}
