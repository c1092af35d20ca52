// Which facts one subscriber sees: what its token allows, narrowed by what it asked for.
import { isStorable } from '@crossdock/values';
import { type Caller, visiblePartners } from '../auth/caller.ts';
import type { FeedItem } from './feed-item.ts';

export type FeedArguments = Readonly<{
  orderIds?: readonly string[] | null;
  partnerIds?: readonly string[] | null;
  types?: readonly string[] | null;
  after?: string | null;
}>;

export type FeedFilter = Readonly<{
  /** Partners to read the log for; null for all. */
  partnerIds: readonly string[] | null;
  /** Nothing can ever match. */
  isEmpty: boolean;
  matches: (item: FeedItem) => boolean;
}>;

/** A partner outside of the caller's reach is as if it did not exist: it brings nothing, and no error. */
export function feedFilterOf(caller: Caller, asked: FeedArguments): FeedFilter {
  const visible = visiblePartners(caller);
  // A code that no database can hold is nobody's, and a log that was asked for it could not answer.
  const wanted = asked.partnerIds?.filter(isStorable) ?? null;
  const partners = visible === 'all' ? wanted && new Set(wanted) : narrowed(visible, wanted);
  const orders = asked.orderIds == null ? null : new Set(asked.orderIds);
  const types = asked.types == null ? null : new Set(asked.types);
  return {
    partnerIds: partners === null ? null : [...partners].sort(),
    isEmpty: [partners, orders, types].some((each) => each?.size === 0),
    matches: (item) =>
      (partners === null || partners.has(item.partnerId)) &&
      (orders === null || orders.has(item.orderId)) &&
      (types === null || types.has(item.type)),
  };
}

const narrowed = (visible: ReadonlySet<string>, wanted: readonly string[] | null): ReadonlySet<string> =>
  wanted === null ? visible : new Set(wanted.filter((partner) => visible.has(partner)));
