import type { CardOperation } from './card-operation.ts';
import type { PaymentEvent } from './payment.ts';
import { waveOf } from './wave.ts';

/** One thing to ask of the provider; `instance` tells the calls of one operation for an order apart. */
export type CardCall = Readonly<{ orderId: string; operation: CardOperation; instance: string }>;

/** What a call is about: a wave's authorisation, the shipment that is captured from it, and the refund of that. */
export type CallSubject = Readonly<{ wave: number; shipmentId: string | null; refundId?: string }>;

/** Parts a shipment from the later wave it is captured from, and from the refund of it. */
const FROM_WAVE = '/';

/** First pause before a call is tried again, and the longest, in milliseconds. */
const RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 15_000;
const DOUBLINGS_MAX = 10;

/** The instance of a call: its wave, or the refund if it is one, the shipment and, from the second on, the wave it is captured from. */
export function instanceOf({ wave, shipmentId, refundId }: CallSubject): string {
  if (shipmentId === null) return String(wave);
  const captured = wave === 1 ? shipmentId : `${shipmentId}${FROM_WAVE}${wave}`;
  return refundId === undefined ? captured : `${refundId}${FROM_WAVE}${captured}`;
}

/** What a call is about, by its instance. */
export function subjectOf({ operation, instance }: Pick<CardCall, 'operation' | 'instance'>): CallSubject {
  if (operation === 'refund') {
    const [refundId = '', ...captured] = instance.split(FROM_WAVE);
    return { ...subjectOf({ operation: 'capture', instance: captured.join(FROM_WAVE) }), refundId };
  }
  if (operation !== 'capture') return { wave: Number(instance), shipmentId: null };
  const [shipmentId = '', wave = '1'] = instance.split(FROM_WAVE);
  return { wave: Number(wave), shipmentId };
}

/** The one key a call ever travels under: the same payment, operation, wave (its epoch) and instance give the same key. */
export function providerKey(call: CardCall): string {
  const { orderId, operation, instance } = call;
  return `${orderId}:${operation}:${subjectOf(call).wave}:${instance}`;
}

/** The calls that events ask for. */
export function callsOf(orderId: string, events: readonly PaymentEvent[]): CardCall[] {
  const callOf = (operation: CardOperation, subject: CallSubject): CardCall => ({
    orderId,
    operation,
    instance: instanceOf(subject),
  });
  return events.flatMap((event): CardCall[] => {
    switch (event.type) {
      case 'CardAuthorisationRequested':
        return [callOf('authorise', { wave: waveOf(event.data), shipmentId: null })];
      case 'RenewalRequested':
        return [callOf('authorise', { wave: event.data.wave, shipmentId: null })];
      case 'AuthorisationRenewed': {
        const { wave, shipmentIds } = event.data;
        return shipmentIds.map((shipmentId) => callOf('capture', { wave, shipmentId }));
      }
      case 'CardVoidRequested':
        return [callOf('void', { wave: waveOf(event.data), shipmentId: null })];
      case 'CardCaptureRequested': {
        const { shipmentId, parts = [{ wave: 1 }] } = event.data;
        return parts.map(({ wave }) => callOf('capture', { wave, shipmentId }));
      }
      case 'CardRefundRequested': {
        const { refundId, parts } = event.data;
        return parts.map(({ wave, shipmentId }) => callOf('refund', { wave, shipmentId, refundId }));
      }
      default:
        return [];
    }
  });
}

/** Milliseconds until the next try after `attempt` tries: full jitter over a doubling window; `draw` is in [0, 1). */
export function retryAfterMs(attempt: number, draw: number): number {
  const window = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(attempt, DOUBLINGS_MAX));
  return Math.ceil(RETRY_BASE_MS + draw * window);
}
