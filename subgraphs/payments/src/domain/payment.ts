import { unreachable } from '@crossdock/values';
import type { CreditAccount } from './credit.ts';

export type PaymentMethod = 'TERMS' | 'CARD';

/** OPEN until the order's facts are complete; REQUESTED and VOIDING while the card's provider is asked. */
export const STAGES = ['OPEN', 'REQUESTED', 'AUTHORISED', 'DECLINED', 'VOIDING', 'VOIDED'] as const;
export type Stage = (typeof STAGES)[number];

/** Goods that left. WAITING until there is something to take the money from. */
export type Shipment = Readonly<{
  shipmentId: string;
  valueMinor: number;
  state: 'WAITING' | 'REQUESTED' | 'CAPTURED';
}>;

/** The money of one order, whatever has been heard of it so far. Amounts are minor units. */
export type PaymentState = Readonly<{
  closed: boolean;
  method: PaymentMethod | null;
  currencyCode: string | null;
  totalMinor: number | null;
  reservedMinor: number | null;
  stage: Stage;
  outcomeUnknown: boolean;
  declineReason: string | null;
  authorisedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  authorisationEpoch: number;
  providerAuthorisationId: string | null;
  sealedCardToken: string | null;
  shipments: readonly Shipment[];
}>;

export type PaymentCommand =
  | Readonly<{
      type: 'NoteOrder';
      data: Readonly<{
        method: PaymentMethod;
        currencyCode: string;
        totalMinor: number;
        sealedCardToken: string | null;
        credit: CreditAccount | null;
      }>;
    }>
  | Readonly<{
      type: 'NoteReservation';
      data: Readonly<{ reservedMinor: number; credit: CreditAccount | null }>;
    }>
  | Readonly<{
      type: 'NoteShipment';
      data: Readonly<{ shipmentId: string; valueMinor: number; currencyCode: string }>;
    }>
  | Readonly<{ type: 'CloseOrder'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'StoreProviderId'; data: Readonly<{ providerAuthorisationId: string }> }>
  | Readonly<{ type: 'RecordAuthorised'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'RecordDeclined'; data: Readonly<{ reason: string }> }>
  | Readonly<{ type: 'RecordNothingAuthorised'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'RecordCaptured'; data: Readonly<{ shipmentId: string }> }>
  | Readonly<{ type: 'RecordVoided'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'RecordOutcomeUnknown'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'RecordNothingDone'; data: Readonly<Record<never, never>> }>;

/** The four that the log tells everybody. */
export type SaidEvent =
  | Readonly<{ type: 'PaymentAuthorised'; data: Readonly<{ amountMinor: number }> }>
  | Readonly<{ type: 'PaymentDeclined'; data: Readonly<{ amountMinor: number; reason: string }> }>
  | Readonly<{ type: 'PaymentVoided'; data: Readonly<{ amountMinor: number }> }>
  | Readonly<{ type: 'PaymentCaptured'; data: Readonly<{ shipmentId: string; amountMinor: number }> }>;

/** What only this subgraph's rows remember. */
export type KeptEvent =
  | Readonly<{
      type: 'OrderNoted';
      data: Readonly<{
        method: PaymentMethod;
        currencyCode: string;
        totalMinor: number;
        sealedCardToken: string | null;
      }>;
    }>
  | Readonly<{ type: 'ReservationNoted'; data: Readonly<{ reservedMinor: number }> }>
  | Readonly<{
      type: 'ShipmentNoted';
      data: Readonly<{ shipmentId: string; valueMinor: number; currencyCode: string }>;
    }>
  | Readonly<{ type: 'OrderClosed'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'CardAuthorisationRequested'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'ProviderIdStored'; data: Readonly<{ providerAuthorisationId: string }> }>
  | Readonly<{ type: 'CardCaptureRequested'; data: Readonly<{ shipmentId: string }> }>
  | Readonly<{ type: 'CardVoidRequested'; data: Readonly<{ authorisedMinor: number }> }>
  | Readonly<{ type: 'NothingAuthorised'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'OutcomeWentUnknown'; data: Readonly<Record<never, never>> }>
  | Readonly<{ type: 'OutcomeFoundOut'; data: Readonly<Record<never, never>> }>;

export type PaymentEvent = SaidEvent | KeptEvent;

export const initialPayment: PaymentState = {
  closed: false,
  method: null,
  currencyCode: null,
  totalMinor: null,
  reservedMinor: null,
  stage: 'OPEN',
  outcomeUnknown: false,
  declineReason: null,
  authorisedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  authorisationEpoch: 1,
  providerAuthorisationId: null,
  sealedCardToken: null,
  shipments: [],
};

function withShipment(state: PaymentState, shipmentId: string, to: Shipment['state']): readonly Shipment[] {
  return state.shipments.map((each) => (each.shipmentId === shipmentId ? { ...each, state: to } : each));
}

function afterSaid(state: PaymentState, event: SaidEvent): PaymentState {
  switch (event.type) {
    case 'PaymentAuthorised':
      return { ...state, stage: 'AUTHORISED', authorisedMinor: event.data.amountMinor };
    case 'PaymentDeclined':
      return { ...state, stage: 'DECLINED', declineReason: event.data.reason };
    case 'PaymentVoided':
      return { ...state, stage: 'VOIDED' };
    case 'PaymentCaptured':
      return {
        ...state,
        capturedMinor: state.capturedMinor + event.data.amountMinor,
        shipments: withShipment(state, event.data.shipmentId, 'CAPTURED'),
      };
  }
}

function afterKept(state: PaymentState, event: KeptEvent): PaymentState {
  switch (event.type) {
    case 'OrderNoted':
      return { ...state, ...event.data };
    case 'ReservationNoted':
      return { ...state, reservedMinor: event.data.reservedMinor };
    case 'ShipmentNoted': {
      const { shipmentId, valueMinor, currencyCode } = event.data;
      const shipments = [...state.shipments, { shipmentId, valueMinor, state: 'WAITING' as const }];
      return { ...state, shipments, currencyCode: state.currencyCode ?? currencyCode };
    }
    case 'OrderClosed':
      return { ...state, closed: true };
    case 'CardAuthorisationRequested':
      return { ...state, stage: 'REQUESTED' };
    case 'ProviderIdStored':
      return { ...state, providerAuthorisationId: event.data.providerAuthorisationId };
    case 'CardCaptureRequested':
      return { ...state, shipments: withShipment(state, event.data.shipmentId, 'REQUESTED') };
    case 'CardVoidRequested':
      return { ...state, stage: 'VOIDING', authorisedMinor: event.data.authorisedMinor };
    case 'NothingAuthorised':
      return { ...state, stage: 'VOIDED' };
    case 'OutcomeWentUnknown':
      return { ...state, outcomeUnknown: true };
    case 'OutcomeFoundOut':
      return { ...state, outcomeUnknown: false };
    default:
      return unreachable(event);
  }
}

/** A card token is needed until the card was asked, and never with a closed order. */
function needsCardToken({ closed, stage }: PaymentState): boolean {
  return !closed && (stage === 'OPEN' || stage === 'REQUESTED');
}

function isSaid(event: PaymentEvent): event is SaidEvent {
  return SAID_TYPES.has(event.type);
}

const SAID_TYPES: ReadonlySet<string> = new Set([
  'PaymentAuthorised',
  'PaymentDeclined',
  'PaymentVoided',
  'PaymentCaptured',
] satisfies SaidEvent['type'][]);

export function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  const next = isSaid(event) ? afterSaid(state, event) : afterKept(state, event);
  if (next.sealedCardToken === null || needsCardToken(next)) return next;
  return { ...next, sealedCardToken: null };
}

/** Those of the events that belong in the log. */
export function saidOf(events: readonly PaymentEvent[]): SaidEvent[] {
  return events.filter(isSaid);
}

/** What the order weighs on its partner's credit: what is reserved while it stands, at least what was shipped. */
export function exposureOf(state: PaymentState): number {
  if (state.method !== 'TERMS') return 0;
  const reserved = state.stage === 'AUTHORISED' ? state.authorisedMinor : 0;
  return Math.max(reserved, state.capturedMinor);
}

/** The status that the API shows. */
export type PaymentStatus =
  | 'PENDING'
  | 'AUTHORISED'
  | 'DECLINED'
  | 'UNKNOWN'
  | 'PARTIALLY_CAPTURED'
  | 'CAPTURED'
  | 'VOIDED';

export function statusOf(state: PaymentState): PaymentStatus {
  if (state.outcomeUnknown) return 'UNKNOWN';
  if (state.capturedMinor > 0) {
    const more = state.stage === 'AUTHORISED' && state.capturedMinor < state.authorisedMinor;
    return more ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
  }
  if (state.stage === 'DECLINED' || state.stage === 'VOIDED') return state.stage;
  if (state.stage === 'AUTHORISED' || state.stage === 'VOIDING') return 'AUTHORISED';
  return state.stage === 'OPEN' && state.closed ? 'VOIDED' : 'PENDING';
}
