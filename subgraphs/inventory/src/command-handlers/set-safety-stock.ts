import { partitionOf } from '@crossdock/contracts';
import { fingerprint, markedByRequest, type NewEvent, newId, type Sql } from '@crossdock/event-store';
import { type Refusal, refusal } from '@crossdock/values';
import { decideSafety, type SafetyRow } from '../domain/safety-stock.ts';
import { openShelves, type StockFigures } from '../domain/stock-figures.ts';
import type { RequestKey } from '../store/request-keys.ts';
import { NOTHING, writeStock } from '../store/stock-write.ts';
import { fieldOf, refusePlace, refuseTwins } from './adjustment-rows.ts';
import { type HandlerDependencies, type Request, ROWS_MAX } from './request.ts';
import { figuresOnceKnown, type Patience, type Settled, scopeOf, settle } from './stock-request.ts';
import {
  booked,
  keepsAll,
  noneBooked,
  readResults,
  type StockRowsAnswer,
  type StockRowsResult,
  storedResults,
} from './stock-rows.ts';

export type SetSafetyStockInput = Readonly<{
  idempotencyKey: string;
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS';
  lines: readonly SafetyRow[];
}>;

const UNITS_OF_ROW_MAX = 1_000_000_000;

function refuseRows(rows: readonly SafetyRow[]): Refusal[][] {
  const twins = refuseTwins(rows);
  return rows.map((row, index) => {
    const refusals = refusePlace(row, index, null);
    if (row.safety < 0 || row.safety > UNITS_OF_ROW_MAX) {
      const message = '0 to 1,000,000,000 units are kept back.';
      refusals.push(refusal('QUANTITY_OUT_OF_RANGE', { message, field: fieldOf(index, 'safety') }));
    }
    const twin = twins[index] ?? null;
    return twin === null ? refusals : [...refusals, twin];
  });
}

/** A row that the figures allow: `more` units are kept back. */
type Kept = SafetyRow & Readonly<{ more: number }>;

/** The good rows by the figures, and the refusals of all rows. */
function decideRows(
  rows: readonly SafetyRow[],
  shaped: readonly (readonly Refusal[])[],
  figures: StockFigures,
): Readonly<{ kept: Kept[]; refusals: (readonly Refusal[])[] }> {
  const good = [...rows.entries()].filter(([index]) => shaped[index]?.length === 0);
  const verdicts = decideSafety(
    good.map(([, row]) => row),
    figures,
  );
  const refusals = [...shaped];
  const kept: Kept[] = [];
  for (const [place, [index, row]] of good.entries()) {
    const verdict = verdicts[place];
    if (verdict === undefined) continue;
    if ('more' in verdict) {
      kept.push({ ...row, more: verdict.more });
      continue;
    }
    const field = { UNKNOWN_SKU: 'sku', UNKNOWN_WAREHOUSE: 'warehouseId', INSUFFICIENT_STOCK: 'safety' }[
      verdict.code
    ];
    refusals[index] = [refusal(verdict.code, { field: fieldOf(index, field) })];
  }
  return { kept, refusals };
}

function safetyStockSet(kept: readonly Kept[], { metadata }: Request<SetSafetyStockInput>): NewEvent {
  const requestId = newId();
  return {
    partition: partitionOf(requestId),
    category: 'safety',
    streamId: requestId,
    version: 1,
    id: newId(),
    type: 'SafetyStockSet',
    data: { lines: kept.map(({ sku, warehouseId, safety }) => ({ sku, warehouseId, safety })) },
    metadata,
  };
}

/** What must be true once it is written: nothing more is kept back than lies there unassigned, and claims fit the rest. */
function leavesOf(changed: readonly Kept[], figures: StockFigures) {
  const raised = changed.filter(({ more }) => more > 0);
  const isOpen = ({ warehouseId }: Kept) => figures.warehouses.get(warehouseId) === true;
  return {
    shelves: changed.map(({ sku, warehouseId, safety, more }) => ({
      sku,
      warehouseId,
      safety,
      isCovered: more > 0,
    })),
    unclaimed: [...new Set(raised.filter(isOpen).map(({ sku }) => sku))],
    transfer: null,
  };
}

/** One round: decides on the figures as they are, and sets what may be set. */
async function set(
  sql: Sql,
  request: Request<SetSafetyStockInput>,
  shaped: readonly (readonly Refusal[])[],
  keyed: RequestKey,
  until: Patience,
): Promise<Settled<StockRowsResult>> {
  const { lines, errorPolicy } = request.input;
  const good = lines.filter((_, index) => shaped[index]?.length === 0);
  const places = good.map(({ warehouseId }) => warehouseId);
  const figures = await figuresOnceKnown(
    sql,
    good.map(({ sku }) => sku),
    places,
    until,
  );
  const { kept, refusals } = decideRows(lines, shaped, figures);
  if (keepsAll(refusals, errorPolicy)) return { verdict: 'NEW', result: noneBooked(refusals) };
  const changed = kept.filter(({ more }) => more !== 0);
  const said = safetyStockSet(changed, request);
  const shelves = openShelves(figures);
  for (const { sku, warehouseId, more } of changed) {
    shelves.move({ kind: 'safety', sku, warehouseId, quantity: more, cause: said.id });
  }
  const results = refusals.map((each) => ({ ...booked, refusals: each }));
  const stored = storedResults(results);
  const { verdict, result } = await writeStock(
    sql,
    { kind: 'request', ...keyed, result: stored, leaves: leavesOf(changed, figures) },
    {
      ...{ ...NOTHING, moves: shelves.moves() },
      known: new Map(changed.map(({ warehouseId: id }) => [id, figures.warehouses.get(id) === true])),
      events: changed.length === 0 ? [] : markedByRequest([said], keyed, stored),
    },
  );
  return { verdict, result: result === null ? null : readResults(result) };
}

/** Sets the units kept back from sale, at most 1,000 shelves in a call, each with its own verdict. */
export function createSetSafetyStock({ sql, poke }: HandlerDependencies) {
  return async (request: Request<SetSafetyStockInput>): Promise<StockRowsAnswer> => {
    const { input } = request;
    if (input.lines.length === 0 || input.lines.length > ROWS_MAX) {
      const none = refusal('INVALID_INPUT', { message: 'A request has 1 to 1,000 lines.', field: ['lines'] });
      return { verdict: 'NEW', results: [], isBooked: false, refusals: [none] };
    }
    const shaped = refuseRows(input.lines);
    if (keepsAll(shaped, input.errorPolicy)) return { verdict: 'NEW', refusals: [], ...noneBooked(shaped) };
    const keyed = {
      ...{ scope: scopeOf(null), operation: 'setSafetyStock', key: input.idempotencyKey },
      fingerprint: fingerprint(input),
    };
    const { verdict, result } = await settle(
      sql,
      keyed,
      (until) => set(sql, request, shaped, keyed, until),
      readResults,
    );
    if (result?.isBooked === true) poke();
    return { verdict, refusals: [], results: result?.results ?? [], isBooked: result?.isBooked ?? false };
  };
}
