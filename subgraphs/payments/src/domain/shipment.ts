/** What of a shipment is taken from one authorisation. */
export type Part = Readonly<{ wave: number; amountMinor: number; captured: boolean }>;

/**
 * Goods that left. EXPECTED when only orders told of it yet, and its value is not known; WAITING until there is something to
 * take the money from.
 */
export type Shipment = Readonly<{
  shipmentId: string;
  valueMinor: number;
  state: 'EXPECTED' | 'WAITING' | 'REQUESTED' | 'CAPTURED';
  /** Absent where all of it is taken from the first wave, or on terms. */
  parts?: readonly Part[];
}>;

/** From which authorisations a shipment is taken; none before it was asked for. */
export function partsOf({ valueMinor, state, parts }: Shipment): readonly Part[] {
  if (state === 'EXPECTED' || state === 'WAITING') return [];
  return parts ?? [{ wave: 1, amountMinor: valueMinor, captured: state === 'CAPTURED' }];
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
