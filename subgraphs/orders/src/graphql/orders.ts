import { forbidden, seesAllPartners, seesPartner } from '@crossdock/subgraph-server';
import { invariant, isUuid, moneyView } from '@crossdock/values';
import { foldLines, type LineFact } from '../domain/order-lines.ts';
import type { OrderRecord, StreamFact } from '../read-models/orders/queries.ts';
import { summaryOf } from '../read-models/orders/summaries.ts';
import type { Context } from './context.ts';
import type { Address, OrderLineResolvers, OrderResolvers, TimelineEntry } from './schema.generated.ts';

/** The data of an OrderPlaced fact, as this subgraph wrote it. */
type Placed = Readonly<{
  lines: readonly Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>[];
  shipTo?: Address | null;
  requestedShipDate?: string | null;
  note?: string | null;
  currencyCode: string;
}>;

/** The order when the caller may see it; another partner's answers as if it did not exist. */
export async function visibleOrder(id: string, context: Context): Promise<OrderRecord | null> {
  if (!isUuid(id)) return null;
  const order = await context.loaders.order.load(id.toLowerCase());
  return order !== null && seesOrder(order, context) ? order : null;
}

/** True when the caller may see the order. */
export function seesOrder(order: OrderRecord, { caller }: Context): boolean {
  return seesPartner(caller, order.partnerId);
}

async function streamOf(
  order: OrderRecord,
  context: Context,
): Promise<{ placed: Placed; facts: readonly StreamFact[] }> {
  const facts = await context.loaders.stream.load(order.orderId);
  const [first] = facts;
  invariant(first?.type === 'OrderPlaced', `the stream of order ${order.orderId} begins with OrderPlaced`);
  // This subgraph wrote the event from the very type.
  return { placed: first.data as Placed, facts };
}

export const orderResolvers: OrderResolvers = {
  // Asynchronous, so that it refuses one entity and not the list: the library calls it for all of them in one go.
  __resolveReference: async ({ id }, context) => {
    // A warehouse knows the id by its shipment; a silent null would look like an order that is lost.
    if (context.caller.role === 'wms') throw forbidden();
    return visibleOrder(id, context);
  },
  id: (order) => order.orderId,
  // The column's CHECK-free text is written from the API's own words only.
  status: (order) => order.status as never,
  statusReason: (order) => (order.status === 'ON_HOLD' ? order.holdReason : order.statusReason),
  shortagePolicy: (order) => order.shortagePolicy as never,
  cancellationRequestedAt: () => null,
  placedAt: (order) => order.placedAt.toISOString(),
  partner: async (order, _args, context) => {
    const partner = await context.loaders.partner.load(order.partnerId);
    invariant(partner !== null, `partner ${order.partnerId} of order ${order.orderId} exists`);
    return partner;
  },
  subtotal: (order) => moneyView(order.totalMinor, order.currencyCode),
  total: (order) => moneyView(order.totalMinor, order.currencyCode),
  shipTo: async (order, _args, context) => {
    const { placed } = await streamOf(order, context);
    if (placed.shipTo != null) return address(placed.shipTo);
    const partner = await context.loaders.partner.load(order.partnerId);
    return partner?.shipTo == null ? null : address(partner.shipTo as Address);
  },
  requestedShipDate: async (order, _args, context) =>
    (await streamOf(order, context)).placed.requestedShipDate ?? null,
  note: async (order, _args, context) => (await streamOf(order, context)).placed.note ?? null,
  lines: async (order, _args, context) => {
    const { placed, facts } = await streamOf(order, context);
    const lines = foldLines(placed.lines, facts.slice(1).map(lineFact));
    return lines.map((line) => ({ ...line, orderId: order.orderId, currencyCode: placed.currencyCode }));
  },
  timeline: async (order, _args, context) => timelineOf(order, context),
};

function address(stored: Address): Address {
  return { ...stored, lines: stored.lines ?? [] };
}

function lineFact(fact: StreamFact): LineFact {
  return { type: fact.type, data: fact.data as LineFact['data'] };
}

function reasonOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const reason = 'reason' in data && typeof data.reason === 'string' ? data.reason : null;
  const detail = 'detail' in data && typeof data.detail === 'string' ? data.detail : '';
  if (reason === null) return 'cause' in data && typeof data.cause === 'string' ? data.cause : null;
  if ('owner' in data && typeof data.owner === 'string') return `${data.owner}: ${reason}`;
  return [reason, detail].filter((each) => each !== '').join(': ');
}

async function timelineOf(order: OrderRecord, context: Context): Promise<TimelineEntry[]> {
  const [{ facts }, foreign] = await Promise.all([
    streamOf(order, context),
    context.loaders.foreignFacts.load(order.orderId),
  ]);
  const own = facts.map((fact) => ({
    type: fact.type,
    at: fact.recordedAt,
    version: fact.version,
    source: 'orders',
    summary: summaryOf(fact.type, reasonOf(fact.data)),
  }));
  const others = foreign.map((fact) => ({
    type: fact.type,
    at: fact.occurredAt,
    version: fact.version,
    source: fact.source,
    summary: summaryOf(fact.type, fact.detail),
  }));
  return [...own, ...others]
    .sort((left, right) => left.at.getTime() - right.at.getTime())
    .map(({ at, ...entry }) => ({ ...entry, occurredAt: at.toISOString() }));
}

export const orderLineResolvers: OrderLineResolvers = {
  id: (line) => `${line.orderId}:${line.sku}`,
  name: async (line, _args, context) => (await context.loaders.product.load(line.sku))?.name ?? line.sku,
  product: (line) => ({ sku: line.sku }),
  unitPrice: (line) => moneyView(line.unitPriceMinor, line.currencyCode),
  lineTotal: (line) => moneyView(BigInt(line.unitPriceMinor) * BigInt(line.quantity), line.currencyCode),
};

/** Partners the caller may list; null for all. */
export function listScope({ caller }: Context): readonly string[] | null {
  return seesAllPartners(caller) ? null : caller.partnerIds;
}
