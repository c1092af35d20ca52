import type { PaymentState } from './payment.ts';
import { capturedFrom, takenFrom } from './shipment.ts';
import { securedOf, type Wave } from './wave.ts';

/** What a wave secured that is neither taken nor asked for: on terms takings are the order's, and weigh on no wave. */
export function freeOf({ method, shipments }: PaymentState, wave: Wave): number {
  return securedOf(wave) - (method === 'CARD' ? takenFrom(shipments, wave.wave) : 0);
}

/** What was asked of a wave's authorisation and is not taken yet. */
export function openFrom({ shipments }: PaymentState, { wave }: Wave): number {
  return takenFrom(shipments, wave) - capturedFrom(shipments, wave);
}
