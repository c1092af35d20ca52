import type { ArrivedEvent } from '@crossdock/messaging';
import { arrived } from '../inventory.ts';
import type { Fact } from './operations.ts';
import type { Units } from './stock-model.ts';

const PRICE_MINOR = 100;
const skuQuantities = (units: Units) => Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));

/** What is said alike of every order. */
const ORDER = {
  number: 'N',
  currencyCode: 'GBP',
  totalMinor: 0,
  paymentMethod: 'TERMS',
  placedBy: 'somebody',
};

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

function placed(
  { orderId, partnerId, policy: shortagePolicy, lines }: FactOf<'place'>,
  holdId: string | null,
) {
  const priced = skuQuantities(lines).map((line) => ({ ...line, unitPriceMinor: PRICE_MINOR }));
  const kept = holdId === null ? {} : { holdId };
  return arrived('orders', 'OrderPlaced', {
    ...ORDER,
    orderId,
    partnerId,
    shortagePolicy,
    lines: priced,
    ...kept,
  });
}

function shipped({ orderId, partnerId, parcel }: FactOf<'ship'>): ArrivedEvent {
  const { lines, ...shipment } = parcel;
  return arrived('fulfillment', 'ShipmentConfirmed', {
    ...{ orderId, partnerId, ...shipment, lines: skuQuantities(lines) },
    ...{ releaseEpoch: 1, valueMinor: 0, currencyCode: 'GBP' },
  });
}

/** A fact as it arrives; `holdIds` are the real ids of the model's holds. */
export function arrivalOf(fact: Fact, holdIds: ReadonlyMap<string, string>): ArrivedEvent {
  if (fact.kind === 'warehouse') {
    const { warehouseId, status } = fact;
    return arrived('fulfillment', 'WarehouseRevised', { warehouseId, name: warehouseId, status });
  }
  const { orderId, partnerId } = fact;
  const about = { orderId, partnerId, number: 'N' };
  switch (fact.kind) {
    case 'place':
      return placed(fact, fact.hold === null ? null : (holdIds.get(fact.hold) ?? null));
    case 'reject':
      return arrived('orders', 'OrderRejected', { ...about, reason: 'EXPIRED' });
    case 'cancel':
      return arrived('orders', 'OrderCancelled', { ...about, reason: 'changed its mind' });
    case 'cancel lines': {
      const lines = skuQuantities(fact.lines);
      return arrived('orders', 'OrderLinesCancelled', {
        ...about,
        status: 'CONFIRMED',
        lines,
        reason: 'fewer',
      });
    }
    case 'plan': {
      const { planId, wave, greedy } = fact;
      const shipments = fact.parcels.map((parcel) => ({ ...parcel, lines: skuQuantities(parcel.lines) }));
      return arrived('fulfillment', 'ShipmentsPlanned', {
        orderId,
        partnerId,
        planId,
        attempt: 1,
        ...(wave > 1 ? { wave } : {}),
        greedy,
        shipments,
      });
    }
    case 'ship':
      return shipped(fact);
  }
}
