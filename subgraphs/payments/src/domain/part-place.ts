// Where that is now which a capture was to take: authorisations are renewed, and what was asked of one is then asked of another.
import { subjectOf } from './card-calls.ts';
import type { OfCall } from './held-call.ts';
import type { PaymentState } from './payment.ts';
import { partsOf } from './shipment.ts';
import { descendsFrom } from './wave.ts';

/** A part of a shipment: asked of a wave's authorisation, taken from it, or given up. */
export type PartPlace = Readonly<{ wave: number; amountMinor: number; is: 'OPEN' | 'TAKEN' | 'GIVEN_UP' }>;

/**
 * The part that a capture is of; where it moved, the part that is asked of a renewal, or all those that may be it, as a shipment may be
 * taken from several renewals of one authorisation. None for a call that is no capture.
 */
export function placesOf({ shipments, waves }: PaymentState, call: OfCall): readonly PartPlace[] {
  const { wave: asked, shipmentId } = subjectOf(call);
  const shipment = shipments.find((each) => each.shipmentId === shipmentId);
  if (call.operation !== 'capture' || shipment === undefined) return [];
  const places: readonly PartPlace[] = [
    ...partsOf(shipment).map(({ wave, amountMinor, captured }) => ({
      ...{ wave, amountMinor },
      is: captured ? ('TAKEN' as const) : ('OPEN' as const),
    })),
    ...(shipment.givenUp ?? []).flatMap(({ wave, amountMinor }) =>
      wave === null ? [] : [{ wave, amountMinor, is: 'GIVEN_UP' as const }],
    ),
  ];
  const own = places.filter(({ wave }) => wave === asked);
  return own.length > 0 ? own : places.filter(({ wave }) => descendsFrom(waves, wave, asked));
}

/** True for a capture of which nothing is left to do: its part is taken, given up, or asked of another authorisation. */
export function isOvertaken(state: PaymentState, call: OfCall): boolean {
  if (call.operation !== 'capture') return false;
  const { wave } = subjectOf(call);
  return !placesOf(state, call).some((place) => place.wave === wave && place.is === 'OPEN');
}
