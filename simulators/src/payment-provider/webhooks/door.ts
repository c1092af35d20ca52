import { KNOCK_EVERY_MS, REFUSALS_CLOSE_DOOR } from './delivery-limits.ts';

/** Whether the receiver takes anything: a closed door is knocked at once a while, so that waiting costs nearly nothing. */
export class Door {
  #refusals = 0;
  #knockedMs = Number.NEGATIVE_INFINITY;

  answered(accepted: boolean): void {
    this.#refusals = accepted ? 0 : this.#refusals + 1;
  }

  get isClosed(): boolean {
    return this.#refusals >= REFUSALS_CLOSE_DOOR;
  }

  /** Time until something may be sent: 0 is now. */
  pauseMs(nowMs: number): number {
    if (!this.isClosed) return 0;
    return Math.max(0, this.#knockedMs + KNOCK_EVERY_MS - nowMs);
  }

  knocked(nowMs: number): void {
    this.#knockedMs = nowMs;
  }
}
