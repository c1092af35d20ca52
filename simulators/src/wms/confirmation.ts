// What is sent to Crossdock for a batch of picks, and what its answer means. Pure.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PickName } from './journal-lines.ts';
import type { Pick } from './pick.ts';

export const CONFIRM_SHIPMENTS = `mutation ConfirmShipments($input: ConfirmShipmentsInput!) {
  confirmShipments(input: $input) {
    results { index shipment { id status } userErrors { code message } }
    replayed
    userErrors { code message }
  }
}`;

const CARRIERS = ['DPD', 'DHL', 'UPS', 'Royal Mail'] as const;

/** The same carrier and number for the same pick, whenever it is asked. */
export function consignmentOf({ shipmentId, releaseEpoch }: PickName): {
  carrier: string;
  trackingNumber: string;
} {
  const digest = createHash('sha256').update(`${shipmentId}/${releaseEpoch}`).digest();
  const carrier = CARRIERS[digest.readUInt8(0) % CARRIERS.length] ?? CARRIERS[0];
  return { carrier, trackingNumber: `XD${digest.toString('hex', 1, 9).toUpperCase()}` };
}

/** Depends on the content, and on the batch's number so that a row asked again is asked anew. */
export function batchKey(warehouseId: string, batchNumber: number, shipments: readonly PickName[]): string {
  const content = JSON.stringify([
    warehouseId,
    batchNumber,
    shipments.map((s) => [s.shipmentId, s.releaseEpoch]),
  ]);
  return `wms-${createHash('sha256').update(content).digest('hex').slice(0, 40)}`;
}

export function confirmationInput(idempotencyKey: string, picks: readonly Pick[]): object {
  const shipments = picks.map((pick) => {
    const { shipmentId, releaseEpoch, lines } = pick;
    return { shipmentId, releaseEpoch, lines, ...consignmentOf(pick) };
  });
  return { idempotencyKey, shipments };
}

export type RowVerdict = { readonly kind: 'confirmed' } | { readonly kind: 'refused'; readonly code: string };

/**
 * rows: Crossdock decided, one verdict for each row sent. again: nothing is known, send the same once more.
 * divide: the batch as a whole is unacceptable, its halves may not be.
 */
export type BatchOutcome =
  | { readonly kind: 'rows'; readonly verdicts: readonly RowVerdict[] }
  | { readonly kind: 'again'; readonly why: string; readonly retryAfterMs?: number }
  | { readonly kind: 'divide'; readonly code: string };

/** The codes that speak against this batch; everything else speaks of Crossdock's health, our token or its schema. */
const AGAINST_THE_BATCH = new Set([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'COST_LIMIT_EXCEEDED',
]);

const coded = z.object({ code: z.string() });
const graphqlError = z.object({ extensions: coded.optional().catch(undefined) });
const payload = z.object({
  results: z.array(z.object({ index: z.int(), shipment: z.unknown(), userErrors: z.array(coded) })),
  userErrors: z.array(coded),
});
const answer = z.object({
  errors: z.array(graphqlError).nullish(),
  data: z.object({ confirmShipments: payload.nullish() }).nullish(),
});

/** Reads a GraphQL answer to a batch of `rows` rows. */
export function readOutcome(body: unknown, rows: number): BatchOutcome {
  const parsed = answer.safeParse(body);
  if (!parsed.success) return { kind: 'again', why: 'UNREADABLE_ANSWER' };
  const [error] = parsed.data.errors ?? [];
  if (error !== undefined) return fromCode(error.extensions?.code ?? 'UNCODED_ERROR');
  const confirmed = parsed.data.data?.confirmShipments;
  if (confirmed === undefined || confirmed === null) return { kind: 'again', why: 'EMPTY_ANSWER' };
  const [refusal] = confirmed.userErrors;
  if (refusal === undefined) return { kind: 'rows', verdicts: rowVerdicts(confirmed.results, rows) };
  if (refusal.code === 'REQUEST_IN_PROGRESS') return { kind: 'again', why: refusal.code };
  return { kind: 'divide', code: refusal.code };
}

function fromCode(code: string): BatchOutcome {
  return AGAINST_THE_BATCH.has(code) ? { kind: 'divide', code } : { kind: 'again', why: code };
}

function rowVerdicts(results: z.infer<typeof payload>['results'], rows: number): RowVerdict[] {
  const byIndex = new Map(results.map((result) => [result.index, result]));
  return Array.from({ length: rows }, (_, index) => {
    const result = byIndex.get(index);
    const [refusal] = result?.userErrors ?? [];
    if (refusal !== undefined) return { kind: 'refused', code: refusal.code };
    const isConfirmed = typeof result?.shipment === 'object' && result.shipment !== null;
    return isConfirmed ? { kind: 'confirmed' } : { kind: 'refused', code: 'NO_VERDICT' };
  });
}
