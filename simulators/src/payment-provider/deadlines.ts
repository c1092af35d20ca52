import type { Authorization } from './authorization.ts';

/** When standing authorisations end. Asking costs nothing until the first of them is due. */
export class Deadlines {
  readonly #dueMs = new Map<string, number>();
  /** No authorisation ends before it. */
  #firstMs = Number.POSITIVE_INFINITY;

  follow({ id, status, expiresAt }: Authorization): void {
    if (status !== 'authorised' || expiresAt === null) {
      this.#dueMs.delete(id);
      return;
    }
    const dueMs = Date.parse(expiresAt);
    this.#dueMs.set(id, dueMs);
    this.#firstMs = Math.min(this.#firstMs, dueMs);
  }

  /** Ids of those whose time has passed; they are not told again. */
  takePassed(nowMs: number): string[] {
    if (nowMs < this.#firstMs) return [];
    const passed: string[] = [];
    this.#firstMs = Number.POSITIVE_INFINITY;
    for (const [id, dueMs] of this.#dueMs) {
      if (dueMs <= nowMs) passed.push(id);
      else this.#firstMs = Math.min(this.#firstMs, dueMs);
    }
    for (const id of passed) this.#dueMs.delete(id);
    return passed;
  }
}
