import { isUuid } from '@crossdock/values';
import type { FoundAuthorisation } from '../domain/order-money.ts';
import type { PaymentBreak } from '../domain/payment-break.ts';
import type { PaymentProvider, Providers } from '../ports.ts';
import { loadOwnMoney, type OwnMoney } from '../store/order-money.ts';
import type { ComparedPage } from '../store/reconciliations.ts';
import { type AuthorisationPlace, compareOwn, knownPlaces, type Shown } from './look-at-order.ts';
import { lookClosely, type PageOptions, type Suspect, type Unfinished } from './look-closely.ts';

/** A page that was compared, but for where the run goes on; or why it must be compared again later. */
export type PageOutcome =
  | Readonly<{ kind: 'compared'; page: Omit<ComparedPage, 'place' | 'reported'> }>
  | Unfinished;

const placeOf = ({ provider, id }: FoundAuthorisation): AuthorisationPlace => ({ provider, id });

/** The page shows every authorisation that the payment knows of, so that a comparison needs no other. */
function isWhole(
  providers: Providers,
  own: OwnMoney | undefined,
  shown: readonly FoundAuthorisation[],
): boolean {
  const onPage = new Set(shown.map(({ provider, id }) => `${provider} ${id}`));
  return knownPlaces(own?.payment ?? null).every(({ provider, id }) =>
    onPage.has(`${providers.named(provider)?.name} ${id}`),
  );
}

/** A comparison that breaks says nothing: a close look breaks again, and leaves that order alone to a person. */
function seemsToDiffer(orderId: string, own: OwnMoney, shown: Shown): boolean {
  try {
    return compareOwn(orderId, own, shown).length > 0;
  } catch {
    return true;
  }
}

const NOTHING_OWN: OwnMoney = { payment: null, ledger: [], calls: [] };

/** What names an order that is none: nobody knows what it is for. What has no reference came from others that share the account. */
function compareForeign(shown: readonly FoundAuthorisation[]): PaymentBreak[] {
  return shown
    .filter(({ reference }) => reference !== null)
    .flatMap((found) => compareOwn(found.id, NOTHING_OWN, { authorisations: [found], unread: [] }));
}

/** Compares the orders of a page of a provider's report, all of them read together. */
export async function compareReportPage(
  options: PageOptions,
  provider: PaymentProvider,
  authorisations: readonly FoundAuthorisation[],
): Promise<PageOutcome> {
  const { sql, providers } = options;
  const orderIdOf = ({ reference }: FoundAuthorisation) =>
    reference !== null && isUuid(reference.orderId) ? reference.orderId.toLowerCase() : null;
  const byOrder = Map.groupBy(authorisations, orderIdOf);
  const orders = [...byOrder.keys()].filter((id) => id !== null);
  const ownMoney = await loadOwnMoney(sql, orders);
  const suspects = orders.flatMap((orderId): Suspect[] => {
    const shown = byOrder.get(orderId) ?? [];
    const own = ownMoney.get(orderId);
    if (own === undefined) return [];
    const seems =
      !isWhole(providers, own, shown) || seemsToDiffer(orderId, own, { authorisations: shown, unread: [] });
    return seems ? [{ orderId, besides: shown.map(placeOf), shown }] : [];
  });
  const looked = await lookClosely(options, suspects, provider);
  if ('kind' in looked) return looked;
  const foreign = compareForeign(byOrder.get(null) ?? []).map((found) => ({ found, healed: null }));
  const breaks = [...looked.breaks, ...foreign];
  const seen = orders.filter((id) => ownMoney.get(id)?.payment != null);
  const counts = { payments: 0, authorisations: authorisations.length };
  options.logger.debug({ provider: provider.name, ...counts, breaks: breaks.length }, 'a page was compared');
  return { kind: 'compared', page: { ...counts, orders: seen, passedOver: looked.passedOver, breaks } };
}

const NOTHING_SHOWN: Shown = { authorisations: [], unread: [] };

/** Compares payments that no report showed: ledger with shipments, and what a provider should have is read from it one by one. */
export async function compareUnreported(
  options: PageOptions,
  orderIds: readonly string[],
): Promise<PageOutcome> {
  const ownMoney = await loadOwnMoney(options.sql, orderIds);
  const suspects = [...ownMoney].flatMap(([orderId, own]): Suspect[] => {
    const asks = knownPlaces(own.payment).length > 0;
    return asks || seemsToDiffer(orderId, own, NOTHING_SHOWN) ? [{ orderId, besides: [], shown: [] }] : [];
  });
  const looked = await lookClosely(options, suspects, null);
  if ('kind' in looked) return looked;
  return { kind: 'compared', page: { payments: 0, authorisations: 0, orders: [], ...looked } };
}
