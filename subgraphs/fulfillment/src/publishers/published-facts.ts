import type { FactData } from '@crossdock/contracts';
import type { FactMetadata, FulfillmentHeld, Said, ShipmentsPlanned } from '../domain/routing-desk.ts';
import type { ShipmentEvent } from '../domain/shipment.ts';
import type { WarehouseEvent } from '../domain/warehouse.ts';

export type FulfillmentEvent = ShipmentsPlanned | FulfillmentHeld | ShipmentEvent | WarehouseEvent;

/** A fact as it stands in the log and travels. */
export type PublishedFact = Readonly<{
  partition: number;
  category: string;
  streamId: string;
  version: number;
  id: string;
  type: string;
  data: object;
  metadata: FactMetadata;
}>;

type Contract = {
  [T in FulfillmentEvent['type']]: { category: string; type: T; data: FactData<'fulfillment', T> };
}[FulfillmentEvent['type']];

/** The contract's shape of a fact, and the category of its stream. */
function contractOf(event: FulfillmentEvent): Contract {
  switch (event.type) {
    case 'ShipmentsPlanned': {
      const shipments = event.data.shipments.map((each) => ({ ...each, lines: [...each.lines] }));
      return { category: 'fulfillment', type: event.type, data: { ...event.data, shipments } };
    }
    case 'FulfillmentHeld':
      return { category: 'fulfillment', type: event.type, data: event.data };
    case 'ShipmentReleased':
      return { category: 'shipment', type: event.type, data: event.data };
    case 'ShipmentConfirmed':
      return {
        category: 'shipment',
        type: event.type,
        data: { ...event.data, lines: [...event.data.lines] },
      };
    case 'WarehouseRegistered':
    case 'WarehouseRevised': {
      const { warehouseId, name, status, country, priority } = event.data;
      const data = { warehouseId, name, status, country, priority };
      return { category: 'warehouse', type: event.type, data };
    }
  }
}

/** What others hear of a decision. */
export function publishedFact({ event, ...place }: Said<FulfillmentEvent>): PublishedFact {
  return { ...place, ...contractOf(event) };
}
