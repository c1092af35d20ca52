import {
  discardDeadLetters,
  forbidden,
  refuseIdempotencyKey,
  refuseKeyVerdict,
  replayDeadLetters,
} from '@crossdock/subgraph-server';
import type { Refusal } from '@crossdock/values';
import type { StockView } from '../read-models/products.ts';
import type { Context } from './context.ts';
import { holdMutations } from './holds.ts';
import { metadataOf } from './metadata.ts';
import type { ReceiveStockInput, Resolvers, UpsertProductsInput } from './schema.generated.ts';
import { adjustStock, receiveTransfer, setSafetyStock, transferStock } from './stock-operations.ts';

const NAMED_ONCE = { casePack: 1, minOrderQuantity: 1, weightGrams: 0, lowStockThreshold: 0 };

function requireErp({ caller }: Context): void {
  if (caller.role !== 'erp') throw forbidden();
}

async function upsertProducts(input: UpsertProductsInput, context: Context) {
  requireErp(context);
  const refused = (userErrors: readonly Refusal[]) => ({ results: [], replayed: false, userErrors });
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return refused([badKey]);
  const { idempotencyKey, errorPolicy = 'REJECT_ALL' } = input;
  const products = input.products.map((product) => ({ ...NAMED_ONCE, ...product }));
  const { verdict, refusals, results } = await context.handlers.upsertProducts({
    input: { idempotencyKey, errorPolicy, products },
    metadata: metadataOf(context),
  });
  const keyTaken = refuseKeyVerdict(verdict);
  if (keyTaken !== null) return refused([keyTaken]);
  return { results, replayed: verdict === 'REPLAYED', userErrors: refusals };
}

/** The levels of the receipt's lines as they stand now, in the order of the lines. */
async function levelsOf({ lines }: ReceiveStockInput, context: Context): Promise<StockView[]> {
  const levels = await context.stock.loadMany(lines.map((line) => line.sku));
  return lines.flatMap(({ warehouseId }, index) => {
    const found = levels[index];
    if (found instanceof Error) throw found;
    return found?.filter((level) => level.warehouseId === warehouseId) ?? [];
  });
}

async function receiveStock(input: ReceiveStockInput, context: Context) {
  requireErp(context);
  const refused = (userErrors: readonly Refusal[]) => ({ stock: [], replayed: false, userErrors });
  const badKey = refuseIdempotencyKey(input.idempotencyKey);
  if (badKey !== null) return refused([badKey]);
  const { verdict, refusals } = await context.handlers.receiveStock({ input, metadata: metadataOf(context) });
  const keyTaken = refuseKeyVerdict(verdict);
  if (keyTaken !== null) return refused([keyTaken]);
  if (refusals.length > 0) return refused(refusals);
  return { stock: await levelsOf(input, context), replayed: verdict === 'REPLAYED', userErrors: [] };
}

export const mutationResolvers: Resolvers = {
  Mutation: {
    upsertProducts: (_parent, { input }, context) => upsertProducts(input, context),
    receiveStock: (_parent, { input }, context) => receiveStock(input, context),
    adjustStock: (_parent, { input }, context) => adjustStock(input, context),
    transferStock: (_parent, { input }, context) => transferStock(input, context),
    receiveTransfer: (_parent, { input }, context) => receiveTransfer(input, context),
    setSafetyStock: (_parent, { input }, context) => setSafetyStock(input, context),
    ...holdMutations,
    replayInventoryDeadLetters: replayDeadLetters,
    discardInventoryDeadLetters: discardDeadLetters,
  },
};
