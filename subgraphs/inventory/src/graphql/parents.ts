import type { ProductView, StockView } from '../read-models/products.ts';
import type { ReservationView } from '../read-models/reservations.ts';
import type { StockMovementView } from '../read-models/stock-history.ts';
import type { TransferView } from '../read-models/transfers.ts';

/** What resolvers of a type get as their parent, where it is not the type itself. */
export type ProductParent = ProductView;
export type StockLevelParent = StockView;
export type StockTransferParent = TransferView;
export type StockMovementParent = StockMovementView;
export type OrderParent = Readonly<{ id: string }>;
/** A decided reservation. */
export type ReservationParent = ReservationView &
  Readonly<{ status: NonNullable<ReservationView['status']>; decidedAt: Date }>;
