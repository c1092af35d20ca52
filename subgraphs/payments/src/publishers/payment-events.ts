import type { FactData } from '@crossdock/contracts';
import type { PaymentMethod, PaymentState, SaidEvent } from '../domain/payment.ts';
import { forWave, rootOf, waveOf } from '../domain/wave.ts';

type PaymentFact = SaidEvent['type'];
type PaymentFactData = FactData<'payments', PaymentFact>;

/** What the others learn of an event: not how it came about here. */
function toldOf(event: SaidEvent, { waves }: PaymentState) {
  switch (event.type) {
    case 'PaymentAuthorised': {
      const { isRest: _kept, ...told } = event.data;
      return told;
    }
    case 'PaymentReduced': {
      const { version: _kept, ...told } = event.data;
      return told;
    }
    case 'PaymentVoided': {
      const { wave, amountMinor } = event.data;
      return { amountMinor, ...(wave === undefined ? {} : forWave(rootOf(waves, wave))) };
    }
    case 'PaymentHeld':
    case 'PaymentResumed': {
      const { holding: _kept, ...told } = event.data;
      return told;
    }
    default:
      return event.data;
  }
}

/** What an event of a payment's stream says to the others; no card data, and no provider's id. */
export function factDataOf(
  event: SaidEvent,
  payment: Readonly<{ orderId: string; partnerId: string; state: PaymentState }>,
): PaymentFactData {
  const { orderId, partnerId, state } = payment;
  // Nothing is said of a payment before its order, and with it method and currency, was heard of.
  const method: PaymentMethod = state.method ?? 'TERMS';
  return { orderId, partnerId, currencyCode: state.currencyCode ?? '', method, ...toldOf(event, state) };
}

/** The part of an event's id that tells it from others of the same order: it is said once for each. */
export function onceFor(event: SaidEvent): string {
  switch (event.type) {
    case 'PaymentCaptured':
      return `${event.type}/${event.data.shipmentId}`;
    case 'PaymentRefunded':
      return `${event.type}/${event.data.refundId}/${event.data.shipmentId}`;
    case 'PaymentReduced':
      return `${event.type}/${event.data.version}`;
    case 'PaymentHeld':
      return `${event.type}/${event.data.holding}`;
    case 'PaymentResumed': {
      const { operation, instance, holding } = event.data;
      return `${event.type}/${operation}/${instance}/${holding}`;
    }
    default:
      return `${event.type}/${waveOf(event.data)}`;
  }
}
