// Vendure, one process as its documentation sets it up.
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { Pool } from 'undici';
import { z } from 'zod';
import { callGraphql } from '../graphql-call.ts';
import { installPeer } from '../install.ts';
import { openPool } from '../open-pool.ts';
import type { Bought, PeerBuyer, PeerLine, PeerOptions, PeerShop } from '../peer.ts';
import { openPeerGround } from '../peer-process.ts';
import { stockVendure, type VendureShelves } from './stock-shop.ts';

const VERSION = '3.7.3';
const PACKAGES = {
  name: 'crossdock-peer-vendure',
  type: 'module',
  dependencies: { '@vendure/core': VERSION, ioredis: '5.8.2', pg: '8.16.3' },
} as const;
const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));
const SHOP = '/shop-api';

const FILL = `mutation Fill($lines: [AddItemInput!]!, $customer: CreateCustomerInput!, $address: CreateAddressInput!, $shipping: [ID!]!) {
  added: addItemsToOrder(inputs: $lines) { errorResults { ... on ErrorResult { errorCode } } }
  customer: setCustomerForOrder(input: $customer) { ... on ErrorResult { errorCode } }
  address: setOrderShippingAddress(input: $address) { ... on ErrorResult { errorCode } }
  shipping: setOrderShippingMethod(shippingMethodId: $shipping) { ... on ErrorResult { errorCode } }
  arranging: transitionOrderToState(state: "ArrangingPayment") { ... on ErrorResult { errorCode } }
}`;
const PAY = `mutation Pay {
  paid: addPaymentToOrder(input: { method: "dummy", metadata: {} }) {
    ... on Order { state } ... on ErrorResult { errorCode }
  }
}`;
const step = z.object({ errorCode: z.string().optional() });
const filled = z
  .object({ added: z.object({ errorResults: z.array(z.object({ errorCode: z.string() })) }) })
  .catchall(step);
const paid = z.object({ paid: z.object({ state: z.string().optional(), errorCode: z.string().optional() }) });

/** Installs it where it is absent, starts it on an empty database and fills it. */
export async function openVendure(options: PeerOptions): Promise<PeerShop> {
  const { folder, say, signal } = options;
  await installPeer(folder, PACKAGES, say, signal);
  const ground = await openPeerGround('vendure', say, signal);
  const pool = openPool(ground.port);
  const stop = async () => {
    await pool.destroy();
    await ground.stop();
  };
  try {
    const environment = { DATABASE_URL: ground.databaseUrl, SUPERADMIN_PASSWORD: ground.secret };
    await ground.serve({ args: [SERVER], cwd: folder, environment }, '/health');
    say('Vendure: filling the shop');
    const shelves = await stockVendure(pool, ground.secret, options);
    return {
      ...{ name: 'Vendure', version: VERSION, stop },
      setUp: `one process on Node ${process.version}, Postgres with fsync on, dummy payment, 2 requests an order`,
      buyer: (index) => buyerOf(pool, shelves, index),
      recorded: () => recordedIn(ground.databaseUrl, shelves.variantIds[0] ?? '', options.contestedStock),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A guest with a session of its own, which serves one order after the other. */
async function buyerOf(
  pool: Pool,
  { variantIds, shippingMethodId }: VendureShelves,
  index: number,
): Promise<PeerBuyer> {
  const { token } = await callGraphql(pool, SHOP, { query: '{ activeOrder { id } }' });
  const customer = { firstName: 'A', lastName: 'Buyer', emailAddress: `buyer-${index}@example.com` };
  const address = {
    fullName: 'A Buyer',
    streetLine1: '1 Street',
    city: 'London',
    postalCode: 'E1',
    countryCode: 'GB',
  };
  const attempt = async (lines: readonly PeerLine[]): Promise<Bought> => {
    const inputs = lines.map(({ product, quantity }) => ({
      productVariantId: variantIds[product],
      quantity,
    }));
    const variables = { lines: inputs, customer, address, shipping: [shippingMethodId] };
    const fill = await callGraphql(pool, SHOP, { query: FILL, variables, token });
    const { added, ...steps } = filled.parse(fill.data);
    const refusals = [
      ...added.errorResults.map(({ errorCode }) => errorCode),
      ...Object.values(steps).flatMap((each) => step.parse(each).errorCode ?? []),
    ];
    if (added.errorResults.some(({ errorCode }) => errorCode === 'INSUFFICIENT_STOCK_ERROR')) return 'short';
    if (refusals[0] !== undefined) return { error: refusals[0] };
    const pay = await callGraphql(pool, SHOP, { query: PAY, token });
    const { state, errorCode } = paid.parse(pay.data).paid;
    return state === 'PaymentSettled' || state === 'PaymentAuthorized'
      ? 'sold'
      : { error: errorCode ?? `${state}` };
  };
  return { buy: (lines) => attempt(lines).catch((error: unknown) => ({ error: reasonOf(error) })) };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 80);

/** What its stock table says is allocated to orders, or has left. */
async function recordedIn(databaseUrl: string, variantId: string, stock: number): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const [row] = await sql<{ units: number }[]>`
      select (sum("stockAllocated") + ${stock}::int - sum("stockOnHand"))::int as units
      from stock_level where "productVariantId" = ${Number(variantId)}`;
    return row?.units ?? 0;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
