import { isText, parseMoney, type Refusal, refusal, refuseCurrency } from '@crossdock/values';

/** Characters of a payment's reference at most: what a bank's statement carries. */
export const REFERENCE_LENGTH_MAX = 140;
/** Invoices that one payment names at most. */
export const NAMED_INVOICES_MAX = 1_000;

/**
 * Minor units that stand to a partner's credit at most: half of what a JSON integer holds exactly. The other half is left to credit notes,
 * and to another payment that is booked at the same moment.
 */
const UNAPPLIED_MINOR_MAX = 2 ** 52;
/** Years before this one in which money may have come. */
const YEARS_BACK_MAX = 10;

/** Money that came from a partner, as the ERP tells of it. */
export type ReceivedPayment = Readonly<{
  partnerId: string;
  amount: Readonly<{ amount: string; currencyCode: string }>;
  reference: string;
  /** YYYY-MM-DD; today when absent. */
  receivedOn: string | null;
  invoiceNumbers: readonly string[];
}>;

/** An invoice that the payment names. */
export type NamedInvoice = Readonly<{ number: number; partnerId: string; method: 'TERMS' | 'CARD' }>;

/** What is known when a payment is decided. */
export type SettlementStanding = Readonly<{
  /** Null when the partner is not known. */
  currencyCode: string | null;
  /** Money of the partner that settled no invoice yet, in minor units. */
  unappliedMinor: number;
  /** YYYY-MM-DD, by UTC: the latest day that it is anywhere. */
  tomorrow: string;
  /** By the number as the payment has it. */
  invoices: ReadonlyMap<string, NamedInvoice>;
}>;

export type SettlementVerdict =
  | Readonly<{ type: 'refused'; refusal: Refusal }>
  /** `first` are the invoices to be settled before any other, in this order. */
  | Readonly<{ type: 'booked'; amountMinor: number; currencyCode: string; first: readonly number[] }>;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (DAY.exec(text) ?? []).slice(1).map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeap ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
  return year > 0 && day >= 1 && day <= days;
}

function refused(code: Refusal['code'], field: readonly string[], message?: string): SettlementVerdict {
  return {
    type: 'refused',
    refusal: refusal(code, { field, ...(message === undefined ? {} : { message }) }),
  };
}

/** Days are compared as they are written. */
function refuseDay(receivedOn: string | null, tomorrow: string): SettlementVerdict | null {
  if (receivedOn === null) return null;
  if (!isDay(receivedOn)) {
    return refused('INVALID_INPUT', ['receivedOn'], 'receivedOn is a day, written YYYY-MM-DD.');
  }
  const earliest = `${Number(tomorrow.slice(0, 4)) - YEARS_BACK_MAX}-01-01`;
  if (receivedOn >= earliest && receivedOn <= tomorrow) return null;
  const message = `receivedOn is a day of the last ${YEARS_BACK_MAX} years, and not to come.`;
  return refused('INVALID_INPUT', ['receivedOn'], message);
}

function refuseForm(
  { reference, receivedOn, invoiceNumbers }: ReceivedPayment,
  tomorrow: string,
): SettlementVerdict | null {
  if (!isText(reference, REFERENCE_LENGTH_MAX)) {
    return refused('INVALID_INPUT', ['reference'], `reference has 1 to ${REFERENCE_LENGTH_MAX} characters.`);
  }
  const badDay = refuseDay(receivedOn, tomorrow);
  if (badDay !== null) return badDay;
  if (invoiceNumbers.length > NAMED_INVOICES_MAX) {
    const message = `invoiceNumbers has at most ${NAMED_INVOICES_MAX} entries.`;
    return refused('INVALID_INPUT', ['invoiceNumbers'], message);
  }
  return null;
}

/** Whether money that came is booked, and which invoices it settles before others. A partner may pay more than it owes. */
export function decideSettlement(payment: ReceivedPayment, standing: SettlementStanding): SettlementVerdict {
  const malformed = refuseForm(payment, standing.tomorrow);
  if (malformed !== null) return malformed;
  const badCurrency = refuseCurrency(payment.amount.currencyCode, ['amount'], standing.currencyCode);
  if (badCurrency !== null) return { type: 'refused', refusal: badCurrency };
  const amount = parseMoney(payment.amount.amount, payment.amount.currencyCode);
  if (amount === null || amount.minor <= 0n) {
    return refused('INVALID_INPUT', ['amount'], 'amount is more than zero, in whole minor units.');
  }
  const { currencyCode, invoices } = standing;
  if (currencyCode === null) return refused('UNKNOWN_PARTNER', ['partnerId']);
  if (amount.currencyCode !== currencyCode) return refused('CURRENCY_MISMATCH', ['amount', 'currencyCode']);
  const amountMinor = Number(amount.minor);
  if (standing.unappliedMinor + amountMinor > UNAPPLIED_MINOR_MAX) {
    return refused(
      'INVALID_INPUT',
      ['amount'],
      "More would stand to the partner's credit than an account holds.",
    );
  }
  const first: number[] = [];
  for (const [index, number] of payment.invoiceNumbers.entries()) {
    const field = ['invoiceNumbers', String(index)];
    const invoice = invoices.get(number);
    if (invoice === undefined || invoice.partnerId !== payment.partnerId) {
      return refused('UNKNOWN_INVOICE', field);
    }
    if (invoice.method !== 'TERMS')
      return refused('INVALID_INPUT', field, 'The invoice is by card: its money comes from the card alone.');
    first.push(invoice.number);
  }
  return { type: 'booked', amountMinor, currencyCode, first };
}
