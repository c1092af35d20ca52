import { type Authorization, evolve } from './authorization.ts';
import type { PaymentEntry, PaymentLine } from './journal-lines.ts';
import { StripeBook } from './stripe/stripe-book.ts';
import { authorizationView, captureView, refundView } from './views.ts';

/** What a key was answered with: the authorisation as it stood right after its line, so that a replay says the same. */
export interface Answer {
  readonly fingerprint: string;
  readonly entry: PaymentEntry;
  readonly authorization: Authorization;
}

/** All authorisations and answered keys, folded from the journal: the same fold live and at a start. */
export class PaymentBook {
  /** What Stripe's shapes show beside. */
  readonly stripe = new StripeBook();
  readonly #authorizations = new Map<string, Authorization>();
  readonly #idsByOrder = new Map<string, string[]>();
  readonly #authorizationByCapture = new Map<string, string>();
  readonly #answers = new Map<string, Answer>();

  apply(line: PaymentLine): Answer {
    const { authorizationId: id } = line;
    const authorization = evolve(this.#authorizations.get(id), line);
    if (authorization === undefined)
      throw new Error(`Journal line ${line.seq} names an unknown authorisation.`);
    this.#authorizations.set(id, authorization);
    if (line.kind === 'created') this.#fileUnderOrder(authorization);
    if (line.kind === 'captured') this.#authorizationByCapture.set(line.captureId, id);
    const answer = { fingerprint: line.fingerprint, entry: line, authorization };
    this.#answers.set(line.idempotencyKey, answer);
    this.stripe.note(line);
    return answer;
  }

  authorization(id: string): Authorization | undefined {
    return this.#authorizations.get(id);
  }

  authorizationOfCapture(captureId: string): Authorization | undefined {
    const id = this.#authorizationByCapture.get(captureId);
    return id === undefined ? undefined : this.#authorizations.get(id);
  }

  authorizationsOfOrder(orderId: string): Authorization[] {
    const ids = this.#idsByOrder.get(orderId) ?? [];
    return ids.map((id) => this.#authorizations.get(id)).filter((found) => found !== undefined);
  }

  answer(idempotencyKey: string): Answer | undefined {
    return this.#answers.get(idempotencyKey);
  }

  #fileUnderOrder({ id, reference: { orderId } }: Authorization): void {
    const ids = this.#idsByOrder.get(orderId);
    if (ids === undefined) this.#idsByOrder.set(orderId, [id]);
    else ids.push(id);
  }
}

/** The HTTP answer to the request that wrote the line. */
export function renderAnswer({ entry, authorization }: Answer): { status: number; body: object } {
  switch (entry.kind) {
    case 'created':
      return { status: 201, body: authorizationView(authorization) };
    case 'authorised':
    case 'declined':
    case 'voided':
      return { status: 200, body: authorizationView(authorization) };
    case 'captured': {
      const { captureId: id, amountMinor, reference } = entry;
      return { status: 201, body: captureView(authorization, { id, amountMinor, reference, refunds: [] }) };
    }
    case 'refunded': {
      const { refundId: id, captureId, amountMinor, reference } = entry;
      const refund = { id, amountMinor, reference };
      return {
        status: 201,
        body: refundView(authorization.id, authorization.currencyCode, captureId, refund),
      };
    }
  }
}
