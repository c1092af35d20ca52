// The subgraph's HTTP server over a test inventory, asked as the gateway asks it.

import { rehearse } from '@crossdock/messaging';
import {
  createDeadLetterDesk,
  createSubgraphServer,
  loadSubgraphSchema,
  type Role,
  type SubgraphSettings,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAdjustStock } from '../src/command-handlers/adjust-stock.ts';
import { createExtendHold } from '../src/command-handlers/extend-hold.ts';
import { createHoldStock } from '../src/command-handlers/hold-stock.ts';
import { createReceiveStock } from '../src/command-handlers/receive-stock.ts';
import { createReceiveTransfer } from '../src/command-handlers/receive-transfer.ts';
import { createReleaseHold } from '../src/command-handlers/release-hold.ts';
import { createSetSafetyStock } from '../src/command-handlers/set-safety-stock.ts';
import { createTransferStock } from '../src/command-handlers/transfer-stock.ts';
import { createUpsertProducts } from '../src/command-handlers/upsert-products.ts';
import { createStockConsumer } from '../src/consumers/stock-consumer.ts';
import { createContext } from '../src/graphql/context.ts';
import { mutationResolvers } from '../src/graphql/mutations.ts';
import { queryResolvers } from '../src/graphql/queries.ts';
import type { Inventory } from './inventory.ts';

export type Answer = Readonly<{
  data: Record<string, unknown> | null;
  errors?: readonly Readonly<{ message: string; extensions?: Readonly<{ code?: string }> }>[];
}>;
export type Claims = Readonly<{
  role: Role;
  partner?: string;
  partners?: readonly string[];
  warehouse?: string;
}>;

export const ERP: Claims = { role: 'erp' };
export const wmsOf = (warehouse: string): Claims => ({ role: 'wms', warehouse });
export const buyerOf = (partner: string): Claims => ({ role: 'buyer', partner });

async function serverOf({ sql, read }: Inventory['database'], settings: SubgraphSettings) {
  const deadLetters = createDeadLetterDesk({
    sql,
    consumer: 'inventory',
    rehearse: (letters) => rehearse(sql, createStockConsumer(sql), letters),
  });
  const commands = { sql, poke: () => undefined };
  const handlers = {
    upsertProducts: createUpsertProducts(commands),
    receiveStock: createReceiveStock(commands),
    adjustStock: createAdjustStock(commands),
    transferStock: createTransferStock(commands),
    receiveTransfer: createReceiveTransfer(commands),
    setSafetyStock: createSetSafetyStock(commands),
    holdStock: createHoldStock(commands),
    extendHold: createExtendHold(commands),
    releaseHold: createReleaseHold(commands),
  };
  return createSubgraphServer({
    name: 'inventory',
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, 'inventory', { ...queryResolvers, ...mutationResolvers }),
    sql,
    logger: createLogger('inventory', settings.LOG_LEVEL),
    registry: createRegistry('inventory'),
    context: (base) => createContext(base, { read, handlers, deadLetters }),
    ready: async () => undefined,
  });
}

/** Serves an inventory; `ask` sends one operation in the name of the claims. */
export async function serveInventory({ database }: Inventory) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const settings = subgraphSettings.parse({
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: 'postgres://unused',
    NATS_URL: 'unused',
    REDIS_URL: 'unused',
    INTERNAL_PUBLIC_JWK: JSON.stringify(await exportJWK(publicKey)),
    LOG_READ_SECRET: 'a secret of this test',
    SUBGRAPH_URLS: '{}',
  });
  const app = await serverOf(database, settings);
  const tokenOf = (claims: Claims) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('crossdock-gateway')
      .setAudience('inventory')
      .setSubject(`a ${claims.role}`)
      .setExpirationTime('30s')
      .sign(privateKey);
  return {
    close: () => app.close(),
    ask: async (claims: Claims, query: string, variables: object = {}): Promise<Answer> => {
      const headers = { 'x-internal-auth': await tokenOf(claims) };
      const answer = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers,
        payload: { query, variables },
      });
      return answer.json<Answer>();
    },
  };
}
