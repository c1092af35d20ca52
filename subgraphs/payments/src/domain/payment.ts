import type { CreditAccount } from './credit.ts';
import type { HoldCommand, HoldDone, HoldSaid, OfCall, WaitingCall } from './held-call.ts';
import type { AskedPart, Refund, Refunded } from './refund.ts';
import type { RenewalCommand, RenewalDone } from './renewal.ts';
import type { Part, Shipment } from './shipment.ts';
import type { ForWave, Wave } from './wave.ts';

export type PaymentMethod = 'TERMS' | 'CARD';

/** Something of the order's claim was given back or lost before it left; `version` is the fact's place in inventory's stream. */
export type Reduction = Readonly<{ version: number; valueMinor: number; cause: string }>;

/** The money of one order, whatever has been heard of it so far. Amounts are minor units. */
export type PaymentState = Readonly<{
  closed: boolean;
  method: PaymentMethod | null;
  currencyCode: string | null;
  totalMinor: number | null;
  /** Minor units of which all amounts of the order are multiples; null where nobody needs to know. */
  grainMinor: number | null;
  /** One for each reservation, in their order. */
  waves: readonly Wave[];
  /** Units that wait for receipts, and so for a later wave. */
  waitingUnits: number;
  /** How far inventory's stream is known; 0 while it said nothing but one reservation of all there is to come. */
  heardVersion: number;
  /** Reductions that nobody was told of yet: what they take from is still being asked for. */
  reductions: readonly Reduction[];
  outcomeUnknown: boolean;
  /** Which calls may have been done; empty for what was stored before they were told apart, though one is unknown. */
  unknownCalls: readonly OfCall[];
  /** What was taken, by the parts that are done. */
  capturedMinor: number;
  refundedMinor: number;
  sealedCardToken: string | null;
  shipments: readonly Shipment[];
  /** The oldest first. */
  refunds: readonly Refund[];
  /** Calls that wait for a person. */
  held: readonly WaitingCall[];
  /** How often a call was left to a person. */
  timesHeld: number;
}>;

type Data<Fields = Record<never, never>> = Readonly<Fields>;
type Order = Data<{
  method: PaymentMethod;
  currencyCode: string;
  totalMinor: number;
  sealedCardToken: string | null;
  grainMinor?: number;
}>;
/** All that waits, as of a place in inventory's stream. */
type Waiting = Data<{ units: number; version: number }>;
type OfWave = Data<{ wave: number }>;
/** Names the call; absent for what was stored before calls were told apart. */
type OfSomeCall = Data<{ call?: OfCall }>;
type AskedRefund = Data<{ refundId: string; reason: string; parts: readonly AskedPart[] }>;
type OfRefundPart = OfWave & Data<{ refundId: string; shipmentId: string }>;

export type PaymentCommand =
  | Readonly<{ type: 'NoteOrder'; data: Order & Data<{ credit: CreditAccount | null }> }>
  | Readonly<{
      type: 'NoteReservation';
      data: OfWave & Data<{ reservedMinor: number; waiting: Waiting; credit: CreditAccount | null }>;
    }>
  | Readonly<{ type: 'NoteBackorder'; data: Waiting }>
  /** `waitingDelta` is by how many more units wait now. */
  | Readonly<{ type: 'NoteReduction'; data: Reduction & Data<{ waitingDelta: number }> }>
  | Readonly<{
      type: 'NoteShipment';
      data: Data<{ shipmentId: string; valueMinor: number; currencyCode: string }>;
    }>
  /** Orders knows that it left. */
  | Readonly<{ type: 'ExpectShipment'; data: Data<{ shipmentId: string }> }>
  | Readonly<{ type: 'CloseOrder'; data: Data }>
  /** `parts` are those that `decideRefund` granted on the same state. */
  | Readonly<{ type: 'RequestRefund'; data: AskedRefund }>
  | Readonly<{
      type: 'StoreProviderId';
      data: OfWave & Data<{ provider: string; providerAuthorisationId: string }>;
    }>
  /** `ended`: the provider let it die before we heard of it. */
  | Readonly<{
      type: 'RecordAuthorised';
      data: OfWave & Data<{ expiresAt?: string | null; ended?: boolean }>;
    }>
  | Readonly<{ type: 'RecordDeclined'; data: OfWave & Data<{ reason: string }> }>
  | Readonly<{ type: 'RecordNothingAuthorised'; data: OfWave }>
  /** `ends` where the provider takes nothing more of the authorisation. */
  | Readonly<{ type: 'RecordCaptured'; data: OfWave & Data<{ shipmentId: string; ends?: boolean }> }>
  | Readonly<{ type: 'RecordVoided'; data: OfWave }>
  | Readonly<{ type: 'RecordRefunded'; data: OfRefundPart }>
  | Readonly<{ type: 'RecordOutcomeUnknown'; data: OfSomeCall }>
  | RenewalCommand
  | HoldCommand;

/** What the log tells everybody. */
export type SaidEvent =
  /** `isRest` where what was given back of earlier waves pays for it, and the card was not asked. */
  | Readonly<{ type: 'PaymentAuthorised'; data: ForWave & Data<{ amountMinor: number; isRest?: true }> }>
  | Readonly<{ type: 'PaymentDeclined'; data: ForWave & Data<{ amountMinor: number; reason: string }> }>
  /** `version` is that of the reduction. */
  | Readonly<{ type: 'PaymentReduced'; data: Data<{ amountMinor: number; cause: string; version: number }> }>
  /** On terms, of all waves together. */
  | Readonly<{ type: 'PaymentVoided'; data: ForWave & Data<{ amountMinor: number }> }>
  /** All of a shipment that was not given up. */
  | Readonly<{ type: 'PaymentCaptured'; data: Data<{ shipmentId: string; amountMinor: number }> }>
  | Readonly<{ type: 'PaymentRefunded'; data: Refunded }>
  | HoldSaid;

/** What this subgraph remembers of what others said. */
export type HeardEvent =
  | Readonly<{ type: 'OrderNoted'; data: Order }>
  | Readonly<{ type: 'ReservationNoted'; data: ForWave & Data<{ reservedMinor: number }> }>
  | Readonly<{ type: 'WaitingNoted'; data: Waiting }>
  | Readonly<{ type: 'ReductionNoted'; data: Reduction }>
  | Readonly<{
      type: 'ShipmentNoted';
      data: Data<{ shipmentId: string; valueMinor: number; currencyCode: string }>;
    }>
  | Readonly<{ type: 'ShipmentExpected'; data: Data<{ shipmentId: string }> }>
  | Readonly<{ type: 'OrderClosed'; data: Data }>;

/** What it did that nobody else needs to know. */
export type DoneEvent =
  /** The oldest reduction took this much of what was declined before: nobody had promised it. */
  | Readonly<{ type: 'DeclinedPartReduced'; data: Data<{ amountMinor: number }> }>
  | Readonly<{ type: 'CardAuthorisationRequested'; data: ForWave }>
  | Readonly<{
      type: 'ProviderIdStored';
      data: ForWave & Data<{ provider: string; providerAuthorisationId: string }>;
    }>
  | Readonly<{ type: 'CardCaptureRequested'; data: Data<{ shipmentId: string; parts?: readonly Part[] }> }>
  /** One of several parts of a shipment was taken, and not yet all. */
  | Readonly<{ type: 'PartCaptured'; data: OfWave & Data<{ shipmentId: string }> }>
  | Readonly<{ type: 'CardRefundRequested'; data: AskedRefund }>
  /** One of several parts that a refund takes back of a shipment was given back, and not yet all. */
  | Readonly<{ type: 'RefundPartDone'; data: OfRefundPart }>
  | Readonly<{ type: 'CardVoidRequested'; data: ForWave & Data<{ authorisedMinor: number }> }>
  /** The provider holds nothing of the wave any more, and all it held was taken or told as reduced. */
  | Readonly<{ type: 'RestReleased'; data: ForWave }>
  | Readonly<{ type: 'NothingAuthorised'; data: ForWave }>
  | Readonly<{ type: 'OutcomeWentUnknown'; data: OfSomeCall }>
  | Readonly<{ type: 'OutcomeFoundOut'; data: OfSomeCall }>
  | RenewalDone
  | HoldDone;

export type PaymentEvent = SaidEvent | HeardEvent | DoneEvent;

export const initialPayment: PaymentState = {
  closed: false,
  method: null,
  currencyCode: null,
  totalMinor: null,
  grainMinor: null,
  waves: [],
  waitingUnits: 0,
  heardVersion: 0,
  reductions: [],
  outcomeUnknown: false,
  unknownCalls: [],
  capturedMinor: 0,
  refundedMinor: 0,
  sealedCardToken: null,
  shipments: [],
  refunds: [],
  held: [],
  timesHeld: 0,
};

const SAID_TYPES: ReadonlySet<string> = new Set([
  'PaymentAuthorised',
  'PaymentDeclined',
  'PaymentReduced',
  'PaymentVoided',
  'PaymentCaptured',
  'PaymentRefunded',
  'PaymentHeld',
  'PaymentResumed',
] satisfies SaidEvent['type'][]);

/** True for what belongs in the log. */
export function isSaid(event: PaymentEvent): event is SaidEvent {
  return SAID_TYPES.has(event.type);
}

const HEARD_TYPES: ReadonlySet<string> = new Set([
  'OrderNoted',
  'ReservationNoted',
  'WaitingNoted',
  'ReductionNoted',
  'ShipmentNoted',
  'ShipmentExpected',
  'OrderClosed',
] satisfies HeardEvent['type'][]);

/** True for what others said. */
export function isHeard(event: PaymentEvent): event is HeardEvent {
  return HEARD_TYPES.has(event.type);
}
