import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  PAGE_MAX,
} from '@crossdock/subgraph-server';
import { isUuid } from '@crossdock/values';
import type { Context } from './context.ts';
import type { QueryShipmentsArgs, RequireFields } from './schema.generated.ts';

const TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:?\d\d)?|Z)$/;

function placeOf(cursor: string): { plannedAt: string; shipmentId: string } {
  const [plannedAt = '', shipmentId = ''] = decodePageCursor(cursor, 2) ?? [];
  if (!TIMESTAMP.test(plannedAt) || !isUuid(shipmentId)) throw badInput('after is no cursor of this list.');
  return { plannedAt, shipmentId };
}

/** A page of the shipments the caller may see, newest first. */
export async function listShipments(
  _parent: unknown,
  args: RequireFields<QueryShipmentsArgs, 'first'>,
  { desk, scope }: Context,
) {
  const { first, after = null, warehouseId = null, statuses = null } = args;
  if (first < 1 || first > PAGE_MAX) throw badInput(`first is 1 to ${PAGE_MAX}.`);
  const rows = await desk.listShipments({
    scope,
    warehouseId,
    statuses,
    after: after === null ? null : placeOf(after),
    limit: first + 1,
  });
  return connection(rows, first, after, ({ plannedAt, shipmentId }) =>
    encodePageCursor(plannedAt, shipmentId),
  );
}
