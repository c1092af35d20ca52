// Ours, measured as the peers are: one process of each kind, an order counts when it is confirmed (stock reserved, payment secured).
import type { Pool } from 'undici';
import { z } from 'zod';
import { openPool } from '../../../peers/open-pool.ts';
import {
  type Bought,
  type PeerBuyer,
  type PeerLine,
  type PeerOptions,
  type PeerShop,
  PRODUCTS,
  skuOf,
  stockOf,
} from '../../../peers/peer.ts';
import { describeCommit } from '../../platform/machine.ts';
import { openClaimants } from '../claimants.ts';
import { countSold } from '../counting.ts';
import { prepareGround } from '../ground.ts';
import { stockUp } from '../stock-up.ts';

const WAREHOUSE = 'LON';
const COMMIT_SHOWN = 8;
/** Rows that a bulk mutation takes. */
const ROWS_MAX = 1_000;
/** What an order can be once its stock is reserved and its payment secured. */
const SECURED = new Set(['CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED']);

const PLACE = `mutation PeerOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { status statusReason } userErrors { code } }
}`;
const reply = z.object({
  data: z
    .object({
      placeOrder: z.object({
        order: z.object({ status: z.string(), statusReason: z.string().nullable() }).nullable(),
        userErrors: z.array(z.object({ code: z.string() })),
      }),
    })
    .nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** Starts it with so many partners, and fills it. */
export async function openCrossdock(options: PeerOptions, partners: number): Promise<PeerShop> {
  const ground = await prepareGround({ ...options, replicas: 1, partners });
  const { cluster, erpToken: token } = ground;
  const draw = () => 0.5;
  const claimants = openClaimants({ gatewayUrl: cluster.gatewayUrl, token, run: 'peers', draw });
  const pool = openPool(Number(new URL(cluster.gatewayUrl).port));
  await fillShelves({ cluster, claimants }, options);
  return {
    ...{ name: 'Crossdock', version: (await describeCommit()).slice(0, COMMIT_SHOWN) },
    setUp: `one process of each kind on Node ${process.version}, Postgres with fsync on, terms, 1 request an order, answered when it is CONFIRMED`,
    buyer: async (index) => buyerOf(pool, token, index, ground.partners[index % partners] ?? ''),
    recorded: async () => (await countSold({ cluster, claimants }, [skuOf(0)]))[0]?.booked ?? 0,
    stop: async () => {
      await Promise.all([claimants.close(), pool.destroy()]);
      await ground.clear();
    },
  };
}

async function fillShelves(stage: Parameters<typeof stockUp>[0], options: PeerOptions): Promise<void> {
  const lines = Array.from({ length: PRODUCTS }, (_, product) => ({
    sku: skuOf(product),
    warehouseId: WAREHOUSE,
    quantity: stockOf(product, options),
  }));
  for (let from = 0; from < lines.length; from += ROWS_MAX)
    await stockUp(stage, lines.slice(from, from + ROWS_MAX));
}

function buyerOf(pool: Pool, token: string, index: number, partnerId: string): PeerBuyer {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  let orders = 0;
  const attempt = async (lines: readonly PeerLine[]): Promise<Bought> => {
    orders += 1;
    const input = {
      ...{ idempotencyKey: `peer-${index}-${orders}`, partnerId, waitFor: 'CONFIRMED', waitMs: 10_000 },
      lines: lines.map(({ product, quantity }) => ({ sku: skuOf(product), quantity })),
    };
    const body = JSON.stringify({ query: PLACE, variables: { input } });
    const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
    const { data, errors = [] } = reply.parse(await response.body.json());
    const order = data?.placeOrder.order ?? null;
    if (order === null)
      return { error: data?.placeOrder.userErrors[0]?.code ?? errors[0]?.message ?? 'no order' };
    if (order.status === 'REJECTED' && order.statusReason === 'STOCK_SHORT') return 'short';
    return SECURED.has(order.status)
      ? 'sold'
      : { error: `${order.status} ${order.statusReason ?? ''}`.trim() };
  };
  return {
    buy: (lines) => attempt(lines).catch((error: unknown) => ({ error: String(error).slice(0, 80) })),
  };
}
