import { evolve } from './evolve.ts';
import { freeOf } from './free.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { awaitsRenewal } from './renewals.ts';
import type { Part, Shipment } from './shipment.ts';
import { mayGrow } from './status.ts';
import type { Wave } from './wave.ts';

/** True for an authorisation that something may be taken from. */
function isSource({ stage, authorisedMinor, renewedBy, ended }: Wave): boolean {
  return stage === 'AUTHORISED' && authorisedMinor > 0 && renewedBy === null && !ended;
}

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

function captureOf(
  state: PaymentState,
  { shipmentId, valueMinor, state: is }: Shipment,
): PaymentEvent | null {
  if (is !== 'WAITING' || state.method === null) return null;
  if (state.method === 'TERMS' || valueMinor === 0)
    return { type: 'PaymentCaptured', data: { shipmentId, amountMinor: valueMinor } };
  const parts = partsFor(state, valueMinor);
  if (parts === null) return null;
  const byFirst = parts.length === 1 && parts[0]?.wave === 1;
  return { type: 'CardCaptureRequested', data: byFirst ? { shipmentId } : { shipmentId, parts } };
}

/** Takes what was shipped: on terms at once and in every state, by card when something is authorised to take it from. */
export function captured(before: PaymentState): PaymentEvent[] {
  const events: PaymentEvent[] = [];
  let state = before;
  for (const shipment of before.shipments) {
    const event = captureOf(state, shipment);
    if (event === null) continue;
    events.push(event);
    state = evolve(state, event);
  }
  return events;
}
