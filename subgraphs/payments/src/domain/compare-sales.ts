import { authorisingOf, type BookedEntry, type OrderMoney } from './order-money.ts';
import type { PaymentState } from './payment.ts';
import { amountIn, CARD_WAITS_FOR_PERSON, NOTHING_HEALS, type PaymentBreak } from './payment-break.ts';
import { dueOf, partsOf, type Shipment, takenOf } from './shipment.ts';
import { mayGrow } from './status.ts';

const NOT_TAKEN =
  'Goods left, and the ledger shows nothing for them. Find out why before the books are closed.';
const TWICE =
  'The ledger shows more than was shipped. Find out which entry is wrong, give back what was taken for it, then close this.';
const OTHER_AMOUNT =
  'The ledger shows another amount or currency than was shipped. Find out why before the books are closed.';
const NOTHING_TO_TAKE_FROM =
  'Goods left, and no authorisation stands for them. Ask the partner for another payment, then close this.';

const sumOf = (entries: readonly BookedEntry[]) => entries.reduce((sum, each) => sum + each.amountMinor, 0);

type Booked = Readonly<{ entries: readonly BookedEntry[]; bookedMinor: number }>;

/** The ledger should show what was taken of a shipment, each part once, also while another is out. */
function compareTaken(
  money: OrderMoney,
  currencyCode: string | null,
  shipment: Shipment,
  { entries, bookedMinor }: Booked,
): PaymentBreak[] {
  const takenMinor = takenOf(shipment);
  const amount = amountIn(currencyCode);
  const amounts = {
    expected: amount(takenMinor),
    found: amountIn(entries[0]?.currencyCode ?? currencyCode)(bookedMinor),
  };
  const subject = shipment.shipmentId;
  const about = { subject, orderId: money.orderId, ...amounts, healing: NOTHING_HEALS };
  const isOtherCurrency = entries.some((entry) => entry.currencyCode !== currencyCode);
  if (bookedMinor === takenMinor && !isOtherCurrency) return [];
  if (bookedMinor === 0) return [{ kind: 'SHIPPED_NOT_TAKEN', ...about, detail: NOT_TAKEN }];
  const parts = partsOf(shipment).filter(({ captured }) => captured);
  if (entries.length > parts.length) return [{ kind: 'TAKEN_TWICE', ...about, detail: TWICE }];
  return [{ kind: 'AMOUNT_DIFFERS', ...about, detail: OTHER_AMOUNT }];
}

/** Nothing is taken for it by itself as things stand: there is no authorisation it fits in, and none is to come. */
function isWaitingForNothing(payment: PaymentState, shipment: Shipment): boolean {
  const waits = shipment.state === 'WAITING' && dueOf(shipment) > 0;
  return waits && payment.method !== null && !mayGrow(payment);
}

/** A shipment that waits while nobody is asked. A renewal that is being asked for will tell. */
function compareWaiting(money: OrderMoney, payment: PaymentState, shipment: Shipment): PaymentBreak[] {
  const authorising = authorisingOf(money);
  if (!isWaitingForNothing(payment, shipment) || authorising === 'ASKED') return [];
  const amount = amountIn(payment.currencyCode);
  const amounts = { expected: amount(dueOf(shipment)), found: amount(0) };
  const about = { subject: shipment.shipmentId, orderId: money.orderId, ...amounts };
  const detail = authorising === 'HELD' ? CARD_WAITS_FOR_PERSON : NOTHING_TO_TAKE_FROM;
  return [{ kind: 'SHIPPED_NOT_TAKEN', ...about, detail, healing: NOTHING_HEALS }];
}

/** Compares what was shipped with what the ledger shows as sold. A shipment whose money is still asked for is no difference here. */
export function compareSales(money: OrderMoney): PaymentBreak[] {
  const { payment, ledger } = money;
  const sales = Map.groupBy(
    ledger.filter(({ kind }) => kind === 'SALE'),
    ({ shipmentId }) => shipmentId,
  );
  const shipments = payment?.shipments ?? [];
  const breaks = shipments.flatMap((shipment): PaymentBreak[] => {
    if (payment === null) return [];
    const entries = sales.get(shipment.shipmentId) ?? [];
    const bookedMinor = sumOf(entries);
    return [
      ...compareTaken(money, payment.currencyCode, shipment, { entries, bookedMinor }),
      ...compareWaiting(money, payment, shipment),
    ];
  });
  const known = new Set(shipments.map(({ shipmentId }) => shipmentId));
  for (const [shipmentId, entries] of sales) {
    if (known.has(shipmentId)) continue;
    const amount = amountIn(entries[0]?.currencyCode);
    const amounts = { expected: amount(0), found: amount(sumOf(entries)) };
    const about = { subject: shipmentId, orderId: money.orderId, ...amounts };
    breaks.push({ kind: 'TAKEN_TWICE', ...about, detail: TWICE, healing: NOTHING_HEALS });
  }
  return breaks;
}
