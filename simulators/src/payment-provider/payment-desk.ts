import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '../journal/journal.ts';
import { type Problem, problem } from '../server/problem.ts';
import type { Refusal } from './authorization.ts';
import type { PaymentEntry } from './journal-lines.ts';
import { type Answer, type PaymentBook, renderAnswer } from './payment-book.ts';

/** A request that moves money: what it was sent with, and how to decide it on the present state. */
export interface Operation {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  /** Time that the card takes before it answers; asked before anything is decided. */
  readonly delayMs: number;
  readonly decide: () => { readonly entry: PaymentEntry } | { readonly problem: Problem };
}

export type DeskAnswer =
  | { readonly problem: Problem }
  | { readonly status: number; readonly body: object; readonly replayed: boolean };

const KEY_REUSED = problem(409, 'idempotency_error', 'The idempotency key came before with another request.');
const IN_FLIGHT: Problem = {
  ...problem(409, 'request_in_progress', 'The first request with this key is still running.'),
  retryAfterSeconds: 1,
};

const REFUSALS: Readonly<Record<Refusal, Problem>> = {
  unexpected_state: problem(409, 'unexpected_state', 'The state of the authorisation does not allow this.'),
  amount_exceeds_authorised: problem(
    422,
    'amount_exceeds_authorised',
    'The amount exceeds what is left to capture.',
  ),
  amount_exceeds_captured: problem(
    422,
    'amount_exceeds_captured',
    'The amount exceeds what is left to refund.',
  ),
};

export function problemOf(refusal: Refusal): Problem {
  return REFUSALS[refusal];
}

/**
 * Executes each idempotency key once: deciding, writing and folding happen in one turn of the event loop, so no twin
 * can come between; the answer leaves only after the line is durable. A refusal stores nothing.
 */
export class PaymentDesk {
  readonly #book: PaymentBook;
  readonly #journal: Journal<PaymentEntry>;
  readonly #inFlight = new Map<string, string>();

  constructor(book: PaymentBook, journal: Journal<PaymentEntry>) {
    this.#book = book;
    this.#journal = journal;
  }

  async execute(operation: Operation, forgetKeys: boolean): Promise<DeskAnswer> {
    const { idempotencyKey, fingerprint, delayMs } = operation;
    const running = this.#inFlight.get(idempotencyKey);
    if (running !== undefined) return { problem: running === fingerprint ? IN_FLIGHT : KEY_REUSED };
    const known = forgetKeys ? undefined : this.#book.answer(idempotencyKey);
    if (known !== undefined) return this.#replay(known, fingerprint);
    if (delayMs > 0) await this.#waitForCard(operation);
    return this.#decide(operation);
  }

  async #replay(known: Answer, fingerprint: string): Promise<DeskAnswer> {
    if (known.fingerprint !== fingerprint) return { problem: KEY_REUSED };
    await this.#journal.durable();
    return { ...renderAnswer(known), replayed: true };
  }

  async #waitForCard({ idempotencyKey, fingerprint, delayMs }: Operation): Promise<void> {
    this.#inFlight.set(idempotencyKey, fingerprint);
    await sleep(delayMs);
    this.#inFlight.delete(idempotencyKey);
  }

  async #decide(operation: Operation): Promise<DeskAnswer> {
    const decision = operation.decide();
    if ('problem' in decision) {
      await this.#journal.durable(); // the state that refused it must be durable before it is told
      return decision;
    }
    const [line] = this.#journal.write([decision.entry]);
    if (line === undefined) throw new Error('The journal gave no line for an entry.');
    const answer = this.#book.apply(line);
    await this.#journal.durable();
    return { ...renderAnswer(answer), replayed: false };
  }
}
