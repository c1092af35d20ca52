/** What can happen to stock. `quantity` of a movement is positive, but for `adjust`, `safety`, `open` and `shut`. */
export type MovementKind = keyof typeof EFFECTS;

/** The figures of a SKU that a movement can move; the first three are of one warehouse, the others network-wide. */
export type Figure = 'onHand' | 'allocated' | 'safety' | 'reserved' | 'held' | 'withdrawing';
export type Effect = Readonly<Partial<Record<Figure, 1 | -1>>>;

/**
 * How far each kind moves the figures, as a factor of its quantity. Units for sale (`sellable`) stand beside it in each
 * movement, since they hang on whether the warehouse was OPEN.
 */
export const EFFECTS = {
  /** Goods arrived from outside. */
  receipt: { onHand: 1 },
  /** More or fewer were found. */
  adjust: { onHand: 1 },
  /** Came back from a partner. */
  return: { onHand: 1 },
  transfer_out: { onHand: -1 },
  transfer_in: { onHand: 1 },
  safety: { safety: 1 },
  /** The warehouse opened, or shut: `quantity` units more, or fewer, are for sale. Nothing else moves. */
  open: {},
  shut: {},
  /** The warehouse of allocated units shut, or opened again. */
  suspend: { reserved: -1, withdrawing: 1 },
  resume: { reserved: 1, withdrawing: -1 },
  reserve: { reserved: 1 },
  release: { reserved: -1 },
  /** A claim was lost: the units are not there. */
  break: { reserved: -1 },
  hold: { held: 1 },
  unhold: { held: -1 },
  expire: { held: -1 },
  /** An order took the units over; its `reserve` follows. */
  claim: { held: -1 },
  break_hold: { held: -1 },
  allocate: { allocated: 1 },
  /** Units assigned to a shipment are not there: in an OPEN warehouse, and in another one. */
  withdraw: { allocated: -1, reserved: -1, withdrawing: 1 },
  withdraw_shut: { allocated: -1 },
  /** Goods left: from an OPEN warehouse, from another one, and such as were not there by the books. */
  ship: { onHand: -1, allocated: -1, reserved: -1 },
  ship_shut: { onHand: -1, allocated: -1, withdrawing: -1 },
  ship_missing: { withdrawing: -1 },
} as const satisfies Record<string, Effect>;

// The keys of an object written down above are exactly the kinds.
export const MOVEMENT_KINDS = Object.keys(EFFECTS) as MovementKind[];

/** Units by which a movement moves a figure. */
export function movedBy(kind: MovementKind, figure: Figure, quantity: number): number {
  const effect: Effect = EFFECTS[kind];
  return (effect[figure] ?? 0) * quantity;
}
