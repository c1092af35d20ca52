/** What a refund takes back of a shipment; by card, of what was taken for it from one authorisation. `wave` is 1 on terms. */
export type RefundPart = Readonly<{
  shipmentId: string;
  wave: number;
  amountMinor: number;
  done: boolean;
  /** A person gave it up: nobody is asked for it any more. Absent where nobody did. */
  givenUp?: true;
}>;

/** Money to be given back, or given back when all parts are done or given up. Amounts are minor units. */
export type Refund = Readonly<{ refundId: string; reason: string; parts: readonly RefundPart[] }>;

/** A part as it is asked for: never done yet. */
export type AskedPart = Omit<RefundPart, 'done' | 'givenUp'>;

/** Of a refund, what was given back for one shipment. */
export type Refunded = Readonly<{
  refundId: string;
  shipmentId: string;
  amountMinor: number;
  reason: string;
}>;

/** What parts come to. */
export function sumOfParts(parts: readonly AskedPart[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** True for a part that a provider is asked for. */
export function isOpenRefund({ done, givenUp }: RefundPart): boolean {
  return !done && givenUp !== true;
}

/** What of a refund was given back; of one shipment alone where one is named. */
export function doneOf({ parts }: Pick<Refund, 'parts'>, shipmentId: string | null = null): number {
  return sumOfParts(
    parts.filter((part) => part.done && (shipmentId === null || part.shipmentId === shipmentId)),
  );
}

/** What refunds take back of a shipment's part, given back or only asked for. */
export function askedBack(
  refunds: readonly Refund[],
  { shipmentId, wave }: Pick<RefundPart, 'shipmentId' | 'wave'>,
): number {
  const parts = refunds.flatMap((refund) => refund.parts).filter((part) => part.givenUp !== true);
  return sumOfParts(parts.filter((part) => part.shipmentId === shipmentId && part.wave === wave));
}

/** The refunds with one more, of which nothing is done. */
export function withRefundAsked(
  refunds: readonly Refund[],
  { refundId, reason, parts }: Readonly<{ refundId: string; reason: string; parts: readonly AskedPart[] }>,
): readonly Refund[] {
  return [...refunds, { refundId, reason, parts: parts.map((part) => ({ ...part, done: false })) }];
}

/** Notes that parts of a refund that are open were given back, or given up. */
export function withPartsEnded(
  refunds: readonly Refund[],
  refundId: string,
  counts: (part: RefundPart) => boolean,
  end: Readonly<{ done: true }> | Readonly<{ givenUp: true }>,
): readonly Refund[] {
  return refunds.map((refund) => {
    if (refund.refundId !== refundId) return refund;
    const parts = refund.parts.map((part) =>
      isOpenRefund(part) && counts(part) ? { ...part, ...end } : part,
    );
    return { ...refund, parts };
  });
}

/** Notes that all of a shipment's share that was not given up was given back. On terms nothing was asked for before: it is there only now. */
export function withRefunded(
  refunds: readonly Refund[],
  { refundId, shipmentId, amountMinor, reason }: Refunded,
): readonly Refund[] {
  const known = refunds.find((each) => each.refundId === refundId);
  if (known?.parts.some((part) => part.shipmentId === shipmentId))
    return withPartsEnded(refunds, refundId, (part) => part.shipmentId === shipmentId, { done: true });
  const part: RefundPart = { shipmentId, wave: 1, amountMinor, done: true };
  if (known === undefined) return [...refunds, { refundId, reason, parts: [part] }];
  return refunds.map((each) => (each === known ? { ...each, parts: [...each.parts, part] } : each));
}
