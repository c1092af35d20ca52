// Which movements of the ledger an event of an order or of a hold is.
import type { HoldEvent } from './hold/hold.ts';
import type { MovementKind } from './ledger.ts';
import { lessUnits } from './reservation/claims.ts';
import { type Claim, type ReservationEvent, WAREHOUSE_DOWN } from './reservation/reservation.ts';

/** Units that move alike. */
export type Move = Readonly<{
  kind: MovementKind;
  lines: readonly Claim[];
  warehouseId?: string;
  orderId?: string;
  holdId?: string;
  reason?: string | null;
}>;

/** The movements of an order's event, in order. */
export function bookedMoves(event: ReservationEvent, isOpen: (warehouseId: string) => boolean): Move[] {
  switch (event.type) {
    case 'StockReserved':
      return [{ kind: 'reserve', lines: event.data.lines }];
    case 'ReservationReleased':
      return [{ kind: 'release', lines: event.data.lines, reason: event.data.cause }];
    case 'ReservationReduced':
      return [{ kind: 'release', lines: event.data.claimed, reason: event.data.cause }];
    case 'ReservationBroken':
      return [{ kind: 'break', lines: event.data.lines, reason: event.data.cause }];
    case 'AllocationBroken': {
      const { warehouseId, shipments, cause } = event.data;
      // What lies in a warehouse that is DOWN was suspended with all that lies there.
      if (cause === WAREHOUSE_DOWN) return [];
      const kind = isOpen(warehouseId) ? 'withdraw' : 'withdraw_shut';
      return shipments.map(({ lines }) => ({ kind, warehouseId, lines, reason: cause }));
    }
    case 'StockAllocated':
      return event.data.shipments.map(({ warehouseId, lines }) => ({ kind: 'allocate', warehouseId, lines }));
    case 'StockShipped': {
      const { warehouseId, lines, missing } = event.data;
      const kind = isOpen(warehouseId) ? 'ship' : 'ship_shut';
      const left: Move = { kind, warehouseId, lines: lessUnits(lines, missing) };
      return missing.length === 0 ? [left] : [left, { kind: 'ship_missing', warehouseId, lines: missing }];
    }
    default:
      return [];
  }
}

/** The movements of a hold's event, in order. */
export function holdMoves(event: HoldEvent): Move[] {
  switch (event.type) {
    case 'HoldPlaced':
      return [{ kind: 'hold', lines: event.data.lines }];
    case 'HoldReleased':
      return [{ kind: 'unhold', lines: event.data.lines }];
    case 'HoldExpired':
      return [{ kind: 'expire', lines: event.data.lines }];
    case 'HoldClaimed': {
      const { orderId, claimed, freed } = event.data;
      return [
        { kind: 'claim', lines: claimed, orderId },
        { kind: 'unhold', lines: freed },
      ];
    }
    case 'HoldBroken':
      return [{ kind: 'break_hold', lines: event.data.lines, reason: event.data.cause }];
    default:
      return [];
  }
}
