// What a scenario works with, and what it has to say of itself.

import type { Cluster } from '../stage/cluster/index.ts';
import type { Proof } from '../stage/evidence-meter.ts';
import type { CalmLoad } from './calm-load.ts';

export interface Topology {
  readonly replicas: 1 | 2;
  readonly standbys: 0 | 1 | 2;
  readonly natsNodes: 1 | 3;
  /** The processes' wall clocks can be set wrong. */
  readonly wrongClocks?: boolean;
}

export interface FaultRun {
  readonly cluster: Cluster;
  readonly load: CalmLoad;
  /** Which of the repetitions this is, from 0; a scenario may vary its victim by it. */
  readonly repetition: number;
  /** A time of the run's seed between two, in ms: when something happens is never the same twice. */
  readonly moment: (least_ms: number, most_ms: number) => Promise<void>;
  readonly pause: (length_ms: number) => Promise<void>;
  /** One of several, by the seed. */
  readonly pick: <Value>(values: readonly Value[]) => Value;
  readonly erpToken: string;
  readonly operatorToken: string;
  readonly say: (line: string) => void;
}

/** A figure the scenario itself measured, with the limit it promises, if any. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | '%' | '';
  readonly most?: number;
  readonly least?: number;
}

export interface Allowance {
  /** Longest silence between two acknowledgements that the row allows, in ms. */
  readonly silence_ms?: number;
  /** Share of attempts that may fail before the client's retries, 0 to 1. */
  readonly failedShare?: number;
}

export interface Scenario {
  /** Number in the fault matrix of the design. */
  readonly row: string;
  readonly name: string;
  readonly topology: Topology;
  /** True when what it breaks cannot serve a second run. */
  readonly spendsCluster: boolean;
  readonly allows: Allowance;
  /** A run in which one of these did not happen proves nothing and fails. */
  readonly proves: readonly Proof[];
  /** With a bug planted on purpose: the invariants of which one at least must report it. Nothing else is promised then. */
  readonly mustBreak?: readonly number[];
  /** Breaks something and mends it again; the load goes on meanwhile. Resolves when all is mended. */
  readonly run: (run: FaultRun) => Promise<readonly Measure[]>;
}
