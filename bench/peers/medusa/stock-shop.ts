// Fills an empty Medusa through its Admin API: a region, a way to ship and to pay, a sales channel, and products.
import type { Pool } from 'undici';
import { z } from 'zod';
import { type PeerOptions, PRODUCTS, skuOf, stockOf } from '../peer.ts';
import { callRest } from './rest-call.ts';

export interface MedusaShelves {
  readonly publishableKey: string;
  readonly regionId: string;
  readonly shippingOptionId: string;
  /** Variant of each product. */
  readonly variantIds: readonly string[];
}

export const ADMIN_EMAIL = 'admin@example.com';

type Post = (path: string, body: object) => Promise<unknown>;

const id = z.object({ id: z.string() });
const token = z.object({ token: z.string() });
const idUnder = (name: string) => z.object({ [name]: id });

/** Creates a thing and answers its id, which stands under the thing's name. */
const maker = (post: Post) => async (path: string, name: string, body: object) => {
  const made = idUnder(name).parse(await post(path, body))[name];
  if (made === undefined) throw new Error(`Medusa made no ${name}`);
  return made.id;
};

export async function stockMedusa(
  pool: Pool,
  password: string,
  options: PeerOptions,
): Promise<MedusaShelves> {
  const login = { email: ADMIN_EMAIL, password };
  const session = token.parse(await callRest(pool, 'POST', '/auth/user/emailpass', {}, login));
  const headers = { authorization: `Bearer ${session.token}` };
  const post: Post = (path, body) => callRest(pool, 'POST', path, headers, body);
  const make = maker(post);
  const locationId = await make('/admin/stock-locations', 'stock_location', { name: 'Home' });
  const channelId = await make('/admin/sales-channels', 'sales_channel', { name: 'Race' });
  await post(`/admin/stock-locations/${locationId}/sales-channels`, { add: [channelId] });
  const regionId = await make('/admin/regions', 'region', {
    ...{ name: 'UK', currency_code: 'gbp', countries: ['gb'], payment_providers: ['pp_system_default'] },
  });
  const profileId = await make('/admin/shipping-profiles', 'shipping_profile', {
    name: 'Race',
    type: 'race',
  });
  const shippingOptionId = await shippingOption(post, locationId, profileId);
  const variantIds = await products(post, { channelId, profileId });
  const get = (path: string) => callRest(pool, 'GET', path, headers);
  await fill(get, post, locationId, options);
  const key = await post('/admin/api-keys', { title: 'Race', type: 'publishable' });
  const { api_key } = z.object({ api_key: id.extend(token.shape) }).parse(key);
  await post(`/admin/api-keys/${api_key.id}/sales-channels`, { add: [channelId] });
  return { publishableKey: api_key.token, regionId, shippingOptionId, variantIds };
}

const PROVIDER = 'manual_manual';

async function shippingOption(post: Post, locationId: string, profileId: string): Promise<string> {
  await post(`/admin/stock-locations/${locationId}/fulfillment-providers`, { add: [PROVIDER] });
  const withSets = `/admin/stock-locations/${locationId}/fulfillment-sets?fields=id,*fulfillment_sets`;
  const location = z
    .object({ stock_location: z.object({ fulfillment_sets: z.array(id) }) })
    .parse(await post(withSets, { name: 'Race', type: 'shipping' }));
  const setId = location.stock_location.fulfillment_sets[0]?.id;
  const withZones = `/admin/fulfillment-sets/${setId}/service-zones?fields=id,*service_zones`;
  const zone = { name: 'UK', geo_zones: [{ type: 'country', country_code: 'gb' }] };
  const set = z
    .object({ fulfillment_set: z.object({ service_zones: z.array(id) }) })
    .parse(await post(withZones, zone));
  const rule = (attribute: string, value: string) => ({ attribute, operator: 'eq', value });
  return maker(post)('/admin/shipping-options', 'shipping_option', {
    ...{ name: 'Standard', service_zone_id: set.fulfillment_set.service_zones[0]?.id },
    ...{ shipping_profile_id: profileId, provider_id: PROVIDER, price_type: 'flat' },
    type: { label: 'Standard', description: 'Standard', code: 'standard' },
    prices: [{ currency_code: 'gbp', amount: 5 }],
    rules: [rule('enabled_in_store', 'true'), rule('is_return', 'false')],
  });
}

const product = z.object({
  product: z.object({ variants: z.array(z.object({ id: z.string(), sku: z.string() })) }),
});

/** Variants of one product at most: the request that makes them is one workflow. */
const VARIANTS_MAX = 100;

async function products(
  post: Post,
  { channelId, profileId }: Readonly<{ channelId: string; profileId: string }>,
): Promise<readonly string[]> {
  const skus = Array.from({ length: PRODUCTS }, (_, index) => skuOf(index));
  const variants = new Map<string, string>();
  for (let from = 0; from < skus.length; from += VARIANTS_MAX) {
    const some = skus.slice(from, from + VARIANTS_MAX);
    const made = product.parse(
      await post('/admin/products?fields=id,*variants', {
        ...{ title: `Race ${from}`, status: 'published', shipping_profile_id: profileId },
        ...{ sales_channels: [{ id: channelId }], options: [{ title: 'Kind', values: some }] },
        variants: some.map((sku) => ({
          ...{ title: sku, sku, manage_inventory: true, allow_backorder: false, options: { Kind: sku } },
          prices: [{ currency_code: 'gbp', amount: 10 }],
        })),
      }),
    );
    for (const { sku, id: variantId } of made.product.variants) variants.set(sku, variantId);
  }
  return skus.map((sku) => variants.get(sku) ?? '');
}

const items = z.object({ inventory_items: z.array(z.object({ id: z.string(), sku: z.string() })) });

async function fill(
  get: (path: string) => Promise<unknown>,
  post: Post,
  locationId: string,
  options: PeerOptions,
): Promise<void> {
  const indexes = new Map(Array.from({ length: PRODUCTS }, (_, index) => [skuOf(index), index]));
  for (let offset = 0; offset < PRODUCTS; offset += VARIANTS_MAX) {
    const page = `/admin/inventory-items?limit=${VARIANTS_MAX}&offset=${offset}&order=id&fields=id,sku`;
    const { inventory_items } = items.parse(await get(page));
    const create = inventory_items.map(({ id: itemId, sku }) => ({
      ...{ inventory_item_id: itemId, location_id: locationId },
      stocked_quantity: stockOf(indexes.get(sku) ?? 1, options),
    }));
    await post('/admin/inventory-items/location-levels/batch', { create });
  }
}
