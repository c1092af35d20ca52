import { accept, type Decider, type Decision, reject } from '@crossdock/event-sourcing';
import { unreachable } from '@crossdock/values';
import { evolve } from './evolve.ts';
import {
  type AllocateStock,
  openUnits,
  type ReleaseReservation,
  type Reservation,
  type ReservationCommand,
  type ReservationContradiction,
  type ReservationEvent,
  type ReserveStock,
  type ShipStock,
  type Units,
  unheardOf,
  unitsBySku,
} from './reservation.ts';

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

/** REJECT claims all or nothing; the other policies claim what there is. */
function reserve({ data }: ReserveStock, state: Reservation): Outcome {
  if (state.closed) return accept();
  if (state.status !== null) return contradiction('AlreadyDecided');
  const claimed = claims(data);
  const short = data.lines.flatMap(({ sku, quantity }, index) =>
    (claimed[index] ?? 0) < quantity
      ? [{ sku, requested: quantity, available: Math.max(0, data.available[index] ?? 0) }]
      : [],
  );
  const lines: Units[] = [];
  let reservedValueMinor = 0;
  for (const [index, line] of data.lines.entries()) {
    const claim = claimed[index] ?? 0;
    if (claim === 0) continue;
    lines.push([line.sku, claim]);
    reservedValueMinor += claim * line.unitPriceMinor;
  }
  const isRefused = short.length > 0 && (data.policy === 'REJECT' || lines.length === 0);
  if (isRefused) return accept({ type: 'StockShort', data: { short } });
  const { currencyCode } = data;
  return accept({
    type: 'StockReserved',
    data: { lines, reservedValueMinor, currencyCode, partly: short.length > 0 },
  });
}

/**
 * A rejection may come before the order itself; it then only closes. Units that a warehouse was assigned stay claimed: what
 * becomes of those only fulfillment knows.
 */
function release({ data: { cause } }: ReleaseReservation, state: Reservation): Outcome {
  if (state.closed || state.status === 'SHORT') return accept();
  if (state.status === null) return accept({ type: 'ReservationClosed', data: { cause } });
  if (state.shipments.length === 0)
    return accept({ type: 'ReservationReleased', data: { lines: state.lines, cause } });
  const unassigned = [...openUnits(state)].filter(([, quantity]) => quantity > 0);
  return unassigned.length === 0
    ? accept({ type: 'ReservationClosed', data: { cause } })
    : accept({ type: 'ReservationReleased', data: { lines: unassigned, cause } });
}

const placeOf = (sku: string, warehouseId: string) => `${warehouseId}\u001f${sku}`;

/** A plan of a closed order is answered with that. Any other is taken whole: within what the order still has open, and within what each warehouse can assign. */
function allocate({ data: { planId, shipments, assignable } }: AllocateStock, state: Reservation): Outcome {
  if (state.closed || state.status === 'SHORT')
    return accept({ type: 'AllocationRefused', data: { planId, available: [], closed: true } });
  if (state.status === null) return contradiction('NothingReserved');
  const open = openUnits(state);
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
  if (fits) return accept({ type: 'StockAllocated', data: { planId, shipments } });
  return accept({ type: 'AllocationRefused', data: { planId, available: assignable, closed: false } });
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
  return accept({ type: 'StockShipped', data });
}

function decide(command: ReservationCommand, state: Reservation): Outcome {
  switch (command.type) {
    case 'ReserveStock':
      return reserve(command, state);
    case 'ReleaseReservation':
      return release(command, state);
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
