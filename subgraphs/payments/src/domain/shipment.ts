/** What of a shipment is taken from one authorisation. */
export type Part = Readonly<{ wave: number; amountMinor: number; captured: boolean }>;

/**
 * What of a shipment a person gave up: no card is asked for it any more. `wave` is the one whose authorisation it was asked of, null
 * where it was asked of none.
 */
export type GivenUp = Readonly<{ wave: number | null; amountMinor: number }>;

/**
 * Goods that left. EXPECTED when only orders told of it yet, and its value is not known; WAITING until there is something to
 * take the money from; CAPTURED when all that was not given up is taken; GIVEN_UP when that is nothing.
 */
export type Shipment = Readonly<{
  shipmentId: string;
  valueMinor: number;
  state: 'EXPECTED' | 'WAITING' | 'REQUESTED' | 'CAPTURED' | 'GIVEN_UP';
  /** Without what was given up. Absent where all of it is taken from the first wave, or on terms. */
  parts?: readonly Part[];
  /** Absent where nothing was. */
  givenUp?: readonly GivenUp[];
}>;

/** From which authorisations a shipment is taken; none before it was asked for. */
export function partsOf({ valueMinor, state, parts }: Shipment): readonly Part[] {
  if (state === 'EXPECTED' || state === 'WAITING' || state === 'GIVEN_UP') return [];
  return parts ?? [{ wave: 1, amountMinor: valueMinor, captured: state === 'CAPTURED' }];
}

/** What of a shipment no card is asked for any more. */
export function givenUpOf({ givenUp = [] }: Pick<Shipment, 'givenUp'>): number {
  return givenUp.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What of a shipment is to be taken, or was. */
export function dueOf(shipment: Shipment): number {
  return shipment.valueMinor - givenUpOf(shipment);
}

/** What of a shipment was taken, by the parts that are done. */
export function takenOf(shipment: Shipment): number {
  return sumOf([shipment], (part) => part.captured);
}

/** True for a shipment of which nothing more will be taken. */
export function isOver({ state }: Shipment): boolean {
  return state === 'CAPTURED' || state === 'GIVEN_UP';
}

/** True for a part that is asked of a wave's authorisation and not taken yet. */
export function isOpenPart(part: Part, wave: number): boolean {
  return part.wave === wave && !part.captured;
}

/** What shipments take from a wave's authorisation, asked for or taken. */
export function takenFrom(shipments: readonly Shipment[], wave: number): number {
  return sumOf(shipments, (part) => part.wave === wave);
}

/** What the provider took from a wave's authorisation. */
export function capturedFrom(shipments: readonly Shipment[], wave: number): number {
  return sumOf(shipments, (part) => part.wave === wave && part.captured);
}

function sumOf(shipments: readonly Shipment[], counts: (part: Part) => boolean): number {
  let sum = 0;
  for (const shipment of shipments)
    for (const part of partsOf(shipment)) if (counts(part)) sum += part.amountMinor;
  return sum;
}

/** The shipments with one of them changed. */
export function withShipment(
  shipments: readonly Shipment[],
  shipmentId: string,
  change: (shipment: Shipment) => Shipment,
): readonly Shipment[] {
  return shipments.map((each) => (each.shipmentId === shipmentId ? change(each) : each));
}

/** Notes that parts were taken; where all were, the shipment is CAPTURED by an event of its own. */
export function withCaptured(shipment: Shipment, counts: (part: Part) => boolean): Shipment {
  if (shipment.parts === undefined) return shipment;
  return {
    ...shipment,
    parts: shipment.parts.map((part) => (counts(part) ? { ...part, captured: true } : part)),
  };
}

/** The shipment with what is open of it asked of another wave's authorisation. */
export function withPartMoved(shipment: Shipment, from: number, to: number): Shipment {
  const parts = partsOf(shipment).map((part) => (isOpenPart(part, from) ? { ...part, wave: to } : part));
  return { ...shipment, parts };
}

/** The shipment without its open part of a wave, which is given up. */
export function withPartGivenUp(shipment: Shipment, wave: number): Shipment {
  const given = partsOf(shipment).find((part) => isOpenPart(part, wave));
  if (given === undefined) return shipment;
  const parts = partsOf(shipment).filter((part) => !isOpenPart(part, wave));
  const state = parts.length === 0 ? 'GIVEN_UP' : shipment.state;
  return { ...withGivenUp(shipment, { wave, amountMinor: given.amountMinor }), state, parts };
}

/** The shipment, which waits, with less to wait for. */
export function withRestGivenUp(shipment: Shipment, amountMinor: number): Shipment {
  const less = withGivenUp(shipment, { wave: null, amountMinor });
  return dueOf(less) > 0 ? less : { ...less, state: 'GIVEN_UP' };
}

function withGivenUp(shipment: Shipment, given: GivenUp): Shipment {
  return { ...shipment, givenUp: [...(shipment.givenUp ?? []), given] };
}
