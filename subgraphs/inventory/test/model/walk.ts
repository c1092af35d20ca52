// One run: a model and a real inventory that take the same steps, and are compared after each.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { foldLedger } from './ledger.ts';
import { played } from './model-calls.ts';
import type { Call, Fact } from './operations.ts';
import type { RealStock } from './real-stock.ts';
import { type Standing, standingOfModel, standingOfTables, unaccounted } from './standing.ts';
import { type Model, ordersOf } from './stock-model.ts';
import {
  type FactWish,
  factOf,
  type NextId,
  type RequestWish,
  requestOf,
  someFactWish,
  someRequestWish,
} from './wishes.ts';

/**
 * What fast-check hands from step to step: every model that agrees with the tables so far. After calls made at once there may be
 * several, which stand alike and differ in who has waited longer or claimed later.
 */
export type Walk = { models: readonly Model[] };
export type Step = fc.AsyncCommand<Walk, RealStock>;

/** Facts of one batch at most. */
const BATCH_MAX = 4;
/** Requests beside a batch at most: three calls have six orders. */
const BESIDE_MAX = 2;
/** Models that are followed at most; more would only differ in what happened long ago. */
const MODELS_MAX = 24;

/**
 * The facts the wishes come to, each where those before it leave the model. Beside other calls a plan may be refused: only what
 * was assigned before can leave then.
 */
function batchOf(model: Model, wishes: readonly FactWish[], nextId: NextId, isAlone: boolean): Fact[] {
  const facts: Fact[] = [];
  for (const wish of wishes) {
    const before = wish.kind === 'ship' && !isAlone;
    const fact = factOf(before || facts.length === 0 ? model : played(model, [{ facts }]), wish, nextId);
    if (fact !== null && !facts.some((each) => isSameShipment(each, fact))) facts.push(fact);
  }
  return facts;
}

const isSameShipment = (one: Fact, other: Fact) =>
  one.kind === 'ship' && other.kind === 'ship' && one.parcel.shipmentId === other.parcel.shipmentId;

/** A hold that expires is over a moment before it ends, which no order of calls tells: beside others it is let go. */
const beside = (wish: RequestWish): RequestWish =>
  wish.kind === 'expire' ? { ...wish, kind: 'let go' } : wish;

function callsOf(
  model: Model,
  facts: readonly FactWish[],
  requests: readonly RequestWish[],
  nextId: NextId,
): Call[] {
  const batch = batchOf(model, facts, nextId, requests.length === 0);
  const asked = requests.flatMap((wish) => {
    const request = requestOf(model, wish, nextId);
    return request === null ? [] : [{ request }];
  });
  return batch.length === 0 ? asked : [{ facts: batch }, ...asked];
}

/** Everything in every order. */
function* permutations<T>(all: readonly T[]): Generator<readonly T[]> {
  if (all.length === 0) yield [];
  for (const [index, one] of all.entries()) {
    const others = all.filter((_, place) => place !== index);
    for (const rest of permutations(others)) yield [one, ...rest];
  }
}

const isCount = (call: Call) => 'request' in call && call.request.kind === 'count';
const isRelease = (call: Call) => 'request' in call && call.request.kind === 'release';

/**
 * What the model may be after calls that were made at once. A count that met another change is refused. Who comes while a release
 * is decided may be written before it and is not thought of: units that still fit are given, and count as the newer claim.
 */
function* outcomes(model: Model, calls: readonly Call[]): Generator<Model> {
  const places = calls.map((_, place) => place);
  for (const order of permutations(calls)) {
    const writings = calls.length > 1 && calls.some(isRelease) ? permutations(places) : [places];
    for (const written of writings) yield played(model, order, written);
  }
  if (calls.length === 1) return;
  for (const count of calls.filter(isCount))
    yield* outcomes(
      model,
      calls.filter((call) => call !== count),
    );
}

/** A look goes from SKU to SKU: of two that come meanwhile, an order may get each in a wave of its own. */
function* outcomesOfTwoWaves(model: Model, calls: readonly Call[]): Generator<Model> {
  if (calls.length === 1) return;
  for (const release of calls.filter(isRelease)) yield* outcomes(model, [...calls, release]);
}

/** What stands alike in both, counted by places. */
function likeness(one: unknown, other: unknown): number {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Number(one === other);
  const others = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).reduce((sum, [key, value]) => sum + likeness(value, others.get(key)), 0);
}

/** The standing that differs least, which tells best what is wrong. */
function nearest(standings: readonly Standing[], stands: Standing): Standing | undefined {
  const [first, ...others] = standings;
  return others.reduce(
    (best, each) => (best !== undefined && likeness(best, stands) >= likeness(each, stands) ? best : each),
    first,
  );
}

async function takeStep(walk: Walk, real: RealStock, calls: readonly Call[]): Promise<void> {
  await Promise.all(calls.map((call) => real.make(call)));
  const models = walk.models.flatMap((model) => [...outcomes(model, calls)]);
  const orderIds = [...new Set(models.flatMap(({ orders }) => Object.keys(orders)))];
  const stands = await standingOfTables(real.sql, { skus: real.names.skus, orderIds, holds: real.holds });
  const doesFit = (each: Model) => isDeepStrictEqual(standingOfModel(each), stands);
  const fitting = models.filter(doesFit);
  if (fitting.length === 0)
    fitting.push(...walk.models.flatMap((model) => [...outcomesOfTwoWaves(model, calls)].filter(doesFit)));
  if (fitting.length === 0) expect(stands).toStrictEqual(nearest(models.map(standingOfModel), stands));
  walk.models = [...new Map(fitting.map((each) => [JSON.stringify(each), each])).values()].slice(
    0,
    MODELS_MAX,
  );
  for (const order of walk.models.flatMap(ordersOf)) expect(unaccounted(order)).toEqual({});
  await expectLedgerToAgree(real, stands);
}

const NO_FIGURES = { sellable: 0, reserved: 0, held: 0, withdrawing: 0 };
const NO_UNITS = { onHand: 0, allocated: 0, safety: 0 };

/** The ledger comes to what the tables say, and never sold more than there was. */
async function expectLedgerToAgree({ sql, names: { skus } }: RealStock, stands: Standing): Promise<void> {
  const folded = await foldLedger(sql, skus);
  expect(folded.oversold).toEqual([]);
  for (const sku of skus) {
    const { waiting: _, ...figures } = stands.totals[sku] ?? { ...NO_FIGURES, waiting: 0 };
    expect({ sku, ...(folded.totals[sku] ?? NO_FIGURES) }).toEqual({ sku, ...figures });
  }
  for (const place of new Set([...Object.keys(folded.shelves), ...Object.keys(stands.shelves)]))
    expect({ place, ...(folded.shelves[place] ?? NO_UNITS) }).toEqual({
      place,
      ...(stands.shelves[place] ?? NO_UNITS),
    });
  const [letters] = await sql`SELECT count(*)::int AS count, min(error) AS error FROM dead_letters`;
  expect(letters).toEqual({ count: 0, error: null });
  const waits = await sql`
    SELECT sku, sum(quantity)::int AS units FROM backorders WHERE sku = ANY (${[...skus]}::text[]) GROUP BY sku
    EXCEPT SELECT sku, units FROM backorder_totals`;
  expect([...waits]).toEqual([]);
}

function step(name: string, callsAt: (model: Model, nextId: NextId) => Call[]): Step {
  let made: readonly Call[] = [];
  return {
    check: () => true,
    run: (walk, real) => {
      const [model] = walk.models;
      made = model === undefined ? [] : callsAt(model, real.nextId);
      return takeStep(walk, real, made);
    },
    toString: () => `${name} ${JSON.stringify(made)}`,
  };
}

const someBatch = fc
  .array(someFactWish, { minLength: 1, maxLength: BATCH_MAX })
  .map((wishes) => step('hears', (model, nextId) => callsOf(model, wishes, [], nextId)));
const someRequest = someRequestWish.map((wish) =>
  step('does', (model, nextId) => callsOf(model, [], [wish], nextId)),
);
const someAtOnce = fc
  .tuple(
    fc.array(someFactWish, { minLength: 0, maxLength: BATCH_MAX }),
    fc.array(someRequestWish, { minLength: 1, maxLength: BESIDE_MAX }),
  )
  .map(([facts, requests]) =>
    step('does at once', (model, nextId) => callsOf(model, facts, requests.map(beside), nextId)),
  );

/** Steps of a run, in the shares in which they come. */
export const someSteps = [someBatch, someBatch, someRequest, someRequest, someAtOnce];
