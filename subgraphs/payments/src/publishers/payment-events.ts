import type { FactData } from '@crossdock/contracts';
import type { PaymentMethod, PaymentState, SaidEvent } from '../domain/payment.ts';

type PaymentFact = SaidEvent['type'];
type PaymentFactData = FactData<'payments', PaymentFact>;

/** What an event of a payment's stream says to the others; no card data, and no provider's id. */
export function factDataOf(
  event: SaidEvent,
  payment: Readonly<{ orderId: string; partnerId: string; state: PaymentState }>,
): PaymentFactData {
  const { orderId, partnerId, state } = payment;
  // Nothing is said of a payment before its order, and with it method and currency, was heard of.
  const method: PaymentMethod = state.method ?? 'TERMS';
  return { orderId, partnerId, currencyCode: state.currencyCode ?? '', method, ...event.data };
}

/** The part of an event's id that tells it from others of the same order: it is said once for each. */
export function onceFor(event: SaidEvent, state: PaymentState): string {
  const instance =
    event.type === 'PaymentCaptured' ? event.data.shipmentId : String(state.authorisationEpoch);
  return `${event.type}/${instance}`;
}
