import { type Authorization, evolve } from './authorization.ts';
import type { KeyedEntry, PaymentLine } from './journal-lines.ts';
import { StripeBook } from './stripe/stripe-book.ts';
import { authorizationView, captureView, refundView } from './views.ts';

/** What a key was answered with: the authorisation as it stood right after its line, so that a replay says the same. */
export interface Answer {
  readonly fingerprint: string;
  readonly entry: KeyedEntry;
  readonly authorization: Authorization;
}

/** A page of all authorisations in the order of their creation; `next` is null when nothing follows yet. */
export interface BookPage {
  readonly authorizations: readonly Authorization[];
  readonly next: number | null;
}

/** All authorisations and answered keys, folded from the journal: the same fold live and at a start. */
export class PaymentBook {
  /** What Stripe's shapes show beside. */
  readonly stripe = new StripeBook();
  readonly #authorizations = new Map<string, Authorization>();
  readonly #idsInOrder: string[] = [];
  readonly #idsByOrder = new Map<string, string[]>();
  readonly #authorizationByCapture = new Map<string, string>();
  readonly #answers = new Map<string, Answer>();

  apply(line: PaymentLine): Authorization {
    const { authorizationId: id } = line;
    const authorization = evolve(this.#authorizations.get(id), line);
    if (authorization === undefined)
      throw new Error(`Journal line ${line.seq} names an unknown authorisation.`);
    this.#authorizations.set(id, authorization);
    if (line.kind === 'created') this.#file(authorization);
    if (line.kind === 'captured') this.#authorizationByCapture.set(line.captureId, id);
    if (line.kind !== 'expired') {
      const answer = { fingerprint: line.fingerprint, entry: line, authorization };
      this.#answers.set(line.idempotencyKey, answer);
    }
    this.stripe.note(line);
    return authorization;
  }

  authorization(id: string): Authorization | undefined {
    return this.#authorizations.get(id);
  }

  authorizationOfCapture(captureId: string): Authorization | undefined {
    const id = this.#authorizationByCapture.get(captureId);
    return id === undefined ? undefined : this.#authorizations.get(id);
  }

  authorizationsOfOrder(orderId: string): Authorization[] {
    return this.#all(this.#idsByOrder.get(orderId) ?? []);
  }

  /** What was created behind the first `after`, at most `limit`: what is created meanwhile comes on later pages. */
  page(after: number, limit: number): BookPage {
    const end = after + limit;
    const authorizations = this.#all(this.#idsInOrder.slice(after, end));
    return { authorizations, next: end < this.#idsInOrder.length ? end : null };
  }

  answer(idempotencyKey: string): Answer | undefined {
    return this.#answers.get(idempotencyKey);
  }

  #all(ids: readonly string[]): Authorization[] {
    return ids.map((id) => this.#authorizations.get(id)).filter((found) => found !== undefined);
  }

  #file({ id, reference: { orderId } }: Authorization): void {
    this.#idsInOrder.push(id);
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
