import { setTimeout as sleep } from 'node:timers/promises';
import { type Problem, problem } from '../server/problem.ts';
import type { Refusal } from './authorization.ts';
import type { KeyedEntry } from './journal-lines.ts';
import { type Answer, type PaymentBook, renderAnswer } from './payment-book.ts';
import type { PaymentRecord } from './payment-record.ts';

/** A request that moves money: what it was sent with, and how to decide it on the present state. */
export interface Operation {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  /** Time that the card takes before it answers; asked before anything is decided. */
  readonly delayMs: number;
  readonly decide: () => { readonly entry: KeyedEntry } | { readonly problem: Problem };
}

export type DeskAnswer =
  | { readonly problem: Problem }
  | {
      readonly status: number;
      readonly body: object;
      readonly replayed: boolean;
      readonly authorizationId: string;
    };

export const UNKNOWN_AUTHORIZATION = problem(404, 'unknown_authorization', 'There is no such authorisation.');
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
  readonly #record: PaymentRecord;
  readonly #inFlight = new Map<string, string>();

  constructor(book: PaymentBook, record: PaymentRecord) {
    this.#book = book;
    this.#record = record;
  }

  /** With `forgetKeys` the key says nothing: neither what it was answered with before, nor that a twin is running. */
  async execute(operation: Operation, forgetKeys: boolean): Promise<DeskAnswer> {
    const { idempotencyKey, fingerprint, delayMs } = operation;
    if (forgetKeys) {
      if (delayMs > 0) await sleep(delayMs);
      return this.#decide(operation);
    }
    const running = this.#inFlight.get(idempotencyKey);
    if (running !== undefined) return { problem: running === fingerprint ? IN_FLIGHT : KEY_REUSED };
    const known = this.#book.answer(idempotencyKey);
    if (known !== undefined) return this.#replay(known, fingerprint);
    if (delayMs > 0) await this.#waitForCard(operation);
    return this.#decide(operation);
  }

  async #replay(known: Answer, fingerprint: string): Promise<DeskAnswer> {
    if (known.fingerprint !== fingerprint) return { problem: KEY_REUSED };
    await this.#record.durable();
    return { ...renderAnswer(known), replayed: true, authorizationId: known.authorization.id };
  }

  async #waitForCard({ idempotencyKey, fingerprint, delayMs }: Operation): Promise<void> {
    this.#inFlight.set(idempotencyKey, fingerprint);
    await sleep(delayMs);
    this.#inFlight.delete(idempotencyKey);
  }

  async #decide(operation: Operation): Promise<DeskAnswer> {
    this.#record.expire();
    const decision = operation.decide();
    if ('problem' in decision) {
      await this.#record.durable(); // the state that refused it must be durable before it is told
      return decision;
    }
    const { line: entry, authorization } = this.#record.write(decision.entry);
    await this.#record.durable();
    const answer = { fingerprint: entry.fingerprint, entry, authorization };
    return { ...renderAnswer(answer), replayed: false, authorizationId: authorization.id };
  }
}
