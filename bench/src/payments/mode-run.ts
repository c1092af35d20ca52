import type { DeedCounts } from '../race/race.ts';
import type { BreakerSpell } from '../stage/breaker-watch.ts';
import type { WebhookCounts } from '../stage/provider-control.ts';
import type { Books } from './books.ts';
import type { MoneyCounts } from './counting.ts';
import type { CustomerCounts } from './customers.ts';

/** What one mode came to. */
export interface ModeRun {
  readonly mode: string;
  readonly seed: number;
  readonly took_s: number;
  readonly customers: CustomerCounts;
  readonly money: MoneyCounts;
  readonly attempts: Books['attempts'];
  /** Authorisations that took another's place. */
  readonly renewals: number;
  readonly deeds: DeedCounts;
  readonly breakers: readonly BreakerSpell[];
  /** Null where none were asked for. */
  readonly webhooks: WebhookCounts | null;
  /** Sentences about what was promised and not kept; empty when all is well. */
  readonly problems: readonly string[];
}
