import type { Sql } from '@crossdock/event-store';
import { type FoundAuthorisation, type OrderMoney, subjectsSeen } from '../domain/order-money.ts';
import type { PaymentBreak } from '../domain/payment-break.ts';
import { compare } from '../domain/reconciliation.ts';
import type { PaymentProvider, ProviderAuthorisation, Providers } from '../ports.ts';
import { loadOwnMoney, type OwnMoney } from '../store/order-money.ts';
import { loadPayments, type StoredPayment } from '../store/payment-rows.ts';

/** Times an order is looked at whose payment moves meanwhile. */
const LOOKS_MAX = 3;

/** An authorisation's place: which provider (null for what was asked before they had names), under which of its ids. */
export type AuthorisationPlace = Readonly<{ provider: string | null; id: string }>;

/**
 * seen: `subjects` are all that a difference may be about and was looked at. unreadable: one of its providers is configured no more,
 * or did not say what it has: the latter are `unanswered`. `breaks` is what the others show, and says nothing of these. moved: its
 * payment changed in every look, so that no two sides were of one moment.
 */
export type OrderLook =
  | Readonly<{
      kind: 'seen' | 'unreadable';
      breaks: readonly PaymentBreak[];
      subjects: readonly string[] | null;
      answered: readonly AnsweredRead[];
      unanswered: readonly UnansweredRead[];
    }>
  | Readonly<{ kind: 'moved' }>;

/** An authorisation whose provider did not say what it is. `isAsked` where it was asked: else the provider takes no reads at all. */
export type UnansweredRead = Readonly<{ provider: string; id: string; isAsked: boolean; reason: string }>;

/** An authorisation of which its provider said what it is, or that it has none such. */
export type AnsweredRead = Readonly<{ provider: string; id: string }>;

/** What the providers show that can be asked, and which authorisations the others have. */
export type Shown = Pick<OrderMoney, 'authorisations' | 'unread'>;

type Reading = Shown & Pick<Extract<OrderLook, { kind: 'seen' | 'unreadable' }>, 'answered' | 'unanswered'>;

/** What a provider shows, as the comparison takes it. */
export function foundAt(provider: PaymentProvider, shown: ProviderAuthorisation): FoundAuthorisation {
  const { id, status, amountMinor, currencyCode, reference, captures } = shown;
  return { provider: provider.name, id, status, amountMinor, currencyCode, reference, captures };
}

/** Where the authorisations of a payment are that it knows of. */
export function knownPlaces(payment: StoredPayment | null): AuthorisationPlace[] {
  return (payment?.state.waves ?? []).flatMap(({ providerAuthorisationId: id, provider }) =>
    id === null ? [] : [{ provider, id }],
  );
}

/** Reads each authorisation; one that its provider does not know is left out. */
async function readAll(providers: Providers, places: readonly AuthorisationPlace[]): Promise<Reading> {
  const authorisations: FoundAuthorisation[] = [];
  const unread: string[] = [];
  const answered: AnsweredRead[] = [];
  const unanswered: UnansweredRead[] = [];
  const seen = new Set<string>();
  for (const { provider: name, id } of places) {
    const provider = providers.named(name);
    if (provider === null) {
      unread.push(id);
      continue;
    }
    if (seen.has(`${provider.name} ${id}`)) continue;
    seen.add(`${provider.name} ${id}`);
    const answer = await provider.read(id);
    if (answer.kind === 'done') authorisations.push(foundAt(provider, answer.value));
    if (answer.kind === 'done' || answer.kind === 'refused') {
      answered.push({ provider: provider.name, id });
      continue;
    }
    unread.push(id);
    const { reason } = answer;
    unanswered.push({ provider: provider.name, id, isAsked: answer.kind === 'unknown', reason });
  }
  return { authorisations, unread, answered, unanswered };
}

function moneyOf(
  orderId: string,
  { payment, ledger, calls }: OwnMoney,
  { authorisations, unread }: Shown,
): OrderMoney {
  return { orderId, payment: payment?.state ?? null, ledger, calls, authorisations, unread };
}

/** Compares what we know of an order with what was found of it. */
export function compareOwn(orderId: string, own: OwnMoney, shown: Shown): PaymentBreak[] {
  return compare(moneyOf(orderId, own, shown));
}

/**
 * Looks at one order closely: our sides, each of its authorisations as it is now (and those named by `besides`), and our payment
 * again. Only what was seen while its payment stood still counts. Nothing is open meanwhile, and nothing is changed.
 */
export async function lookAtOrder(
  { sql, providers }: Readonly<{ sql: Sql; providers: Providers }>,
  orderId: string,
  besides: readonly AuthorisationPlace[],
): Promise<OrderLook> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const own = (await loadOwnMoney(sql, [orderId])).get(orderId);
    if (own === undefined) throw new Error('The order that was asked for is not among those that were read');
    const reading = await readAll(providers, [...knownPlaces(own.payment), ...besides]);
    const [after] = await loadPayments(sql, [orderId]);
    if (after?.version !== own.payment?.version) continue;
    const money = moneyOf(orderId, own, reading);
    const kind = reading.unread.length > 0 ? 'unreadable' : 'seen';
    const { answered, unanswered } = reading;
    return { kind, breaks: compare(money), subjects: subjectsSeen(money), answered, unanswered };
  }
  return { kind: 'moved' };
}
