import { z } from 'zod';
import { seededDraws } from '../faults/seeded-draws.ts';
import { PROVIDER_OPERATIONS, type ProviderOperation } from './operations.ts';

/**
 * none; charge-then-timeout: does the work, never answers; error-500 and error-429: do nothing; slow: works, after a
 * pause; hang: neither works nor answers; reset: cuts the connection before working; forget-keys: treats every
 * idempotency key as new.
 */
export const PAYMENT_FAULTS = [
  'none',
  'charge-then-timeout',
  'error-500',
  'error-429',
  'slow',
  'hang',
  'reset',
  'forget-keys',
] as const;
export type PaymentFault = (typeof PAYMENT_FAULTS)[number];

const pauseMs = z.int().min(0).max(600_000);

export const paymentFaultMode = z
  .object({
    mode: z.enum(PAYMENT_FAULTS),
    /** What the fault is kept to; absent: everything. */
    operations: z.array(z.enum(PROVIDER_OPERATIONS)).min(1).optional(),
    /** Share of these requests that meet the fault. */
    probability: z.number().min(0).max(1).default(1),
    seed: z.int().min(0).default(1),
    slowMinMs: pauseMs.default(5_000),
    slowMaxMs: pauseMs.default(60_000),
  })
  .refine(({ slowMinMs, slowMaxMs }) => slowMinMs <= slowMaxMs, {
    message: 'slowMinMs must not exceed slowMaxMs',
  });
export type PaymentFaultMode = z.infer<typeof paymentFaultMode>;

export interface DrawnFault {
  readonly fault: PaymentFault;
  readonly pauseMs: number;
}

/** Draws a fate for each request that the mode is for; the same mode and seed give the same fates in order of arrival. */
export class PaymentFaults {
  #mode: PaymentFaultMode;
  #draw: () => number;

  constructor(mode: PaymentFaultMode) {
    this.#mode = mode;
    this.#draw = seededDraws(mode.seed);
  }

  get mode(): PaymentFaultMode {
    return this.#mode;
  }

  set(mode: PaymentFaultMode): void {
    this.#mode = mode;
    this.#draw = seededDraws(mode.seed);
  }

  next(operation: ProviderOperation | undefined): DrawnFault {
    const { mode, operations, probability, slowMinMs, slowMaxMs } = this.#mode;
    const isMeant = operations === undefined || (operation !== undefined && operations.includes(operation));
    if (!isMeant) return { fault: 'none', pauseMs: 0 };
    if (mode === 'none' || this.#draw() >= probability) return { fault: 'none', pauseMs: 0 };
    const drawnMs = mode === 'slow' ? slowMinMs + Math.floor(this.#draw() * (slowMaxMs - slowMinMs + 1)) : 0;
    return { fault: mode, pauseMs: drawnMs };
  }
}
