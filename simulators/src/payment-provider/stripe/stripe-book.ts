import type { PaymentLine } from '../journal-lines.ts';
import type { Metadata, StripeSide } from './stripe-side.ts';

/** A payment intent as Stripe's shapes add to an authorisation. */
export interface IntentSide extends StripeSide {
  readonly createdAt: string;
}

/** What Stripe's shapes show beyond the payment book, folded from the same journal lines. */
export class StripeBook {
  readonly #intents = new Map<string, IntentSide>();
  readonly #asAnswered = new Map<string, IntentSide>();
  readonly #refunds = new Map<string, Metadata>();
  readonly #idsByAge: string[] = [];

  /** Only intents that were created in Stripe's shape are kept: the others are never listed in it. */
  note(line: PaymentLine): void {
    if (line.kind === 'expired') return;
    const { authorizationId, idempotencyKey, stripe } = line;
    if (line.kind === 'created' && stripe !== undefined) {
      this.#idsByAge.push(authorizationId);
      this.#intents.set(authorizationId, { ...stripe, createdAt: line.at });
    }
    const known = this.#intents.get(authorizationId);
    if (known === undefined) return;
    const given = stripe?.metadata ?? {};
    if (line.kind === 'refunded') this.#refunds.set(line.refundId, given);
    const added = line.kind === 'refunded' ? {} : given;
    const intent = { ...known, metadata: { ...known.metadata, ...added } };
    this.#intents.set(authorizationId, intent);
    this.#asAnswered.set(idempotencyKey, intent);
  }

  intent(authorizationId: string): IntentSide | undefined {
    return this.#intents.get(authorizationId);
  }

  /** The intent as it stood right after the line that was written under a key. */
  asAnswered(idempotencyKey: string): IntentSide | undefined {
    return this.#asAnswered.get(idempotencyKey);
  }

  refundMetadata(refundId: string): Metadata {
    return this.#refunds.get(refundId) ?? {};
  }

  /** Ids of authorisations, the newest first, older than `before` when given; undefined when that one is unknown. */
  newestFirst(limit: number, before?: string): { ids: string[]; hasMore: boolean } | undefined {
    const end = before === undefined ? this.#idsByAge.length : this.#idsByAge.lastIndexOf(before);
    if (end < 0) return undefined;
    const from = Math.max(0, end - limit);
    return { ids: this.#idsByAge.slice(from, end).reverse(), hasMore: from > 0 };
  }
}
