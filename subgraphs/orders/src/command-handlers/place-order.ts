import { awaitTwin, createIntake, derivedId, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { canonicalId, canonicalMoney, type Refusal, refusal } from '@crossdock/values';
import { type PricedOrder, price } from '../domain/pricing.ts';
import { checkRequest, type OrderRequest } from '../domain/request.ts';
import type { Poke, SealCardToken } from '../ports.ts';
import {
  createNumberSource,
  findKey,
  loadReferences,
  type NewOrder,
  type NumberSource,
  type PartnerRow,
  type PlaceVerdict,
  type PriceRow,
  placeOrders,
} from '../store/placing.ts';

/** Who places, and the trace the request belongs to. */
export type Actor = Readonly<{ subject: string; traceparent: string | null }>;

/** An accepted order as it stands right after placing. */
export type AcceptedOrder = Readonly<{ orderId: string; replayed: boolean; fresh: FreshOrder | null }>;

/** What is known of an order without reading it again. */
export type FreshOrder = Readonly<{
  orderId: string;
  number: string;
  partnerId: string;
  partition: number;
  poNumber: string | null;
  shortagePolicy: OrderRequest['shortagePolicy'];
  currencyCode: string;
  totalMinor: bigint;
  placedBy: string;
  placedAt: Date;
}>;

export type PlaceOutcome = Readonly<{ accepted: AcceptedOrder }> | Readonly<{ refusals: readonly Refusal[] }>;

/** Places one order; the promise rejects only for faults of machinery. */
export type PlaceOrder = (key: string, request: OrderRequest, actor: Actor) => Promise<PlaceOutcome>;

type Submission = Readonly<{
  key: string;
  fingerprint: string;
  request: OrderRequest;
  sealedCardToken: string | null;
  actor: Actor;
}>;

type Verdict =
  | Readonly<{ kind: 'written'; verdict: PlaceVerdict; orderId: string; placedAt: Date; order: NewOrder }>
  | Readonly<{ kind: 'refused'; refusals: readonly Refusal[] }>;

/** Milliseconds a partner or product that is not here yet may take to arrive from its owner. */
const REFERENCE_WAIT_MS = 2_000;
const REFERENCE_POLL_MS = 100;
const RETRY_AFTER_MS = 1_000;

export function createPlaceOrder(
  options: Readonly<{ sql: Sql; seal: SealCardToken; poke: Poke }>,
): PlaceOrder {
  const { sql } = options;
  const numbers = createNumberSource(sql);
  const intake = createIntake<Submission, Verdict>({
    keysOf: ({ key, request }) => [
      `key ${request.partnerId} ${key}`,
      ...(request.poNumber === null ? [] : [`po ${request.partnerId} ${request.poNumber}`]),
    ],
    write: async (submissions) => writeBatch(sql, numbers, submissions, options.poke),
  });

  return async (key, request, actor) => {
    const problems = checkRequest(request);
    if (problems.length > 0) return { refusals: problems };
    const { waitMs: _waitMs, ...content } = request;
    const submission: Submission = {
      key,
      fingerprint: printOf(content),
      request,
      actor,
      sealedCardToken: request.cardToken === null ? null : await options.seal(request.cardToken),
    };
    const verdict = await awaitTwin(() => submitKnown(intake.submit, submission), isInFlight);
    return verdict.kind === 'written'
      ? outcomeOf(verdict)
      : refusedOrReplayed(sql, submission, verdict.refusals);
  };
}

function printOf(content: Omit<OrderRequest, 'waitMs'>): string {
  const { holdId, expectedTotal } = content;
  return fingerprint({
    ...content,
    holdId: holdId === null ? null : canonicalId(holdId),
    expectedTotal: expectedTotal === null ? null : canonicalMoney(expectedTotal),
  });
}

function isInFlight(verdict: Verdict): boolean {
  return verdict.kind === 'written' && verdict.verdict === 'IN_FLIGHT';
}

/** Submits again for a while when a partner or product is not known here yet: it may be on its way. */
async function submitKnown(
  submit: (each: Submission) => Promise<Verdict>,
  submission: Submission,
): Promise<Verdict> {
  const until = performance.now() + REFERENCE_WAIT_MS;
  for (;;) {
    const verdict = await submit(submission);
    if (verdict.kind === 'written' || performance.now() >= until) return verdict;
    if (!verdict.refusals.some(({ code }) => code === 'UNKNOWN_SKU' || code === 'UNKNOWN_PARTNER'))
      return verdict;
    await new Promise((resolve) => setTimeout(resolve, REFERENCE_POLL_MS));
  }
}

/** A request that is refused now may be the replay of one that was accepted when prices were other. */
async function refusedOrReplayed(
  sql: Sql,
  { key, request, fingerprint: print }: Submission,
  refusals: readonly Refusal[],
): Promise<PlaceOutcome> {
  const found = await findKey(sql, request.partnerId, 'placeOrder', key, print);
  if (found.verdict === 'REPLAYED' && found.result !== null) {
    return { accepted: { orderId: found.result, replayed: true, fresh: null } };
  }
  return {
    refusals:
      found.verdict === 'KEY_REUSED'
        ? [refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] })]
        : refusals,
  };
}

function outcomeOf({
  verdict,
  orderId,
  placedAt,
  order,
}: Extract<Verdict, { kind: 'written' }>): PlaceOutcome {
  switch (verdict) {
    case 'PLACED':
      return { accepted: { orderId, replayed: false, fresh: freshOrder(order, placedAt) } };
    case 'REPLAYED':
      return { accepted: { orderId, replayed: true, fresh: null } };
    case 'KEY_REUSED':
      return { refusals: [refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] })] };
    case 'DUPLICATE_PO_NUMBER':
      return {
        refusals: [refusal('DUPLICATE_PO_NUMBER', { field: ['poNumber'], existingOrderId: orderId })],
      };
    case 'IN_FLIGHT':
      return { refusals: [refusal('REQUEST_IN_PROGRESS', { retryAfterMs: RETRY_AFTER_MS })] };
  }
}

function freshOrder(order: NewOrder, placedAt: Date): FreshOrder {
  const { orderId, number, partnerId, partition, poNumber, currencyCode, totalMinor, placedBy } = order;
  const shortagePolicy = order.shortagePolicy as OrderRequest['shortagePolicy'];
  return {
    orderId,
    number,
    partnerId,
    partition,
    poNumber,
    shortagePolicy,
    currencyCode,
    totalMinor,
    placedBy,
    placedAt,
  };
}

async function writeBatch(
  sql: Sql,
  numbers: NumberSource,
  submissions: readonly Submission[],
  poke: Poke,
): Promise<Verdict[]> {
  const partnerIds = new Set(submissions.map(({ request }) => request.partnerId));
  const skus = new Set<string>();
  for (const { request } of submissions) for (const line of request.lines) skus.add(line.sku);
  const { partners, prices } = await loadReferences(sql, [...partnerIds], [...skus]);
  const verdicts: Verdict[] = new Array(submissions.length);
  const orders: NewOrder[] = [];
  const places: number[] = [];
  const free = await numbers.take(submissions.length);
  submissions.forEach((submission, index) => {
    const partner = partners.get(submission.request.partnerId);
    const decided = decideOne(submission, partner, prices, free[index] ?? '');
    if ('refusals' in decided) verdicts[index] = { kind: 'refused', refusals: decided.refusals };
    else {
      orders.push(decided);
      places.push(index);
    }
  });
  if (orders.length === 0) return verdicts;
  const written = await placeOrders(sql, orders).catch((error: unknown) => {
    numbers.forget();
    throw error;
  });
  poke();
  places.forEach((place, index) => {
    const [row, order] = [written[index], orders[index]];
    if (row !== undefined && order !== undefined) verdicts[place] = { kind: 'written', ...row, order };
  });
  return verdicts;
}

function decideOne(
  submission: Submission,
  partner: PartnerRow | undefined,
  prices: ReadonlyMap<string, PriceRow>,
  number: string,
): NewOrder | Readonly<{ refusals: readonly Refusal[] }> {
  const { request } = submission;
  if (partner === undefined) return { refusals: [refusal('UNKNOWN_PARTNER', { field: ['partnerId'] })] };
  const pricing = price(request, partner, prices);
  return 'refusals' in pricing ? pricing : newOrder(submission, partner, pricing.priced, number);
}

function newOrder(
  submission: Submission,
  partner: PartnerRow,
  priced: PricedOrder,
  number: string,
): NewOrder {
  const { request, actor } = submission;
  const orderId = newId();
  const { partition } = partner;
  return {
    orderId,
    partition,
    partnerId: request.partnerId,
    number,
    poNumber: request.poNumber,
    shortagePolicy: request.shortagePolicy,
    currencyCode: priced.currencyCode,
    totalMinor: priced.totalMinor,
    units: priced.units,
    placedBy: actor.subject,
    key: submission.key,
    fingerprint: submission.fingerprint,
    placed: {
      partition,
      category: 'order',
      streamId: orderId,
      version: 1,
      id: derivedId(orderId, 'OrderPlaced'),
      type: 'OrderPlaced',
      data: placedData(submission, priced, orderId, number),
      metadata: {
        correlationId: orderId,
        actor: actor.subject,
        ...(actor.traceparent === null ? {} : { traceparent: actor.traceparent }),
        request: {
          scope: request.partnerId,
          operation: 'placeOrder',
          key: submission.key,
          fingerprint: submission.fingerprint,
        },
      },
    },
  };
}

/** The fact's data; absent fields are left out, since every byte travels to three subgraphs. */
function placedData(
  { request, actor, sealedCardToken }: Submission,
  priced: PricedOrder,
  orderId: string,
  number: string,
): object {
  const optional = {
    sealedCardToken,
    poNumber: request.poNumber,
    note: request.note,
    shipTo: request.shipTo,
    requestedShipDate: request.requestedShipDate,
    // As the others write ids: a hold is found by it.
    holdId: request.holdId?.toLowerCase() ?? null,
  };
  return {
    orderId,
    partnerId: request.partnerId,
    number,
    currencyCode: priced.currencyCode,
    totalMinor: Number(priced.totalMinor),
    shortagePolicy: request.shortagePolicy,
    paymentMethod: priced.paymentMethod,
    placedBy: actor.subject,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    lines: priced.lines,
  };
}
