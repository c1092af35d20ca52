// The figures of stock while one batch is decided: what was read, moved by what was decided so far.
import { bookedMoves, holdMoves, type Move } from './booking.ts';
import type { HoldEvent } from './hold/hold.ts';
import { type Figure, MOVEMENT_KINDS, type MovementKind, movedBy } from './ledger.ts';
import type { Claim, ReservationEvent } from './reservation/reservation.ts';

/** Units that moved for one cause at one warehouse; null where the movement is network-wide. */
export type MovementGroup = Readonly<{
  kind: MovementKind;
  warehouseId: string | null;
  lines: readonly Claim[];
  /** Whether its units are more (1) or fewer (-1) for sale over all OPEN warehouses. */
  sellable: -1 | 0 | 1;
  orderId: string | null;
  holdId: string | null;
  reason: string | null;
  cause: string;
}>;

export type StockFigure = Readonly<{
  sku: string;
  warehouseId: string;
  onHand: number;
  allocated: number;
  safety: number;
}>;
export type TotalFigure = Readonly<{
  sku: string;
  sellable: number;
  reserved: number;
  held: number;
  withdrawing: number;
}>;
/** Deltas have the shape of the figures they move. */
export type StockDelta = StockFigure;
export type TotalDelta = TotalFigure;

/** What a batch decided in memory amounts to: one delta for each key, and the ledger's groups in order. */
export type ShelfMoves = Readonly<{
  stock: readonly StockDelta[];
  totals: readonly TotalDelta[];
  movements: readonly MovementGroup[];
}>;

/** A movement of goods or of safety stock; `quantity` is signed where the ledger's kind is. */
export type PhysicalMove = Readonly<{
  kind: MovementKind;
  sku: string;
  warehouseId: string;
  quantity: number;
  reason?: string | null;
  cause: string;
}>;

/** Lives for one batch only. A figure that was not read counts from 0. */
export type Shelves = Readonly<{
  isOpen: (warehouseId: string) => boolean;
  /** Units of a SKU without a claim, over all OPEN warehouses; negative where more is being withdrawn than is free. */
  available: (sku: string) => number;
  /** Units of a SKU that a warehouse can still assign; none where it is not OPEN. */
  assignable: (sku: string, warehouseId: string) => number;
  /** Claimed and held units of a SKU that are not for sale any more: so many must break. */
  deficit: (sku: string) => number;
  /** Books an event of an order, caused by the event with the given id. */
  book: (event: ReservationEvent, orderId: string, cause: string) => void;
  bookHold: (event: HoldEvent, holdId: string, cause: string) => void;
  move: (move: PhysicalMove) => void;
  /** A warehouse opens or shuts, with all that lies there: the figures follow. The database writes these moves by itself. */
  flip: (warehouseId: string, isOpen: boolean, stock: readonly StockFigure[]) => void;
  moves: () => ShelfMoves;
}>;

const TOTAL_FIGURES = ['reserved', 'held', 'withdrawing'] as const satisfies Figure[];
const PLACE_FIGURES = ['onHand', 'allocated', 'safety'] as const satisfies Figure[];

type Total = { sellable: number; reserved: number; held: number; withdrawing: number };
type Place = { onHand: number; allocated: number; safety: number };
/** Figures as they stand, and how far the batch moved them. */
type Moved<Figures> = { now: Figures; delta: Figures };

const noTotal = (): Total => ({ sellable: 0, reserved: 0, held: 0, withdrawing: 0 });
const noPlace = (): Place => ({ onHand: 0, allocated: 0, safety: 0 });

function createTotals(figures: readonly TotalFigure[]) {
  const totals = new Map<string, Moved<Total>>();
  for (const { sku, ...now } of figures) totals.set(sku, { now, delta: noTotal() });
  const of = (sku: string): Moved<Total> => {
    const known = totals.get(sku);
    if (known !== undefined) return known;
    const fresh = { now: noTotal(), delta: noTotal() };
    totals.set(sku, fresh);
    return fresh;
  };
  return {
    of,
    now: (sku: string): Readonly<Total> | undefined => totals.get(sku)?.now,
    deltas: (): TotalDelta[] =>
      [...totals]
        .filter(([, { delta }]) => Object.values(delta).some((units) => units !== 0))
        .map(([sku, { delta }]) => ({ sku, ...delta })),
  };
}

function createPlaces(figures: readonly StockFigure[]) {
  const places = new Map<string, Map<string, Moved<Place>>>();
  const of = (sku: string, warehouseId: string): Moved<Place> => {
    const shelf = places.get(warehouseId) ?? new Map<string, Moved<Place>>();
    const place = shelf.get(sku) ?? { now: noPlace(), delta: noPlace() };
    places.set(warehouseId, shelf.set(sku, place));
    return place;
  };
  for (const { sku, warehouseId, ...now } of figures) of(sku, warehouseId).now = now;
  return {
    of,
    now: (sku: string, warehouseId: string): Readonly<Place> | undefined =>
      places.get(warehouseId)?.get(sku)?.now,
    deltas: (): StockDelta[] =>
      [...places].flatMap(([warehouseId, shelf]) =>
        [...shelf]
          .filter(([, { delta }]) => Object.values(delta).some((units) => units !== 0))
          .map(([sku, { delta }]) => ({ sku, warehouseId, ...delta })),
      ),
  };
}

function shift<Key extends string>(moved: Moved<Record<Key, number>>, figure: Key, units: number): void {
  moved.now[figure] += units;
  moved.delta[figure] += units;
}

/** Units more (1) or fewer (-1) for sale for each unit of a movement at an OPEN warehouse. */
function sellableBy(kind: MovementKind): -1 | 0 | 1 {
  const way = movedBy(kind, 'onHand', 1) - movedBy(kind, 'safety', 1);
  return way > 0 ? 1 : way < 0 ? -1 : 0;
}

/** What a kind moves, once for all of its movements: a busy batch has thousands of lines, and each moves few of the figures. */
const MOVED = new Map(
  MOVEMENT_KINDS.map((kind) => {
    const of = <Key extends Figure>(figures: readonly Key[]) =>
      figures.map((figure) => ({ figure, by: movedBy(kind, figure, 1) })).filter(({ by }) => by !== 0);
    return [kind, { totals: of(TOTAL_FIGURES), places: of(PLACE_FIGURES), sellable: sellableBy(kind) }];
  }),
);

type Totals = ReturnType<typeof createTotals>;
type Places = ReturnType<typeof createPlaces>;

/** Writes the ledger's groups, and moves the figures by them. */
function createNotes(totals: Totals, places: Places, isOpen: (warehouseId: string) => boolean) {
  const movements: MovementGroup[] = [];
  const note = (move: Move, cause: string): void => {
    const { kind, lines, warehouseId = null, orderId = null, holdId = null, reason = null } = move;
    const moved = MOVED.get(kind);
    if (lines.length === 0 || moved === undefined) return;
    const sellable = warehouseId !== null && isOpen(warehouseId) ? moved.sellable : 0;
    for (const [sku, quantity] of lines) {
      for (const { figure, by } of moved.totals) shift(totals.of(sku), figure, by * quantity);
      if (sellable !== 0) shift(totals.of(sku), 'sellable', sellable * quantity);
      if (warehouseId === null) continue;
      for (const { figure, by } of moved.places) shift(places.of(sku, warehouseId), figure, by * quantity);
    }
    movements.push({ kind, warehouseId, lines, sellable, orderId, holdId, reason, cause });
  };
  return { movements, note };
}

/** Counts all that lies in a warehouse in or out, with what the batch moved there. */
function countShelves(totals: Totals, places: Places, opens: boolean, stock: readonly StockFigure[]): void {
  const way = opens ? 1 : -1;
  for (const { sku, warehouseId, onHand, allocated, safety } of stock) {
    const { delta } = places.of(sku, warehouseId);
    const { now } = totals.of(sku);
    const assigned = allocated + delta.allocated;
    now.sellable += way * (onHand + delta.onHand - safety - delta.safety);
    now.reserved += way * assigned;
    now.withdrawing -= way * assigned;
  }
}

export function createShelves(
  figures: Readonly<{
    totals: readonly TotalFigure[];
    stock: readonly StockFigure[];
    isOpen: (warehouseId: string) => boolean;
  }>,
): Shelves {
  const totals = createTotals(figures.totals);
  const places = createPlaces(figures.stock);
  const flipped = new Map<string, boolean>();
  const isOpen = (warehouseId: string) => flipped.get(warehouseId) ?? figures.isOpen(warehouseId);
  const { movements, note } = createNotes(totals, places, isOpen);
  return {
    isOpen,
    available: (sku) => freeOf(totals.now(sku) ?? noTotal()),
    assignable: (sku, warehouseId) => {
      const { onHand, allocated, safety } = places.now(sku, warehouseId) ?? noPlace();
      return isOpen(warehouseId) ? onHand - allocated - safety : 0;
    },
    deficit: (sku) => {
      const { sellable, reserved, held } = totals.now(sku) ?? noTotal();
      return Math.max(0, reserved + held - sellable);
    },
    book: (event, orderId, cause) => {
      for (const move of bookedMoves(event, isOpen)) note({ ...move, orderId }, cause);
    },
    bookHold: (event, holdId, cause) => {
      for (const move of holdMoves(event)) note({ ...move, holdId }, cause);
    },
    move: ({ kind, sku, warehouseId, quantity, reason = null, cause }) =>
      note({ kind, warehouseId, lines: [[sku, quantity]], reason }, cause),
    flip: (warehouseId, opens, stock) => {
      if (isOpen(warehouseId) === opens) return;
      flipped.set(warehouseId, opens);
      countShelves(totals, places, opens, stock);
    },
    moves: () => ({ stock: places.deltas(), totals: totals.deltas(), movements }),
  };
}

const freeOf = ({ sellable, reserved, held, withdrawing }: Readonly<Total>) =>
  sellable - reserved - held - withdrawing;
