import type { Sql } from '@crossdock/event-store';
import type { OfCall, WaitingCall } from '../domain/held-call.ts';
import type { PaymentMethod, PaymentState, Reduction } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import { mayBeRenewed } from '../domain/renewals.ts';
import type { Shipment } from '../domain/shipment.ts';
import { newWave, type Stage, type Wave } from '../domain/wave.ts';

/** A payment as it stands in its row. */
export type StoredPayment = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  version: number;
  streamVersion: number;
  state: PaymentState;
}>;

/**
 * All of a payment that is more than one authorisation, taken shipment by shipment. Its columns then only sum this up; for any
 * other they are all there is, and this is null.
 */
export type InDepth = Readonly<{
  waves: readonly Wave[];
  waitingUnits: number;
  heardVersion: number;
  reductions: readonly Reduction[];
  refunds?: readonly Refund[];
  held?: readonly WaitingCall[];
  timesHeld?: number;
  unknownCalls?: readonly OfCall[];
  grainMinor?: number | null;
}>;

type Row = Readonly<{
  order_id: string;
  partner_id: string;
  partition: number;
  version: number;
  stream_version: number;
  closed: boolean;
  method: PaymentMethod | null;
  currency_code: string | null;
  total: number | null;
  reserved: number | null;
  stage: Stage;
  outcome_unknown: boolean;
  decline_reason: string | null;
  authorised: number;
  captured: number;
  refunded: number;
  provider_authorisation_id: string | null;
  provider: string | null;
  expires_at: Date | null;
  sealed_card_token: string | null;
  shipments: readonly Shipment[];
  in_depth: InDepth | null;
}>;

function isOrdinary(state: PaymentState): boolean {
  const { waves, heardVersion, refunds, held, timesHeld, unknownCalls, grainMinor } = state;
  if (grainMinor !== null) return false;
  if (waves.length > 1 || waves.some((wave) => wave.ended || wave.renewalDeclined)) return false;
  return heardVersion === 0 && refunds.length + held.length + timesHeld + unknownCalls.length === 0;
}

/** What is kept beside the columns, as JSON; null for a payment that the columns say all of. */
export function inDepthJson(state: PaymentState): string | null {
  if (isOrdinary(state)) return null;
  const { waves, waitingUnits, heardVersion, reductions, refunds, held, timesHeld, unknownCalls } = state;
  const more = { held, timesHeld, unknownCalls, grainMinor: state.grainMinor };
  const inDepth: InDepth = { waves, waitingUnits, heardVersion, reductions, refunds, ...more };
  return JSON.stringify(inDepth);
}

/** When the first authorisation dies that may be renewed (RFC 3339); null when none will. */
export function firstExpiry(state: PaymentState): string | null {
  const dying = state.waves.flatMap((wave) =>
    wave.expiresAt !== null && mayBeRenewed(state, wave) ? [wave.expiresAt] : [],
  );
  return dying.toSorted()[0] ?? null;
}

function onlyWave(row: Row): readonly Wave[] {
  if (row.reserved === null) return [];
  const wave: Wave = {
    ...newWave(1, row.reserved),
    stage: row.stage,
    authorisedMinor: row.authorised,
    declineReason: row.decline_reason,
    providerAuthorisationId: row.provider_authorisation_id,
    provider: row.provider,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
  return [wave];
}

function ordinary(row: Row): InDepth {
  return { waves: onlyWave(row), waitingUnits: 0, heardVersion: 0, reductions: [] };
}

function stateOf(row: Row): PaymentState {
  const inDepth = row.in_depth ?? ordinary(row);
  const { waitingUnits, heardVersion, reductions, refunds = [] } = inDepth;
  const { held = [], timesHeld = 0, unknownCalls = [], grainMinor = null } = inDepth;
  return {
    closed: row.closed,
    method: row.method,
    currencyCode: row.currency_code,
    totalMinor: row.total,
    grainMinor,
    // What was stored before a field was there has its beginning.
    waves: inDepth.waves.map((wave) => ({ ...newWave(wave.wave, wave.reservedMinor), ...wave })),
    waitingUnits,
    heardVersion,
    reductions,
    outcomeUnknown: row.outcome_unknown,
    unknownCalls,
    capturedMinor: row.captured,
    refundedMinor: row.refunded,
    sealedCardToken: row.sealed_card_token,
    shipments: row.shipments,
    refunds,
    held,
    timesHeld,
  };
}

/** Reads the payments of the given orders in one query. Amounts are below 2^53, so that float8 carries them exactly. */
export async function loadPayments(sql: Sql, orderIds: readonly string[]): Promise<StoredPayment[]> {
  const rows = await sql<Row[]>`
    SELECT order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor::float8 AS total,
           reserved_minor::float8 AS reserved, stage, outcome_unknown, decline_reason, authorised_minor::float8 AS authorised,
           captured_minor::float8 AS captured, refunded_minor::float8 AS refunded, provider_authorisation_id,
           sealed_card_token, shipments, in_depth, provider, authorisation_expires_at AS expires_at
    FROM payments WHERE order_id = ANY (${[...orderIds]}::uuid[])`;
  return rows.map((row) => ({
    orderId: row.order_id,
    partnerId: row.partner_id,
    partition: row.partition,
    version: row.version,
    streamVersion: row.stream_version,
    state: stateOf(row),
  }));
}
