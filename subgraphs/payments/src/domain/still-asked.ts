// Whether a person who gave a call up may be told that it is done: where its money may still move, or moved, nobody may count on that.
import { instanceOf, subjectOf } from './card-calls.ts';
import type { OfCall } from './held-call.ts';
import { placesOf } from './part-place.ts';
import type { PaymentState } from './payment.ts';
import { isOpenRefund } from './refund.ts';
import { wantedMinor } from './renewals.ts';
import type { Wave } from './wave.ts';

const DONE =
  'It was done meanwhile, and nothing is left to give up: look at the payment. A replay settles this letter without an effect.';

const stillAsked = (operation: string, instance: string) =>
  `It is asked of the provider, as ${operation} ${instance}: wait until that is done, or is held under a letter of its own.`;

function ofCapture(state: PaymentState, call: OfCall): string | null {
  const { shipmentId } = subjectOf(call);
  const places = placesOf(state, call);
  const open = places.find(({ is }) => is === 'OPEN');
  if (open !== undefined) return stillAsked('capture', instanceOf({ wave: open.wave, shipmentId }));
  return places.some(({ is }) => is === 'TAKEN') ? DONE : null;
}

function ofRefund({ refunds }: PaymentState, call: OfCall): string | null {
  const { wave, shipmentId, refundId } = subjectOf(call);
  const refund = refunds.find((each) => each.refundId === refundId);
  const part = refund?.parts.find((each) => each.shipmentId === shipmentId && each.wave === wave);
  if (part === undefined || part.givenUp === true) return null;
  return isOpenRefund(part) ? stillAsked('refund', call.instance) : DONE;
}

/** Of a wave that has no answer is asked; one that stands is done unless nothing takes its place any more. */
function ofWave({ stage, wave, renewalGivenUp }: Wave): string | null {
  if (stage === 'REQUESTED') return stillAsked('authorise', String(wave));
  return stage === 'AUTHORISED' && !renewalGivenUp ? DONE : null;
}

/** The card may have been asked for the same under another number, or will be. */
function ofRenewed(state: PaymentState, old: Wave): string | null {
  if (old.renewalGivenUp) return null;
  for (const other of state.waves.filter(({ renews }) => renews === old.wave)) {
    const why = ofWave(other);
    if (why !== null) return why;
  }
  return wantedMinor(state, old) > 0 ? stillAsked('authorise', String(old.wave)) : null;
}

function ofAuthorisation(state: PaymentState, { instance }: OfCall): string | null {
  const asked = state.waves.find(({ wave }) => String(wave) === instance);
  if (asked === undefined) return null;
  const old = state.waves.find(({ wave }) => wave === asked.renews);
  return old === undefined || asked.stage === 'AUTHORISED'
    ? ofWave(asked)
    : (ofWave(asked) ?? ofRenewed(state, old));
}

function ofRelease({ waves }: PaymentState, { instance }: OfCall): string | null {
  const isAsked = waves.some(({ wave, stage }) => String(wave) === instance && stage === 'VOIDING');
  return isAsked ? stillAsked('void', instance) : null;
}

/** Why a call that a person gave up is not given up, as the payment stands after that; null where nothing asks for it, now or later. */
export function notGivenUp(state: PaymentState, call: OfCall): string | null {
  switch (call.operation) {
    case 'capture':
      return ofCapture(state, call);
    case 'refund':
      return ofRefund(state, call);
    case 'authorise':
      return ofAuthorisation(state, call);
    case 'void':
      return ofRelease(state, call);
  }
}
