// Medusa, one process with the Redis modules that its documentation asks for in production.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { Pool } from 'undici';
import { z } from 'zod';
import { installPeer } from '../install.ts';
import { openPool } from '../open-pool.ts';
import {
  type Bought,
  type PeerBuyer,
  type PeerLine,
  type PeerOptions,
  type PeerShop,
  skuOf,
} from '../peer.ts';
import { openPeerGround, type PeerGround } from '../peer-process.ts';
import { callRest, Refused } from './rest-call.ts';
import { ADMIN_EMAIL, type MedusaShelves, stockMedusa } from './stock-shop.ts';

const VERSION = '2.21.2';
const PACKAGES = {
  name: 'crossdock-peer-medusa',
  type: 'commonjs',
  dependencies: {
    '@medusajs/medusa': VERSION,
    '@medusajs/framework': VERSION,
    '@medusajs/cli': VERSION,
    '@swc/core': '1.7.28',
    ioredis: '5.8.2',
  },
} as const;
const CONFIG = fileURLToPath(new URL('./medusa-config.cjs', import.meta.url));
/** What it says where there is no stock. */
const SHORT = /insufficient_inventory|not enough stock|do not have the required inventory|not have enough/i;

/** Installs it where it is absent, makes its tables, starts it and fills it. */
export async function openMedusa(options: PeerOptions): Promise<PeerShop> {
  const { folder, say, signal } = options;
  await installPeer(folder, PACKAGES, say, signal);
  copyFileSync(CONFIG, join(folder, 'medusa-config.js'));
  const ground = await openPeerGround('medusa', say, signal);
  const pool = openPool(ground.port);
  const stop = async () => {
    await pool.destroy();
    await ground.stop();
  };
  try {
    await prepare(folder, ground, say);
    const shelves = await stockMedusa(pool, ground.secret, options);
    return {
      ...{ name: 'Medusa', version: VERSION, stop },
      setUp: `one process on Node ${process.version}, Postgres with fsync on, Redis for events, workflows and locks, its system payment, 5 requests an order`,
      buyer: async (index) => buyerOf(pool, shelves, index),
      recorded: () => recordedIn(ground.databaseUrl, options.contestedStock),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(folder: string, ground: PeerGround, say: (line: string) => void): Promise<void> {
  const cli = join(folder, 'node_modules', '@medusajs', 'cli', 'cli.js');
  const environment = { DATABASE_URL: ground.databaseUrl, REDIS_URL: ground.redisUrl, SECRET: ground.secret };
  const command = (...args: readonly string[]) => ({ args: [cli, ...args], cwd: folder, environment });
  say('Medusa: making its tables');
  await ground.run('medusa-migrate', command('db:migrate', '--skip-scripts'));
  await ground.run('medusa-user', command('user', '-e', ADMIN_EMAIL, '-p', ground.secret));
  say('Medusa: starting and filling the shop');
  await ground.serve(command('start'), '/health');
}

const cartReply = z.object({ cart: z.object({ id: z.string() }) });
const collectionReply = z.object({ payment_collection: z.object({ id: z.string() }) });
const completed = z.object({ type: z.string(), error: z.object({ message: z.string() }).optional() });

function buyerOf(pool: Pool, shelves: MedusaShelves, index: number): PeerBuyer {
  const { publishableKey, regionId, shippingOptionId, variantIds } = shelves;
  const headers = { 'x-publishable-api-key': publishableKey };
  const post = (path: string, body: object) => callRest(pool, 'POST', `/store/${path}`, headers, body);
  const address = {
    ...{ first_name: 'A', last_name: 'Buyer', address_1: '1 Street', city: 'London', postal_code: 'E1' },
    country_code: 'gb',
  };
  const attempt = async (lines: readonly PeerLine[]): Promise<Bought> => {
    const items = lines.map(({ product, quantity }) => ({ variant_id: variantIds[product], quantity }));
    const asked = {
      region_id: regionId,
      email: `buyer-${index}@example.com`,
      items,
      shipping_address: address,
    };
    const { cart } = cartReply.parse(await post('carts', asked));
    await post(`carts/${cart.id}/shipping-methods`, { option_id: shippingOptionId });
    const collection = collectionReply.parse(await post('payment-collections', { cart_id: cart.id }));
    const sessions = `payment-collections/${collection.payment_collection.id}/payment-sessions`;
    await post(sessions, { provider_id: 'pp_system_default' });
    const { type, error } = completed.parse(await post(`carts/${cart.id}/complete`, {}));
    return type === 'order' ? 'sold' : { error: error?.message ?? type };
  };
  return {
    buy: (lines) =>
      attempt(lines).catch((error: unknown): Bought => {
        const reason = error instanceof Error ? error.message : String(error);
        return error instanceof Refused && SHORT.test(reason) ? 'short' : { error: reason };
      }),
  };
}

/** What its stock table says is reserved, or has left. */
async function recordedIn(databaseUrl: string, stock: number): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const [row] = await sql<{ units: number }[]>`
      select (sum(l.reserved_quantity) + ${stock}::int - sum(l.stocked_quantity))::int as units
      from inventory_level l join inventory_item i on i.id = l.inventory_item_id
      where i.sku = ${skuOf(0)} and l.deleted_at is null`;
    return row?.units ?? 0;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
