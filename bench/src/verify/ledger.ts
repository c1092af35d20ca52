import { counted, grouped, type Rows, type Verdict } from './verdict.ts';

/**
 * One side of an entry: debits are positive, credits negative. `kind` is the account's, null where there is no such account; of
 * order, shipment, refund and settlement the entry names what it books.
 */
export interface LedgerLine {
  readonly entryId: string;
  readonly entryKind: string;
  readonly orderId: string | null;
  readonly shipmentId: string | null;
  readonly refundId: string | null;
  readonly settlementId: string | null;
  readonly account: string;
  readonly kind: string | null;
  readonly currencyCode: string;
  readonly amountMinor: number;
}

/** Money that payments' log says was taken for a shipment, or of that given back. */
export interface Taking {
  readonly orderId: string;
  readonly partnerId: string;
  readonly shipmentId: string;
  /** Null where it was taken. */
  readonly refundId: string | null;
  readonly method: string;
  readonly currencyCode: string;
  readonly amountMinor: number;
}

/** Money that payments' log says a partner paid of what it owed. */
export interface SettlementFact {
  readonly settlementId: string;
  readonly partnerId: string;
  readonly currencyCode: string;
  readonly amountMinor: number;
}

export interface MoneyFacts {
  readonly takings: readonly Taking[];
  readonly settlements: readonly SettlementFact[];
}

/** Something that is booked, or should be: about what, and from which account to which. */
interface Booking {
  readonly place: string;
  readonly amountMinor: number;
  /** In which currency, from which account to which. */
  readonly way: string;
}

/** Whom the money of a method comes from and goes back to. */
const OWED_BY: Readonly<Record<string, string>> = { TERMS: 'receivable', CARD: 'card_clearing' };

/**
 * 13, first half. Every entry balances, so does every currency, and each taking, each refund and each settlement is booked
 * once, in one entry or part by part, between the accounts of its method and its partner.
 */
export async function checkLedger(lines: Rows<LedgerLine>, facts: MoneyFacts): Promise<Verdict> {
  const entries = new Map<string, LedgerLine[]>();
  const sums = new Map<string, number>();
  const breaches: string[] = [];
  for await (const line of lines) {
    const entry = entries.get(line.entryId);
    if (entry === undefined) entries.set(line.entryId, [line]);
    else entry.push(line);
    sums.set(line.currencyCode, (sums.get(line.currencyCode) ?? 0) + line.amountMinor);
    if (line.kind === null)
      breaches.push(`entry ${line.entryId}: there is no account ${line.account} in ${line.currencyCode}`);
  }
  for (const [id, entry] of entries) {
    for (const [currency, sides] of grouped(entry, ({ currencyCode }) => currencyCode)) {
      const sum = sides.reduce((total, { amountMinor }) => total + amountMinor, 0);
      if (sum !== 0) breaches.push(`entry ${id}: is out of balance by ${sum} ${currency}`);
    }
  }
  for (const [currency, sum] of sums)
    if (sum !== 0) breaches.push(`all accounts together hold ${sum} ${currency}`);
  breaches.push(...bookingBreaches([...entries.values()].map(bookedBy), dueOf(facts)));
  const said = [counted(facts.takings.length, 'taking'), counted(facts.settlements.length, 'settlement')];
  return { summary: `${said.join(', ')} in ${entries.size.toLocaleString('en')} entries`, breaches };
}

const placeOf = (
  about: Readonly<{ orderId: string | null; shipmentId: string | null; refundId: string | null }>,
) =>
  `order ${about.orderId}, shipment ${about.shipmentId}${about.refundId === null ? '' : `, refund ${about.refundId}`}`;

const wayOf = (currencyCode: string, debit: string, credit: string) =>
  `${currencyCode} from ${debit} to ${credit}`;

/** Accounts of the house go by their kind, those of partners by their name. */
const sideOf = ({ kind, account }: LedgerLine) => (kind === 'sales' || kind === 'bank' ? kind : account);

function bookedBy(entry: readonly LedgerLine[]): Booking {
  const namesOf = (sides: readonly LedgerLine[]) => sides.map(sideOf).join(' and ');
  const debits = entry.filter(({ amountMinor }) => amountMinor > 0);
  const credits = entry.filter(({ amountMinor }) => amountMinor < 0);
  const [first] = entry;
  const amountMinor = debits.reduce((sum, side) => sum + side.amountMinor, 0);
  const way = wayOf(first?.currencyCode ?? '', namesOf(debits), namesOf(credits));
  if (first === undefined) return { place: 'an entry without a side', amountMinor, way };
  const place = first.entryKind === 'SETTLEMENT' ? `settlement ${first.settlementId}` : placeOf(first);
  return { place, amountMinor, way };
}

/** What the log says should be booked. What is worth nothing is said and not booked. */
function dueOf({ takings, settlements }: MoneyFacts): Booking[] {
  const ofOrders = takings
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map((taking) => {
      const owed = `${OWED_BY[taking.method]}/${taking.partnerId}`;
      const [debit, credit] = taking.refundId === null ? [owed, 'sales'] : ['sales', owed];
      const { amountMinor, currencyCode } = taking;
      return { place: placeOf(taking), amountMinor, way: wayOf(currencyCode, debit, credit) };
    });
  const ofPartners = settlements.map(({ settlementId, partnerId, currencyCode, amountMinor }) => ({
    place: `settlement ${settlementId}`,
    amountMinor,
    way: wayOf(currencyCode, 'bank', `receivable/${partnerId}`),
  }));
  return [...ofOrders, ...ofPartners];
}

function* bookingBreaches(booked: readonly Booking[], due: readonly Booking[]): Generator<string> {
  const found = grouped(booked, ({ place }) => place);
  const said = grouped(due, ({ place }) => place);
  // A shipment's or a refund's parts are booked each by itself, and said together.
  const textAt = (bookings: ReadonlyMap<string, readonly Booking[]>, place: string) => {
    const sums = new Map<string, number>();
    for (const { way, amountMinor } of bookings.get(place) ?? [])
      sums.set(way, (sums.get(way) ?? 0) + amountMinor);
    const texts = [...sums].map(([way, amountMinor]) => `${amountMinor} ${way}`);
    return texts.sort().join(' and ') || 'nothing';
  };
  for (const place of new Set([...found.keys(), ...said.keys()])) {
    if (textAt(found, place) !== textAt(said, place))
      yield `${place}: ${textAt(found, place)} was booked, ${textAt(said, place)} was said`;
  }
}
