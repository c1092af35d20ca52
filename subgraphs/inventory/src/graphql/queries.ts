import {
  badInput,
  connection,
  decodePageCursor,
  encodePageCursor,
  forbidden,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  pageSize,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid } from '@crossdock/values';
import { findProducts } from '../read-models/products.ts';
import { linesOfReservation } from '../read-models/reservations.ts';
import type { Context } from './context.ts';
import { holdQueries } from './holds.ts';
import type { ReservationParent } from './parents.ts';
import type { QueryProductsArgs, Resolvers } from './schema.generated.ts';
import { productHistory } from './stock-history.ts';

/** SKUs one query may name. */
const SKUS_MAX = 1_000;

function placeBehind(cursor: string | null | undefined): string | null {
  if (cursor == null) return null;
  const sku = decodePageCursor(cursor, 1)?.[0];
  if (sku === undefined || !isStorable(sku)) throw badInput('after is not a cursor of this list.');
  return sku;
}

async function productPage({ search, skus, first, after }: QueryProductsArgs, context: Context) {
  const size = pageSize(first);
  if ((skus?.length ?? 0) > SKUS_MAX) throw badInput('skus has at most 1,000 entries.');
  const filter = { search: search ?? null, skus: skus ?? null };
  const rows = await findProducts(context.read, filter, placeBehind(after), size + 1);
  return connection(rows, size, after, (row) => encodePageCursor(row.sku));
}

/** A transfer is shown to the ERP and to operators. */
async function visibleTransfer(id: string, { caller, transfers }: Context) {
  if (caller.role !== 'erp' && caller.role !== 'operator') throw forbidden();
  return isUuid(id) ? transfers.load(id) : null;
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
    stockTransfer: (_parent, { id }, context) => visibleTransfer(id, context),
    ...holdQueries,
    operations: operationsHolder,
  },
  Operations: { inventoryDeadLetters: listDeadLetters, inventoryDeadLetterGroups: groupDeadLetters },
  Product: {
    __resolveReference: ({ sku }, context) => context.products.load(sku),
    availability: ({ sku }, _args, context) => context.availability.load(sku),
    stock: ({ sku }, _args, context) => context.stock.load(sku),
    stockHistory: ({ sku }, args, context) => productHistory(sku, args, context),
  },
  StockLevel: {
    warehouse: ({ warehouseId }) => ({ id: warehouseId }),
    available: ({ onHand, allocated, safety }) => onHand - allocated - safety,
  },
  StockMovement: { kind: ({ kind }) => kind.toUpperCase() },
  StockTransfer: {
    id: ({ transferId }) => transferId,
    sentAt: ({ sentAt }) => sentAt.toISOString(),
    lines: ({ lines, status }) =>
      lines.map(([sku, sent, received]) => ({
        ...{ sku, sent, received },
        lost: status === 'RECEIVED' ? sent - received : 0,
      })),
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
