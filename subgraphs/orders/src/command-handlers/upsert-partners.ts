import { partitionOf } from '@crossdock/contracts';
import {
  awaitTwin,
  derivedId,
  faultKind,
  fingerprint,
  markedByRequest,
  type NewEvent,
  type Sql,
} from '@crossdock/event-store';
import { type Refusal, refusal } from '@crossdock/values';
import { decidePartner, type PartnerDecision, type PartnerRow } from '../domain/partner.ts';
import type { Poke } from '../ports.ts';
import { loadPartners, type Partner, upsertPartners } from '../store/partners.ts';

export const ROWS_MAX = 1_000;
/** Rounds a bulk is decided again when a row changed meanwhile. */
const ROUNDS_MAX = 5;
const SYSTEM_SCOPE = 'system';
const OPERATION = 'upsertPartners';
const RETRY_AFTER_MS = 1_000;

export type RowResult = Readonly<{
  index: number;
  id: string | null;
  created: boolean;
  userErrors: readonly Refusal[];
}>;
export type BulkOutcome = Readonly<{
  results: readonly RowResult[];
  replayed: boolean;
  userErrors: readonly Refusal[];
}>;

export type UpsertPartners = (
  key: string,
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS',
  rows: readonly PartnerRow[],
  actor: Readonly<{ subject: string; traceparent: string | null }>,
) => Promise<BulkOutcome>;

type Decided = Readonly<{ results: RowResult[]; partners: Partner[]; events: NewEvent[] }>;

function refused(...userErrors: Refusal[]): BulkOutcome {
  return { results: [], replayed: false, userErrors };
}

/** Creates and changes partners; each row's verdict is stored with the key. */
export function createUpsertPartners(options: Readonly<{ sql: Sql; poke: Poke }>): UpsertPartners {
  const { sql, poke } = options;
  return async (key, errorPolicy, rows, actor) => {
    if (rows.length === 0 || rows.length > ROWS_MAX) {
      return refused(
        refusal('INVALID_INPUT', { message: `partners has 1 to ${ROWS_MAX} rows.`, field: ['partners'] }),
      );
    }
    const print = fingerprint({ errorPolicy, rows });
    const written = await awaitTwin(
      () =>
        decideAndWrite(
          sql,
          { scope: SYSTEM_SCOPE, key, fingerprint: print },
          errorPolicy,
          rows,
          actor.subject,
        ),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (written.verdict === 'NEW') poke();
    if (written.verdict === 'KEY_REUSED')
      return refused(refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] }));
    if (written.verdict === 'IN_FLIGHT')
      return refused(refusal('REQUEST_IN_PROGRESS', { retryAfterMs: RETRY_AFTER_MS }));
    // The stored result is what this handler wrote.
    return {
      results: JSON.parse(written.result) as RowResult[],
      replayed: written.verdict === 'REPLAYED',
      userErrors: [],
    };
  };
}

async function decideAndWrite(
  sql: Sql,
  key: Readonly<{ scope: string; key: string; fingerprint: string }>,
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS',
  rows: readonly PartnerRow[],
  actor: string,
): Promise<{ verdict: string; result: string }> {
  for (let round = 1; ; round += 1) {
    const standing = await loadPartners(
      sql,
      rows.map((row) => row.id).filter((id) => !id.includes('\u0000')),
    );
    const { results, partners, events } = decideRows(rows, standing, key.key, actor);
    const failed = results.some((each) => each.userErrors.length > 0);
    if (failed && errorPolicy === 'REJECT_ALL') {
      const kept = results.map((each) => ({ ...each, id: null, created: false }));
      return { verdict: 'REFUSED', result: JSON.stringify(kept) };
    }
    try {
      return await upsertPartners(sql, {
        key: { ...key, result: JSON.stringify(results) },
        partners,
        events: markedByRequest(events, { ...key, operation: OPERATION }, JSON.stringify(results)),
      });
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

function decideRows(
  rows: readonly PartnerRow[],
  standing: ReadonlyMap<string, Partner>,
  key: string,
  actor: string,
): Decided {
  const decided: Decided = { results: [], partners: [], events: [] };
  const seen = new Set<string>();
  rows.forEach((row, index) => {
    const known = standing.get(row.id) ?? null;
    const verdict = seen.has(row.id) ? twice(index) : decidePartner(row, known, 'partners', String(index));
    seen.add(row.id);
    decided.results.push(resultOf(row, index, verdict));
    if (verdict.type === 'refused' || verdict.type === 'unchanged') return;
    const partner = partnerOf(row, known, verdict.version);
    decided.partners.push(partner);
    decided.events.push(eventOf(partner, verdict.type, key, actor));
  });
  return decided;
}

function twice(index: number): PartnerDecision {
  const message = 'The id stands on two rows.';
  return {
    type: 'refused',
    refusals: [refusal('INVALID_INPUT', { message, field: ['partners', String(index), 'id'] })],
  };
}

function resultOf(row: PartnerRow, index: number, verdict: PartnerDecision): RowResult {
  if (verdict.type === 'refused') return { index, id: null, created: false, userErrors: verdict.refusals };
  return { index, id: row.id, created: verdict.type === 'PartnerRegistered', userErrors: [] };
}

function partnerOf(row: PartnerRow, known: Partner | null, version: number): Partner {
  const { id: partnerId, name, currencyCode, shipTo, paymentMethods } = row;
  const partition = known?.partition ?? partitionOf(partnerId);
  return { partnerId, partition, name, currencyCode, paymentMethods, shipTo, version };
}

function eventOf(
  { partition, version, ...partner }: Partner,
  type: string,
  key: string,
  actor: string,
): NewEvent {
  return {
    partition,
    category: 'partner',
    streamId: partner.partnerId,
    version,
    id: derivedId(`partner ${partner.partnerId}`, key, version),
    type,
    data: partner,
    metadata: { actor },
  };
}
