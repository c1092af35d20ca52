import type { Sql } from '@crossdock/event-store';
import { type FoundAuthorisation, type OrderMoney, subjectsSeen } from '../domain/order-money.ts';
import type { PaymentBreak } from '../domain/payment-break.ts';
import { compare } from '../domain/reconciliation.ts';
import type { PaymentProvider, ProviderAuthorisation, Providers } from '../ports.ts';
import { loadOwnMoney, type OwnMoney } from '../store/order-money.ts';
import { loadPayments, type StoredPayment } from '../store/payment-rows.ts';

/** Times an order is looked at whose payment moves meanwhile. */
const LOOKS_MAX = 3;

/** An authorisation's place: which provider, under which of its ids. */
export type AuthorisationPlace = Readonly<{ provider: string; id: string }>;

/**
 * seen: `subjects` are all that a difference may be about and was looked at, null where a provider could not be asked. moved: its payment changed in every look, so that no two sides were of one moment. unanswered: a provider did not say what it has.
 */
export type OrderLook =
  | Readonly<{ kind: 'seen'; breaks: readonly PaymentBreak[]; subjects: readonly string[] | null }>
  | Readonly<{ kind: 'moved' }>
  | Readonly<{ kind: 'unanswered'; reason: string }>;

type Reading =
  | Readonly<{ kind: 'read'; authorisations: readonly FoundAuthorisation[] | null }>
  | Readonly<{ kind: 'unanswered'; reason: string }>;

/** What a provider shows, as the comparison takes it. */
export function foundAt(provider: PaymentProvider, shown: ProviderAuthorisation): FoundAuthorisation {
  const { id, status, amountMinor, currencyCode, reference, captures } = shown;
  return { provider: provider.name, id, status, amountMinor, currencyCode, reference, captures };
}

/** Where the authorisations of a payment are that it knows of; null for a provider that is configured no more. */
export function knownPlaces(
  providers: Providers,
  payment: StoredPayment | null,
): (AuthorisationPlace | null)[] {
  return (payment?.state.waves ?? []).flatMap(({ providerAuthorisationId: id, provider }) => {
    if (id === null) return [];
    const asked = providers.named(provider);
    return [asked === null ? null : { provider: asked.name, id }];
  });
}

/** Reads each authorisation; one that its provider does not know is left out. */
async function readAll(
  providers: Providers,
  places: readonly (AuthorisationPlace | null)[],
): Promise<Reading> {
  const authorisations: FoundAuthorisation[] = [];
  const seen = new Set<string>();
  for (const place of places) {
    const provider = place === null ? null : providers.named(place.provider);
    if (place === null || provider === null) return { kind: 'read', authorisations: null };
    if (seen.has(`${place.provider} ${place.id}`)) continue;
    seen.add(`${place.provider} ${place.id}`);
    const answer = await provider.read(place.id);
    if (answer.kind === 'done') authorisations.push(foundAt(provider, answer.value));
    else if (answer.kind !== 'refused')
      return { kind: 'unanswered', reason: `${place.provider}: ${answer.reason}` };
  }
  return { kind: 'read', authorisations };
}

function moneyOf(
  orderId: string,
  { payment, ledger, calls }: OwnMoney,
  authorisations: readonly FoundAuthorisation[] | null,
): OrderMoney {
  return { orderId, payment: payment?.state ?? null, ledger, calls, authorisations };
}

/** Compares what we know of an order with what was found of it. */
export function compareOwn(
  orderId: string,
  own: OwnMoney,
  authorisations: readonly FoundAuthorisation[] | null,
): PaymentBreak[] {
  return compare(moneyOf(orderId, own, authorisations));
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
    const reading = await readAll(providers, [...knownPlaces(providers, own.payment), ...besides]);
    if (reading.kind === 'unanswered') return reading;
    const [after] = await loadPayments(sql, [orderId]);
    if (after?.version !== own.payment?.version) continue;
    const money = moneyOf(orderId, own, reading.authorisations);
    return { kind: 'seen', breaks: compare(money), subjects: subjectsSeen(money) };
  }
  return { kind: 'moved' };
}
