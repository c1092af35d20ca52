import { evolve } from './evolve.ts';
import { freeOf } from './free.ts';
import { givenUpWithWaves } from './giving-up.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { awaitsRenewal } from './renewals.ts';
import { dueOf, type Part, type Shipment } from './shipment.ts';
import { mayGrow } from './status.ts';
import { isSource } from './wave.ts';

/**
 * From which authorisations a shipment is taken: from the first it fits in, else from several in the order of waves. Null while
 * it does not fit and more may be authorised. What will never fit is asked of the last: the provider refuses, and a person decides.
 */
function partsFor(state: PaymentState, valueMinor: number): readonly Part[] | null {
  const sources = state.waves.filter(isSource);
  const last = sources.at(-1);
  if (last === undefined) return null;
  const whole = sources.find((wave) => freeOf(state, wave) >= valueMinor);
  if (whole !== undefined) return [{ wave: whole.wave, amountMinor: valueMinor, captured: false }];
  const free = sources.reduce((sum, wave) => sum + Math.max(0, freeOf(state, wave)), 0);
  if (free < valueMinor && (mayGrow(state) || awaitsRenewal(state))) return null;
  let left = valueMinor;
  return sources.flatMap((wave) => {
    const amountMinor = wave === last ? left : Math.min(left, Math.max(0, freeOf(state, wave)));
    left -= amountMinor;
    return amountMinor > 0 ? [{ wave: wave.wave, amountMinor, captured: false }] : [];
  });
}

function captureOf(state: PaymentState, shipment: Shipment): PaymentEvent | null {
  const { shipmentId, state: is, givenUp } = shipment;
  if (is !== 'WAITING' || state.method === null) return null;
  const amountMinor = dueOf(shipment);
  if (state.method === 'TERMS' || amountMinor === 0)
    return { type: 'PaymentCaptured', data: { shipmentId, amountMinor } };
  const parts = partsFor(state, amountMinor);
  if (parts === null) return null;
  const byFirst = parts.length === 1 && parts[0]?.wave === 1 && givenUp === undefined;
  return { type: 'CardCaptureRequested', data: byFirst ? { shipmentId } : { shipmentId, parts } };
}

/**
 * Takes what was shipped: on terms at once and in every state, by card when something is authorised to take it from. What was to
 * come of authorisations that ended, and that a person gave up, is given up with them.
 */
export function captured(before: PaymentState): PaymentEvent[] {
  const events: PaymentEvent[] = [];
  let state = before;
  const note = (event: PaymentEvent) => {
    events.push(event);
    state = evolve(state, event);
  };
  for (const { shipmentId } of before.shipments) {
    for (const event of givenUpWithWaves(state, shipmentId)) note(event);
    const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
    const event = shipment === undefined ? null : captureOf(state, shipment);
    if (event !== null) note(event);
  }
  return events;
}
