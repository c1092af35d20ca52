import type { LogRow } from '@crossdock/event-store';
import { forbidden, refuseIdempotencyKey, seesPartner } from '@crossdock/subgraph-server';
import { invariant, isStorable, type Refusal, refusal } from '@crossdock/values';
import type { AcceptedOrder, FreshOrder } from '../command-handlers/place-order.ts';
import type { OrderRequest } from '../domain/request.ts';
import type { OrderRecord } from '../read-models/orders/queries.ts';
import type { Context } from './context.ts';
import { visibleOrder } from './orders.ts';
import type { MutationResolvers, OrderMilestone, PlaceOrderInput } from './schema.generated.ts';

const WAIT_MS = 2_000;
const ALL_METHODS = ['TERMS', 'CARD'] as const;
const BUYERS = new Set(['buyer', 'approver', 'rep', 'erp']);
/** Their token names the one partner they act for. */
const ACT_FOR_ONE = new Set(['buyer', 'approver']);

function refused(...userErrors: Refusal[]) {
  return { order: null, replayed: false, userErrors };
}

/** The partner an order is for: the caller's own, or the one named; null when the caller may not place for it. */
function partnerOf(input: PlaceOrderInput, { caller }: Context): string | null {
  const named = input.partnerId ?? (ACT_FOR_ONE.has(caller.role) ? caller.partnerIds[0] : undefined);
  return named !== undefined && isStorable(named) && seesPartner(caller, named) ? named : null;
}

function requestOf(input: PlaceOrderInput, partnerId: string): OrderRequest {
  return {
    partnerId,
    poNumber: input.poNumber ?? null,
    shipTo: input.shipTo ?? null,
    requestedShipDate: input.requestedShipDate ?? null,
    shortagePolicy: input.shortagePolicy ?? 'REJECT',
    paymentMethod: input.payment?.method ?? null,
    cardToken: input.payment?.cardToken ?? null,
    lines: input.lines,
    holdId: input.holdId ?? null,
    expectedTotal: input.expectedTotal ?? null,
    note: input.note ?? null,
    waitMs: input.waitMs ?? WAIT_MS,
  };
}

export const mutationResolvers: MutationResolvers = {
  placeOrder: async (_parent, { input }, context) => {
    if (!BUYERS.has(context.caller.role)) throw forbidden();
    const badKey = refuseIdempotencyKey(input.idempotencyKey);
    if (badKey !== null) return refused(badKey);
    const partnerId = partnerOf(input, context);
    if (partnerId === null) return refused(refusal('UNKNOWN_PARTNER', { field: ['partnerId'] }));
    const request = requestOf(input, partnerId);
    const { caller, traceparent } = context;
    const outcome = await context.placeOrder(input.idempotencyKey, request, {
      subject: caller.subject,
      traceparent,
    });
    if ('refusals' in outcome) return refused(...outcome.refusals);
    const { accepted } = outcome;
    await awaitMilestone(accepted.orderId, input.waitFor ?? 'PLACED', request.waitMs, context);
    return {
      order: await presentOrder(accepted, input.waitFor ?? 'PLACED', context),
      replayed: accepted.replayed,
      userErrors: [],
    };
  },
  cancelOrder: async (_parent, { input }, context) => {
    if (!BUYERS.has(context.caller.role)) throw forbidden();
    const badKey = refuseIdempotencyKey(input.idempotencyKey);
    if (badKey !== null) return refused(badKey);
    const order = await visibleOrder(input.orderId, context);
    if (order === null) return refused(refusal('UNKNOWN_ORDER', { field: ['orderId'] }));
    const { caller, traceparent } = context;
    const request = {
      lines: input.lines ?? null,
      reason: input.reason ?? null,
      expectedVersion: input.expectedVersion ?? null,
    };
    const outcome = await context.cancelOrder(input.idempotencyKey, order, request, {
      subject: caller.subject,
      traceparent,
    });
    const replayed = 'replayed' in outcome && outcome.replayed;
    return {
      order: await readAnew(order.orderId, context),
      replayed,
      userErrors: 'refusals' in outcome ? [...outcome.refusals] : [],
    };
  },
  upsertPartners: async (_parent, { input }, context) => {
    if (context.caller.role !== 'erp') throw forbidden();
    const badKey = refuseIdempotencyKey(input.idempotencyKey);
    if (badKey !== null) return { results: [], replayed: false, userErrors: [badKey] };
    const rows = input.partners.map((row) => ({
      ...row,
      shipTo: row.shipTo ?? null,
      paymentMethods: row.paymentMethods ?? ALL_METHODS,
    }));
    const { caller, traceparent } = context;
    return context.upsertPartners(input.idempotencyKey, input.errorPolicy ?? 'REJECT_ALL', rows, {
      subject: caller.subject,
      traceparent,
    });
  },
};

// Facts that show that a milestone is reached, or never will be.
const SETTLES: Readonly<Record<OrderMilestone, ReadonlySet<string>>> = {
  PLACED: new Set(),
  CONFIRMED: new Set(['OrderConfirmed', 'OrderRejected', 'OrderCancelled']),
  RELEASED: new Set(['OrderReleased', 'OrderRejected', 'OrderCancelled']),
};
const STANDS_AT: Readonly<Record<OrderMilestone, ReadonlySet<string>>> = {
  PLACED: new Set(),
  CONFIRMED: new Set(['CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'REJECTED', 'CANCELLED']),
  RELEASED: new Set(['RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'REJECTED', 'CANCELLED']),
};

/** Waits in the log, then looks: an order that got there before the wait began is not waited for. */
async function awaitMilestone(
  orderId: string,
  milestone: OrderMilestone,
  waitMs: number,
  context: Context,
): Promise<void> {
  if (milestone === 'PLACED' || waitMs === 0) return;
  const matches = (row: LogRow) => row.stream_id === orderId && SETTLES[milestone].has(row.type);
  const reached = context.tail.waitFor(matches, waitMs);
  const standing = await context.loaders.order.load(orderId);
  context.loaders.order.clear(orderId);
  if (standing === null || !STANDS_AT[milestone].has(standing.heldFrom ?? standing.status)) await reached;
}

async function presentOrder(
  accepted: AcceptedOrder,
  milestone: OrderMilestone,
  context: Context,
): Promise<OrderRecord> {
  if (accepted.fresh !== null && milestone === 'PLACED') return freshRecord(accepted.fresh);
  const order = await context.loaders.order.load(accepted.orderId);
  invariant(order !== null, `order ${accepted.orderId} was just accepted`);
  return order;
}

/** The order as it stands now, whatever this request read of it before. */
function readAnew(orderId: string, context: Context): Promise<OrderRecord | null> {
  context.loaders.order.clear(orderId);
  return context.loaders.order.load(orderId);
}

/** The order as its own commit wrote it, so that the answer needs no read. */
function freshRecord({ totalMinor, ...order }: FreshOrder): OrderRecord {
  return {
    ...order,
    totalMinor: Number(totalMinor),
    status: 'PLACED',
    statusReason: null,
    heldFrom: null,
    holdReason: null,
    holdOwner: null,
    version: 1,
  };
}
