import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';
import type { Shipment } from '../domain/shipment.ts';

/** One request's part of a commit. Without a `result` nothing is stored under its key. */
export type ConfirmationRequest = Readonly<{
  scope: string;
  key: string;
  fingerprint: string;
  result: string | null;
  /** Shipments as they are after they left, each with its fact. */
  leaving: readonly Readonly<{ shipment: Shipment; fact: NewEvent }>[];
}>;

/** What stood under each request's key: NEW (done now), REPLAYED with its result, KEY_REUSED or IN_FLIGHT. */
export type ConfirmationVerdict = Readonly<{ verdict: string; result: string | null }>;

/** Commits several requests at once; rejects with CD002 when a shipment moved since it was read. */
export async function commitConfirmations(
  sql: Sql,
  operation: string,
  requests: readonly ConfirmationRequest[],
): Promise<ConfirmationVerdict[]> {
  const rows = requests.flatMap(({ leaving }, index) =>
    leaving.map((row) => ({ ...row, request: index + 1 })),
  );
  const events = appendArrays(rows.map(({ fact }) => fact));
  return await sql<{ verdict: string; result: string | null }[]>`
    SELECT verdict, result FROM fulfillment_confirm(
      ${operation}, ${requests.map(({ scope }) => scope)}::text[], ${requests.map(({ key }) => key)}::text[],
      ${requests.map(({ fingerprint }) => fingerprint)}::text[], ${requests.map(({ result }) => result)}::text[],
      ${rows.map(({ request }) => request)}::int[], ${rows.map(({ shipment }) => shipment.shipmentId)}::uuid[],
      ${rows.map(({ shipment }) => shipment.version - 1)}::int[], ${rows.map(({ shipment }) => shipment.carrier)}::text[],
      ${rows.map(({ shipment }) => shipment.trackingNumber)}::text[],
      ${events.partition}::int[], ${events.category}::text[], ${events.streamId}::text[], ${events.version}::int[],
      ${events.id}::uuid[], ${events.type}::text[], ${events.schemaVersion}::int[], ${events.data}::text[],
      ${events.metadata}::text[]) ORDER BY ordinal`;
}
