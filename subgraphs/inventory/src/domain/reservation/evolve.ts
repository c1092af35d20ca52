import { unreachable } from '@crossdock/values';
import { added, lessUnits, unpriced } from './claims.ts';
import {
  type AllocationBroken,
  openUnits,
  type Reservation,
  type ReservationBroken,
  type ReservationEvent,
  type ReservationReduced,
  type ReservationStatus,
  type StockAllocated,
  type StockReserved,
  unitsBySku,
  WAREHOUSE_DOWN,
} from './reservation.ts';
import { claimedIn, FIRST_WAVE, splitOpen } from './waves.ts';

/** What a decided reservation has left to do, the first thing first. */
function statusOf({ lines, waiting, shipments }: Omit<Reservation, 'status'>): ReservationStatus {
  const isOpen = openUnits({ lines, shipments })
    .values()
    .some((quantity) => quantity > 0);
  if (isOpen) return 'RESERVED';
  if (shipments.some((each) => !each.left)) return 'ALLOCATED';
  if (waiting.length > 0) return 'BACKORDERED';
  return shipments.length > 0 ? 'SHIPPED' : 'RELEASED';
}

const withStatus = (state: Omit<Reservation, 'status'>): Reservation => ({
  ...state,
  status: statusOf(state),
});

/** Where nothing is claimed, waiting or assigned any more, nothing can come: the reservation closes. */
function closedIfEmpty(state: Reservation): Reservation {
  const next = withStatus(state);
  return next.status === 'RELEASED' ? { ...next, closed: true } : next;
}

function reserved(state: Reservation, { data }: StockReserved): Reservation {
  const { waiting, short, wave, policy, currencyCode } = data;
  return withStatus({
    ...state,
    lines: added(state.lines, claimedIn(wave, data.lines)),
    waiting,
    short,
    wave,
    policy,
    currencyCode,
  });
}

function reduced(state: Reservation, { data }: ReservationReduced): Reservation {
  return closedIfEmpty({
    ...state,
    lines: splitOpen(state, unitsBySku(data.claimed)).left,
    waiting: lessUnits(state.waiting, data.waiting),
    short: unpriced(lessUnits(state.short, data.short)),
  });
}

function broken(state: Reservation, { data }: ReservationBroken): Reservation {
  const lines = splitOpen(state, unitsBySku(data.lines)).left;
  const waits = data.rest !== 'CANCELLED';
  return closedIfEmpty({
    ...state,
    lines,
    waiting: waits ? added(state.waiting, data.lines) : state.waiting,
    short: waits ? state.short : unpriced(added(state.short, unpriced(data.lines))),
  });
}

function allocationBroken(state: Reservation, { data }: AllocationBroken): Reservation {
  if (data.cause === WAREHOUSE_DOWN) return state;
  const missing = new Map(data.shipments.map((each) => [each.shipmentId, each.lines]));
  const shipments = state.shipments.map((each) => {
    const more = missing.get(each.shipmentId);
    return more === undefined ? each : { ...each, missing: unpriced(added(each.missing ?? [], more)) };
  });
  return { ...state, shipments };
}

/** What a warehouse was assigned stays claimed until it leaves. */
function released(state: Reservation): Reservation {
  const lines = splitOpen(state, openUnits(state)).left;
  return { ...withStatus({ ...state, lines, waiting: [], short: [] }), closed: true };
}

function allocated(state: Reservation, { data: { wave, shipments } }: StockAllocated): Reservation {
  const which = wave === FIRST_WAVE ? {} : { wave };
  const assigned = shipments.map((shipment) => ({ ...shipment, ...which, left: false }));
  return withStatus({ ...state, shipments: [...state.shipments, ...assigned] });
}

function closed(state: Reservation): Reservation {
  if (state.status === null || state.status === 'SHORT') return { ...state, closed: true };
  return { ...withStatus({ ...state, waiting: [], short: [] }), closed: true };
}

export function evolve(state: Reservation, event: ReservationEvent): Reservation {
  switch (event.type) {
    case 'StockReserved':
      return reserved(state, event);
    case 'StockBackordered':
      return { ...state, ...event.data, status: 'BACKORDERED' };
    case 'StockShort':
      return { ...state, status: 'SHORT' };
    case 'ReservationReduced':
      return reduced(state, event);
    case 'ReservationBroken':
      return broken(state, event);
    case 'AllocationBroken':
      return allocationBroken(state, event);
    case 'ReservationClosed':
      return closed(state);
    case 'ReservationReleased':
      return released(state);
    case 'StockAllocated':
      return allocated(state, event);
    case 'AllocationRefused':
      return state;
    case 'StockShipped': {
      const { shipmentId } = event.data;
      const shipments = state.shipments.map((each) =>
        each.shipmentId === shipmentId ? { ...each, left: true } : each,
      );
      return withStatus({ ...state, shipments });
    }
    default:
      return unreachable(event);
  }
}
