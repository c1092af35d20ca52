import { z } from 'zod';
import { seededDraws } from '../faults/seeded-draws.ts';

/**
 * none; down: answers 503; reject: refuses every shipment; accept-then-timeout: accepts, never answers; silent: accepts,
 * never confirms while the mode lasts; late: confirms `lateMs` later than it would.
 */
export const WMS_FAULTS = ['none', 'down', 'reject', 'accept-then-timeout', 'silent', 'late'] as const;
export type WmsFault = (typeof WMS_FAULTS)[number];

export const wmsFaultMode = z.object({
  mode: z.enum(WMS_FAULTS),
  /** Share of requests (down, accept-then-timeout) or of shipments (the others) that meet the fault. */
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().min(0).default(1),
  lateMs: z.int().min(0).max(3_600_000).default(30_000),
  /** Only these warehouses fail; all when absent. */
  warehouseIds: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
});
export type WmsFaultMode = z.infer<typeof wmsFaultMode>;

/** Draws a fate; the same mode and seed give the same fates in order of arrival. */
export class WmsFaults {
  #mode: WmsFaultMode;
  #draw: () => number;

  constructor(mode: WmsFaultMode) {
    this.#mode = mode;
    this.#draw = seededDraws(mode.seed);
  }

  get mode(): WmsFaultMode {
    return this.#mode;
  }

  set(mode: WmsFaultMode): void {
    this.#mode = mode;
    this.#draw = seededDraws(mode.seed);
  }

  /** Whether `fault` strikes here; with no warehouse named it strikes only when it is meant for all. */
  strikes(fault: WmsFault, warehouseIds: readonly string[]): boolean {
    const { mode, probability, warehouseIds: chosen } = this.#mode;
    if (mode !== fault) return false;
    if (chosen !== undefined && !warehouseIds.some((id) => chosen.includes(id))) return false;
    return this.#draw() < probability;
  }
}
