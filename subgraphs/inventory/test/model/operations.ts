// Everything that can happen to stock, as data: what the model does in its head and the real inventory in its tables.
import type { Policy, Status, Units } from './stock-model.ts';

export type PlannedParcel = Readonly<{ shipmentId: string; warehouseId: string; lines: Units }>;
type OfOrder = Readonly<{ orderId: string; partnerId: string }>;

/** What the others say; several of them are heard in one batch. */
export type Fact =
  | (OfOrder & Readonly<{ kind: 'place'; policy: Policy; lines: Units; hold: string | null }>)
  | (OfOrder & Readonly<{ kind: 'reject' | 'cancel' }>)
  | (OfOrder & Readonly<{ kind: 'cancel lines'; lines: Units }>)
  | (OfOrder &
      Readonly<{
        kind: 'plan';
        planId: string;
        wave: number;
        parcels: readonly PlannedParcel[];
        greedy: boolean;
      }>)
  | (OfOrder & Readonly<{ kind: 'ship'; parcel: PlannedParcel }>)
  | Readonly<{ kind: 'warehouse'; warehouseId: string; status: Status }>;

type OnShelf = Readonly<{ sku: string; warehouseId: string }>;

/** What clients ask, and what the clock does; each is a call of its own. Holds and transfers go by a label of the test. */
export type Request =
  | (OnShelf & Readonly<{ kind: 'receive'; quantity: number }>)
  | Readonly<{ kind: 'adjust'; lines: readonly (OnShelf & Readonly<{ delta: number }>)[] }>
  | (OnShelf & Readonly<{ kind: 'count'; counted: number }>)
  | (OnShelf & Readonly<{ kind: 'safety'; safety: number }>)
  | Readonly<{ kind: 'send'; label: string; from: string; to: string; sku: string; quantity: number }>
  | Readonly<{ kind: 'arrive'; label: string; quantity: number; isLast: boolean }>
  | Readonly<{ kind: 'hold'; label: string; partnerId: string; lines: Units }>
  | Readonly<{ kind: 'extend' | 'let go' | 'expire'; label: string }>
  | Readonly<{ kind: 'release' }>;

/** One call: a batch of facts, or a request. */
export type Call = Readonly<{ facts: readonly Fact[] }> | Readonly<{ request: Request }>;
