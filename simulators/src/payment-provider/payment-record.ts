import type { Journal } from '../journal/journal.ts';
import type { Recorded } from '../journal/recorded.ts';
import { type Authorization, decideExpire } from './authorization.ts';
import { Deadlines } from './deadlines.ts';
import type { PaymentEntry, PaymentLine } from './journal-lines.ts';
import type { PaymentBook } from './payment-book.ts';

/** So much later than its time an authorisation that nobody touches is in the journal as expired, at the most. */
const EXPIRY_LOOK_MS = 1_000;

/** The one way into the book: a line is written, folded, and told of once it is durable. */
export class PaymentRecord {
  readonly #book: PaymentBook;
  readonly #deadlines = new Deadlines();
  #journal: Journal<PaymentEntry> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tell: (line: PaymentLine) => void = () => undefined;

  constructor(book: PaymentBook) {
    this.#book = book;
  }

  /** Folds a line that stands in the journal already. */
  fold(line: PaymentLine): Authorization {
    const authorization = this.#book.apply(line);
    this.#deadlines.follow(authorization);
    return authorization;
  }

  /** From now on lines are written here, and `tell` hears of each when it is durable. Expiry is looked for until `stop`. */
  open(journal: Journal<PaymentEntry>, tell: (line: PaymentLine) => void): void {
    this.#journal = journal;
    this.#tell = tell;
    this.#timer = setInterval(() => this.expire(), EXPIRY_LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Writes and folds in one turn of the event loop, so that no other decision comes between. */
  write<Entry extends PaymentEntry>(entry: Entry): { line: Recorded<Entry>; authorization: Authorization } {
    const journal = this.#opened();
    const [line] = journal.write([entry]);
    if (line === undefined) throw new Error('The journal gave no line for an entry.');
    const authorization = this.fold(line);
    journal.durable().then(
      () => this.#tell(line),
      () => undefined, // a broken journal answers nobody, and what was not kept is not told
    );
    return { line, authorization };
  }

  /** Releases what is held by authorisations whose time has passed; before anything is decided or shown. */
  expire(nowMs = Date.now()): void {
    for (const authorizationId of this.#deadlines.takePassed(nowMs)) {
      const found = this.#book.authorization(authorizationId);
      const decision = found === undefined ? undefined : decideExpire(found, nowMs);
      if (found === undefined || decision === undefined) continue;
      const { currencyCode, reference } = found;
      this.write({
        kind: 'expired',
        ...{ authorizationId, amountMinor: decision.releasedMinor, currencyCode, reference },
      });
    }
  }

  /** Resolves when everything written so far is on disk. */
  durable(): Promise<void> {
    return this.#opened().durable();
  }

  #opened(): Journal<PaymentEntry> {
    if (this.#journal === undefined) throw new Error('The record is written only once its journal is open.');
    return this.#journal;
  }
}
