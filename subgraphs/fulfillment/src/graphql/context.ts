import {
  type Caller,
  type DeadLetterDesk,
  type RequestContext,
  seesAllPartners,
} from '@crossdock/subgraph-server';
import DataLoader from 'dataloader';
import type { ConfirmShipments } from '../command-handlers/confirm-shipments.ts';
import type { UpsertWarehouses } from '../command-handlers/upsert-warehouses.ts';
import type { RoutingView, WarehouseView } from '../read-models/routing.ts';
import type { ShipmentPage, ShipmentScope, ShipmentView } from '../read-models/shipments.ts';

/** What resolvers ask and do; main.ts binds it to the database. */
export type Desk = Readonly<{
  deadLetters: DeadLetterDesk;
  confirmShipment: ConfirmShipments;
  confirmShipments: ConfirmShipments;
  upsertWarehouses: UpsertWarehouses;
  shipmentsById: (ids: readonly string[]) => Promise<ShipmentView[]>;
  shipmentsOfOrders: (orderIds: readonly string[]) => Promise<ShipmentView[]>;
  listShipments: (page: ShipmentPage) => Promise<ShipmentView[]>;
  partnersOfOrders: (orderIds: readonly string[]) => Promise<{ orderId: string; partnerId: string }[]>;
  latestPlans: (orderIds: readonly string[]) => Promise<RoutingView[]>;
  allWarehouses: () => Promise<WarehouseView[]>;
  warehousesById: (ids: readonly string[]) => Promise<WarehouseView[]>;
}>;

export type Context = RequestContext &
  Readonly<{
    desk: Desk;
    deadLetters: DeadLetterDesk;
    scope: ShipmentScope;
    loaders: Readonly<{
      shipment: DataLoader<string, ShipmentView | null>;
      shipmentsOfOrder: DataLoader<string, ShipmentView[]>;
      partnerOfOrder: DataLoader<string, string | null>;
      routing: DataLoader<string, RoutingView | null>;
      warehouse: DataLoader<string, WarehouseView | null>;
    }>;
  }>;

/** Whose shipments the caller may see. */
export function scopeOf(caller: Caller): ShipmentScope {
  if (seesAllPartners(caller)) return { kind: 'all' };
  if (caller.role === 'wms') return { kind: 'warehouse', warehouseId: caller.warehouseId ?? '' };
  return { kind: 'partners', partnerIds: caller.partnerIds };
}

function oneByOne<Row, Value>(
  load: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
  pick: (row: Row) => Value,
): DataLoader<string, Value | null> {
  return new DataLoader<string, Value | null>(async (ids) => {
    const rows = new Map((await load(ids)).map((row) => [idOf(row), pick(row)]));
    return ids.map((id) => rows.get(id) ?? null);
  });
}

/** Adds to a request what its resolvers share: one query for each kind of row, however many ask. */
export function createContext(base: RequestContext, desk: Desk): Context {
  const itself = <Row>(row: Row) => row;
  return {
    ...base,
    desk,
    deadLetters: desk.deadLetters,
    scope: scopeOf(base.caller),
    loaders: {
      shipment: oneByOne(desk.shipmentsById, ({ shipmentId }) => shipmentId, itself),
      shipmentsOfOrder: new DataLoader<string, ShipmentView[]>(async (orderIds) => {
        const rows = Map.groupBy(await desk.shipmentsOfOrders(orderIds), ({ orderId }) => orderId);
        return orderIds.map((orderId) => rows.get(orderId) ?? []);
      }),
      partnerOfOrder: oneByOne(
        desk.partnersOfOrders,
        ({ orderId }) => orderId,
        ({ partnerId }) => partnerId,
      ),
      routing: oneByOne(desk.latestPlans, ({ orderId }) => orderId, itself),
      warehouse: oneByOne(desk.warehousesById, ({ id }) => id, itself),
    },
  };
}
