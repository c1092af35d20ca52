// Fills an empty Vendure through its Admin API: a country, a tax, a way to ship and to pay, and products.
import type { Pool } from 'undici';
import { z } from 'zod';
import { callGraphql } from '../graphql-call.ts';
import { type PeerOptions, PRODUCTS, skuOf, stockOf } from '../peer.ts';

export interface VendureShelves {
  readonly shippingMethodId: string;
  /** Variant of each product. */
  readonly variantIds: readonly string[];
}

const ADMIN = '/admin-api';
const made = z.record(z.string(), z.object({ id: z.string() }));
const madeVariants = z.object({ createProductVariants: z.array(z.object({ id: z.string() })) });
const channel = z.object({ activeChannel: z.object({ id: z.string() }) });

export async function stockVendure(
  pool: Pool,
  password: string,
  options: PeerOptions,
): Promise<VendureShelves> {
  const token = await loggedIn(pool, password);
  const ask = async (query: string, variables: object = {}) =>
    (await callGraphql(pool, ADMIN, { query, variables, token })).data;
  const make = async (field: string, type: string, input: object) => {
    const query = `mutation Make($input: ${type}!) { ${field}(input: $input) { id } }`;
    const id = made.parse(await ask(query, { input }))[field]?.id;
    if (id === undefined) throw new Error(`Vendure made no ${field}`);
    return id;
  };
  const named = (name: string) => [{ languageCode: 'en', name, description: '' }];
  const countryId = await make('createCountry', 'CreateCountryInput', {
    ...{ code: 'GB', enabled: true, translations: [{ languageCode: 'en', name: 'United Kingdom' }] },
  });
  const zoneId = await make('createZone', 'CreateZoneInput', { name: 'Home', memberIds: [countryId] });
  const { activeChannel } = channel.parse(await ask('{ activeChannel { id } }'));
  await ask('mutation Set($input: UpdateChannelInput!) { updateChannel(input: $input) { __typename } }', {
    input: { id: activeChannel.id, defaultTaxZoneId: zoneId, defaultShippingZoneId: zoneId },
  });
  const tax = { name: 'Standard', isDefault: true };
  const categoryId = await make('createTaxCategory', 'CreateTaxCategoryInput', tax);
  const rate = { name: 'Standard', enabled: true, value: 20, categoryId, zoneId };
  await make('createTaxRate', 'CreateTaxRateInput', rate);
  const shippingMethodId = await make('createShippingMethod', 'CreateShippingMethodInput', {
    ...{ code: 'standard', fulfillmentHandler: 'manual-fulfillment', translations: named('Standard') },
    checker: { code: 'default-shipping-eligibility-checker', arguments: argumentsOf({ orderMinimum: '0' }) },
    calculator: {
      code: 'default-shipping-calculator',
      arguments: argumentsOf({ rate: '500', taxRate: '20', includesTax: 'auto' }),
    },
  });
  await make('createPaymentMethod', 'CreatePaymentMethodInput', {
    ...{ code: 'dummy', enabled: true, translations: named('Dummy') },
    handler: { code: 'dummy-payment-handler', arguments: argumentsOf({ automaticSettle: 'true' }) },
  });
  const variantIds: string[] = [];
  for (let product = 0; product < PRODUCTS; product += 1) {
    const slug = skuOf(product).toLowerCase();
    const productId = await make('createProduct', 'CreateProductInput', {
      ...{ enabled: true, translations: [{ languageCode: 'en', name: slug, slug, description: '' }] },
    });
    variantIds.push(await makeVariant(ask, productId, product, options));
  }
  return { shippingMethodId, variantIds };
}

async function loggedIn(pool: Pool, password: string): Promise<string> {
  const query = `mutation Login($password: String!) {
    login(username: "superadmin", password: $password) { __typename }
  }`;
  const { token } = await callGraphql(pool, ADMIN, { query, variables: { password } });
  if (token === undefined) throw new Error('Vendure gave its administrator no session');
  return token;
}

const argumentsOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

type Ask = (query: string, variables?: object) => Promise<Readonly<Record<string, unknown>>>;

async function makeVariant(
  ask: Ask,
  productId: string,
  product: number,
  options: PeerOptions,
): Promise<string> {
  const query = `mutation Make($input: [CreateProductVariantInput!]!) {
    createProductVariants(input: $input) { ... on ProductVariant { id } }
  }`;
  const input = {
    ...{ productId, sku: skuOf(product), price: 1_000, trackInventory: 'TRUE', outOfStockThreshold: 0 },
    ...{ useGlobalOutOfStockThreshold: false, stockOnHand: stockOf(product, options) },
    translations: [{ languageCode: 'en', name: skuOf(product) }],
  };
  const id = madeVariants.parse(await ask(query, { input: [input] })).createProductVariants[0]?.id;
  if (id === undefined) throw new Error(`Vendure made no variant of ${skuOf(product)}`);
  return id;
}
