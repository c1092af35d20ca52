import type { CardOperation } from './card-operation.ts';

type Data<Fields> = Readonly<Fields>;

/** One of an order's calls to its provider. */
export type OfCall = Data<{ operation: CardOperation; instance: string }>;

/** A call to the provider that waits for a person: refused for good, or unanswered too long. */
export type HeldCall = OfCall & Data<{ reason: string; owner: string }>;

/** A held call as it is remembered; `again` where it is being tried once more, and nobody knows yet what becomes of that. */
export type WaitingCall = HeldCall & Data<{ again?: true }>;

/** What is known of a call that is held: it certainly did nothing, it may have, or no more than before. */
export type CallOutcome = 'NOTHING_DONE' | 'UNKNOWN' | 'AS_BEFORE';

export type HoldCommand =
  | Data<{ type: 'HoldCall'; data: OfCall & Data<{ reason: string; became: CallOutcome }> }>
  /** It was done after all, or is not needed any more. */
  | Data<{ type: 'RecordCallEnded'; data: OfCall }>
  /** A person says that the cause is gone. */
  | Data<{ type: 'RetryHeldCall'; data: OfCall }>
  /** A person says that the platform asks for this no more. */
  | Data<{ type: 'GiveUpHeldCall'; data: OfCall }>;

/** `holding` counts the order's holdings, so that each is a fact of its own. */
export type HoldSaid =
  | Data<{ type: 'PaymentHeld'; data: HeldCall & Data<{ amountMinor: number; holding: number }> }>
  | Data<{ type: 'PaymentResumed'; data: OfCall & Data<{ amountMinor: number; holding: number }> }>;

export type HoldDone =
  /** The call is due again; it stays held until it has ended. */
  | Data<{ type: 'HeldCallRetried'; data: OfCall }>
  /** The call is never made again. */
  | Data<{ type: 'HeldCallGivenUp'; data: OfCall }>
  /** What of a shipment was asked of this wave's authorisation and is not taken is not asked for any more. */
  | Data<{ type: 'PartGivenUp'; data: Data<{ shipmentId: string; wave: number }> }>
  /** So much of a shipment that waits is not asked for any more: nothing takes the place of this wave's authorisation. */
  | Data<{ type: 'RestGivenUp'; data: Data<{ shipmentId: string; wave: number; amountMinor: number }> }>
  | Data<{
      type: 'RefundPartGivenUp';
      data: Data<{ refundId: string; shipmentId: string; wave: number }>;
    }>
  /** The card is never asked again for this wave. */
  | Data<{ type: 'RenewalGivenUp'; data: Data<{ wave: number }> }>
  /** The provider is not asked again to release this wave's authorisation. */
  | Data<{ type: 'ReleaseGivenUp'; data: Data<{ wave: number }> }>;
