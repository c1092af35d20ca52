import { counted, grouped, type Rows, type Verdict } from './verdict.ts';

/** One side of an entry: debits are positive, credits negative. `kind` is the account's, null where there is no such account. */
export interface LedgerLine {
  readonly entryId: string;
  readonly orderId: string;
  readonly shipmentId: string;
  readonly account: string;
  readonly kind: string | null;
  readonly currencyCode: string;
  readonly amountMinor: number;
}

/** Money that payments' log says was taken for a shipment. */
export interface Taking {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly method: string;
  readonly currencyCode: string;
  readonly amountMinor: number;
}

/** Where the money of a method comes from. */
const DEBITED: Readonly<Record<string, string>> = { TERMS: 'receivable', CARD: 'card_clearing' };

/** 13, first half. Every entry balances, so does every currency, and each taking is booked once, to the accounts of its method. */
export async function checkLedger(lines: Rows<LedgerLine>, takings: readonly Taking[]): Promise<Verdict> {
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
  breaches.push(...takingBreaches([...entries.values()].filter(isTaking), takings));
  return {
    summary: `${counted(takings.length, 'taking')} in ${entries.size.toLocaleString('en')} entries`,
    breaches,
  };
}

/** An entry that credits sales took money; one that debits them gave it back. */
const isTaking = (entry: readonly LedgerLine[]) =>
  entry.some(({ kind, amountMinor }) => kind === 'sales' && amountMinor < 0);

const placeOf = ({ orderId, shipmentId }: { orderId: string; shipmentId: string }) =>
  `order ${orderId}, shipment ${shipmentId}`;

function* takingBreaches(
  booked: readonly (readonly LedgerLine[])[],
  takings: readonly Taking[],
): Generator<string> {
  const debits = grouped(
    booked.flatMap((entry) => entry.filter(({ amountMinor }) => amountMinor > 0)),
    placeOf,
  );
  // A shipment that is worth nothing is said and not booked.
  const said = grouped(
    takings.filter(({ amountMinor }) => amountMinor !== 0),
    placeOf,
  );
  for (const place of new Set([...debits.keys(), ...said.keys()])) {
    const found = (debits.get(place) ?? []).map(
      ({ kind, amountMinor, currencyCode }) => `${amountMinor} ${currencyCode} from ${kind}`,
    );
    const due = (said.get(place) ?? []).map(
      ({ method, amountMinor, currencyCode }) => `${amountMinor} ${currencyCode} from ${DEBITED[method]}`,
    );
    if (found.join(' and ') !== due.join(' and '))
      yield `${place}: ${found.join(' and ') || 'nothing'} was booked, ${due.join(' and ') || 'nothing'} was taken`;
  }
}
