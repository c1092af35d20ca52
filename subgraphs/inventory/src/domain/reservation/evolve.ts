import { unreachable } from '@crossdock/values';
import {
  openUnits,
  type Reservation,
  type ReservationEvent,
  type StockAllocated,
  type StockShipped,
  unitsBySku,
} from './reservation.ts';

function allocated(state: Reservation, { data }: StockAllocated): Reservation {
  const added = data.shipments.map((shipment) => ({ ...shipment, left: false }));
  const next = { ...state, shipments: [...state.shipments, ...added] };
  const isAll = openUnits(next)
    .values()
    .every((quantity) => quantity === 0);
  return isAll ? { ...next, status: 'ALLOCATED' } : next;
}

function shipped(state: Reservation, { data }: StockShipped): Reservation {
  const shipments = state.shipments.map((each) =>
    each.shipmentId === data.shipmentId ? { ...each, left: true } : each,
  );
  const isAll = state.status === 'ALLOCATED' && shipments.every((each) => each.left);
  return { ...state, shipments, status: isAll ? 'SHIPPED' : state.status };
}

/** What a warehouse was assigned stays claimed until it leaves. */
function released(state: Reservation): Reservation {
  if (state.shipments.length === 0) return { ...state, status: 'RELEASED', closed: true };
  const lines = [...unitsBySku(state.shipments.flatMap((shipment) => shipment.lines))];
  const isAll = state.shipments.every((each) => each.left);
  return { ...state, lines, status: isAll ? 'SHIPPED' : 'ALLOCATED', closed: true };
}

export function evolve(state: Reservation, event: ReservationEvent): Reservation {
  switch (event.type) {
    case 'StockReserved':
      return { ...state, status: 'RESERVED', lines: event.data.lines };
    case 'StockShort':
      return { ...state, status: 'SHORT' };
    case 'ReservationClosed':
      return { ...state, closed: true };
    case 'ReservationReleased':
      return released(state);
    case 'StockAllocated':
      return allocated(state, event);
    case 'AllocationRefused':
      return state;
    case 'StockShipped':
      return shipped(state, event);
    default:
      return unreachable(event);
  }
}
