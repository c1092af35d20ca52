import type { CardOperation } from './card-operation.ts';

type Data<Fields> = Readonly<Fields>;

/** One of an order's calls to its provider. */
export type OfCall = Data<{ operation: CardOperation; instance: string }>;

/** A call to the provider that waits for a person: refused for good, or unanswered too long. */
export type HeldCall = OfCall & Data<{ reason: string; owner: string }>;

/** What is known of a call that is held: it certainly did nothing, it may have, or no more than before. */
export type CallOutcome = 'NOTHING_DONE' | 'UNKNOWN' | 'AS_BEFORE';

export type HoldCommand =
  | Data<{ type: 'HoldCall'; data: OfCall & Data<{ reason: string; became: CallOutcome }> }>
  /** It was done after all, or is not needed any more. */
  | Data<{ type: 'RecordCallEnded'; data: OfCall }>
  /** A person says that the cause is gone. */
  | Data<{ type: 'RetryHeldCall'; data: OfCall }>;

/** `holding` counts the order's holdings, so that each is a fact of its own. */
export type HoldSaid =
  | Data<{ type: 'PaymentHeld'; data: HeldCall & Data<{ amountMinor: number; holding: number }> }>
  | Data<{ type: 'PaymentResumed'; data: OfCall & Data<{ amountMinor: number; holding: number }> }>;

/** The call is due again; it stays held until it has ended. */
export type HoldDone = Data<{ type: 'HeldCallRetried'; data: OfCall }>;
