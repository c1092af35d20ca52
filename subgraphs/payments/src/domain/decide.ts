import { accept, type Decider, type Decision } from '@crossdock/event-sourcing';
import { type CreditAccount, refuseCredit } from './credit.ts';
import {
  evolve,
  initialPayment,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
} from './payment.ts';

/** Facts come in any order and some come twice, so nothing is refused: what changes nothing gives no event. */
type Decided = Decision<PaymentEvent, never>;

const NO_DATA = {};

function secureOnTerms(state: PaymentState, reserved: number, credit: CreditAccount | null): PaymentEvent {
  const more = reserved - Math.min(reserved, state.capturedMinor);
  const reason = refuseCredit(credit, state.currencyCode ?? '', more);
  if (reason !== null) return { type: 'PaymentDeclined', data: { amountMinor: reserved, reason } };
  return { type: 'PaymentAuthorised', data: { amountMinor: reserved } };
}

/** Fires when order and reservation are both known. An order worth nothing needs neither credit nor card. */
function secured(state: PaymentState, credit: CreditAccount | null): PaymentEvent[] {
  const { reservedMinor, method } = state;
  if (state.stage !== 'OPEN' || state.closed || method === null || reservedMinor === null) return [];
  if (method === 'TERMS') return [secureOnTerms(state, reservedMinor, credit)];
  if (reservedMinor === 0) return [{ type: 'PaymentAuthorised', data: { amountMinor: 0 } }];
  return [{ type: 'CardAuthorisationRequested', data: NO_DATA }];
}

/** Takes what was shipped: on terms at once and in every state, by card when something is authorised to take it from. */
function captured(state: PaymentState): PaymentEvent[] {
  return state.shipments.flatMap(({ shipmentId, valueMinor, state: shipment }): PaymentEvent[] => {
    if (shipment !== 'WAITING' || state.method === null) return [];
    if (state.method === 'TERMS' || valueMinor === 0) {
      return [{ type: 'PaymentCaptured', data: { shipmentId, amountMinor: valueMinor } }];
    }
    return state.stage === 'AUTHORISED' ? [{ type: 'CardCaptureRequested', data: { shipmentId } }] : [];
  });
}

/** Gives up what a closed order no longer needs; a card's rest only after what was shipped is taken. */
function released(state: PaymentState): PaymentEvent[] {
  const rest = state.authorisedMinor - state.capturedMinor;
  if (!state.closed || state.stage !== 'AUTHORISED' || rest <= 0) return [];
  if (state.method === 'TERMS') return [{ type: 'PaymentVoided', data: { amountMinor: rest } }];
  if (state.shipments.some((each) => each.state === 'REQUESTED')) return [];
  return [{ type: 'CardVoidRequested', data: { authorisedMinor: state.authorisedMinor } }];
}

/** The events, and whatever follows from them, in order. */
function withConsequences(
  before: PaymentState,
  first: readonly PaymentEvent[],
  credit: CreditAccount | null = null,
): Decided {
  const events = [...first];
  let state = first.reduce(evolve, before);
  for (const consequence of [(at: PaymentState) => secured(at, credit), captured, released]) {
    const more = consequence(state);
    events.push(...more);
    state = more.reduce(evolve, state);
  }
  return accept(...events);
}

/** An answer ends the search for the outcome of the call before it. */
function answered(state: PaymentState, event: PaymentEvent): Decided {
  const found: PaymentEvent[] = state.outcomeUnknown ? [{ type: 'OutcomeFoundOut', data: NO_DATA }] : [];
  return withConsequences(state, [...found, event]);
}

function authorised(state: PaymentState): Decided {
  if (state.stage !== 'REQUESTED') return accept();
  const amountMinor = state.reservedMinor ?? 0;
  if (state.closed)
    return answered(state, { type: 'CardVoidRequested', data: { authorisedMinor: amountMinor } });
  return answered(state, { type: 'PaymentAuthorised', data: { amountMinor } });
}

function declined(state: PaymentState, reason: string): Decided {
  if (state.stage !== 'REQUESTED') return accept();
  if (state.closed) return answered(state, { type: 'NothingAuthorised', data: NO_DATA });
  return answered(state, {
    type: 'PaymentDeclined',
    data: { amountMinor: state.reservedMinor ?? 0, reason },
  });
}

function capturedByCard(state: PaymentState, shipmentId: string): Decided {
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  if (shipment?.state !== 'REQUESTED') return accept();
  return answered(state, { type: 'PaymentCaptured', data: { shipmentId, amountMinor: shipment.valueMinor } });
}

function voided(state: PaymentState): Decided {
  if (state.stage !== 'VOIDING') return accept();
  return answered(state, {
    type: 'PaymentVoided',
    data: { amountMinor: state.authorisedMinor - state.capturedMinor },
  });
}

function decideFact(command: PaymentCommand, state: PaymentState): Decided | null {
  switch (command.type) {
    case 'NoteOrder': {
      if (state.method !== null) return accept();
      const { credit, ...order } = command.data;
      return withConsequences(state, [{ type: 'OrderNoted', data: order }], credit);
    }
    case 'NoteReservation': {
      if (state.reservedMinor !== null) return accept();
      const { credit, reservedMinor } = command.data;
      return withConsequences(state, [{ type: 'ReservationNoted', data: { reservedMinor } }], credit);
    }
    case 'NoteShipment': {
      if (state.shipments.some((each) => each.shipmentId === command.data.shipmentId)) return accept();
      return withConsequences(state, [{ type: 'ShipmentNoted', data: command.data }]);
    }
    case 'CloseOrder':
      return state.closed ? accept() : withConsequences(state, [{ type: 'OrderClosed', data: NO_DATA }]);
    default:
      return null;
  }
}

function decideAnswer(command: PaymentCommand, state: PaymentState): Decided {
  switch (command.type) {
    case 'StoreProviderId':
      // The first id stands: a second object that a provider made of one key was never confirmed and holds no money.
      return state.providerAuthorisationId === null
        ? accept({ type: 'ProviderIdStored', data: command.data })
        : accept();
    case 'RecordAuthorised':
      return authorised(state);
    case 'RecordDeclined':
      return declined(state, command.data.reason);
    case 'RecordNothingAuthorised':
      return state.stage === 'REQUESTED'
        ? answered(state, { type: 'NothingAuthorised', data: NO_DATA })
        : accept();
    case 'RecordCaptured':
      return capturedByCard(state, command.data.shipmentId);
    case 'RecordVoided':
      return voided(state);
    case 'RecordOutcomeUnknown':
      return state.outcomeUnknown ? accept() : accept({ type: 'OutcomeWentUnknown', data: NO_DATA });
    case 'RecordNothingDone':
      return state.outcomeUnknown ? accept({ type: 'OutcomeFoundOut', data: NO_DATA }) : accept();
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
