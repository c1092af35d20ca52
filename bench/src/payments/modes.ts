// How the provider misbehaves, mode by mode: first towards everybody, so that breakers open, then towards some.
import type { ProviderMode, ProviderTerms, WebhookSwitches } from '../stage/provider-control.ts';

type FaultName = Exclude<ProviderMode['mode'], 'none'>;
export type ModeName = FaultName | 'webhooks' | 'captures-once' | 'authorisations-end';

export interface FaultMode {
  readonly name: ModeName;
  readonly title: string;
  /** What every request meets in the outage; null where the provider answers all along, so that no breaker has to open. */
  readonly outage: ProviderMode['mode'] | null;
  /** What a share of requests meets afterwards, and how large a share. */
  readonly aftermath: Readonly<{ mode: ProviderMode['mode']; share: number }>;
  /** Answers get lost on their way besides: connections to the provider are cut again and again. */
  readonly losesAnswers?: true;
  /** On which terms cards are asked, from the first order to the last; what it ends is asked for again. */
  readonly terms?: ProviderTerms;
  /** Every order is sent in two shipments at least. */
  readonly sendsTwice?: true;
  /** How webhooks come, from the first order to the last. */
  readonly webhooks?: WebhookSwitches;
}

const outageOf = (mode: FaultName, title: string, share: number): FaultMode => ({
  name: mode,
  title,
  outage: mode,
  aftermath: { mode, share },
});

/** From a card's yes to the capture of what left it is about half a second here. */
const AUTHORISATION_STANDS_MS = 400;

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
  {
    name: 'captures-once',
    title: 'ends an authorisation with its first capture; some answers get lost',
    outage: null,
    aftermath: { mode: 'charge-then-timeout', share: 0.1 },
    terms: { capturesOnce: true },
    sendsTwice: true,
  },
  {
    name: 'authorisations-end',
    title:
      'lets an authorisation stand for 0.4 s, about as long as goods take to leave; some answers get lost',
    outage: null,
    aftermath: { mode: 'charge-then-timeout', share: 0.05 },
    terms: { validMs: AUTHORISATION_STANDS_MS },
  },
];
