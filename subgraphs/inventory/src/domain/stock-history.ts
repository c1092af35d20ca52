import { EFFECTS, type MovementKind, movedBy } from './ledger.ts';

/** A figure whose history can be asked for; SELLABLE hangs on which warehouses were OPEN, so that each movement tells its part. */
export type HistoryFigure =
  | 'ON_HAND'
  | 'ALLOCATED'
  | 'SAFETY'
  | 'SELLABLE'
  | 'RESERVED'
  | 'HELD'
  | 'WITHDRAWING';

const FIGURES = {
  ON_HAND: 'onHand',
  ALLOCATED: 'allocated',
  SAFETY: 'safety',
  RESERVED: 'reserved',
  HELD: 'held',
  WITHDRAWING: 'withdrawing',
} as const;

/** Figures that each warehouse has of its own. */
const OF_WAREHOUSES: ReadonlySet<HistoryFigure> = new Set(['ON_HAND', 'ALLOCATED', 'SAFETY']);

export function isOfWarehouses(figure: HistoryFigure): boolean {
  return OF_WAREHOUSES.has(figure);
}

export type Movement = Readonly<{ kind: MovementKind; quantity: number; sellableDelta: number }>;

/** Units by which a movement moved the figure. */
export function deltaOf(figure: HistoryFigure, { kind, quantity, sellableDelta }: Movement): number {
  return figure === 'SELLABLE' ? sellableDelta : movedBy(kind, FIGURES[figure], quantity);
}

/** The kinds that move the figure; null for SELLABLE, which any kind may move. */
export function kindsOf(figure: HistoryFigure): MovementKind[] | null {
  if (figure === 'SELLABLE') return null;
  const kinds = Object.keys(EFFECTS) as MovementKind[]; // The keys of EFFECTS are what MovementKind is made of.
  return kinds.filter((kind) => movedBy(kind, FIGURES[figure], 1) !== 0);
}

/** Movements from the newest on, each with the figure after it; `figure` stands after the first of them. */
export function withBalances<M extends Movement>(
  movements: readonly M[],
  of: HistoryFigure,
  figure: number,
): (M & Readonly<{ delta: number; balance: number }>)[] {
  let balance = figure;
  return movements.map((movement) => {
    const delta = deltaOf(of, movement);
    const after = balance;
    balance -= delta;
    return { ...movement, delta, balance: after };
  });
}
