// The subgraph's HTTP server over a test database, asked as the gateway asks it.
import { createLogTail } from '@crossdock/event-store';
import {
  createDeadLetterDesk,
  createSubgraphServer,
  loadSubgraphSchema,
  type Role,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { createRegistry } from '@crossdock/telemetry';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createCancelOrder } from '../src/command-handlers/cancel-order.ts';
import { createPlaceOrder } from '../src/command-handlers/place-order.ts';
import { createUpsertPartners } from '../src/command-handlers/upsert-partners.ts';
import type { Context } from '../src/graphql/context.ts';
import { createLoaders } from '../src/graphql/loaders.ts';
import { resolvers } from '../src/graphql/resolvers.ts';
import type { OrdersDatabase } from './orders-database.ts';

type CancelPayload = Readonly<{
  order: Readonly<{ status: string; timeline: readonly object[] }> | null;
  userErrors: readonly object[];
}>;
type Page = Readonly<{ nodes: readonly object[]; pageInfo: Readonly<{ endCursor: string | null }> }>;
export type Answer = Readonly<{
  data?: Readonly<{
    operations?: Readonly<{ stuckOrders: Page }> | null;
    order?: Readonly<{ timeline: readonly object[] }> | null;
    orders?: Page;
    cancelOrder?: CancelPayload;
  }> | null;
  errors?: readonly Readonly<{ extensions?: Readonly<{ code?: string }> }>[];
}>;
export type Claims = Readonly<{ role: Role; partner?: string; partners?: readonly string[] }>;

/** Serves a test database; `ask` sends one operation in the name of the claims. */
export async function serveOrders({ database: { sql, read }, logger, poke }: OrdersDatabase) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const unused = { DATABASE_URL: 'postgres://unused', NATS_URL: 'unused', REDIS_URL: 'unused' };
  const settings = subgraphSettings.parse({
    ...{ PORT: '0', LOG_LEVEL: 'error', SUBGRAPH_URLS: '{}', ...unused },
    INTERNAL_PUBLIC_JWK: JSON.stringify(await exportJWK(publicKey)),
    LOG_READ_SECRET: 'a secret of this test',
  });
  const tail = createLogTail(sql);
  const handlers = {
    placeOrder: createPlaceOrder({ sql, seal: async () => 'sealed', poke }),
    cancelOrder: createCancelOrder({ sql, poke }),
    upsertPartners: createUpsertPartners({ sql, poke }),
    // No worker runs here: nothing is asked about dead letters.
    deadLetters: createDeadLetterDesk({
      sql,
      consumer: 'orders',
      rehearse: async () => ({ succeeded: 0, error: null }),
    }),
  };
  const more = { ...handlers, sql, read, tail, cursorSecret: 'another secret of this test' };
  const app = await createSubgraphServer<Context>({
    ...{ name: 'orders', settings, sql, logger, registry: createRegistry('orders') },
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, 'orders', resolvers),
    context: (base) => ({ ...base, ...more, loaders: createLoaders(read) }),
    ready: async () => undefined,
  });
  const tokenOf = (claims: Claims) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('crossdock-gateway')
      .setAudience('orders')
      .setSubject(`a ${claims.role}`)
      .setExpirationTime('30s')
      .sign(privateKey);
  return {
    ask: async (claims: Claims, query: string, variables: object = {}): Promise<Answer> => {
      const headers = { 'x-internal-auth': await tokenOf(claims) };
      const payload = { query, variables };
      return (await app.inject({ method: 'POST', url: '/graphql', headers, payload })).json<Answer>();
    },
    close: async () => {
      tail.close();
      await app.close();
    },
  };
}

export type OrdersApi = Awaited<ReturnType<typeof serveOrders>>;
