import { encodeCursor, feedScopeOf } from '@crossdock/feed-cursor';
import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  forbidden,
  pageSize,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid } from '@crossdock/values';
import { type ChangePlace, changesAfter, feedPlaces } from '../read-models/changes/queries.ts';
import { orderByNumber, orderByPoNumber, searchOrders } from '../read-models/orders/queries.ts';
import { stuckOrders } from '../read-models/orders/stuck.ts';
import { searchPartners } from '../read-models/partners/queries.ts';
import type { Context } from './context.ts';
import { listScope, seesOrder, visibleOrder } from './orders.ts';
import type { OperationsResolvers, OrderFilter, QueryResolvers } from './schema.generated.ts';

const PARTITIONS = 8;
const FILTER_IDS_MAX = 1_000;
/** Whoever follows changes wants many. */
const CHANGES_PRESET = 100;

/** The parts of a page cursor; a text that is none is refused. */
function cursorParts(after: string | null | undefined, parts: number): string[] | null {
  if (after == null) return null;
  const read = decodePageCursor(after, parts);
  if (read === null) throw badInput('after is no cursor of this list.');
  return read;
}

/** The order a page of orders goes on behind. */
function orderPlace(after: string | null | undefined): string | null {
  const orderId = cursorParts(after, 1)?.[0] ?? null;
  if (orderId !== null && !isUuid(orderId)) throw badInput('after is no cursor of this list.');
  return orderId;
}

// RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339): four digits of year, so that databases can hold every instant.
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

function instant(text: string | null | undefined, name: string): Date | null {
  if (text == null) return null;
  const at = new Date(INSTANT.test(text) ? text : Number.NaN);
  if (Number.isNaN(at.getTime())) throw badInput(`${name} is an instant such as 2026-03-01T09:30:00Z.`);
  return at;
}

function storable(text: string | null | undefined): string | null {
  if (text == null) return null;
  if (!isStorable(text)) throw badInput('A text of the filter holds a character that cannot be stored.');
  return text;
}

function filterIds(ids: readonly string[] | null | undefined): readonly string[] | null {
  if (ids == null) return null;
  if (ids.length > FILTER_IDS_MAX) throw badInput(`A filter names at most ${FILTER_IDS_MAX} ids.`);
  return ids.filter(isStorable);
}

function partnersOf(filter: OrderFilter | null | undefined, context: Context): readonly string[] | null {
  const scope = listScope(context);
  const asked = filterIds(filter?.partnerIds);
  if (asked === null) return scope;
  return scope === null ? asked : asked.filter((id) => scope.includes(id));
}

export const queryResolvers: QueryResolvers = {
  order: (_parent, { id }, context) => visibleOrder(id, context),
  orderByNumber: async (_parent, { number }, context) => {
    const order = isStorable(number) ? await orderByNumber(context.read, number) : null;
    return order !== null && seesOrder(order, context) ? order : null;
  },
  orderByPoNumber: async (_parent, { partnerId, poNumber }, context) => {
    if (!seesPartner(context.caller, partnerId) || !isStorable(partnerId) || !isStorable(poNumber))
      return null;
    return orderByPoNumber(context.read, partnerId, poNumber);
  },
  orders: async (_parent, { filter, first, after }, context) => {
    const limit = pageSize(first);
    const older = orderPlace(after);
    const rows = await searchOrders(context.read, {
      partnerIds: partnersOf(filter, context),
      statuses: filter?.statuses ?? null,
      placedFrom: instant(filter?.placedFrom, 'placedFrom'),
      placedTo: instant(filter?.placedTo, 'placedTo'),
      sku: storable(filter?.sku),
      poNumber: storable(filter?.poNumber),
      after: older,
      limit: limit + 1,
    });
    return connection(rows, limit, after, (row) => encodePageCursor(row.orderId));
  },
  orderChanges: async (_parent, { after, first }, context) => orderChanges(first, after, context),
  orderFeedCursor: async (_parent, _args, context) => {
    const { caller } = context;
    if (caller.role === 'wms') throw forbidden();
    const positions = await feedPlaces(context.sql);
    const scope = feedScopeOf({ role: caller.role, partner: caller.partnerIds[0] });
    return encodeCursor({ positions, scope }, context.cursorSecret);
  },
  partner: async (_parent, { id }, context) => {
    if (!isStorable(id) || !seesPartner(context.caller, id)) return null;
    return context.loaders.partner.load(id);
  },
  partners: async (_parent, { search, first, after }, context) => {
    const limit = pageSize(first);
    const behind = cursorParts(after, 1)?.[0] ?? null;
    const rows = await searchPartners(context.read, {
      partnerIds: listScope(context),
      text: storable(search),
      after: storable(behind),
      limit: limit + 1,
    });
    return connection(rows, limit, after, (row) => encodePageCursor(row.partnerId));
  },
  viewer: async (_parent, _args, context) => {
    const { caller, loaders } = context;
    const partners = await loaders.partner.loadMany([...caller.partnerIds]);
    return {
      subject: caller.subject,
      role: ROLE_OF[caller.role],
      partners: partners.flatMap((each) => (each === null || each instanceof Error ? [] : [each])),
    };
  },
};

export const operationsResolvers: OperationsResolvers = {
  stuckOrders: async (_parent, { first, after }, context) => {
    const limit = pageSize(first);
    const rows = await stuckOrders(context.read, orderPlace(after), limit + 1);
    return connection(rows, limit, after, (row) => encodePageCursor(row.orderId));
  },
};

const ROLE_OF = {
  buyer: 'BUYER',
  approver: 'APPROVER',
  rep: 'REP',
  erp: 'ERP',
  wms: 'WMS',
  operator: 'OPERATOR',
} as const;

function changePlace(after: string | null | undefined): ChangePlace {
  const parts = cursorParts(after, PARTITIONS);
  if (parts === null) return new Array<number>(PARTITIONS).fill(0);
  const place = parts.map(Number);
  if (!place.every((position) => Number.isSafeInteger(position) && position >= 0))
    throw badInput('after is no cursor of this list.');
  return place;
}

async function orderChanges(
  first: number | null | undefined,
  after: string | null | undefined,
  context: Context,
) {
  if (listScope(context) !== null) throw forbidden();
  const limit = pageSize(first, CHANGES_PRESET);
  const page = await changesAfter(context.sql, changePlace(after), limit);
  const cursorOf = (place: ChangePlace) => encodePageCursor(...place.map(String));
  const edges = page.changes.map((node) => ({ cursor: cursorOf(node.place), node }));
  return {
    edges,
    nodes: [...page.changes],
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: cursorOf(page.end),
    },
  };
}
