import { instanceOf } from './card-calls.ts';
import type { CardOperation } from './card-operation.ts';
import type { PaymentState } from './payment.ts';
import { partsOf, type Shipment } from './shipment.ts';

export type FoundRefund = Readonly<{ id: string; instance: string; amountMinor: number }>;
export type FoundCapture = FoundRefund & Readonly<{ refunds: readonly FoundRefund[] }>;

/** An authorisation as its provider shows it; `reference` is ours, null where the provider did not get it from us. */
export type FoundAuthorisation = Readonly<{
  provider: string;
  id: string;
  status: 'REQUIRES_CONFIRMATION' | 'AUTHORISED' | 'DECLINED' | 'VOIDED' | 'EXPIRED' | 'CAPTURED';
  amountMinor: number;
  currencyCode: string;
  reference: Readonly<{ orderId: string; epoch: number }> | null;
  captures: readonly FoundCapture[];
}>;

/** What was taken of it, whatever was given back since. */
export function takenMinorOf({ captures }: Pick<FoundAuthorisation, 'captures'>): number {
  return captures.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What is left of a capture after all that was given back of it. */
export function netMinor({ amountMinor, refunds }: Pick<FoundCapture, 'amountMinor' | 'refunds'>): number {
  return refunds.reduce((left, refund) => left - refund.amountMinor, amountMinor);
}

type Shown = Pick<FoundAuthorisation, 'status' | 'amountMinor' | 'captures'>;

/**
 * True where all that was taken of a wave's authorisation and not given back whole is a part of ours, once and with its amount. What
 * somebody took by hand may be the very money of such a part: asked of the card again, it would be taken twice.
 */
export function isTakenByUs(
  { captures }: Pick<Shown, 'captures'>,
  shipments: readonly Shipment[],
  wave: number,
): boolean {
  const ours = new Map(
    shipments.flatMap((shipment) => {
      const instance = instanceOf({ wave, shipmentId: shipment.shipmentId });
      return partsOf(shipment).flatMap((part) =>
        part.wave === wave ? [[instance, part.amountMinor] as const] : [],
      );
    }),
  );
  const kept = captures.filter((each) => ours.has(each.instance) || netMinor(each) > 0);
  const isOnce = new Set(kept.map(({ instance }) => instance)).size === kept.length;
  return isOnce && kept.every(({ instance, amountMinor }) => ours.get(instance) === amountMinor);
}

/**
 * True where nothing more will ever be taken of it, whoever took the rest. One that shows as taken, and of which less was taken than it
 * held, had its rest given back: by hand, or by the bank. What shows as taken without any capture is understood by nobody.
 */
export function givesNoMore(shown: Shown): boolean {
  const { status, amountMinor } = shown;
  if (status !== 'CAPTURED') return status === 'EXPIRED' || status === 'VOIDED';
  const takenMinor = takenMinorOf(shown);
  return takenMinor > 0 && takenMinor < amountMinor;
}

/** An entry of the ledger, as far as it is about an order. */
export type BookedEntry = Readonly<{
  kind: 'SALE' | 'REFUND';
  shipmentId: string;
  refundId: string | null;
  amountMinor: number;
  currencyCode: string;
}>;

/** A call to the provider that has not ended; `held` waits for a person. */
export type PendingCall = Readonly<{
  operation: CardOperation;
  instance: string;
  state: 'due' | 'unknown' | 'held';
}>;

/** The three sides of one order's money: what was shipped (in `payment`), the ledger, and what providers show. */
export type OrderMoney = Readonly<{
  orderId: string;
  /** Null for an order that was never heard of here. */
  payment: PaymentState | null;
  ledger: readonly BookedEntry[];
  calls: readonly PendingCall[];
  /** All that is known of the order at the providers that can be asked. */
  authorisations: readonly FoundAuthorisation[];
  /** Ids of authorisations whose provider is configured no more: that one is not among the others says nothing. */
  unread: readonly string[];
}>;

/** True for a wave whose provider could not be asked what it holds and took. */
export function isUnread({ payment, unread }: OrderMoney, number: number): boolean {
  const id = payment?.waves.find(({ wave }) => wave === number)?.providerAuthorisationId ?? null;
  return id !== null && unread.includes(id);
}

/**
 * What a look at these sides can tell of: shipments and refunds of ours, and everything that providers showed. Null where one
 * could not be asked.
 */
export function subjectsSeen({ payment, authorisations, unread }: OrderMoney): readonly string[] | null {
  if (unread.length > 0) return null;
  const captures = authorisations.flatMap((each) => each.captures);
  return [
    ...(payment?.shipments ?? []).map(({ shipmentId }) => shipmentId),
    ...(payment?.refunds ?? []).map(({ refundId }) => refundId),
    ...authorisations.map(({ id }) => id),
    ...captures.flatMap(({ id, instance, refunds }) => [id, instance, ...refunds.map((each) => each.id)]),
  ];
}

/** Calls that have not ended: whether one is asked, or asks for a person. */
export type Pending = Readonly<{ isAsked: boolean; held: readonly PendingCall[] }>;

/** The calls of one operation that have not ended, for the instances that count. */
export function pendingCalls(
  { calls }: OrderMoney,
  operation: CardOperation,
  counts: (instance: string) => boolean,
): Pending {
  const pending = calls.filter((call) => call.operation === operation && counts(call.instance));
  return {
    isAsked: pending.some(({ state }) => state !== 'held'),
    held: pending.filter(({ state }) => state === 'held'),
  };
}

/** Whether the card is being asked for money that something waits for, or a person decides whether it is asked again. */
export function authorisingOf(money: OrderMoney): 'ASKED' | 'HELD' | 'NOT_ASKED' {
  const { isAsked, held } = pendingCalls(money, 'authorise', () => true);
  if (isAsked) return 'ASKED';
  // A renewal that was declined has no call any more, and yet a dead letter.
  const isLeft = money.payment?.held.some(({ operation }) => operation === 'authorise') === true;
  return held.length > 0 || isLeft ? 'HELD' : 'NOT_ASKED';
}
