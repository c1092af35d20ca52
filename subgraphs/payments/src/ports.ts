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
  /** Minor units of which all that will be taken of it is a multiple; absent or null where that is not known. */
  grainMinor?: number | null;
  cardToken: string;
  reference: ProviderReference;
}>;

/** Another authorisation on the card of an earlier one, for what that one will not last for. */
export type RenewalRequest = Readonly<{
  amountMinor: number;
  currencyCode: string;
  /** The provider's id of the authorisation whose card it is. */
  renews: string;
  reference: ProviderReference;
}>;

export type CaptureRequest = Readonly<{
  amountMinor: number;
  currencyCode: string;
  final: boolean;
  reference: ProviderReference;
}>;
export type RefundRequest = Readonly<{
  amountMinor: number;
  currencyCode: string;
  reference: ProviderReference;
}>;

/** Part of what was taken, given back; `instance` is that of our reference. */
export type ProviderRefund = Readonly<{ id: string; instance: string; amountMinor: number }>;

/** Part of an authorisation, taken; `instance` is that of our reference. */
export type ProviderCapture = Readonly<{
  id: string;
  instance: string;
  amountMinor: number;
  refunds: readonly ProviderRefund[];
}>;

/** An authorisation as the provider has it. EXPIRED: it died with something untaken; what was taken stands. */
export type ProviderAuthorisation = Readonly<{
  id: string;
  status: 'REQUIRES_CONFIRMATION' | 'AUTHORISED' | 'DECLINED' | 'VOIDED' | 'EXPIRED' | 'CAPTURED';
  amountMinor: number;
  currencyCode: string;
  declineReason: string | null;
  /** Ours, as it was created; null where the provider did not get it from us. */
  reference: ProviderReference | null;
  /** When what is not taken by then is released (RFC 3339); null while that is not known, and where no card said yes. */
  expiresAt: string | null;
  /** The card said yes, where that shows by more than when it ends. */
  saidYes?: true;
  captures: readonly ProviderCapture[];
}>;

/**
 * done: it happened. refused: it certainly did not, and never will as asked. turned-away: it left us and certainly did not
 * happen; ask again later. not-sent: it never left us. unknown: it may have happened; only a read can tell.
 */
export type ProviderAnswer<Value> =
  | Readonly<{ kind: 'done'; value: Value }>
  | Readonly<{ kind: 'refused' | 'turned-away' | 'not-sent' | 'unknown'; reason: string }>;

/** A page of all the provider has of us, in an order of its own that misses nothing made before the first page; `next` is null on the last one. */
export type ProviderReport = Readonly<{
  authorisations: readonly ProviderAuthorisation[];
  next: string | null;
}>;

/** A card provider. Every method resolves; each call travels under the given key, which the provider executes once. */
export type PaymentProvider = Readonly<{
  /** As configured; stands with every payment that it was asked for. */
  name: string;
  /** False where the first capture ends the authorisation: the rest needs another one. */
  capturesMany: boolean;
  /** True for a token of a card that this provider knows: no other can use it. */
  accepts: (cardToken: string) => boolean;
  /** False while new authorisations are not even tried. */
  isAvailable: () => boolean;
  /** Creates it unconfirmed: no money is held, so that this alone may be repeated blind. */
  create: (request: AuthorisationRequest, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  /** Like `create`, with the card of an earlier authorisation; unconfirmed too. */
  renew: (request: RenewalRequest, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  confirm: (authorisationId: string, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  read: (authorisationId: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  capture: (authorisationId: string, request: CaptureRequest, key: string) => Promise<ProviderAnswer<null>>;
  /** Releases what is not captured; what was never confirmed cannot be any more. */
  release: (authorisationId: string, key: string) => Promise<ProviderAnswer<ProviderAuthorisation>>;
  refund: (captureId: string, request: RefundRequest, key: string) => Promise<ProviderAnswer<null>>;
  /** All authorisations with captures and refunds, page by page: the first, or the one behind `after`. */
  report: (after: string | null) => Promise<ProviderAnswer<ProviderReport>>;
  close: () => Promise<void>;
}>;

/** The configured providers, the preferred one first. */
export type Providers = Readonly<{
  all: readonly PaymentProvider[];
  /** Null for a name that is configured no more. What was asked before providers had names is with the first. */
  named: (name: string | null) => PaymentProvider | null;
  /** Whom to ask for a new authorisation before its card is known: the first that is available, else the first. */
  forNew: () => PaymentProvider;
  /** Whom to ask with this card, an available one first; null when none knows it. */
  accepting: (cardToken: string) => PaymentProvider | null;
}>;

/** A webhook that its provider signed. What it says is only a hint: the truth is read from the provider. */
export type ProviderNotice = Readonly<{
  eventId: string;
  type: string;
  /** The provider's id of the authorisation it is about; null for what concerns no payment. */
  authorisationId: string | null;
}>;

/**
 * Checks the signature over the raw body; null for what its provider did not sign, or signed at another time. `not-understood` is
 * signed, and in a shape that we do not read.
 */
export type ReadNotice = (
  headers: Readonly<Record<string, string | undefined>>,
  rawBody: string,
) => ProviderNotice | 'not-understood' | null;

/** How to check the webhooks of each provider, by its name; one without a secret is not here, and its webhooks are refused. */
export type Notices = ReadonlyMap<string, ReadNotice>;

/** Opens a card token that orders sealed; null when it cannot be read. The token goes to the provider and nowhere else. */
export type OpenCardToken = (sealed: string) => Promise<string | null>;

/** Where the PDF of the invoice with this number can be fetched for a while without a token; a path with its query. */
export type LinkToInvoice = (number: string) => string;

/** Says that something was appended, so that the relay looks at once. */
export type Poke = () => void;
