import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  PAGE_MAX,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid } from '@crossdock/values';
import { findProducts } from '../read-models/products.ts';
import { linesOfReservation } from '../read-models/reservations.ts';
import type { Context } from './context.ts';
import type { ReservationParent } from './parents.ts';
import type { QueryProductsArgs, Resolvers } from './schema.generated.ts';

/** SKUs one query may name. */
const SKUS_MAX = 1_000;

function placeBehind(cursor: string | null | undefined): string | null {
  if (cursor == null) return null;
  const sku = decodePageCursor(cursor, 1)?.[0];
  if (sku === undefined || !isStorable(sku)) throw badInput('after is not a cursor of this list.');
  return sku;
}

async function productPage({ search, skus, first, after }: QueryProductsArgs, context: Context) {
  const size = first ?? PAGE_MAX;
  if (size < 1 || size > PAGE_MAX) throw badInput('first is 1 to 100.');
  if ((skus?.length ?? 0) > SKUS_MAX) throw badInput('skus has at most 1,000 entries.');
  const filter = { search: search ?? null, skus: skus ?? null };
  const rows = await findProducts(context.read, filter, placeBehind(after), size + 1);
  return connection(rows, size, after, (row) => encodePageCursor(row.sku));
}

/** The order's reservation, once decided and only to those who may see the order's partner. */
async function visibleReservation(orderId: string, context: Context): Promise<ReservationParent | null> {
  const found = await context.reservations.load(orderId);
  if (found === null || !seesPartner(context.caller, found.partnerId)) return null;
  const { status, decidedAt } = found;
  return status === null || decidedAt === null ? null : { ...found, status, decidedAt };
}

export const queryResolvers: Resolvers = {
  Query: {
    product: (_parent, { sku }, context) => context.products.load(sku),
    products: (_parent, args, context) => productPage(args, context),
    operations: operationsHolder,
  },
  Operations: { inventoryDeadLetters: listDeadLetters, inventoryDeadLetterGroups: groupDeadLetters },
  Product: {
    __resolveReference: ({ sku }, context) => context.products.load(sku),
    availability: ({ sku }, _args, context) => context.availability.load(sku),
    stock: ({ sku }, _args, context) => context.stock.load(sku),
  },
  StockLevel: {
    warehouse: ({ warehouseId }) => ({ id: warehouseId }),
    available: ({ onHand, allocated, safety }) => onHand - allocated - safety,
  },
  Order: {
    __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
    reservation: ({ id }, _args, context) => visibleReservation(id, context),
  },
  Reservation: {
    decidedAt: ({ decidedAt }) => decidedAt.toISOString(),
    lines: linesOfReservation,
  },
};
