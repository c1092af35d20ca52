/**
 * Fills a fresh platform through its public API, as the ERP would: warehouses, partners with credit, products, stock.
 * Every call has a fixed idempotency key, so that a seeding that was cut short is simply done again.
 */
import type { GatewayClient } from './gateway-client.ts';
import { type SeedRows, seedRows, WAREHOUSES } from './rows.ts';

/** Rows a bulk mutation takes. */
const BATCH_ROWS = 1_000;
const CURRENCY = 'GBP';
/** Above what the largest customer of the data set buys in several years. */
const CREDIT_LIMIT = '50000000.00';

const UPSERT_WAREHOUSES = `mutation SeedWarehouses($input: UpsertWarehousesInput!) {
  upsertWarehouses(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const UPSERT_PARTNERS = `mutation SeedPartners($input: UpsertPartnersInput!) {
  upsertPartners(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const SET_CREDIT_LIMITS = `mutation SeedCreditLimits($input: SetCreditLimitsInput!) {
  setCreditLimits(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const UPSERT_PRODUCTS = `mutation SeedProducts($input: UpsertProductsInput!) {
  upsertProducts(input: $input) { results { userErrors { code message } } userErrors { code message } }
}`;
const RECEIVE_STOCK = `mutation SeedStock($input: ReceiveStockInput!) {
  receiveStock(input: $input) { userErrors { code message } }
}`;

export interface Seeded {
  readonly products: number;
  readonly partners: number;
  readonly warehouses: number;
  readonly units: number;
}

/** Sends everything; `note` is told how far it is. Rejects with the first refusal. */
export async function seed(client: GatewayClient, note: (text: string) => void): Promise<Seeded> {
  const rows = await seedRows();
  const send = countedSender(client, rows, note);
  await Promise.all([
    send(
      'warehouses',
      UPSERT_WAREHOUSES,
      'warehouses',
      WAREHOUSES.map(({ id, name, priority }) => ({ id, name, priority, country: 'United Kingdom' })),
    ),
    send('partners', UPSERT_PARTNERS, 'partners', rows.partners.map(partnerInput)),
    send('products', UPSERT_PRODUCTS, 'products', rows.products.map(productInput)),
  ]);
  await Promise.all([
    send(
      'credit',
      SET_CREDIT_LIMITS,
      'limits',
      rows.partners.map(({ id }) => ({ partnerId: id, limit: money(CREDIT_LIMIT) })),
    ),
    send('stock', RECEIVE_STOCK, 'lines', rows.stock),
  ]);
  const units = rows.stock.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    products: rows.products.length,
    partners: rows.partners.length,
    warehouses: WAREHOUSES.length,
    units,
  };
}

/** Sends rows batch after batch: two at a time would only queue behind each other's locks. */
function countedSender(client: GatewayClient, rows: SeedRows, note: (text: string) => void) {
  const total = WAREHOUSES.length + rows.partners.length * 2 + rows.products.length + rows.stock.length;
  let sent = 0;
  return async (purpose: string, document: string, field: string, inputs: readonly unknown[]) => {
    for (let from = 0; from < inputs.length; from += BATCH_ROWS) {
      const batch = inputs.slice(from, from + BATCH_ROWS);
      await client.send(document, { input: { idempotencyKey: `seed-1-${purpose}-${from}`, [field]: batch } });
      sent += batch.length;
      note(`${sent} of ${total} rows`);
    }
  };
}

function partnerInput({ id, country }: SeedRows['partners'][number]) {
  return { id, name: `Customer ${id} (${country})`, currencyCode: CURRENCY, shipTo: { country } };
}

function productInput({ sku, name, listPriceMinor }: SeedRows['products'][number]) {
  const text = String(listPriceMinor).padStart(3, '0');
  return { sku, name: name || sku, listPrice: money(`${text.slice(0, -2)}.${text.slice(-2)}`) };
}

function money(amount: string) {
  return { amount, currencyCode: CURRENCY };
}
