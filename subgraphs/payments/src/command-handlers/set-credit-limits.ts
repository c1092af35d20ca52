import type { FactData } from '@crossdock/contracts';
import { awaitTwin, faultKind, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { canonicalMoney, type Refusal, refusal } from '@crossdock/values';
import { decideLimit, isPartnerCode, type LimitRow, TERMS_DAYS_DEFAULT } from '../domain/credit-limit.ts';
import type { Poke } from '../ports.ts';
import {
  checkLimitsKey,
  type KeyVerdict,
  type LimitWrite,
  loadCredit,
  type StoredCredit,
  setLimits,
} from '../store/credit-accounts.ts';
import type { KnownPartner } from '../store/partners.ts';
import { arrivedPartners } from './arrived-partners.ts';

/** Rows of one request at most. */
const LIMIT_ROWS_MAX = 1_000;
/** Rounds a request is decided again because an account changed meanwhile. */
const ROUNDS_MAX = 5;
const SYSTEM_SCOPE = 'system';

export type LimitResult = Readonly<{
  index: number;
  id: string | null;
  created: boolean;
  userErrors: readonly Refusal[];
}>;

export type SetCreditLimits = Readonly<{
  idempotencyKey: string;
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS';
  limits: readonly LimitRow[];
  actor: string;
  traceparent: string | null;
}>;

/** `verdict` is NEW when done now, REFUSED when nothing was stored, else what stands under the key. */
export type LimitsOutcome = Readonly<{
  verdict: 'NEW' | 'REFUSED' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';
  results: readonly LimitResult[];
  /** Why the request as a whole was refused; null where each row has its own verdict. */
  refusal: Refusal | null;
}>;

type Standing = Readonly<{
  partners: ReadonlyMap<string, KnownPartner>;
  credit: ReadonlyMap<string, StoredCredit>;
}>;
type Decided = Readonly<{ results: LimitResult[]; writes: LimitWrite[] }>;

function decideRow(
  command: SetCreditLimits,
  index: number,
  row: LimitRow,
  standing: Standing,
  decided: Decided,
): void {
  const path = ['limits', String(index)];
  const partner = standing.partners.get(row.partnerId);
  const stored = standing.credit.get(row.partnerId);
  const limitMinor = stored?.account.limitSet === true ? stored.account.limitMinor : null;
  const termsDays = stored?.termsDays ?? TERMS_DAYS_DEFAULT;
  const known = partner === undefined ? null : { currencyCode: partner.currencyCode, limitMinor, termsDays };
  const verdict = decideLimit(row, known, path);
  if (verdict.type === 'refused') {
    decided.results.push({ index, id: null, created: false, userErrors: [verdict.refusal] });
    return;
  }
  const created = verdict.type === 'set' && verdict.created;
  decided.results.push({ index, id: row.partnerId, created, userErrors: [] });
  if (verdict.type === 'unchanged' || partner === undefined) return;
  const { partnerId, partition, currencyCode } = partner;
  const data: FactData<'payments', 'CreditLimitSet'> = {
    partnerId,
    limitMinor: verdict.limitMinor,
    currencyCode,
    ...(row.termsDays == null ? {} : { termsDays: row.termsDays }),
  };
  const metadata = {
    actor: command.actor,
    ...(command.traceparent === null ? {} : { traceparent: command.traceparent }),
  };
  decided.writes.push({
    ...{ partnerId, currencyCode, partition },
    limitMinor: verdict.limitMinor,
    termsDays: verdict.termsDays,
    expectedVersion: stored?.version ?? 0,
    eventId: newId(),
    data,
    metadata,
  });
}

function decideRows(command: SetCreditLimits, standing: Standing): Decided {
  const decided: Decided = { results: [], writes: [] };
  const seen = new Set<string>();
  command.limits.forEach((row, index) => {
    if (seen.has(row.partnerId)) {
      const message = 'The partner stands on two rows.';
      const twice = refusal('INVALID_INPUT', { message, field: ['limits', String(index), 'partnerId'] });
      decided.results.push({ index, id: null, created: false, userErrors: [twice] });
      return;
    }
    seen.add(row.partnerId);
    decideRow(command, index, row, standing, decided);
  });
  return decided;
}

function outcomeOf({ verdict, result }: KeyVerdict): LimitsOutcome {
  // The stored result is what this handler wrote.
  return { verdict, results: result === null ? [] : (JSON.parse(result) as LimitResult[]), refusal: null };
}

function refuseCount({ limits }: SetCreditLimits): Refusal | null {
  if (limits.length > 0 && limits.length <= LIMIT_ROWS_MAX) return null;
  return refusal('INVALID_INPUT', { message: `limits has 1 to ${LIMIT_ROWS_MAX} rows.`, field: ['limits'] });
}

async function decideAndWrite(
  sql: Sql,
  command: SetCreditLimits,
  fingerprint: string,
): Promise<LimitsOutcome> {
  const key = { scope: SYSTEM_SCOPE, key: command.idempotencyKey, fingerprint };
  const standing = await checkLimitsKey(sql, key);
  if (standing.verdict !== 'NEW') return outcomeOf(standing);
  const malformed = refuseCount(command);
  if (malformed !== null) return { verdict: 'REFUSED', results: [], refusal: malformed };
  const ids = [...new Set(command.limits.map((row) => row.partnerId))].filter(isPartnerCode);
  const partners = await arrivedPartners(sql, ids);
  for (let round = 1; ; round += 1) {
    const credit = new Map((await loadCredit(sql, ids)).map((each) => [each.partnerId, each]));
    const { results, writes } = decideRows(command, { partners, credit });
    const refused = results.filter((each) => each.userErrors.length > 0).length;
    if (refused === results.length || (refused > 0 && command.errorPolicy === 'REJECT_ALL')) {
      const undone = results.map((each) => ({ ...each, id: null, created: false }));
      return { verdict: 'REFUSED', results: undone, refusal: null };
    }
    try {
      return outcomeOf(await setLimits(sql, { ...key, result: JSON.stringify(results) }, writes));
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** Sets limits, each row with its own verdict; a repeated request is answered as before. */
export function createSetCreditLimits(options: Readonly<{ sql: Sql; poke: Poke }>) {
  return async (command: SetCreditLimits): Promise<LimitsOutcome> => {
    const { errorPolicy, limits } = command;
    const rows = limits.map((row) => ({ ...row, limit: canonicalMoney(row.limit) }));
    const print = fingerprint({ errorPolicy, limits: rows });
    const outcome = await awaitTwin(
      () => decideAndWrite(options.sql, command, print),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (outcome.verdict === 'NEW') options.poke();
    return outcome;
  };
}
