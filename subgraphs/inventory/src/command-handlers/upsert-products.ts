import { partitionOf } from '@crossdock/contracts';
import {
  awaitTwin,
  faultKind,
  fingerprint,
  type Metadata,
  markedByRequest,
  type NewEvent,
  newId,
} from '@crossdock/event-store';
import { canonicalMoney, type Refusal, refusal } from '@crossdock/values';
import { type ProductDetails, type ProductState, productDecider } from '../domain/product.ts';
import { loadProducts, type ProductWrite, upsertProductRows } from '../store/products.ts';
import { type ProductRowInput, productDetails, refuseProductRow } from './product-rows.ts';
import { type Answered, ERP_SCOPE, type HandlerDependencies, type Request, ROWS_MAX } from './request.ts';

export type UpsertProductsInput = Readonly<{
  idempotencyKey: string;
  errorPolicy: 'REJECT_ALL' | 'REJECT_ROWS';
  products: readonly ProductRowInput[];
}>;

export type RowResult = Readonly<{
  index: number;
  id: string | null;
  created: boolean;
  userErrors: readonly Refusal[];
}>;
export type UpsertAnswer = Answered & Readonly<{ results: readonly RowResult[] }>;

/** Rounds of deciding again when another request wrote the same products in between. */
const ROUNDS_MAX = 5;

type Decided = Readonly<{ writes: ProductWrite[]; events: NewEvent[]; results: RowResult[] }>;

function refuseRows(rows: readonly ProductRowInput[]): Refusal[][] {
  const earlier = new Set<string>();
  return rows.map((row, index) => {
    const refusals = refuseProductRow(row, index, earlier);
    earlier.add(row.sku);
    return refusals;
  });
}

function newEvent(type: string, data: ProductDetails, version: number, metadata: Metadata): NewEvent {
  const partition = partitionOf(data.sku);
  return { partition, category: 'product', streamId: data.sku, version, id: newId(), type, data, metadata };
}

/** Decides every good row on the products as they stand. */
function decideRows(
  rows: readonly ProductRowInput[],
  refusals: readonly (readonly Refusal[])[],
  stored: ReadonlyMap<string, ProductState>,
  metadata: Metadata,
): Decided {
  const decided: Decided = { writes: [], events: [], results: [] };
  for (const [index, row] of rows.entries()) {
    const userErrors = refusals[index] ?? [];
    if (userErrors.length > 0) {
      decided.results.push({ index, id: null, created: false, userErrors });
      continue;
    }
    const state = stored.get(row.sku) ?? productDecider.initialState;
    const decision = productDecider.decide({ type: 'UpsertProduct', data: productDetails(row) }, state);
    for (const event of decision.accepted ? decision.events : []) {
      const { version } = productDecider.evolve(state, event);
      decided.writes.push({ details: event.data, version });
      decided.events.push(newEvent(event.type, event.data, version, metadata));
    }
    decided.results.push({ index, id: row.sku, created: state.details === null, userErrors });
  }
  return decided;
}

/** Writes the good rows on fresh products each round, until no other request came in between. */
async function storeRows(
  sql: HandlerDependencies['sql'],
  { input, metadata }: Request<UpsertProductsInput>,
  refusals: readonly (readonly Refusal[])[],
): Promise<UpsertAnswer> {
  const rows = input.products;
  const good = rows.flatMap((row, index) => (refusals[index]?.length ? [] : [row.sku]));
  const priced = rows.map((row) => ({ ...row, listPrice: canonicalMoney(row.listPrice) }));
  const print = fingerprint({ ...input, products: priced });
  const keyed = { scope: ERP_SCOPE, key: input.idempotencyKey, fingerprint: print };
  for (let round = 1; ; round += 1) {
    const { writes, events, results } = decideRows(rows, refusals, await loadProducts(sql, good), metadata);
    try {
      const result = JSON.stringify(results);
      const marked = markedByRequest(events, { ...keyed, operation: 'upsertProducts' }, result);
      const answer = await upsertProductRows(sql, { ...keyed, result }, writes, marked);
      if (answer.verdict !== 'REPLAYED') return { verdict: answer.verdict, refusals: [], results };
      const before: RowResult[] = JSON.parse(answer.result ?? '[]');
      return { verdict: answer.verdict, refusals: [], results: before };
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round === ROUNDS_MAX) throw error;
    }
  }
}

/** Creates or changes products, at most 1,000 in a call, each with its own verdict. */
export function createUpsertProducts({ sql, poke }: HandlerDependencies) {
  return async (request: Request<UpsertProductsInput>): Promise<UpsertAnswer> => {
    const { products: rows, errorPolicy } = request.input;
    if (rows.length === 0 || rows.length > ROWS_MAX) {
      const message = 'A request has 1 to 1,000 products.';
      const none = refusal('INVALID_INPUT', { message, field: ['products'] });
      return { verdict: 'NEW', results: [], refusals: [none] };
    }
    const refusals = refuseRows(rows);
    const refused = refusals.filter((each) => each.length > 0).length;
    if (refused > 0 && (errorPolicy === 'REJECT_ALL' || refused === rows.length)) {
      const results = refusals.map((userErrors, index) => ({ index, id: null, created: false, userErrors }));
      return { verdict: 'NEW', refusals: [], results };
    }
    const answer = await awaitTwin(
      () => storeRows(sql, request, refusals),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    poke();
    return answer;
  };
}
