import { unreachable } from '@crossdock/values';
import { freeOf, openFrom } from './free.ts';
import type { PaymentState } from './payment.ts';
import type { RenewalDone } from './renewal.ts';
import { withPartMoved } from './shipment.ts';
import { newWave, type Wave, waveOf, withWave } from './wave.ts';

type DataOf<T extends RenewalDone['type']> = Extract<RenewalDone, { type: T }>['data'];

function changed(state: PaymentState, wave: number, change: Partial<Wave>): PaymentState {
  return { ...state, waves: withWave(state.waves, wave, change) };
}

/** What moves is less on the old one, as if it were given back; where all of it moved, the old one is renewed. */
function afterRenewed(
  state: PaymentState,
  { wave, amountMinor, shipmentIds }: DataOf<'AuthorisationRenewed'>,
): PaymentState {
  const fresh = state.waves.find((each) => each.wave === wave);
  const old = state.waves.find((each) => each.wave === fresh?.renews);
  if (fresh === undefined || old === undefined) return state;
  const { reservedMinor: authorisedMinor } = fresh;
  const reducedMinor = authorisedMinor - amountMinor;
  const standing = changed(state, wave, { stage: 'AUTHORISED', authorisedMinor, reducedMinor });
  const shipments = state.shipments.map((each) =>
    shipmentIds.includes(each.shipmentId) ? withPartMoved(each, old.wave, wave) : each,
  );
  const less = { ...old, reducedMinor: old.reducedMinor + amountMinor };
  const moved = { ...standing, shipments };
  const isAll = freeOf(moved, less) <= 0 && (!old.ended || openFrom(moved, less) === 0);
  return changed(moved, old.wave, { ...less, renewedBy: isAll ? wave : null });
}

function afterDeclined(state: PaymentState, { wave, reason }: DataOf<'RenewalDeclined'>): PaymentState {
  const declined = changed(state, wave, { stage: 'DECLINED', declineReason: reason });
  const renews = state.waves.find((each) => each.wave === wave)?.renews ?? null;
  return renews === null ? declined : changed(declined, renews, { renewalDeclined: true });
}

export function afterRenewal(state: PaymentState, event: RenewalDone): PaymentState {
  switch (event.type) {
    case 'ExpiryNoted':
      return changed(state, waveOf(event.data), { expiresAt: event.data.expiresAt });
    case 'AuthorisationEnded':
      return changed(state, waveOf(event.data), { ended: true, renewalDeclined: false });
    case 'RenewalRequested': {
      const { wave, renews, amountMinor } = event.data;
      return changed(state, wave, { ...newWave(wave, amountMinor), stage: 'REQUESTED', renews });
    }
    case 'AuthorisationRenewed':
      return afterRenewed(state, event.data);
    case 'RenewalDeclined':
      return afterDeclined(state, event.data);
    case 'RenewalWanted':
      return changed(state, event.data.wave, { renewalDeclined: false });
    default:
      return unreachable(event);
  }
}
