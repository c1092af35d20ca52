import { fingerprint, markedByRequest, type NewEvent, type Sql } from '@crossdock/event-store';
import { isText, type Refusal, refusal } from '@crossdock/values';
import { type BrokenClaim, brokenByChange, lossesOf, measureRows } from '../domain/adjustment.ts';
import { createBatch } from '../domain/batch.ts';
import { isOpen, openShelves, type StockFigures } from '../domain/stock-figures.ts';
import type { RequestKey } from '../store/request-keys.ts';
import { NOTHING, type StockWrite, writeStock } from '../store/stock-write.ts';
import { adjustmentOf, type BookedChange, safetyGivenUp } from './adjustment-events.ts';
import { type AdjustmentRow, adjustmentRefusal, foundRow, refuseAdjustments } from './adjustment-rows.ts';
import { newEventOf } from './decided-events.ts';
import { breakUnbacked, withdrawMissing } from './lost-units.ts';
import { type HandlerDependencies, type Request, ROWS_MAX } from './request.ts';
import {
  figuresOnceKnown,
  type OwnWarehouse,
  type Patience,
  type Settled,
  scopeOf,
  settle,
} from './stock-request.ts';
import {
  booked,
  keepsAll,
  noneBooked,
  readResults,
  type StockRowResult,
  type StockRowsAnswer,
  type StockRowsResult,
  storedResults,
} from './stock-rows.ts';

export type AdjustStockInput = Readonly<{
  idempotencyKey: string;
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS';
  reference?: string | null | undefined;
  lines: readonly AdjustmentRow[];
}>;
/** `own`: a WMS adjusts in its own warehouse, and knows of no other. */
export type AdjustStockRequest = Request<AdjustStockInput> & Readonly<{ own: OwnWarehouse }>;

const REFERENCE_LENGTH_MAX = 200;
/** Characters of results that ride in the log beside the facts, for a log that is restored; longer ones leave out what broke. */
const LOGGED_RESULT_MAX = 64 * 1024;

function refuseInput({ lines, reference }: AdjustStockInput): Refusal[] {
  if (lines.length === 0 || lines.length > ROWS_MAX) {
    return [refusal('INVALID_INPUT', { message: 'A request has 1 to 1,000 lines.', field: ['lines'] })];
  }
  if (reference != null && !isText(reference, REFERENCE_LENGTH_MAX)) {
    return [
      refusal('INVALID_INPUT', { message: 'A reference has 1 to 200 characters.', field: ['reference'] }),
    ];
  }
  return [];
}

type Decided = Readonly<{ changes: readonly BookedChange[]; refusals: readonly (readonly Refusal[])[] }>;

/** How far each good row differs from the books, and the refusals of all rows. */
function decideRows(
  rows: readonly AdjustmentRow[],
  shaped: readonly (readonly Refusal[])[],
  figures: StockFigures,
): Decided {
  const good = [...rows.entries()].filter(([index]) => shaped[index]?.length === 0);
  const measured = measureRows(
    good.map(([, row]) => foundRow(row)),
    figures,
  );
  const refusals = [...shaped];
  const changes: BookedChange[] = [];
  for (const [place, [index, row]] of good.entries()) {
    const verdict = measured[place];
    if (verdict === undefined) continue;
    if ('code' in verdict) {
      refusals[index] = [adjustmentRefusal(verdict, row, index)];
      continue;
    }
    const { sku, warehouseId, reason, note = null, expectedVersion = null } = row;
    // A count that found what the books say moves nothing.
    if (verdict.delta !== 0)
      changes.push({
        ...{ index, sku, warehouseId, reason, note, expectedVersion, ...verdict },
        isOpen: isOpen(figures, warehouseId),
      });
  }
  return { changes, refusals };
}

/** Everything the changes amount to, and whose units each of them cost. */
async function decideChanges(
  sql: Sql,
  changes: readonly BookedChange[],
  figures: StockFigures,
  { input, metadata }: AdjustStockRequest,
): Promise<Readonly<{ write: StockWrite; broken: readonly BrokenClaim[][] }>> {
  const adjustment = adjustmentOf(changes, input.reference ?? null, metadata);
  const shelves = openShelves(figures);
  const batch = createBatch({ stored: new Map(), claimable: new Map(), shelves });
  for (const { sku, warehouseId, delta, reason } of changes) {
    const kind = reason === 'RETURN' ? 'return' : 'adjust';
    const { cause } = adjustment.lossOf({ sku, warehouseId });
    shelves.move({ kind, sku, warehouseId, quantity: delta, reason, cause });
  }
  const losses = lossesOf(changes, figures);
  const work = { batch, shelves, adjustment, read: new Set<string>() };
  const withdrawn = await withdrawMissing(sql, losses, work);
  const givenUp = safetyGivenUp(losses, metadata);
  for (const { sku, warehouseId, givenUp: quantity } of losses) {
    if (givenUp === null || quantity === 0) continue;
    shelves.move({ kind: 'safety', sku, warehouseId, quantity: -quantity, cause: givenUp.id });
  }
  const broken = await breakUnbacked(sql, new Set(changes.map(({ sku }) => sku)), work);
  const outcome = batch.outcome();
  if (outcome.kind === 'contradiction') {
    throw new Error(
      `order ${outcome.step.orderId} cannot lose what it claims: ${outcome.contradiction.type}`,
    );
  }
  const decided = outcome.events.map((each) => newEventOf(each, metadata.traceparent));
  const events: NewEvent[] = [...adjustment.events, ...(givenUp === null ? [] : [givenUp]), ...decided];
  const { reservations, holds } = outcome;
  const known = new Map(changes.map((change) => [change.warehouseId, change.isOpen]));
  return {
    write: { ...NOTHING, reservations, holds, known, moves: shelves.moves(), events },
    broken: brokenByChange(changes, [...withdrawn, ...broken]),
  };
}

/** Marks the facts of a request; of very long results the log keeps less than the table of keys does. */
function marked(
  events: readonly NewEvent[],
  keyed: RequestKey,
  results: readonly StockRowResult[],
): NewEvent[] {
  const stored = storedResults(results);
  if (stored.length <= LOGGED_RESULT_MAX) return markedByRequest(events, keyed, stored);
  return markedByRequest(events, keyed, storedResults(results.map((each) => ({ ...each, broken: [] }))));
}

/** What must be true once it is written: a counted shelf did not move meanwhile, and a lessened one has what it still owes. */
function leavesOf(changes: readonly BookedChange[]) {
  const shelves = changes.map(({ sku, warehouseId, delta, expectedVersion }) => ({
    ...{ sku, warehouseId, isCovered: delta < 0 },
    version: expectedVersion === null ? null : expectedVersion + 1,
  }));
  return { shelves, unclaimed: [], transfer: null };
}

/** One round: decides on the figures as they are, and books what may be booked. */
async function book(
  sql: Sql,
  request: AdjustStockRequest,
  shaped: readonly (readonly Refusal[])[],
  keyed: RequestKey,
  until: Patience,
): Promise<Settled<StockRowsResult>> {
  const { lines, errorPolicy } = request.input;
  const good = lines.filter((_, index) => shaped[index]?.length === 0);
  const [skus, places] = [good.map(({ sku }) => sku), good.map(({ warehouseId }) => warehouseId)];
  const figures = await figuresOnceKnown(sql, skus, places, until);
  const { changes, refusals } = decideRows(lines, shaped, figures);
  if (keepsAll(refusals, errorPolicy)) return { verdict: 'NEW', result: noneBooked(refusals) };
  const { write, broken } = await decideChanges(sql, changes, figures, request);
  const brokenOf = new Map(changes.map(({ index }, place) => [index, broken[place] ?? []]));
  const results = refusals.map((each, index) => ({
    ...booked,
    broken: brokenOf.get(index) ?? [],
    refusals: each,
  }));
  const events = write.events.length === 0 ? [] : marked(write.events, keyed, results);
  const { verdict, result } = await writeStock(
    sql,
    { kind: 'request', ...keyed, result: storedResults(results), leaves: leavesOf(changes) },
    { ...write, events },
  );
  return { verdict, result: result === null ? null : readResults(result) };
}

/** Books what was found, at most 1,000 shelves in a call, each with its own verdict. Units being promised refuses nothing. */
export function createAdjustStock({ sql, poke }: HandlerDependencies) {
  return async (request: AdjustStockRequest): Promise<StockRowsAnswer> => {
    const { input, own } = request;
    const refusals = refuseInput(input);
    if (refusals.length > 0) return { verdict: 'NEW', results: [], isBooked: false, refusals };
    const shaped = refuseAdjustments(input.lines, own);
    if (keepsAll(shaped, input.errorPolicy)) return { verdict: 'NEW', refusals: [], ...noneBooked(shaped) };
    const keyed = {
      ...{ scope: scopeOf(own), operation: 'adjustStock', key: input.idempotencyKey },
      fingerprint: fingerprint(input),
    };
    const { verdict, result } = await settle(
      sql,
      keyed,
      (until) => book(sql, request, shaped, keyed, until),
      readResults,
    );
    if (result?.isBooked === true) poke();
    return { verdict, refusals: [], results: result?.results ?? [], isBooked: result?.isBooked ?? false };
  };
}
