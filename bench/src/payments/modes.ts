// How the provider misbehaves, mode by mode: first towards everybody, so that breakers open, then towards some.
import type { ProviderMode, WebhookSwitches } from '../stage/provider-control.ts';

export type ModeName = Exclude<ProviderMode['mode'], 'none'> | 'webhooks';

export interface FaultMode {
  readonly name: ModeName;
  readonly title: string;
  /** What every request meets in the outage; null where the provider answers all along, so that no breaker has to open. */
  readonly outage: ProviderMode['mode'] | null;
  /** What a share of requests meets afterwards, and how large a share. */
  readonly aftermath: Readonly<{ mode: ProviderMode['mode']; share: number }>;
  /** Answers get lost on their way besides: connections to the provider are cut again and again. */
  readonly losesAnswers?: true;
  /** How webhooks come, from the first order to the last. */
  readonly webhooks?: WebhookSwitches;
}

const outageOf = (mode: Exclude<ModeName, 'webhooks'>, title: string, share: number): FaultMode => ({
  name: mode,
  title,
  outage: mode,
  aftermath: { mode, share },
});

/** Shares are such that what is left of the orders can be paid: a request that hangs takes a place until its time is up. */
export const MODES: readonly FaultMode[] = [
  outageOf('charge-then-timeout', 'charges, then never answers', 0.2),
  outageOf('error-500', 'answers 500', 0.3),
  outageOf('error-429', 'answers 429', 0.3),
  outageOf('slow', 'takes 5 to 60 s', 0.05),
  outageOf('hang', 'does nothing and never answers', 0.1),
  outageOf('reset', 'cuts the connection', 0.3),
  {
    name: 'forget-keys',
    title: 'forgets idempotency keys, and answers get lost',
    outage: null,
    aftermath: { mode: 'forget-keys', share: 1 },
    losesAnswers: true,
  },
  {
    name: 'webhooks',
    title: 'webhooks ×10, reordered, late, forged, replayed; some answers get lost',
    outage: null,
    aftermath: { mode: 'charge-then-timeout', share: 0.1 },
    webhooks: { duplicates: 10, reorder: true, delayMs: 2_000, forgedShare: 0.3 },
  },
];
