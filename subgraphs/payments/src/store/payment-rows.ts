import type { Sql } from '@crossdock/event-store';
import type { PaymentMethod, PaymentState, Shipment, Stage } from '../domain/payment.ts';

/** A payment as it stands in its row. */
export type StoredPayment = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  version: number;
  streamVersion: number;
  state: PaymentState;
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
  authorisation_epoch: number;
  provider_authorisation_id: string | null;
  sealed_card_token: string | null;
  shipments: readonly Shipment[];
}>;

function stateOf(row: Row): PaymentState {
  return {
    closed: row.closed,
    method: row.method,
    currencyCode: row.currency_code,
    totalMinor: row.total,
    reservedMinor: row.reserved,
    stage: row.stage,
    outcomeUnknown: row.outcome_unknown,
    declineReason: row.decline_reason,
    authorisedMinor: row.authorised,
    capturedMinor: row.captured,
    refundedMinor: row.refunded,
    authorisationEpoch: row.authorisation_epoch,
    providerAuthorisationId: row.provider_authorisation_id,
    sealedCardToken: row.sealed_card_token,
    shipments: row.shipments,
  };
}

/** Reads the payments of the given orders in one query. Amounts are below 2^53, so that float8 carries them exactly. */
export async function loadPayments(sql: Sql, orderIds: readonly string[]): Promise<StoredPayment[]> {
  const rows = await sql<Row[]>`
    SELECT order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor::float8 AS total,
           reserved_minor::float8 AS reserved, stage, outcome_unknown, decline_reason, authorised_minor::float8 AS authorised,
           captured_minor::float8 AS captured, refunded_minor::float8 AS refunded, authorisation_epoch, provider_authorisation_id,
           sealed_card_token, shipments
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
