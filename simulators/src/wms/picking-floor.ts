import type { WmsFaults } from './fault-modes.ts';
import type { Pick } from './pick.ts';

/** Where accepted shipments are until they are ready to leave; `ready` gets them, once each. */
export class PickingFloor {
  readonly #pickMs: number;
  readonly #faults: WmsFaults;
  readonly #ready: (picks: readonly Pick[]) => void;
  #silenced: Pick[] = [];

  constructor(pickMs: number, faults: WmsFaults, ready: (picks: readonly Pick[]) => void) {
    this.#pickMs = pickMs;
    this.#faults = faults;
    this.#ready = ready;
  }

  /** Picks of one request share their due time; a pick that began before a restart is due as it was. */
  take(picks: readonly Pick[], now: number): void {
    const byPause = new Map<number, Pick[]>();
    for (const pick of picks) {
      const lateMs = this.#faults.strikes('late', [pick.warehouseId]) ? this.#faults.mode.lateMs : 0;
      const pauseMs = Math.max(0, Date.parse(pick.acceptedAt) + this.#pickMs + lateMs - now);
      const due = byPause.get(pauseMs);
      if (due === undefined) byPause.set(pauseMs, [pick]);
      else due.push(pick);
    }
    for (const [pauseMs, due] of byPause) setTimeout(() => this.#finish(due), pauseMs).unref();
  }

  /** A new mode may let out what the last one kept silent. */
  reconsider(): void {
    const silenced = this.#silenced;
    this.#silenced = [];
    this.#finish(silenced);
  }

  #finish(picks: readonly Pick[]): void {
    const ready: Pick[] = [];
    for (const pick of picks) {
      (this.#faults.strikes('silent', [pick.warehouseId]) ? this.#silenced : ready).push(pick);
    }
    this.#ready(ready);
  }
}
