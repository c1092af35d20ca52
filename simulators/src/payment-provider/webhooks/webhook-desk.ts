import { randomUUID } from 'node:crypto';
import { seededDraws } from '../../faults/seeded-draws.ts';
import type { Counters } from '../../server/counters.ts';
import type { PaymentLine } from '../journal-lines.ts';
import {
  FIRST_PAUSE_MS,
  LANES,
  MAX_TRIES,
  QUEUE_EVENTS,
  REORDER_WITHIN_MS,
  REPLAYS_KEPT,
} from './delivery-limits.ts';
import { Door } from './door.ts';
import type { PaymentEvent } from './event-bodies.ts';
import type { Receiver } from './receiver.ts';
import { FORGERIES, type SignedMessage, type Signer } from './signing.ts';
import { type WebhookSwitches, webhookSwitches } from './switches.ts';

/** One message on its way, with all its copies. */
interface Delivery {
  readonly kind: 'event' | 'replay' | 'forged';
  /** An event is signed anew for each try: receivers refuse what was signed long ago. */
  readonly message: () => SignedMessage;
  readonly triesLeft: number;
}

export interface WebhookDeskParts {
  readonly receiver: Receiver;
  readonly signer: Signer;
  readonly counters: Counters;
}

/**
 * Tells the merchant what happened, at least once while it listens: each event is tried a few times, then left to the
 * merchant's own reading. What waits is in memory alone, and a crash of the provider loses it.
 */
export class WebhookDesk {
  readonly #parts: WebhookDeskParts;
  readonly #ready: Delivery[] = [];
  readonly #later = new Set<NodeJS.Timeout>();
  readonly #kept: SignedMessage[] = [];
  readonly #door = new Door();
  readonly #counts = { sent: 0, accepted: 0, refused: 0, forgedSent: 0, forgedAccepted: 0, lost: 0 };
  #switches = webhookSwitches.parse({});
  #draw = seededDraws(1);
  #forgeries = 0;
  #calls = 0;
  #knock: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: WebhookDeskParts) {
    this.#parts = parts;
    parts.counters.describe('webhook_calls_total', 'Calls to the merchant, by outcome and whether forged.');
    parts.counters.describe(
      'webhook_events_lost_total',
      'Events given up after their tries, or for want of room.',
    );
  }

  get switches(): WebhookSwitches {
    return this.#switches;
  }

  /** `refused` counts what got no 2xx, `lost` the events that will not be sent any more. */
  get state() {
    return { ...this.#counts, waiting: this.#waiting };
  }

  /** The same switches give the same draws for the same events. */
  set(switches: WebhookSwitches): void {
    this.#switches = switches;
    this.#draw = seededDraws(1);
    this.#sendReady();
  }

  /** Takes a line that is durable. */
  tell({ kind, authorizationId, reference: { orderId }, at }: PaymentLine): void {
    if (kind === 'created') return;
    if (this.#waiting >= QUEUE_EVENTS) return this.#lose();
    const { signer } = this.#parts;
    const { delayMs, reorder, forgedShare } = this.#switches;
    const event: PaymentEvent = { id: eventId(), kind, authorizationId, orderId, at };
    const pauseMs = delayMs + (reorder ? Math.floor(this.#draw() * REORDER_WITHIN_MS) : 0);
    const message = () => signer.sign(event, Date.now());
    this.#enqueue({ kind: 'event', message, triesLeft: MAX_TRIES }, pauseMs);
    if (this.#draw() < forgedShare) this.#enqueue(this.#forgeryOf(event), pauseMs);
  }

  /** Sends the last messages again as they were signed, once each; answers how many there are. */
  replay(count: number): number {
    const messages = this.#kept.slice(-count);
    for (const message of messages)
      this.#enqueue({ kind: 'replay', message: () => message, triesLeft: 1 }, 0);
    return messages.length;
  }

  /** Nothing is sent any more; what waits is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#knock);
    for (const timer of this.#later) clearTimeout(timer);
    await this.#parts.receiver.close();
  }

  get #waiting(): number {
    return this.#ready.length + this.#later.size + this.#calls;
  }

  #forgeryOf(event: PaymentEvent): Delivery {
    const forgery = FORGERIES[this.#forgeries % FORGERIES.length] ?? 'wrong-signature';
    this.#forgeries += 1;
    const forged = { ...event, id: eventId() }; // under a name of its own, or a receiver that drops twins would pass
    const message = () => this.#parts.signer.forge(forged, forgery, Date.now());
    return { kind: 'forged', message, triesLeft: 1 };
  }

  #enqueue(delivery: Delivery, pauseMs: number): void {
    if (pauseMs === 0) {
      this.#ready.push(delivery);
      return this.#sendReady();
    }
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      this.#ready.push(delivery);
      this.#sendReady();
    }, pauseMs).unref();
    this.#later.add(timer);
  }

  #sendReady(): void {
    while (this.#ready.length > 0 && !this.#closed && !this.#switches.stopped) {
      const lanes = this.#door.isClosed ? 1 : LANES;
      if (this.#calls >= lanes) return;
      const pauseMs = this.#door.pauseMs(Date.now());
      if (pauseMs > 0) return this.#knockLater(pauseMs);
      const delivery = this.#ready.shift();
      if (delivery !== undefined) this.#start(delivery);
    }
  }

  #knockLater(pauseMs: number): void {
    this.#knock ??= setTimeout(() => {
      this.#knock = undefined;
      this.#sendReady();
    }, pauseMs).unref();
  }

  #start(delivery: Delivery): void {
    this.#calls += 1;
    this.#door.knocked(Date.now());
    void this.#deliver(delivery).finally(() => {
      this.#calls -= 1;
      this.#sendReady();
    });
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { kind, triesLeft } = delivery;
    const message = delivery.message();
    const copies = kind === 'event' ? 1 + this.#switches.duplicates : 1;
    if (kind === 'event') this.#keep(message);
    const answers = await Promise.all(Array.from({ length: copies }, () => this.#send(kind, message)));
    if (kind !== 'event' || answers.includes(true) || this.#closed) return;
    if (triesLeft <= 1) return this.#lose();
    const pauseMs = FIRST_PAUSE_MS * 4 ** (MAX_TRIES - triesLeft);
    this.#enqueue({ ...delivery, triesLeft: triesLeft - 1 }, pauseMs);
  }

  async #send(kind: Delivery['kind'], message: SignedMessage): Promise<boolean> {
    const isForged = kind === 'forged';
    this.#counts[isForged ? 'forgedSent' : 'sent'] += 1;
    const accepted = await this.#parts.receiver.send(message);
    const outcome = accepted ? 'accepted' : 'refused';
    this.#parts.counters.add('webhook_calls_total', `outcome="${outcome}",forged="${isForged}"`);
    if (!isForged) this.#counts[outcome] += 1;
    else if (accepted) this.#counts.forgedAccepted += 1;
    if (kind === 'event') this.#door.answered(accepted); // a replay may rightly be refused, a forgery must be
    return accepted;
  }

  #keep(message: SignedMessage): void {
    this.#kept.push(message);
    if (this.#kept.length > REPLAYS_KEPT) this.#kept.shift();
  }

  #lose(): void {
    this.#counts.lost += 1;
    this.#parts.counters.add('webhook_events_lost_total');
  }
}

function eventId(): string {
  return `evt_${randomUUID()}`;
}
