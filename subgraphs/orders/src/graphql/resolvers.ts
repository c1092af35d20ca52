import {
  discardDeadLetters,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  replayDeadLetters,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, moneyView } from '@crossdock/values';
import type { Context } from './context.ts';
import { mutationResolvers } from './mutations.ts';
import { orderLineResolvers, orderResolvers } from './orders.ts';
import { operationsResolvers, queryResolvers } from './queries.ts';
import type { Resolvers } from './schema.generated.ts';

/** Resolvers translate: they hold no rule and no SQL. */
export const resolvers: Resolvers = {
  Query: { ...queryResolvers, operations: operationsHolder },
  Mutation: {
    ...mutationResolvers,
    replayOrdersDeadLetters: replayDeadLetters,
    discardOrdersDeadLetters: discardDeadLetters,
  },
  Operations: {
    ...operationsResolvers,
    ordersDeadLetters: listDeadLetters,
    ordersDeadLetterGroups: groupDeadLetters,
  },
  Order: orderResolvers,
  OrderLine: orderLineResolvers,
  OrderChange: {
    order: async (change, _args, context) => {
      const order = await context.loaders.order.load(change.orderId);
      if (order === null) throw new Error(`order ${change.orderId} has a stream and no row`);
      return order;
    },
    occurredAt: (change) => change.occurredAt.toISOString(),
  },
  Partner: {
    __resolveReference: async ({ id }, context) =>
      seesPartner(context.caller, id) ? context.loaders.partner.load(id) : null,
    id: (partner) => partner.partnerId,
  },
  Product: {
    __resolveReference: ({ sku }) => ({ sku }),
    listPrice: (product, _args, context) => listPrice(product.sku, context),
    price: (product, _args, context) => listPrice(product.sku, context),
  },
};

async function listPrice(sku: string, context: Context) {
  const product = isStorable(sku) ? await context.loaders.product.load(sku) : null;
  return product === null ? null : moneyView(product.listPriceMinor, product.currencyCode);
}
