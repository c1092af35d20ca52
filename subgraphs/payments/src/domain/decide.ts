import { accept, type Decider, type Decision } from '@crossdock/event-sourcing';
import { withConsequences } from './consequences.ts';
import { evolve } from './evolve.ts';
import { decideHold, retriedOnClose } from './holds.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent, type PaymentState } from './payment.ts';
import { capturedFrom, partsOf } from './shipment.ts';
import { forWave, type Stage, type Wave } from './wave.ts';

/** Facts come in any order and some come twice, so nothing is refused: what changes nothing gives no event. */
type Decided = Decision<PaymentEvent, never>;
type DataOf<T extends PaymentCommand['type']> = Extract<PaymentCommand, { type: T }>['data'];

const NO_DATA = {};

function noteReservation(state: PaymentState, data: DataOf<'NoteReservation'>): Decided {
  const { wave, reservedMinor, waiting, credit } = data;
  if (state.waves.some((each) => each.wave === wave)) return accept();
  const events: PaymentEvent[] = [{ type: 'ReservationNoted', data: { ...forWave(wave), reservedMinor } }];
  // The ordinary order is reserved at once and whole: how far inventory's stream is known need not be kept for it.
  if (wave > 1 || waiting.units > 0 || state.heardVersion > 0)
    events.push({ type: 'WaitingNoted', data: waiting });
  return accept(...withConsequences(state, events, credit));
}

/** Inventory's facts of an order are in order among themselves: what is not ahead of the last one was heard before. */
function noteReduction(state: PaymentState, data: DataOf<'NoteReduction'>): Decided {
  const { waitingDelta, ...reduction } = data;
  const { version, valueMinor } = reduction;
  if (version <= state.heardVersion) return accept();
  const units = Math.max(0, state.waitingUnits + waitingDelta);
  const noted: PaymentEvent[] = valueMinor > 0 ? [{ type: 'ReductionNoted', data: reduction }] : [];
  return accept(...withConsequences(state, [...noted, { type: 'WaitingNoted', data: { units, version } }]));
}

function noteShipment(state: PaymentState, data: DataOf<'NoteShipment'>): Decided {
  const known = state.shipments.find((each) => each.shipmentId === data.shipmentId);
  if (known !== undefined && known.state !== 'EXPECTED') return accept();
  return accept(...withConsequences(state, [{ type: 'ShipmentNoted', data }]));
}

/** Orders knew of goods that left before fulfillment was heard of them: what they are worth stays promised. */
function expectShipment(state: PaymentState, { shipmentId }: DataOf<'ExpectShipment'>): Decided {
  if (state.shipments.some((each) => each.shipmentId === shipmentId)) return accept();
  return accept({ type: 'ShipmentExpected', data: { shipmentId } });
}

/** Null for an answer of a provider. */
function decideFact(command: PaymentCommand, state: PaymentState): Decided | null {
  switch (command.type) {
    case 'NoteOrder': {
      if (state.method !== null) return accept();
      const { credit, ...order } = command.data;
      return accept(...withConsequences(state, [{ type: 'OrderNoted', data: order }], credit));
    }
    case 'NoteReservation':
      return noteReservation(state, command.data);
    case 'NoteBackorder': {
      const heard = state.waves.length > 0 || command.data.version <= state.heardVersion;
      return heard ? accept() : accept({ type: 'WaitingNoted', data: command.data });
    }
    case 'NoteReduction':
      return noteReduction(state, command.data);
    case 'NoteShipment':
      return noteShipment(state, command.data);
    case 'ExpectShipment':
      return expectShipment(state, command.data);
    case 'CloseOrder':
      if (state.closed) return accept();
      return accept(
        ...retriedOnClose(state),
        ...withConsequences(state, [{ type: 'OrderClosed', data: NO_DATA }]),
      );
    default:
      return null;
  }
}

/** An answer ends the search for the outcome of the call before it. */
function answered(state: PaymentState, event: PaymentEvent): Decided {
  const found: PaymentEvent[] = state.outcomeUnknown ? [{ type: 'OutcomeFoundOut', data: NO_DATA }] : [];
  return accept(...withConsequences(state, [...found, event]));
}

/** The wave that is being asked about; null when it is not any more. */
function askedWave(state: PaymentState, wave: number, stage: Stage): Wave | null {
  return state.waves.find((each) => each.wave === wave && each.stage === stage) ?? null;
}

function authorised(state: PaymentState, { wave }: DataOf<'RecordAuthorised'>): Decided {
  const asked = askedWave(state, wave, 'REQUESTED');
  if (asked === null) return accept();
  const { reservedMinor } = asked;
  return answered(
    state,
    state.closed
      ? { type: 'CardVoidRequested', data: { ...forWave(wave), authorisedMinor: reservedMinor } }
      : { type: 'PaymentAuthorised', data: { ...forWave(wave), amountMinor: reservedMinor } },
  );
}

function declined(state: PaymentState, { wave, reason }: DataOf<'RecordDeclined'>): Decided {
  const asked = askedWave(state, wave, 'REQUESTED');
  if (asked === null) return accept();
  if (state.closed) return answered(state, { type: 'NothingAuthorised', data: forWave(wave) });
  const data = { ...forWave(wave), amountMinor: asked.reservedMinor, reason };
  return answered(state, { type: 'PaymentDeclined', data });
}

/** Said when all of a shipment is taken. */
function capturedByCard(state: PaymentState, { shipmentId, wave }: DataOf<'RecordCaptured'>): Decided {
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  if (shipment?.state !== 'REQUESTED') return accept();
  const out = partsOf(shipment).filter((part) => !part.captured);
  if (!out.some((part) => part.wave === wave)) return accept();
  if (out.length > 1) return answered(state, { type: 'PartCaptured', data: { shipmentId, wave } });
  const { valueMinor: amountMinor } = shipment;
  return answered(state, { type: 'PaymentCaptured', data: { shipmentId, amountMinor } });
}

/** What was told as reduced is not told as voided once more. */
function voided(state: PaymentState, { wave }: DataOf<'RecordVoided'>): Decided {
  const asked = askedWave(state, wave, 'VOIDING');
  if (asked === null) return accept();
  const amountMinor = asked.authorisedMinor - asked.reducedMinor - capturedFrom(state.shipments, wave);
  return answered(
    state,
    amountMinor > 0
      ? { type: 'PaymentVoided', data: { ...forWave(wave), amountMinor } }
      : { type: 'RestReleased', data: forWave(wave) },
  );
}

function storeProviderId(state: PaymentState, data: DataOf<'StoreProviderId'>): Decided {
  const { wave, provider, providerAuthorisationId } = data;
  const known = state.waves.find((each) => each.wave === wave)?.providerAuthorisationId ?? null;
  // The first id stands: a second object that a provider made of one key was never confirmed and holds no money.
  if (known !== null) return accept();
  return accept({ type: 'ProviderIdStored', data: { ...forWave(wave), provider, providerAuthorisationId } });
}

function decideAnswer(command: PaymentCommand, state: PaymentState): Decided {
  switch (command.type) {
    case 'StoreProviderId':
      return storeProviderId(state, command.data);
    case 'RecordAuthorised':
      return authorised(state, command.data);
    case 'RecordDeclined':
      return declined(state, command.data);
    case 'RecordNothingAuthorised':
      return askedWave(state, command.data.wave, 'REQUESTED') === null
        ? accept()
        : answered(state, { type: 'NothingAuthorised', data: forWave(command.data.wave) });
    case 'RecordCaptured':
      return capturedByCard(state, command.data);
    case 'RecordVoided':
      return voided(state, command.data);
    case 'RecordOutcomeUnknown':
      return state.outcomeUnknown ? accept() : accept({ type: 'OutcomeWentUnknown', data: NO_DATA });
    case 'HoldCall':
    case 'RecordCallEnded':
    case 'RetryHeldCall':
      return accept(...decideHold(command, state));
    default:
      return accept();
  }
}

/** The rule book of an order's money: pure, and indifferent to the order in which subgraphs are heard. */
export const paymentDecider: Decider<PaymentCommand, PaymentEvent, PaymentState, never> = {
  initialState: initialPayment,
  decide: (command, state) => decideFact(command, state) ?? decideAnswer(command, state),
  evolve,
};

/** What follows from a command; nothing is ever refused. */
export function decide(command: PaymentCommand, state: PaymentState): readonly PaymentEvent[] {
  const decision = paymentDecider.decide(command, state);
  return decision.accepted ? decision.events : [];
}
