import { accept, type Decider, type Decision, type Message, reject } from '@crossdock/event-sourcing';

export type ShipmentStatus = 'PLANNED' | 'RELEASED' | 'PICKING' | 'SHIPPED' | 'CANCELLED' | 'REROUTED';
export type SkuQuantity = Readonly<{ sku: string; quantity: number }>;
export type PricedLine = SkuQuantity & Readonly<{ unitPriceMinor: number }>;
/** What left, priced as in the order; what left before prices were told has none. */
export type LeftLine = SkuQuantity & Readonly<{ unitPriceMinor: number | null }>;

/** What one warehouse is told to pick for one order. `version` counts its facts, `releaseEpoch` its releases. */
export type Shipment = Readonly<{
  shipmentId: string;
  orderId: string;
  partnerId: string;
  partition: number;
  warehouseId: string;
  status: ShipmentStatus;
  version: number;
  releaseEpoch: number;
  lines: readonly SkuQuantity[];
  /** Value of the lines at the prices of the order. */
  valueMinor: number;
  currencyCode: string;
  carrier: string | null;
  trackingNumber: string | null;
  /** Units of it that are not there, as often as it was said; absent where none was missed. */
  missing?: readonly SkuQuantity[] | null;
}>;

/** What a release is decided on: all but what is in it. */
export type ShipmentHead = Pick<
  Shipment,
  'shipmentId' | 'orderId' | 'partnerId' | 'partition' | 'warehouseId' | 'status' | 'version' | 'releaseEpoch'
>;

export type Leaving = Readonly<{
  releaseEpoch: number;
  lines: readonly SkuQuantity[];
  carrier: string | null;
  trackingNumber: string | null;
}>;
export type ReleaseShipment = Message<'ReleaseShipment', object>;
export type ConfirmShipment = Message<'ConfirmShipment', Leaving>;
export type ShipmentCommand = ReleaseShipment | ConfirmShipment;

type Identity = {
  orderId: string;
  partnerId: string;
  shipmentId: string;
  warehouseId: string;
  releaseEpoch: number;
};
export type ShipmentReleased = Message<'ShipmentReleased', Identity>;
export type ShipmentConfirmed = Message<
  'ShipmentConfirmed',
  Identity & {
    valueMinor: number;
    currencyCode: string;
    lines: readonly LeftLine[];
    carrier: string | null;
    trackingNumber: string | null;
  }
>;
export type ShipmentEvent = ShipmentReleased | ShipmentConfirmed;

/** In the words of the API's error codes. */
export type ShipmentRejection = 'SHIPMENT_WITHDRAWN' | 'SHIPMENT_STATE' | 'SHIPMENT_LINES_DIFFER';

function identityOf(shipment: ShipmentHead, releaseEpoch: number): Identity {
  const { orderId, partnerId, shipmentId, warehouseId } = shipment;
  return { orderId, partnerId, shipmentId, warehouseId, releaseEpoch };
}

/** True when both name the same SKUs with the same quantities, in any order. */
export function sameLines(left: readonly SkuQuantity[], right: readonly SkuQuantity[]): boolean {
  if (left.length !== right.length) return false;
  const wanted = new Map(left.map(({ sku, quantity }) => [sku, quantity]));
  return right.every(({ sku, quantity }) => {
    const same = wanted.get(sku) === quantity;
    // A SKU that is named twice finds its second naming gone.
    wanted.delete(sku);
    return same;
  });
}

/** Lines at the prices of an order's lines, of which each SKU has one; what the order does not have costs nothing. */
export function pricedLines(lines: readonly SkuQuantity[], orderLines: readonly PricedLine[]): PricedLine[] {
  const prices = new Map(orderLines.map(({ sku, unitPriceMinor }) => [sku, unitPriceMinor]));
  return lines.map(({ sku, quantity }) => ({ sku, quantity, unitPriceMinor: prices.get(sku) ?? 0 }));
}

/** Hands a planned shipment to its WMS, once. */
export function decideRelease(state: ShipmentHead): Decision<ShipmentReleased, ShipmentRejection> {
  if (state.status !== 'PLANNED') return reject('SHIPMENT_STATE');
  return accept({ type: 'ShipmentReleased', data: identityOf(state, state.releaseEpoch + 1) });
}

/** The commit point before goods leave: only the valid release, only once, only exactly what was told, at its order's prices. */
export function decideConfirmation(
  state: Shipment,
  leaving: Leaving,
  orderLines: readonly PricedLine[],
): Decision<ShipmentConfirmed, ShipmentRejection> {
  const { carrier, trackingNumber } = leaving;
  if (leaving.releaseEpoch !== state.releaseEpoch) return reject('SHIPMENT_WITHDRAWN');
  if (state.status === 'CANCELLED' || state.status === 'REROUTED') return reject('SHIPMENT_WITHDRAWN');
  if (state.status !== 'RELEASED' && state.status !== 'PICKING') return reject('SHIPMENT_STATE');
  if (!sameLines(state.lines, leaving.lines)) return reject('SHIPMENT_LINES_DIFFER');
  const { valueMinor, currencyCode } = state;
  const lines = pricedLines(state.lines, orderLines);
  const left = { valueMinor, currencyCode, lines, carrier, trackingNumber };
  return accept({ type: 'ShipmentConfirmed', data: { ...identityOf(state, state.releaseEpoch), ...left } });
}

/** The shipment, or its head, after a release. */
export function evolveRelease<Head extends ShipmentHead>(state: Head, { data }: ShipmentReleased): Head {
  return { ...state, status: 'RELEASED', releaseEpoch: data.releaseEpoch, version: state.version + 1 };
}

export function evolveShipment(state: Shipment, event: ShipmentEvent): Shipment {
  if (event.type === 'ShipmentReleased') return evolveRelease(state, event);
  const { carrier, trackingNumber } = event.data;
  return { ...state, status: 'SHIPPED', carrier, trackingNumber, version: state.version + 1 };
}

/** The rule book of a shipment that was planned like this. */
export function shipmentRules(
  planned: Shipment,
  orderLines: readonly PricedLine[],
): Decider<ShipmentCommand, ShipmentEvent, Shipment, ShipmentRejection> {
  return {
    initialState: planned,
    decide: (command, state): Decision<ShipmentEvent, ShipmentRejection> =>
      command.type === 'ReleaseShipment'
        ? decideRelease(state)
        : decideConfirmation(state, command.data, orderLines),
    evolve: evolveShipment,
  };
}
