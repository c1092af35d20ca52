import { isText, parseMoney, type Refusal, refusal, refuseCurrency } from '@crossdock/values';
import { instanceOf } from './card-calls.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { type AskedPart, askedBack, doneOf, isOpenRefund, type Refund, sumOfParts } from './refund.ts';
import { partsOf } from './shipment.ts';

/** Characters of a refund's reason at most. */
const REASON_LENGTH_MAX = 255;
/** Refunds of one payment at most: all of them stand in its row, which every change writes anew. */
const REFUNDS_MAX = 100;

/** A refund as it was asked for; without an amount, all that can be given back. */
export type RefundRequest = Readonly<{
  amount: Readonly<{ amount: string; currencyCode: string }> | null;
  shipmentId: string | null;
  reason: string;
}>;

export type RefundVerdict =
  | Readonly<{ type: 'refused'; refusal: Refusal }>
  | Readonly<{ type: 'granted'; parts: readonly AskedPart[] }>;

export type RefundStatus = 'REQUESTED' | 'DONE' | 'HELD' | 'GIVEN_UP';

function refuse(...refused: Parameters<typeof refusal>): RefundVerdict {
  return { type: 'refused', refusal: refusal(...refused) };
}

/** Null for a request that is well formed. */
function refuseInput({ amount, reason }: RefundRequest, standing: string | null): RefundVerdict | null {
  if (!isText(reason, REASON_LENGTH_MAX)) {
    const message = `A reason has 1 to ${REASON_LENGTH_MAX} characters.`;
    return refuse('INVALID_INPUT', { message, field: ['reason'] });
  }
  if (amount === null) return null;
  const badCurrency = refuseCurrency(amount.currencyCode, ['amount'], standing);
  if (badCurrency !== null) return { type: 'refused', refusal: badCurrency };
  const parsed = parseMoney(amount.amount, amount.currencyCode);
  if (parsed !== null && parsed.minor > 0n) return null;
  const message = 'An amount to give back is more than zero, in whole minor units.';
  return refuse('INVALID_INPUT', { message, field: ['amount'] });
}

/** Null where the order's payment is known, and whatever else the request names. */
function refuseNames({ amount, shipmentId }: RefundRequest, payment: PaymentState): RefundVerdict | null {
  if (payment.method === null) return refuse('UNKNOWN_ORDER', { field: ['orderId'] });
  if (amount !== null && amount.currencyCode !== payment.currencyCode) {
    const message = 'The currency is not that of the payment.';
    return refuse('CURRENCY_MISMATCH', { message, field: ['amount', 'currencyCode'] });
  }
  const unknown =
    shipmentId !== null && !payment.shipments.some((shipment) => shipment.shipmentId === shipmentId);
  return unknown ? refuse('UNKNOWN_SHIPMENT', { field: ['shipmentId'] }) : null;
}

/** What was taken, the last to leave first, and of each shipment the last authorisation first. What is only asked for is not taken. */
function takenParts({ shipments }: PaymentState, only: string | null): readonly AskedPart[] {
  const left = shipments.filter(({ shipmentId }) => only === null || shipmentId === only);
  const parts = left.flatMap((shipment) =>
    partsOf(shipment)
      .filter(({ captured }) => captured)
      .map(({ wave, amountMinor }) => ({ shipmentId: shipment.shipmentId, wave, amountMinor })),
  );
  return parts.filter(({ amountMinor }) => amountMinor > 0).toReversed();
}

/** Takes `amountMinor` from parts, each as far as it goes. */
function takeFrom(parts: readonly AskedPart[], amountMinor: number): readonly AskedPart[] {
  let wanted = amountMinor;
  return parts.flatMap((part) => {
    const taken = Math.min(wanted, part.amountMinor);
    wanted -= taken;
    return taken > 0 ? [{ ...part, amountMinor: taken }] : [];
  });
}

/**
 * Decides what a refund takes back. What other refunds asked for counts as given back: none of them can be left without money,
 * whichever the provider answers first.
 */
export function decideRefund(request: RefundRequest, payment: PaymentState): RefundVerdict {
  const refused = refuseInput(request, payment.currencyCode) ?? refuseNames(request, payment);
  if (refused !== null) return refused;
  const { amount, shipmentId } = request;
  const taken = takenParts(payment, shipmentId);
  if (taken.length === 0) {
    const field = [shipmentId === null ? 'orderId' : 'shipmentId'];
    return refuse('PAYMENT_STATE', { message: 'Nothing was taken yet that could be given back.', field });
  }
  if (payment.refunds.length >= REFUNDS_MAX) {
    const message = `A payment has at most ${REFUNDS_MAX} refunds.`;
    return refuse('PAYMENT_STATE', { message, field: ['orderId'] });
  }
  const left = taken.map((part) => ({
    ...part,
    amountMinor: part.amountMinor - askedBack(payment.refunds, part),
  }));
  const leftMinor = sumOfParts(left);
  const asked = amount === null ? null : parseMoney(amount.amount, amount.currencyCode);
  const wantedMinor = asked === null ? leftMinor : Number(asked.minor);
  if (leftMinor === 0 || wantedMinor > leftMinor)
    return refuse('AMOUNT_EXCEEDS_CAPTURED', { field: ['amount'] });
  return { type: 'granted', parts: takeFrom(left, wantedMinor) };
}

/** On terms it is a credit note, and done at once; a card's provider must be asked. A refund that is known is not made again. */
export function refundEvents(
  state: PaymentState,
  asked: Readonly<{ refundId: string; reason: string; parts: readonly AskedPart[] }>,
): readonly PaymentEvent[] {
  const { refundId, reason, parts } = asked;
  if (parts.length === 0 || state.refunds.some((each) => each.refundId === refundId)) return [];
  if (state.method === 'CARD') return [{ type: 'CardRefundRequested', data: asked }];
  return parts.map(({ shipmentId, amountMinor }) => ({
    type: 'PaymentRefunded',
    data: { refundId, shipmentId, amountMinor, reason },
  }));
}

/** What a provider's refund of a part makes known: of a shipment it is said when all of its parts are done or given up. Null when it was known. */
export function partRefunded(
  { refunds }: PaymentState,
  { refundId, shipmentId, wave }: Readonly<{ refundId: string; shipmentId: string; wave: number }>,
): PaymentEvent | null {
  const refund = refunds.find((each) => each.refundId === refundId);
  const parts = refund?.parts.filter((part) => part.shipmentId === shipmentId) ?? [];
  const out = parts.filter(isOpenRefund);
  if (refund === undefined || !out.some((part) => part.wave === wave)) return null;
  if (out.length > 1) return { type: 'RefundPartDone', data: { refundId, shipmentId, wave } };
  const amountMinor = sumOfParts(parts.filter((part) => part.givenUp !== true));
  return { type: 'PaymentRefunded', data: { refundId, shipmentId, amountMinor, reason: refund.reason } };
}

/** Where a refund stands; `heldInstances` are those of the order's refund calls that wait for a person. */
export function refundStatusOf(refund: Refund, heldInstances: ReadonlySet<string>): RefundStatus {
  const { refundId, parts } = refund;
  const out = parts.filter(isOpenRefund);
  if (out.length === 0) return doneOf(refund) > 0 ? 'DONE' : 'GIVEN_UP';
  return out.some((part) => heldInstances.has(instanceOf({ ...part, refundId }))) ? 'HELD' : 'REQUESTED';
}
