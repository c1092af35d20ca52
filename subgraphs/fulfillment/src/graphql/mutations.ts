import { forbidden, refuseIdempotencyKey, refuseKeyVerdict } from '@crossdock/subgraph-server';
import { type Refusal, refusal } from '@crossdock/values';
import { CONFIRM_ROWS_MAX, type ConfirmCommand } from '../command-handlers/confirm-shipments.ts';
import { UPSERT_ROWS_MAX } from '../command-handlers/upsert-warehouses.ts';
import type { Context } from './context.ts';
import type {
  ConfirmShipmentRowInput,
  MutationConfirmShipmentArgs,
  MutationConfirmShipmentsArgs,
  MutationUpsertWarehousesArgs,
} from './schema.generated.ts';

/** Only the WMS of a warehouse confirms, and only its own. */
function commandOf(
  { caller, traceparent }: Context,
  idempotencyKey: string,
  rows: readonly ConfirmShipmentRowInput[],
): ConfirmCommand {
  if (caller.role !== 'wms' || caller.warehouseId === null) throw forbidden();
  return {
    warehouseId: caller.warehouseId,
    actor: caller.subject,
    traceparent,
    idempotencyKey,
    rows: rows.map(({ shipmentId, releaseEpoch, lines, carrier = null, trackingNumber = null }) => ({
      ...{ shipmentId, releaseEpoch, lines, carrier, trackingNumber },
    })),
  };
}

export async function confirmShipment(
  _parent: unknown,
  { input }: MutationConfirmShipmentArgs,
  context: Context,
) {
  const { idempotencyKey, ...row } = input;
  const command = commandOf(context, idempotencyKey, [row]);
  const refuse = (refused: Refusal) => ({ shipment: null, replayed: false, userErrors: [refused] });
  const badKey = refuseIdempotencyKey(idempotencyKey);
  if (badKey !== null) return refuse(badKey);
  const { verdict, rows } = await context.desk.confirmShipment(command);
  const notDone = refuseKeyVerdict(verdict);
  if (notDone !== null) return refuse(notDone);
  const { shipment = null, refusal: refused = null } = rows[0] ?? {};
  return {
    shipment,
    replayed: verdict === 'REPLAYED',
    userErrors: refused === null ? [] : [ofTheOnlyRow(refused)],
  };
}

/** Without the row's place in a list that a single confirmation does not have. */
function ofTheOnlyRow({ field, ...rest }: Refusal): Refusal {
  const inside = field?.slice(2) ?? [];
  return inside.length === 0 ? rest : { ...rest, field: inside };
}

export async function confirmShipments(
  _parent: unknown,
  { input }: MutationConfirmShipmentsArgs,
  context: Context,
) {
  const { idempotencyKey, shipments } = input;
  const command = commandOf(context, idempotencyKey, shipments);
  const refuse = (refused: Refusal) => ({ results: [], replayed: false, userErrors: [refused] });
  const badKey = refuseIdempotencyKey(idempotencyKey);
  if (badKey !== null) return refuse(badKey);
  if (shipments.length < 1 || shipments.length > CONFIRM_ROWS_MAX)
    return refuse(rowCount('shipments', CONFIRM_ROWS_MAX));
  const { verdict, rows } = await context.desk.confirmShipments(command);
  const notDone = refuseKeyVerdict(verdict);
  if (notDone !== null) return refuse(notDone);
  return {
    results: rows.map(({ shipment, refusal: refused }, index) => ({
      ...{ index, shipment },
      userErrors: refused === null ? [] : [refused],
    })),
    replayed: verdict === 'REPLAYED',
    userErrors: [],
  };
}

function rowCount(field: string, max: number): Refusal {
  return refusal('INVALID_INPUT', { message: `${field} has 1 to ${max} rows.`, field: [field] });
}

export async function upsertWarehouses(
  _parent: unknown,
  { input }: MutationUpsertWarehousesArgs,
  context: Context,
) {
  const { caller, traceparent, desk } = context;
  if (caller.role !== 'erp') throw forbidden();
  const { idempotencyKey, errorPolicy = 'REJECT_ALL', warehouses } = input;
  const refuse = (refused: Refusal) => ({ results: [], replayed: false, userErrors: [refused] });
  const badKey = refuseIdempotencyKey(idempotencyKey);
  if (badKey !== null) return refuse(badKey);
  if (warehouses.length < 1 || warehouses.length > UPSERT_ROWS_MAX)
    return refuse(rowCount('warehouses', UPSERT_ROWS_MAX));
  const rows = warehouses.map(({ id, name, country = null, priority = 100 }) => ({
    id,
    name,
    country,
    priority,
  }));
  const { verdict, results } = await desk.upsertWarehouses({
    actor: caller.subject,
    ...{ traceparent, idempotencyKey, errorPolicy, rows },
  });
  const notDone = refuseKeyVerdict(verdict);
  return notDone === null ? { results, replayed: verdict === 'REPLAYED', userErrors: [] } : refuse(notDone);
}
