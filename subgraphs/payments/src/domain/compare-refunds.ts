import { capturesOfShipments } from './compare-captures.ts';
import { type FoundRefund, isUnread, type OrderMoney, pendingCalls } from './order-money.ts';
import { amountIn, NOTHING_HEALS, type PaymentBreak, replayOf } from './payment-break.ts';
import { doneOf, isOpenRefund, type Refund } from './refund.ts';

/** Parts the refund from the capture it is of, in our instance of a provider's refund. */
const OF_CAPTURE = '/';

const NOT_BOOKED =
  'The provider gave money back that we did not book. Find out who asked for it; note it in your own books or take it again, then close this.';
const NOT_GIVEN =
  'We booked a refund that the provider did not make. Give the money back at the provider, then close this.';
const OTHER_AMOUNT =
  'Another amount was given back than was booked. Correct it at the provider, then close this.';
const NOT_IN_LEDGER =
  'The refund and its entries in the ledger tell different amounts. Find out why before the books are closed.';

const refundIdOf = (instance: string) => instance.split(OF_CAPTURE)[0] ?? '';
const sumOf = (amounts: readonly Readonly<{ amountMinor: number }>[]) =>
  amounts.reduce((sum, each) => sum + each.amountMinor, 0);

function callsOf(money: OrderMoney, refundId: string) {
  return pendingCalls(money, 'refund', (instance) => refundIdOf(instance) === refundId);
}

/** Refunds that nobody asked for here: made at the provider by hand, or by somebody else. */
function compareUnknown(money: OrderMoney, found: readonly FoundRefund[]): PaymentBreak[] {
  const amount = amountIn(money.payment?.currencyCode);
  return found.map(({ id, amountMinor }) => ({
    kind: 'REFUND_NOT_IN_LEDGER',
    subject: id,
    orderId: money.orderId,

    expected: amount(0),
    found: amount(amountMinor),
    detail: NOT_BOOKED,
    healing: NOTHING_HEALS,
  }));
}

function compareAtProvider(money: OrderMoney, refund: Refund, foundMinor: number): PaymentBreak[] {
  const { refundId, parts } = refund;
  const doneMinor = doneOf(refund);
  const pending = callsOf(money, refundId);
  if (pending.isAsked || foundMinor === doneMinor) return [];
  // What was not found may be with a provider that could not be asked.
  if (foundMinor < doneMinor && parts.some(({ wave }) => isUnread(money, wave))) return [];
  const amount = amountIn(money.payment?.currencyCode);
  const amounts = { expected: amount(doneMinor), found: amount(foundMinor) };
  const about = { subject: refundId, orderId: money.orderId, ...amounts };
  if (foundMinor > doneMinor) {
    const healing =
      foundMinor <= doneMinor + sumOf(parts.filter(isOpenRefund)) ? replayOf(pending) : NOTHING_HEALS;
    return [{ kind: 'REFUND_NOT_IN_LEDGER', ...about, detail: NOT_BOOKED, healing }];
  }
  const kind = foundMinor === 0 ? 'REFUND_NOT_AT_PROVIDER' : 'AMOUNT_DIFFERS';
  const detail = foundMinor === 0 ? NOT_GIVEN : OTHER_AMOUNT;
  return [{ kind, ...about, detail, healing: NOTHING_HEALS }];
}

/** The ledger books each part of a refund when it is given back. */
function compareBooked(money: OrderMoney, refund: Refund): PaymentBreak[] {
  const { refundId } = refund;
  const doneMinor = doneOf(refund);
  const bookedMinor = sumOf(money.ledger.filter((entry) => entry.refundId === refundId));
  if (bookedMinor === doneMinor) return [];
  const amount = amountIn(money.payment?.currencyCode);
  const amounts = { expected: amount(doneMinor), found: amount(bookedMinor) };
  const kind = bookedMinor === 0 ? 'REFUND_NOT_IN_LEDGER' : 'AMOUNT_DIFFERS';
  const about = { subject: refundId, orderId: money.orderId, detail: NOT_IN_LEDGER };
  return [{ kind, ...about, ...amounts, healing: NOTHING_HEALS }];
}

/** Entries of the ledger for a refund that is none of the payment's. */
function compareUnasked(money: OrderMoney, known: ReadonlySet<string>): PaymentBreak[] {
  return money.ledger.flatMap(({ kind, refundId, amountMinor, currencyCode }): PaymentBreak[] => {
    if (kind !== 'REFUND' || refundId === null || known.has(refundId)) return [];
    const amount = amountIn(currencyCode);
    const about = { subject: refundId, orderId: money.orderId, detail: NOT_GIVEN };
    const amounts = { expected: amount(amountMinor), found: amount(0) };
    return [{ kind: 'REFUND_NOT_AT_PROVIDER', ...about, ...amounts, healing: NOTHING_HEALS }];
  });
}

/** Compares what was given back: asked for, booked, and made by the provider. On terms there is no provider. */
export function compareRefunds(money: OrderMoney): PaymentBreak[] {
  const { payment } = money;
  if (payment === null) return [];
  const known = new Set(payment.refunds.map(({ refundId }) => refundId));
  const breaks = [
    ...compareUnasked(money, known),
    ...payment.refunds.flatMap((refund) => compareBooked(money, refund)),
  ];
  if (payment.method !== 'CARD') return breaks;
  const found = capturesOfShipments(money).flatMap(({ refunds }) => refunds);
  const byRefund = Map.groupBy(found, ({ instance }) => refundIdOf(instance));
  for (const [refundId, refunds] of byRefund)
    if (!known.has(refundId)) breaks.push(...compareUnknown(money, refunds));
  for (const refund of payment.refunds)
    breaks.push(...compareAtProvider(money, refund, sumOf(byRefund.get(refund.refundId) ?? [])));
  return breaks;
}
