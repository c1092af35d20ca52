import {
  discardDeadLetters,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  replayDeadLetters,
} from '@crossdock/subgraph-server';
import { isUuid } from '@crossdock/values';
import { covers } from '../read-models/shipments.ts';
import type { Context } from './context.ts';
import { confirmShipment, confirmShipments, upsertWarehouses } from './mutations.ts';
import type { OrderParent } from './parents.ts';
import type { Resolvers } from './schema.generated.ts';
import { listShipments } from './shipment-list.ts';

/** The shipment when it exists and the caller may see it. */
async function visibleShipment(context: Context, id: string) {
  const shipment = isUuid(id) ? await context.loaders.shipment.load(id.toLowerCase()) : null;
  return shipment !== null && covers(context.scope, shipment) ? shipment : null;
}

/** The order when it is the caller's. A warehouse sees every order by its id, and of it only its own shipments. */
async function visibleOrder(context: Context, id: string): Promise<OrderParent | null> {
  if (!isUuid(id)) return null;
  const orderId = id.toLowerCase();
  if (context.scope.kind === 'warehouse') return { id: orderId };
  const partnerId = await context.loaders.partnerOfOrder.load(orderId);
  return partnerId !== null && covers(context.scope, { partnerId, warehouseId: '' }) ? { id: orderId } : null;
}

async function warehouseOf(context: Context, id: string) {
  const warehouse = await context.loaders.warehouse.load(id);
  if (warehouse === null) throw new Error(`Warehouse ${id} has shipments and no row`);
  return warehouse;
}

export const resolvers: Resolvers = {
  Query: {
    warehouses: (_parent, _args, { desk }) => desk.allWarehouses(),
    shipment: (_parent, { id }, context) => visibleShipment(context, id),
    shipments: listShipments,
    operations: operationsHolder,
  },
  Mutation: {
    confirmShipment,
    confirmShipments,
    upsertWarehouses,
    replayFulfillmentDeadLetters: replayDeadLetters,
    discardFulfillmentDeadLetters: discardDeadLetters,
  },
  Operations: { fulfillmentDeadLetters: listDeadLetters, fulfillmentDeadLetterGroups: groupDeadLetters },
  Warehouse: {
    __resolveReference: ({ id }, { loaders }) => loaders.warehouse.load(id),
  },
  Order: {
    __resolveReference: ({ id }, context) => visibleOrder(context, id),
    shipments: async ({ id }, _args, { loaders, scope }) =>
      (await loaders.shipmentsOfOrder.load(id)).filter((shipment) => covers(scope, shipment)),
    routing: async ({ id }, _args, { loaders, scope }) => {
      const routing = scope.kind === 'warehouse' ? null : await loaders.routing.load(id);
      return routing === null ? null : { ...routing, decidedAt: routing.decidedAt.toISOString() };
    },
  },
  Shipment: {
    __resolveReference: ({ id }, context) => visibleShipment(context, id),
    id: ({ shipmentId }) => shipmentId,
    order: ({ orderId }) => ({ id: orderId }),
    warehouse: ({ warehouseId }, _args, context) => warehouseOf(context, warehouseId),
  },
};
