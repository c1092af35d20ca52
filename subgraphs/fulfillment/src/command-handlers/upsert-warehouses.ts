import { partitionOf } from '@crossdock/contracts';
import {
  awaitTwin,
  faultKind,
  fingerprint,
  markedByRequest,
  type NewEvent,
  newId,
  type Sql,
} from '@crossdock/event-store';
import { CODE_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';
import { type Warehouse, warehouseRules } from '../domain/warehouse.ts';
import { publishedFact } from '../publishers/published-facts.ts';
import { commitWarehouses, loadWarehousesById } from '../store/warehouses.ts';

export const UPSERT_ROWS_MAX = 1_000;
const NAME_LENGTH_MAX = 200;
const COUNTRY_LENGTH_MAX = 64;
const ROUNDS_MAX = 4;
const OPERATION = 'upsertWarehouses';
/** The ERP is one system: its keys share one scope. */
const SCOPE = 'erp';

export type WarehouseRow = Readonly<{ id: string; name: string; country: string | null; priority: number }>;
export type UpsertCommand = Readonly<{
  actor: string;
  traceparent: string | null;
  idempotencyKey: string;
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS';
  rows: readonly WarehouseRow[];
}>;
export type UpsertedRow = Readonly<{
  index: number;
  id: string | null;
  created: boolean;
  userErrors: readonly Refusal[];
}>;
export type UpsertOutcome = Readonly<{ verdict: string; results: readonly UpsertedRow[] }>;
export type UpsertWarehouses = (command: UpsertCommand) => Promise<UpsertOutcome>;

/** Registers and revises warehouses; what is said again changes nothing. */
export function createUpsertWarehouses(sql: Sql, poke: () => void): UpsertWarehouses {
  return async (command) => {
    const refusals = command.rows.map((row, index) => refuseRow(row, index, command.rows));
    const isRefused = refusals.some((each) => each !== null);
    if (isRefused && (command.errorPolicy === 'REJECT_ALL' || refusals.every((each) => each !== null))) {
      return { verdict: 'NEW', results: refusals.map((each, index) => resultOf(index, null, false, each)) };
    }
    const outcome = await awaitTwin(
      () => upsert(sql, command, refusals),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (outcome.verdict === 'NEW') poke();
    return outcome;
  };
}

async function upsert(
  sql: Sql,
  command: UpsertCommand,
  refusals: readonly (Refusal | null)[],
): Promise<UpsertOutcome> {
  for (let round = 1; ; round += 1) {
    const known = await loadWarehousesById(
      sql,
      command.rows.filter((_, index) => refusals[index] === null).map(({ id }) => id),
    );
    const { changed, facts, results } = decideRows(command, refusals, known);
    const { errorPolicy, rows, idempotencyKey: key } = command;
    const result = JSON.stringify(results);
    const print = fingerprint({ errorPolicy, rows });
    try {
      const stood = await commitWarehouses(sql, {
        scope: SCOPE,
        operation: OPERATION,
        key,
        fingerprint: print,
        result,
        changed,
        facts: markedByRequest(
          facts,
          { scope: SCOPE, operation: OPERATION, key, fingerprint: print },
          result,
        ),
      });
      if (stood.verdict === 'NEW') return { verdict: 'NEW', results };
      // Written by this function under this very key and input.
      const replayed =
        stood.verdict === 'REPLAYED' ? (JSON.parse(stood.result ?? '[]') as UpsertedRow[]) : [];
      return { verdict: stood.verdict, results: replayed };
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round === ROUNDS_MAX) throw error;
    }
  }
}

function decideRows(
  { rows, actor, traceparent }: UpsertCommand,
  refusals: readonly (Refusal | null)[],
  known: ReadonlyMap<string, Warehouse>,
) {
  const changed: Warehouse[] = [];
  const facts: NewEvent[] = [];
  const metadata = { actor, ...(traceparent === null ? {} : { traceparent }) };
  const results = rows.map((row, index) => {
    const refused = refusals[index] ?? null;
    if (refused !== null) return resultOf(index, null, false, refused);
    const { id: warehouseId, name, country, priority } = row;
    const state = known.get(warehouseId) ?? null;
    const decision = warehouseRules.decide(
      { type: 'DescribeWarehouse', data: { warehouseId, name, country, priority } },
      state,
    );
    for (const event of decision.accepted ? decision.events : []) {
      const after = warehouseRules.evolve(state, event);
      if (after === null) continue;
      const place = {
        partition: partitionOf(warehouseId),
        streamId: warehouseId,
        version: after.version,
        id: newId(),
      };
      changed.push(after);
      facts.push(publishedFact({ ...place, event, metadata }));
    }
    return resultOf(index, warehouseId, state === null, null);
  });
  return { changed, facts, results };
}

function resultOf(index: number, id: string | null, created: boolean, refused: Refusal | null): UpsertedRow {
  return { index, id, created, userErrors: refused === null ? [] : [refused] };
}

function refuseRow(row: WarehouseRow, index: number, rows: readonly WarehouseRow[]): Refusal | null {
  const refuse = (field: string, message: string) =>
    refusal('INVALID_INPUT', { message, field: ['warehouses', String(index), field] });
  if (!isText(row.id, CODE_LENGTH_MAX)) return refuse('id', 'id has 1 to 64 characters.');
  if (!isText(row.name, NAME_LENGTH_MAX)) return refuse('name', 'name has 1 to 200 characters.');
  if (row.country !== null && !isText(row.country, COUNTRY_LENGTH_MAX)) {
    return refuse('country', 'country has 1 to 64 characters.');
  }
  const isSecond = rows.slice(0, index).some(({ id }) => id === row.id);
  return isSecond ? refuse('id', 'This warehouse stands on an earlier row already.') : null;
}
