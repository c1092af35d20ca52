// A published fact of inventory in the words of the domain, with the units and prices that its cause or the state before tell of.
import { type FactData, type ReadFact, readFact, type TravellingEvent } from '@crossdock/contracts';
import { invariant } from '@crossdock/values';
import { claimHold } from '../domain/hold/claim.ts';
import type { Hold, HoldEvent } from '../domain/hold/hold.ts';
import { lessBySku, lessUnits, linesOf, split, unpriced } from '../domain/reservation/claims.ts';
import {
  type Claim,
  openUnits,
  type Reservation,
  type ReservationEvent,
  type Units,
  unitsBySku,
} from '../domain/reservation/reservation.ts';
import { FIRST_WAVE, splitOpen } from '../domain/reservation/waves.ts';

type Own = ReadFact<'inventory'>;
type OfType<Type extends Own['type']> = Extract<Own, { type: Type }>;

const CLAIM_FACTS = [
  'StockReserved',
  'StockBackordered',
  'StockShort',
  'ReservationReduced',
  'ReservationBroken',
  'ReservationReleased',
  'StockAllocated',
  'AllocationRefused',
  'AllocationBroken',
  'StockShipped',
] as const;
const HOLD_FACTS = [
  'HoldPlaced',
  'HoldExtended',
  'HoldReleased',
  'HoldExpired',
  'HoldClaimed',
  'HoldBroken',
] as const;

export type ClaimFact = OfType<(typeof CLAIM_FACTS)[number]>;
export type HoldFact = OfType<(typeof HOLD_FACTS)[number]>;
export const CLAIM_AND_HOLD_FACTS: readonly string[] = [...CLAIM_FACTS, ...HOLD_FACTS];

export const isClaimFact = (fact: Own): fact is ClaimFact => CLAIM_FACTS.some((type) => type === fact.type);
export const isHoldFact = (fact: Own): fact is HoldFact => HOLD_FACTS.some((type) => type === fact.type);

type Lines = readonly Readonly<{ sku: string; quantity: number }>[];
export const unitsOf = (lines: Lines): Units[] => lines.map(({ sku, quantity }) => [sku, quantity]);
const bySku = (lines: Lines | null | undefined) => unitsBySku(unitsOf(lines ?? []));

/** What became of an order's claim, which was `state` before. */
export function claimEvent(
  fact: ClaimFact,
  state: Reservation,
  cause: TravellingEvent | undefined,
): ReservationEvent {
  switch (fact.type) {
    case 'StockReserved':
      return stockReserved(fact.data, state, cause);
    case 'StockBackordered': {
      const { shortagePolicy: policy, currencyCode, lines } = placedOf(cause);
      const waiting = split(pricedLines(lines), bySku(fact.data.lines)).taken;
      return { type: fact.type, data: { waiting, currencyCode, policy } };
    }
    case 'StockShort':
      return { type: fact.type, data: { short: fact.data.short } };
    case 'ReservationReduced':
      return reservationReduced(fact.data, state, cause);
    case 'ReservationBroken': {
      const { valueMinor, currencyCode, cause: reason, rest } = fact.data;
      const lines = splitOpen(state, bySku(fact.data.lines)).taken;
      return { type: fact.type, data: { lines, valueMinor, currencyCode, cause: reason, rest } };
    }
    case 'ReservationReleased':
      return { type: fact.type, data: { lines: linesOf(openUnits(state)), cause: fact.data.cause } };
    case 'StockAllocated':
      return stockAllocated(fact.data, plannedOf(cause));
    case 'AllocationRefused': {
      const { planId, available, open, closed } = fact.data;
      const data = { planId, available, open: unitsOf(open ?? []), closed: closed ?? false };
      return { type: fact.type, data };
    }
    case 'AllocationBroken': {
      const { warehouseId, cause: reason } = fact.data;
      const shipments = fact.data.shipments.map((each) => ({ ...each, lines: unitsOf(each.lines) }));
      return { type: fact.type, data: { warehouseId, shipments, cause: reason } };
    }
    case 'StockShipped': {
      const { shipmentId, warehouseId } = fact.data;
      const assigned = state.shipments.find((each) => each.shipmentId === shipmentId);
      invariant(assigned !== undefined, `shipment ${shipmentId} was allocated before it left`);
      const { lines, missing = [] } = assigned;
      return { type: fact.type, data: { shipmentId, warehouseId, lines, missing } };
    }
  }
}

/** The first reservation says what it was of by its cause; a later one took of what waited. */
function stockReserved(
  fact: FactData<'inventory', 'StockReserved'>,
  state: Reservation,
  cause: TravellingEvent | undefined,
): ReservationEvent {
  const { reservedValueMinor, currencyCode, lines: said, wave } = fact;
  const money = { reservedValueMinor, currencyCode };
  if (state.status !== null) {
    const { taken: lines, left: waiting } = split(state.waiting, bySku(said));
    const kept = { waiting, short: state.short, wave: wave ?? FIRST_WAVE, policy: state.policy ?? 'REJECT' };
    return { type: 'StockReserved', data: { ...money, lines, partly: true, ...kept } };
  }
  const order = placedOf(cause);
  const policy = order.shortagePolicy;
  const placed = pricedLines(order.lines);
  const lines = said == null ? placed : split(placed, bySku(said)).taken;
  const rest = lessUnits(placed, lines);
  const isWaiting = policy === 'BACKORDER' && fact.backordered != null;
  const more = {
    waiting: isWaiting ? rest : [],
    short: isWaiting ? [] : unpriced(rest),
    wave: FIRST_WAVE,
    policy,
  };
  return { type: 'StockReserved', data: { ...money, lines, partly: said != null, ...more } };
}

/** Which units of which wave were assigned is what the plan says. */
function stockAllocated(
  { planId }: FactData<'inventory', 'StockAllocated'>,
  plan: FactData<'fulfillment', 'ShipmentsPlanned'>,
): ReservationEvent {
  const shipments = plan.shipments.map(({ lines, ...shipment }) => ({ ...shipment, lines: unitsOf(lines) }));
  return { type: 'StockAllocated', data: { planId, wave: plan.wave ?? FIRST_WAVE, shipments } };
}

function reservationReduced(
  fact: FactData<'inventory', 'ReservationReduced'>,
  state: Reservation,
  cause: TravellingEvent | undefined,
): ReservationEvent {
  const { lines, backordered, valueMinor, currencyCode, cause: reason } = fact;
  const asked = cause === undefined ? null : readFact('orders', cause);
  const cancelled = asked?.type === 'OrderLinesCancelled' ? asked.data.lines : [];
  const waiting = unitsOf(backordered);
  const short = unpriced(split(state.short, lessBySku(bySku(cancelled), waiting)).taken);
  return {
    type: 'ReservationReduced',
    data: { claimed: unitsOf(lines), waiting, short, valueMinor, currencyCode, cause: reason },
  };
}

/** What became of a hold, which was `state` before; `reserved` is what the order that claimed it has. */
export function holdEvent(fact: HoldFact, state: Hold, reserved: readonly Claim[]): HoldEvent {
  switch (fact.type) {
    case 'HoldPlaced': {
      const { lines, expiresAt } = fact.data;
      return { type: fact.type, data: { lines: unitsOf(lines), expiresAt } };
    }
    case 'HoldExtended':
      return { type: fact.type, data: { expiresAt: fact.data.expiresAt } };
    case 'HoldReleased':
    case 'HoldExpired':
      return { type: fact.type, data: { lines: state.lines } };
    case 'HoldClaimed':
      return claimHold(state, fact.data.orderId, reserved);
    case 'HoldBroken':
      return { type: fact.type, data: { lines: unitsOf(fact.data.lines), cause: fact.data.cause } };
  }
}

const pricedLines = (lines: FactData<'orders', 'OrderPlaced'>['lines']): Claim[] =>
  lines.map(({ sku, quantity, unitPriceMinor }) => [sku, quantity, unitPriceMinor]);

function placedOf(cause: TravellingEvent | undefined): FactData<'orders', 'OrderPlaced'> {
  const fact = cause === undefined ? null : readFact('orders', cause);
  invariant(fact?.type === 'OrderPlaced', 'the log of orders has the order of every reservation');
  return fact.data;
}

function plannedOf(cause: TravellingEvent | undefined): FactData<'fulfillment', 'ShipmentsPlanned'> {
  const fact = cause === undefined ? null : readFact('fulfillment', cause);
  invariant(fact?.type === 'ShipmentsPlanned', 'the log of fulfillment has the plan of every allocation');
  return fact.data;
}
