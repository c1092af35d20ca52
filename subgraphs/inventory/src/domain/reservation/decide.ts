import { accept, type Decider, type Decision, reject } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';
import { lessBySku, lessUnits, linesOf, split, unpriced, worthOf } from './claims.ts';
import { evolve } from './evolve.ts';
import {
  type AllocateStock,
  type BreakAllocation,
  type BreakReservation,
  type CancelUnits,
  type Claim,
  openUnits,
  type ReleaseReservation,
  type Reservation,
  type ReservationCommand,
  type ReservationContradiction,
  type ReservationEvent,
  type ReserveStock,
  type ReserveWaiting,
  type ShipStock,
  type Units,
  unheardOf,
  unitsBySku,
} from './reservation.ts';
import { FIRST_WAVE, openInWave, splitOpen } from './waves.ts';

type Outcome = Decision<ReservationEvent, ReservationContradiction>;

const contradiction = (type: ReservationContradiction['type']): Outcome => reject({ type, data: {} });

/** Units each line gets, in order; a SKU on two lines counts once against its figure. */
function claims({ lines, available }: ReserveStock['data']): number[] {
  const taken = new Map<string, number>();
  return lines.map(({ sku, quantity }, index) => {
    const before = taken.get(sku) ?? 0;
    const claim = Math.max(0, Math.min(quantity, (available[index] ?? 0) - before));
    taken.set(sku, before + claim);
    return claim;
  });
}

/** REJECT claims all or nothing; the other policies claim what there is, and with BACKORDER the rest waits. */
function reserve({ data }: ReserveStock, state: Reservation): Outcome {
  if (state.closed) return accept();
  if (state.status !== null) return contradiction('AlreadyDecided');
  const { policy, currencyCode } = data;
  const claimed = claims(data);
  const lines: Claim[] = [];
  const rest: Claim[] = [];
  const short: { sku: string; requested: number; available: number }[] = [];
  for (const [index, { sku, quantity, unitPriceMinor }] of data.lines.entries()) {
    const claim = claimed[index] ?? 0;
    if (claim > 0) lines.push([sku, claim, unitPriceMinor]);
    if (claim === quantity) continue;
    rest.push([sku, quantity - claim, unitPriceMinor]);
    short.push({ sku, requested: quantity, available: Math.max(0, data.available[index] ?? 0) });
  }
  if (policy === 'BACKORDER' && lines.length === 0)
    return accept({ type: 'StockBackordered', data: { waiting: rest, currencyCode, policy } });
  const isRefused = short.length > 0 && (policy === 'REJECT' || lines.length === 0);
  if (isRefused) return accept({ type: 'StockShort', data: { short } });
  return accept({
    type: 'StockReserved',
    data: {
      lines,
      reservedValueMinor: worthOf(lines),
      currencyCode,
      partly: short.length > 0,
      waiting: policy === 'BACKORDER' ? rest : [],
      short: policy === 'BACKORDER' ? [] : unpriced(rest),
      wave: FIRST_WAVE,
      policy,
    },
  });
}

/** Claims what came of what waits. */
function reserveWaiting({ data }: ReserveWaiting, state: Reservation): Outcome {
  if (state.closed) return accept();
  const { taken, left } = split(state.waiting, unitsBySku(data.lines));
  const { policy, currencyCode, short } = state;
  if (taken.length === 0 || policy === null || currencyCode === null) return accept();
  return accept({
    type: 'StockReserved',
    data: {
      lines: taken,
      reservedValueMinor: worthOf(taken),
      currencyCode,
      partly: true,
      waiting: left,
      short,
      wave: state.wave + 1,
      policy,
    },
  });
}

/**
 * A rejection may come before the order itself; it then only closes. Units that a warehouse was assigned stay claimed: what
 * becomes of those only fulfillment knows.
 */
function release({ data: { cause } }: ReleaseReservation, state: Reservation): Outcome {
  if (state.closed || state.status === 'SHORT') return accept();
  const lines = linesOf(openUnits(state));
  return lines.length === 0
    ? accept({ type: 'ReservationClosed', data: { cause } })
    : accept({ type: 'ReservationReleased', data: { lines, cause } });
}

/**
 * Of each SKU what waits goes first, or what nobody counts on any more: what is left is the smaller of what was reserved and what
 * is still wanted, and of what is claimed the newest wave's go first. Units that a warehouse was assigned stay claimed. A later wave
 * that is not paid for is given back like this: its units and all that waits, which is just these unless yet another wave came, and
 * that one ends with it.
 */
function cancel({ data }: CancelUnits, state: Reservation): Outcome {
  if (state.closed || state.status === 'SHORT') return accept();
  if (state.status === null) return contradiction('NothingReserved');
  const wanted = unitsBySku(data.lines);
  const waiting = split(state.waiting, wanted).taken;
  const afterWaiting = lessBySku(wanted, waiting);
  const short = split(state.short, afterWaiting).taken;
  const claimed = splitOpen(state, lessBySku(afterWaiting, short)).taken;
  if (waiting.length + short.length + claimed.length === 0) return accept();
  return accept({
    type: 'ReservationReduced',
    data: {
      claimed: unpriced(claimed),
      waiting: unpriced(waiting),
      short: unpriced(short),
      valueMinor: worthOf(claimed),
      currencyCode: state.currencyCode ?? '',
      cause: data.cause,
    },
  });
}

const RESTS = { REJECT: 'HELD', BACKORDER: 'BACKORDERED', SHIP_AVAILABLE: 'CANCELLED' } as const;

/** A claim of which nothing says how it was to come, being older than policies were kept, waits with an owner. */
function breakClaim({ data: { lines, cause } }: BreakReservation, state: Reservation): Outcome {
  const { taken } = splitOpen(state, unitsBySku(lines));
  if (taken.length === 0) return accept();
  const rest = RESTS[state.policy ?? 'REJECT'];
  const valueMinor = worthOf(taken);
  const currencyCode = state.currencyCode ?? '';
  return accept({
    type: 'ReservationBroken',
    data: { lines: taken, valueMinor, currencyCode, cause, rest },
  });
}

/** What has left, or was found missing before, cannot break again. */
function breakAllocation({ data }: BreakAllocation, state: Reservation): Outcome {
  const { warehouseId, cause } = data;
  const shipments = data.shipments.flatMap(({ shipmentId, lines }) => {
    const assigned = state.shipments.find((each) => each.shipmentId === shipmentId);
    if (assigned === undefined || assigned.left || assigned.warehouseId !== warehouseId) return [];
    const there = lessUnits(assigned.lines, assigned.missing ?? []);
    const broken = unpriced(split(there, unitsBySku(lines)).taken);
    return broken.length === 0 ? [] : [{ shipmentId, lines: broken }];
  });
  if (shipments.length === 0) return accept();
  return accept({ type: 'AllocationBroken', data: { warehouseId, shipments, cause } });
}

const placeOf = (sku: string, warehouseId: string) => `${warehouseId}\u001f${sku}`;

/** What the plan's wave has open of the SKUs of the plan. */
function openOfPlan({ wave, shipments }: AllocateStock['data'], state: Reservation): Units[] {
  const open = openInWave(state, wave);
  const skus = new Set(shipments.flatMap(({ lines }) => lines.map(([sku]) => sku)));
  return linesOf(open).filter(([sku]) => skus.has(sku));
}

/**
 * A plan of a closed order is answered with that. Any other is taken whole: within what its wave still has open, and within what each
 * warehouse can assign. Another wave's units may not be paid for yet, however many of them the order has.
 */
function allocate({ data }: AllocateStock, state: Reservation): Outcome {
  const { planId, wave, shipments, assignable } = data;
  if (state.closed || state.status === 'SHORT')
    return accept({ type: 'AllocationRefused', data: { planId, available: [], open: [], closed: true } });
  if (state.status === null) return contradiction('NothingReserved');
  const open = openInWave(state, wave);
  const left = new Map(assignable.map((each) => [placeOf(each.sku, each.warehouseId), each.available]));
  let fits = true;
  for (const { warehouseId, lines } of shipments) {
    for (const [sku, quantity] of lines) {
      const place = placeOf(sku, warehouseId);
      const stillOpen = (open.get(sku) ?? 0) - quantity;
      const stillThere = (left.get(place) ?? 0) - quantity;
      if (stillOpen < 0 || stillThere < 0) fits = false;
      open.set(sku, stillOpen);
      left.set(place, stillThere);
    }
  }
  if (fits) return accept({ type: 'StockAllocated', data: { planId, wave, shipments } });
  const refused = { planId, available: assignable, open: openOfPlan(data, state), closed: false };
  return accept({ type: 'AllocationRefused', data: refused });
}

function sameUnits(left: readonly Units[], right: readonly Units[]): boolean {
  const wanted = unitsBySku(left);
  const given = unitsBySku(right);
  return wanted.size === given.size && wanted.entries().every(([sku, units]) => given.get(sku) === units);
}

/** Goods that left are booked in every state of the order, but only as they were assigned. */
function ship({ data }: ShipStock, state: Reservation): Outcome {
  const assigned = state.shipments.find((each) => each.shipmentId === data.shipmentId);
  if (assigned === undefined) return contradiction('ShipmentUnknown');
  if (assigned.left) return contradiction('ShipmentAlreadyLeft');
  const isAsAssigned = assigned.warehouseId === data.warehouseId && sameUnits(assigned.lines, data.lines);
  if (!isAsAssigned) return contradiction('ShipmentLinesDiffer');
  return accept({ type: 'StockShipped', data: { ...data, missing: assigned.missing ?? [] } });
}

function decide(command: ReservationCommand, state: Reservation): Outcome {
  switch (command.type) {
    case 'ReserveStock':
      return reserve(command, state);
    case 'ReleaseReservation':
      return release(command, state);
    case 'CancelUnits':
      return cancel(command, state);
    case 'ReserveWaiting':
      return reserveWaiting(command, state);
    case 'BreakReservation':
      return breakClaim(command, state);
    case 'BreakAllocation':
      return breakAllocation(command, state);
    case 'AllocateStock':
      return allocate(command, state);
    case 'ShipStock':
      return ship(command, state);
    default:
      return unreachable(command);
  }
}

/** The rule book of an order's claim on stock. Accepting without an event: there is nothing to do and nobody to tell. */
export const reservationDecider: Decider<
  ReservationCommand,
  ReservationEvent,
  Reservation,
  ReservationContradiction
> = { initialState: unheardOf, decide, evolve };
