import type { PaymentEvent } from './payment.ts';

/** What a card's provider is asked for. */
export type CardOperation = 'authorise' | 'capture' | 'void';

/** One thing to ask of the provider; `instance` tells the captures of an order apart. */
export type CardCall = Readonly<{ orderId: string; operation: CardOperation; instance: string }>;

/** First pause before a call is tried again, and the longest, in milliseconds. */
const RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 15_000;
const DOUBLINGS_MAX = 10;

/** The one key a call ever travels under: the same payment, operation, epoch and instance give the same key. */
export function providerKey({ orderId, operation, instance }: CardCall, authorisationEpoch: number): string {
  return `${orderId}:${operation}:${authorisationEpoch}:${instance}`;
}

/** The calls that events ask for. */
export function callsOf(orderId: string, epoch: number, events: readonly PaymentEvent[]): CardCall[] {
  return events.flatMap((event): CardCall[] => {
    if (event.type === 'CardAuthorisationRequested')
      return [{ orderId, operation: 'authorise', instance: String(epoch) }];
    if (event.type === 'CardVoidRequested') return [{ orderId, operation: 'void', instance: String(epoch) }];
    if (event.type !== 'CardCaptureRequested') return [];
    return [{ orderId, operation: 'capture', instance: event.data.shipmentId }];
  });
}

/** Milliseconds until the next try after `attempt` tries: full jitter over a doubling window; `draw` is in [0, 1). */
export function retryAfterMs(attempt: number, draw: number): number {
  const window = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(attempt, DOUBLINGS_MAX));
  return Math.ceil(RETRY_BASE_MS + draw * window);
}
