import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  pageSize,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid } from '@crossdock/values';
import type { Context } from './context.ts';
import type { QueryShipmentsArgs } from './schema.generated.ts';

/** The shipment a cursor stands behind. */
function lastOf(cursor: string): string {
  const [shipmentId = ''] = decodePageCursor(cursor, 1) ?? [];
  if (!isUuid(shipmentId)) throw badInput('after is no cursor of this list.');
  return shipmentId;
}

/** A page of the shipments the caller may see, newest first. */
export async function listShipments(_parent: unknown, args: QueryShipmentsArgs, { desk, scope }: Context) {
  const { after = null, warehouseId = null, statuses = null } = args;
  const first = pageSize(args.first);
  if (warehouseId !== null && !isStorable(warehouseId)) throw badInput('warehouseId is no code.');
  const rows = await desk.listShipments({
    scope,
    warehouseId,
    statuses,
    after: after === null ? null : lastOf(after),
    limit: first + 1,
  });
  return connection(rows, first, after, ({ shipmentId }) => encodePageCursor(shipmentId));
}
