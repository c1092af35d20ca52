import { accept, type Decider, type Decision } from '@crossdock/event-sourcing';
import { instanceOf, subjectOf } from './card-calls.ts';
import { withConsequences } from './consequences.ts';
import { evolve } from './evolve.ts';
import { givenUp, releasedOf } from './giving-up.ts';
import type { HoldCommand, OfCall } from './held-call.ts';
import { decideHold, isHeldCall, retriedOnClose } from './holds.ts';
import { foundOut, isSameCall, wentUnknown } from './outcomes.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent, type PaymentState } from './payment.ts';
import { partRefunded, refundEvents } from './refunds.ts';
import {
  renewal,
  renewalDeclined,
  renewalDied,
  renewedBefore,
  renewedByPerson,
  renewedPastLimit,
} from './renewals.ts';
import { capturedFrom, dueOf, partsOf } from './shipment.ts';
import { forWave, isRenewal, type Stage, type Wave } from './wave.ts';

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
    case 'RequestRefund':
      return accept(...refundEvents(state, command.data));
    default:
      return null;
  }
}

/** An answer ends the search for the outcome of its call. */
function answered(state: PaymentState, call: OfCall, ...events: PaymentEvent[]): Decided {
  return accept(...withConsequences(state, [...foundOut(state, isSameCall(call)), ...events]));
}

function authorising(wave: number): OfCall {
  return { operation: 'authorise', instance: instanceOf({ wave, shipmentId: null }) };
}

/** The wave that is being asked about; null when it is not any more. */
function askedWave(state: PaymentState, wave: number, stage: Stage): Wave | null {
  return state.waves.find((each) => each.wave === wave && each.stage === stage) ?? null;
}

/**
 * A yes that was heard of when it had ended already holds nothing: a renewal is asked for anew, a few times, and what was reserved
 * stands with the end of its authorisation, so that it is renewed.
 */
function authorised(state: PaymentState, data: DataOf<'RecordAuthorised'>): Decided {
  const { wave, expiresAt = null, ended = false } = data;
  const asked = askedWave(state, wave, 'REQUESTED');
  if (asked === null) return accept();
  if (ended && isRenewal(asked)) return answered(state, authorising(wave), ...renewalDied(state, asked));
  if (ended && state.closed)
    return answered(state, authorising(wave), { type: 'NothingAuthorised', data: forWave(wave) });
  const { reservedMinor } = asked;
  const noted: PaymentEvent[] =
    expiresAt === null ? [] : [{ type: 'ExpiryNoted', data: { ...forWave(wave), expiresAt } }];
  if (isRenewal(asked)) return answered(state, authorising(wave), ...noted, renewal(state, asked));
  return answered(
    state,
    authorising(wave),
    ...noted,
    state.closed
      ? { type: 'CardVoidRequested', data: { ...forWave(wave), authorisedMinor: reservedMinor } }
      : { type: 'PaymentAuthorised', data: { ...forWave(wave), amountMinor: reservedMinor } },
    ...(ended ? [{ type: 'AuthorisationEnded', data: forWave(wave) } as const] : []),
  );
}

function declined(state: PaymentState, { wave, reason }: DataOf<'RecordDeclined'>): Decided {
  const asked = askedWave(state, wave, 'REQUESTED');
  if (asked === null) return accept();
  const call = authorising(wave);
  if (isRenewal(asked)) return answered(state, call, ...renewalDeclined(state, asked, reason));
  if (state.closed) return answered(state, call, { type: 'NothingAuthorised', data: forWave(wave) });
  const data = { ...forWave(wave), amountMinor: asked.reservedMinor, reason };
  return answered(state, call, { type: 'PaymentDeclined', data });
}

/** Said when all of a shipment is taken that was not given up. */
function takenBy(state: PaymentState, shipmentId: string, wave: number): PaymentEvent[] {
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  if (shipment?.state !== 'REQUESTED') return [];
  const out = partsOf(shipment).filter((part) => !part.captured);
  if (!out.some((part) => part.wave === wave)) return [];
  if (out.length > 1) return [{ type: 'PartCaptured', data: { shipmentId, wave } }];
  return [{ type: 'PaymentCaptured', data: { shipmentId, amountMinor: dueOf(shipment) } }];
}

/** Nothing more is taken of an authorisation; of one that was taken whole there is nothing to say. */
function endedWith(state: PaymentState, taken: readonly PaymentEvent[], wave: number): PaymentEvent[] {
  const now = taken.reduce(evolve, state);
  const asked = askedWave(now, wave, 'AUTHORISED');
  if (asked === null || asked.ended || asked.authorisedMinor <= capturedFrom(now.shipments, wave))
    return [...taken];
  return [...taken, { type: 'AuthorisationEnded', data: forWave(wave) }];
}

function capturedByCard(state: PaymentState, data: DataOf<'RecordCaptured'>): Decided {
  const { shipmentId, wave, ends = false } = data;
  const taken = takenBy(state, shipmentId, wave);
  if (taken.length === 0) return accept();
  const call = { operation: 'capture', instance: instanceOf({ wave, shipmentId }) } as const;
  return answered(state, call, ...(ends ? endedWith(state, taken, wave) : taken));
}

/** What was asked of it and the provider does not show was not taken, and is free to be taken from another. */
function recordEnded(before: PaymentState, { wave, taken }: DataOf<'RecordAuthorisationEnded'>): Decided {
  const events: PaymentEvent[] = [];
  let state = before;
  for (const { shipmentId } of before.shipments) {
    if (!taken.includes(instanceOf({ wave, shipmentId }))) continue;
    const more = takenBy(state, shipmentId, wave);
    events.push(...more);
    state = more.reduce(evolve, state);
  }
  const all = endedWith(before, events, wave);
  if (all.length === 0) return accept();
  const isOfIt = (call: OfCall) => call.operation === 'capture' && subjectOf(call).wave === wave;
  return accept(...withConsequences(before, [...foundOut(before, isOfIt), ...all]));
}

function voided(state: PaymentState, { wave }: DataOf<'RecordVoided'>): Decided {
  const asked = askedWave(state, wave, 'VOIDING');
  if (asked === null) return accept();
  const call = { operation: 'void', instance: instanceOf({ wave, shipmentId: null }) } as const;
  return answered(state, call, releasedOf(state, asked));
}

function refundedByCard(state: PaymentState, data: DataOf<'RecordRefunded'>): Decided {
  const event = partRefunded(state, data);
  const call = { operation: 'refund', instance: instanceOf(data) } as const;
  return event === null ? accept() : answered(state, call, event);
}

function storeProviderId(state: PaymentState, data: DataOf<'StoreProviderId'>): Decided {
  const { wave, provider, providerAuthorisationId } = data;
  const known = state.waves.find((each) => each.wave === wave)?.providerAuthorisationId ?? null;
  // The first id stands: a second object that a provider made of one key was never confirmed and holds no money.
  if (known !== null) return accept();
  return accept({ type: 'ProviderIdStored', data: { ...forWave(wave), provider, providerAuthorisationId } });
}

/** A renewal that was declined or made too often has no call left: a person lets the card be asked under another number. */
function decideOnHold(command: HoldCommand, state: PaymentState): Decided {
  const { operation, instance } = command.data;
  if (command.type === 'GiveUpHeldCall') {
    const events = givenUp(state, command.data);
    return events.length === 0 ? accept() : accept(...withConsequences(state, events));
  }
  const isAskedAgain = command.type === 'RetryHeldCall' && operation === 'authorise';
  const past = isAskedAgain ? renewedPastLimit(state, instance) : null;
  if (past !== null) return accept(...withConsequences(state, past));
  const declinedRenewal = state.waves.find(
    (each) => isRenewal(each) && each.stage === 'DECLINED' && String(each.wave) === instance,
  );
  if (operation !== 'authorise' || declinedRenewal === undefined)
    return accept(...decideHold(command, state));
  if (command.type === 'RecordCallEnded') return accept(...foundOut(state, isSameCall(command.data)));
  if (command.type !== 'RetryHeldCall' || !isHeldCall(state, command.data)) return accept();
  return accept(...withConsequences(state, renewedByPerson(state, declinedRenewal)));
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
        : answered(state, authorising(command.data.wave), {
            type: 'NothingAuthorised',
            data: forWave(command.data.wave),
          });
    case 'RecordCaptured':
      return capturedByCard(state, command.data);
    case 'RecordVoided':
      return voided(state, command.data);
    case 'RecordRefunded':
      return refundedByCard(state, command.data);
    case 'RecordOutcomeUnknown':
      return accept(...wentUnknown(state, command.data.call));
    case 'RenewAuthorisation': {
      const events = renewedBefore(state, command.data);
      return events.length === 0 ? accept() : accept(...withConsequences(state, events));
    }
    case 'RecordAuthorisationEnded':
      return recordEnded(state, command.data);
    case 'HoldCall':
    case 'RecordCallEnded':
    case 'RetryHeldCall':
    case 'GiveUpHeldCall':
      return decideOnHold(command, state);
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
