// Payments by card of which a call waits for a person, event by event: one authorisation of 100.00, and another of 200.00.
import type { CardOperation } from '../src/domain/card-operation.ts';
import { decide } from '../src/domain/decide.ts';
import { evolve } from '../src/domain/evolve.ts';
import {
  initialPayment,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
} from '../src/domain/payment.ts';

export const after = (...events: PaymentEvent[]) => events.reduce(evolve, initialPayment);
export const next = (state: PaymentState, ...commands: PaymentCommand[]) =>
  commands.reduce((at, command) => decide(command, at).reduce(evolve, at), state);

export const order: PaymentEvent = {
  type: 'OrderNoted',
  data: { method: 'CARD', currencyCode: 'GBP', totalMinor: 30_000, sealedCardToken: 'sealed' },
};
export const reserved = (wave: number, reservedMinor: number): PaymentEvent => ({
  type: 'ReservationNoted',
  data: { ...(wave === 1 ? {} : { wave }), reservedMinor },
});
export const authorised = (wave: number, amountMinor: number): PaymentEvent => ({
  type: 'PaymentAuthorised',
  data: { ...(wave === 1 ? {} : { wave }), amountMinor },
});
export const shipped = (shipmentId: string, valueMinor: number): PaymentEvent => ({
  type: 'ShipmentNoted',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
export const part = (wave: number, amountMinor: number) => ({ wave, amountMinor, captured: false });
export const asked = (shipmentId: string, ...parts: ReturnType<typeof part>[]): PaymentEvent => ({
  type: 'CardCaptureRequested',
  data: parts.length === 0 ? { shipmentId } : { shipmentId, parts },
});
export const captured = (shipmentId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { shipmentId, amountMinor },
});
export const held = (
  operation: CardOperation,
  instance: string,
  amountMinor: number,
  reason = 'no',
): PaymentEvent => ({
  type: 'PaymentHeld',
  data: { operation, instance, reason, owner: 'payment operations', amountMinor, holding: 1 },
});
export const gaveUp = (operation: CardOperation, instance: string): PaymentEvent => ({
  type: 'HeldCallGivenUp',
  data: { operation, instance },
});
export const resumed = (operation: CardOperation, instance: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentResumed',
  data: { operation, instance, amountMinor, holding: 1 },
});
export const givesUp = (operation: CardOperation, instance: string): PaymentCommand => ({
  type: 'GiveUpHeldCall',
  data: { operation, instance },
});
export const one = [order, reserved(1, 10_000), authorised(1, 10_000)];
export const two = [...one, reserved(2, 20_000), authorised(2, 20_000)];
