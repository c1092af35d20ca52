import { z } from 'zod';

/** A year; nobody holds money for longer. */
export const VALID_MS_MAX = 365 * 24 * 3_600_000;

export const termsChange = z.strictObject({
  validMs: z.int().min(1).max(VALID_MS_MAX).optional(),
  capturesOnce: z.boolean().optional(),
});

export interface Terms {
  /** How long an authorisation lasts, from the card's yes on. */
  readonly validMs: number;
  /** Every first capture is final. */
  readonly capturesOnce: boolean;
}

/** The terms on which cards are asked from now on; an authorisation that stands keeps its end. */
export class AuthorisationTerms {
  readonly #first: Terms;
  #now: Terms;

  constructor(first: Terms) {
    this.#first = first;
    this.#now = first;
  }

  get now(): Terms {
    return this.#now;
  }

  /** What is left out is as it was at the start. */
  set({ validMs, capturesOnce }: z.infer<typeof termsChange>): void {
    this.#now = {
      validMs: validMs ?? this.#first.validMs,
      capturesOnce: capturesOnce ?? this.#first.capturesOnce,
    };
  }
}
