import {
  awaitTwin,
  createIntake,
  derivedId,
  faultKind,
  fingerprint,
  markedByRequest,
  type NewEvent,
  type Sql,
} from '@crossdock/event-store';
import { isStorable, isUuid, type Refusal, refusal } from '@crossdock/values';
import { decideConfirmation, evolveShipment, type Leaving, type Shipment } from '../domain/shipment.ts';
import { publishedFact } from '../publishers/published-facts.ts';
import { type ConfirmationRequest, commitConfirmations } from '../store/confirmations.ts';
import { loadLeavingShipments, loadShipmentsById } from '../store/shipments.ts';

export const CONFIRM_ROWS_MAX = 100;
const CARRIER_LENGTH_MAX = 64;
const TRACKING_NUMBER_LENGTH_MAX = 128;
/** Requests in one commit at most, each of up to 100 rows. */
const REQUESTS_MAX = 16;
/** Times a batch is decided again because a shipment moved while it was decided. */
const ROUNDS_MAX = 4;

export type ConfirmRow = Leaving & Readonly<{ shipmentId: string }>;
export type ConfirmCommand = Readonly<{
  warehouseId: string;
  actor: string;
  traceparent: string | null;
  idempotencyKey: string;
  rows: readonly ConfirmRow[];
}>;

/** One row's end: the shipment as it is now (null when unknown), and why it was refused. */
export type ConfirmedRow = Readonly<{ shipment: Shipment | null; refusal: Refusal | null }>;
export type ConfirmOutcome = Readonly<{ verdict: string; rows: readonly ConfirmedRow[] }>;
export type ConfirmShipments = (command: ConfirmCommand) => Promise<ConfirmOutcome>;

export type ConfirmOptions = Readonly<{
  sql: Sql;
  /** Keys of one operation are apart from those of another. */
  operation: 'confirmShipment' | 'confirmShipments';
  /** Called after a commit that appended. */
  poke: () => void;
}>;

/** Confirms that shipments leave. Requests that come together share one commit; each row has its own verdict. */
export function createConfirmShipments({ sql, operation, poke }: ConfirmOptions): ConfirmShipments {
  const intake = createIntake<ConfirmCommand, ConfirmOutcome>({
    write: (commands) => confirmTogether(sql, operation, commands),
    // Two requests for one shipment never share a commit: the second is decided on what the first left.
    keysOf: ({ warehouseId, idempotencyKey, rows }) => [
      `key ${warehouseId} ${idempotencyKey}`,
      ...rows.map(({ shipmentId }) => shipmentId),
    ],
    batchMax: REQUESTS_MAX,
  });
  return async (asked) => {
    const rows = asked.rows.map((row) => ({ ...row, shipmentId: row.shipmentId.toLowerCase() }));
    const command = { ...asked, rows };
    const outcome = await awaitTwin(
      () => intake.submit(command),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (outcome.verdict === 'NEW') poke();
    return outcome;
  };
}

async function confirmTogether(
  sql: Sql,
  operation: string,
  commands: readonly ConfirmCommand[],
): Promise<ConfirmOutcome[]> {
  for (let round = 1; ; round += 1) {
    const leaving = await loadLeavingShipments(sql, knownIds(commands));
    const { shipments } = leaving;
    const decided = commands.map((command) => decideRequest(command, operation, leaving));
    try {
      const verdicts = await commitConfirmations(
        sql,
        operation,
        decided.map(({ request }) => request),
      );
      const replayed = verdicts.some(({ verdict }) => verdict === 'REPLAYED');
      const now = replayed ? await loadShipmentsById(sql, knownIds(commands)) : shipments;
      return commands.map((command, index) => {
        const { verdict = 'IN_FLIGHT', result = null } = verdicts[index] ?? {};
        if (verdict === 'NEW') return { verdict, rows: decided[index]?.rows ?? [] };
        return { verdict, rows: verdict === 'REPLAYED' ? replay(command, result, now) : [] };
      });
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round === ROUNDS_MAX) throw error;
    }
  }
}

function knownIds(commands: readonly ConfirmCommand[]): string[] {
  return [
    ...new Set(commands.flatMap(({ rows }) => rows.map(({ shipmentId }) => shipmentId)).filter(isUuid)),
  ];
}

/** The stored answer of a request: each row's refusal, or null. */
function replay(
  command: ConfirmCommand,
  result: string | null,
  now: ReadonlyMap<string, Shipment>,
): ConfirmedRow[] {
  // Written by decideRequest under this very key and input.
  const refusals = JSON.parse(result ?? '[]') as (Refusal | null)[];
  return command.rows.map((row, index) => ({
    shipment: ownShipment(command, row, now),
    refusal: refusals[index] ?? null,
  }));
}

function ownShipment(
  { warehouseId }: ConfirmCommand,
  row: ConfirmRow,
  shipments: ReadonlyMap<string, Shipment>,
) {
  const shipment = shipments.get(row.shipmentId);
  return shipment?.warehouseId === warehouseId ? shipment : null;
}

type LeavingShipments = Awaited<ReturnType<typeof loadLeavingShipments>>;

function decideRequest(
  command: ConfirmCommand,
  operation: string,
  { shipments, orderLines }: LeavingShipments,
): { request: ConfirmationRequest; rows: ConfirmedRow[] } {
  const { warehouseId, idempotencyKey, rows } = command;
  const state = new Map<string, Shipment>(shipments);
  const leaving: { shipment: Shipment; fact: NewEvent }[] = [];
  const decided = rows.map((row, index): ConfirmedRow => {
    const shipment = ownShipment(command, row, state);
    if (shipment === null)
      return { shipment, refusal: refusal('UNKNOWN_SHIPMENT', { field: fieldOf(index, 'shipmentId') }) };
    const malformed = refuseTexts(row, index);
    if (malformed !== null) return { shipment, refusal: malformed };
    const decision = decideConfirmation(shipment, row, orderLines.get(shipment.orderId) ?? []);
    if (!decision.accepted)
      return { shipment, refusal: refusal(decision.rejection, { field: fieldOf(index) }) };
    let left = shipment;
    for (const event of decision.events) {
      left = evolveShipment(left, event);
      leaving.push({ shipment: left, fact: factOf(left, event, command) });
    }
    state.set(left.shipmentId, left);
    return { shipment: left, refusal: null };
  });
  const result = leaving.length === 0 ? null : JSON.stringify(decided.map((each) => each.refusal));
  // The rows were built field by field above, so their text is canonical as it is.
  const print = fingerprint({ rows: JSON.stringify(rows) });
  const request = { scope: warehouseId, key: idempotencyKey, fingerprint: print };
  return {
    request: { ...request, result, leaving: marked(leaving, { ...request, operation }, result) },
    rows: decided,
  };
}

/** Shipments that leave, their facts marked by the request. */
function marked(
  leaving: readonly Readonly<{ shipment: Shipment; fact: NewEvent }>[],
  request: Parameters<typeof markedByRequest>[1],
  result: string | null,
) {
  const facts = leaving.map(({ fact }) => fact);
  const withMark = result === null ? facts : markedByRequest(facts, request, result);
  return leaving.map((each, index) => ({ ...each, fact: withMark[index] ?? each.fact }));
}

function factOf(
  left: Shipment,
  event: Parameters<typeof evolveShipment>[1],
  command: ConfirmCommand,
): NewEvent {
  const { shipmentId, partition, version, orderId, releaseEpoch } = left;
  const metadata = {
    correlationId: orderId,
    actor: command.actor,
    ...(command.traceparent === null ? {} : { traceparent: command.traceparent }),
  };
  // One id for each release of a shipment: the index `events_id_taken` lets it leave once.
  const id = derivedId(shipmentId, 'confirmed', releaseEpoch);
  return publishedFact({ partition, streamId: shipmentId, version, id, event, metadata });
}

function fieldOf(index: number, ...more: string[]): string[] {
  return ['shipments', String(index), ...more];
}

function refuseTexts({ carrier, trackingNumber }: ConfirmRow, index: number): Refusal | null {
  if (carrier !== null && (carrier.length > CARRIER_LENGTH_MAX || !isStorable(carrier))) {
    return refusal('INVALID_INPUT', {
      message: 'carrier has at most 64 characters.',
      field: fieldOf(index, 'carrier'),
    });
  }
  if (
    trackingNumber !== null &&
    (trackingNumber.length > TRACKING_NUMBER_LENGTH_MAX || !isStorable(trackingNumber))
  ) {
    const field = fieldOf(index, 'trackingNumber');
    return refusal('INVALID_INPUT', { message: 'trackingNumber has at most 128 characters.', field });
  }
  return null;
}
