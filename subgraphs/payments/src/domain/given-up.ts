// What a state is after a person had a held call tried again, or gave something up: that is not asked for any more, neither of this
// authorisation nor of any later one.
import { freeOf } from './free.ts';
import type { HoldDone } from './held-call.ts';
import { isSameCall } from './outcomes.ts';
import type { PaymentState } from './payment.ts';
import { withPartsEnded } from './refund.ts';
import { isOpenPart, partsOf, withPartGivenUp, withRestGivenUp, withShipment } from './shipment.ts';
import { withWave } from './wave.ts';

/** So much of a wave will not be taken, as far as it was promised at all. */
function lessened(state: PaymentState, wave: number, amountMinor: number): PaymentState {
  const waves = state.waves.map((each) => {
    if (each.wave !== wave) return each;
    const part = Math.min(amountMinor, Math.max(0, freeOf(state, each)));
    return part === 0 ? each : { ...each, reducedMinor: each.reducedMinor + part };
  });
  return { ...state, waves };
}

export function afterGivenUp(state: PaymentState, event: HoldDone): PaymentState {
  switch (event.type) {
    case 'PartGivenUp': {
      const { shipmentId, wave } = event.data;
      const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
      const part = shipment && partsOf(shipment).find((each) => isOpenPart(each, wave));
      const shipments = withShipment(state.shipments, shipmentId, (each) => withPartGivenUp(each, wave));
      return lessened({ ...state, shipments }, wave, part?.amountMinor ?? 0);
    }
    case 'RestGivenUp': {
      const { shipmentId, wave, amountMinor } = event.data;
      const shipments = withShipment(state.shipments, shipmentId, (each) =>
        withRestGivenUp(each, amountMinor),
      );
      return lessened({ ...state, shipments }, wave, amountMinor);
    }
    case 'RefundPartGivenUp': {
      const { refundId, shipmentId, wave } = event.data;
      const counts = (part: Readonly<{ shipmentId: string; wave: number }>) =>
        part.shipmentId === shipmentId && part.wave === wave;
      return { ...state, refunds: withPartsEnded(state.refunds, refundId, counts, { givenUp: true }) };
    }
    case 'RenewalGivenUp':
      return { ...state, waves: withWave(state.waves, event.data.wave, { renewalGivenUp: true }) };
    case 'ReleaseGivenUp':
      return { ...state, waves: withWave(state.waves, event.data.wave, { releaseGivenUp: true }) };
    case 'HeldCallRetried': {
      const isIt = isSameCall(event.data);
      return { ...state, held: state.held.map((each) => (isIt(each) ? { ...each, again: true } : each)) };
    }
    case 'HeldCallGivenUp':
      return state;
  }
}
