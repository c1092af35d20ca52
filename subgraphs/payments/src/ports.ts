// Everything outside that payments needs, as types.

/** What the money is for, in our words; an operation is found again by it. */
export type ProviderReference = Readonly<{
  orderId: string;
  purpose: string;
  epoch: number;
  instance: string;
}>;

export type AuthorisationRequest = Readonly<{
  amountMinor: number;
  currencyCode: string;
  cardToken: string;
  reference: ProviderReference;
}>;

export type CaptureRequest = Readonly<{ amountMinor: number; final: boolean; reference: ProviderReference }>;

/** An authorisation as the provider has it; `capturedInstances` are those of our references. */
export type ProviderAuthorisation = Readonly<{
  id: string;
  status: 'REQUIRES_CONFIRMATION' | 'AUTHORISED' | 'DECLINED' | 'VOIDED' | 'CAPTURED';
  declineReason: string | null;
  capturedInstances: readonly string[];
}>;

/**
 * done: it happened. refused: it certainly did not, and never will as asked. not-sent: it certainly did not happen; ask
 * again later. unknown: it may have happened; only a read can tell.
 */
export type ProviderAnswer<Value> =
  | Readonly<{ kind: 'done'; value: Value }>
  | Readonly<{ kind: 'refused' | 'not-sent' | 'unknown'; reason: string }>;

/** A card provider. Every method resolves; each call travels under the given key, which the provider executes once. */
export type PaymentProvider = Readonly<{
  /** Creates it unconfirmed: no money is held, so that this alone may be repeated blind. */
  create: (request: AuthorisationRequest, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  confirm: (authorisationId: string, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  read: (authorisationId: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  capture: (authorisationId: string, request: CaptureRequest, key: string) => Promise<ProviderAnswer<null>>;
  /** Releases what is not captured. */
  release: (authorisationId: string, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
}>;

/** Opens a card token that orders sealed; null when it cannot be read. The token goes to the provider and nowhere else. */
export type OpenCardToken = (sealed: string) => Promise<string | null>;

/** Says that something was appended, so that the relay looks at once. */
export type Poke = () => void;
