import type { ProviderEntry } from '../journal/provider-journal.ts';
import { type ProviderMoney, readProviderMoney } from './provider-money.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** Money that a witness of ours counts for an order, in minor units. */
export interface OrderMoney {
  readonly orderId: string;
  readonly amountMinor: number;
}

export interface OrderMethod {
  readonly orderId: string;
  readonly method: string;
}

export interface MoneyWitnesses {
  readonly journal: Rows<ProviderEntry>;
  readonly methods: readonly OrderMethod[];
  /** Value of each shipment that left (fulfillment's log). */
  readonly shipped: readonly OrderMoney[];
  /** What of that a person gave up to take by card. */
  readonly givenUp: readonly OrderMoney[];
  /** What payments took, and gave back (its log, and parts that it did not tell yet). */
  readonly captured: readonly OrderMoney[];
  readonly refunded: readonly OrderMoney[];
  /** What its ledger says was taken, less what was given back. */
  readonly ledger: readonly OrderMoney[];
  /** Orders of which a call to the provider waits for a person: what it was to do may be done or not. */
  readonly held: ReadonlySet<string>;
}

interface Money {
  /** Less what was given up. */
  readonly shipped: number;
  readonly captured: number;
  readonly refunded: number;
  readonly ledger: number;
  /** Null for an order that is none of the provider's. */
  readonly provider: number | null;
}

/**
 * 12. By the provider's own journal, counted per (order, purpose) and not per key: at most one live authorisation per
 * epoch, one capture and one refund per instance, and captured less refunded = ledger = value shipped and not given up, less refunded. While a
 * person owns a call of the order, no more than that may have been taken. An order on terms never reached the provider.
 */
export async function checkOneCharge(witnesses: MoneyWitnesses): Promise<Verdict> {
  const journal = await readProviderMoney(witnesses.journal);
  const breaches = journal.doubles.map(({ orderId, what }) => `order ${orderId}, ${what}`);
  const sums = {
    shipped: sumsOf([...witnesses.shipped, ...witnesses.givenUp.map(negative)]),
    captured: sumsOf(witnesses.captured),
    refunded: sumsOf(witnesses.refunded),
    ledger: sumsOf(witnesses.ledger),
  };
  let charged = 0;
  for (const { orderId, method } of witnesses.methods) {
    const byCard = method === 'CARD';
    if (byCard) charged += 1;
    else if (journal.orders.has(orderId))
      breaches.push(`order ${orderId}: pays on ${method}, yet the provider knows it`);
    const money = {
      shipped: sums.shipped.get(orderId) ?? 0,
      captured: sums.captured.get(orderId) ?? 0,
      refunded: sums.refunded.get(orderId) ?? 0,
      ledger: sums.ledger.get(orderId) ?? 0,
      provider: byCard ? keptOf(journal, orderId) : null,
    };
    const found = witnesses.held.has(orderId) ? heldBreaches(money) : moneyBreaches(money);
    breaches.push(...found.map((breach) => `order ${orderId}: ${breach}`));
  }
  const known = new Set(witnesses.methods.map(({ orderId }) => orderId));
  for (const orderId of journal.orders) {
    if (!known.has(orderId)) breaches.push(`order ${orderId}: the provider knows it and we do not`);
  }
  const summary = `${counted(witnesses.methods.length, 'payment')}, ${charged} by card, ${counted(journal.lines, 'journal line')}`;
  return { summary, breaches };
}

function keptOf({ captured, refunded }: ProviderMoney, orderId: string): number {
  return (captured.get(orderId) ?? 0) - (refunded.get(orderId) ?? 0);
}

function moneyBreaches({ shipped, captured, refunded, ledger, provider }: Money): string[] {
  const kept = { 'the ledger says': ledger, ...(provider === null ? {} : { 'the provider says': provider }) };
  const breaches = [
    ...(captured === shipped ? [] : [`payments says ${captured} was taken, and ${shipped} was shipped`]),
    ...(refunded > captured ? [`payments says ${refunded} was given back of ${captured}`] : []),
  ];
  for (const [who, amount] of Object.entries(kept)) {
    if (amount !== shipped - refunded)
      breaches.push(`${who} ${amount} was taken, and ${shipped} was shipped${less(refunded)}`);
  }
  return breaches;
}

/** What we said stands in the ledger, and nobody took more than what left and did not come back. */
function heldBreaches({ shipped, captured, refunded, ledger, provider }: Money): string[] {
  const breaches =
    captured > shipped ? [`payments says ${captured} was taken, and ${shipped} was shipped`] : [];
  if (ledger !== captured - refunded)
    breaches.push(`the ledger says ${ledger} was taken, payments ${captured}${less(refunded)}`);
  if (provider !== null && provider > shipped - refunded)
    breaches.push(`the provider says ${provider} was taken, and ${shipped} was shipped${less(refunded)}`);
  return breaches;
}

const negative = ({ orderId, amountMinor }: OrderMoney) => ({ orderId, amountMinor: -amountMinor });
const less = (refunded: number) => (refunded === 0 ? '' : ` less ${refunded} given back`);

function sumsOf(rows: readonly OrderMoney[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { orderId, amountMinor } of rows) sums.set(orderId, (sums.get(orderId) ?? 0) + amountMinor);
  return sums;
}
