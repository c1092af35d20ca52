// What a race works with, and what it has to say of itself.
import type { Cluster } from '../stage/cluster/index.ts';
import type { Proof } from '../stage/evidence-meter.ts';
import type { Buyers } from './buyers.ts';
import type { Claimants } from './claimants.ts';
import type { SkuSupply } from './expectation.ts';

export interface RaceStage {
  readonly cluster: Cluster;
  /** Names the run, and everything that is made for it. */
  readonly run: string;
  readonly partners: readonly string[];
  readonly buyers: Buyers;
  /** The ERP's and the warehouses' side of the API. */
  readonly claimants: Claimants;
  /** Numbers in [0, 1), the same for the same seed. */
  readonly draw: () => number;
  readonly size: RaceSize;
  readonly deeds: Deeds;
  readonly say: (line: string) => void;
}

/** How often an act was done, and how often it was refused with which codes. */
export interface DeedCount {
  readonly done: number;
  readonly refused: Readonly<Record<string, number>>;
}
export type DeedCounts = Readonly<Record<string, DeedCount>>;

export interface Deeds {
  /** Notes one act; without codes it was done. */
  readonly note: (act: string, codes?: readonly string[]) => void;
  readonly read: () => DeedCounts;
}

export function createDeeds(): Deeds {
  const counts = new Map<string, { done: number; refused: Record<string, number> }>();
  return {
    note: (act, codes) => {
      const count = counts.get(act) ?? { done: 0, refused: {} };
      counts.set(act, count);
      if (codes === undefined) count.done += 1;
      for (const code of new Set(codes)) count.refused[code] = (count.refused[code] ?? 0) + 1;
    },
    read: () => Object.fromEntries(counts),
  };
}

export interface RaceSize {
  readonly buyers: number;
  /** Units of the contested SKU. */
  readonly stock: number;
}

export interface Race {
  readonly name: string;
  readonly title: string;
  /** Acts of which each must have been done at least once, or the race proves nothing. */
  readonly acts: readonly string[];
  /** Puts stock there, lets everybody at it while `disturb` breaks something, and tells what came in and what was asked for. */
  readonly play: (stage: RaceStage, disturb: () => Promise<void>) => Promise<readonly SkuSupply[]>;
}

export interface Disturbance {
  readonly name: string;
  readonly title: string;
  /** A run in which one of these did not happen proves nothing and fails. */
  readonly proves: readonly Proof[];
  readonly disturb: (stage: RaceStage) => Promise<void>;
}
