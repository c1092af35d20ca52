// A small wholesaler: three warehouses, three partners, a few products. Made through the public API with the ERP's
// token, so that nothing stands there that no integrator could have put there.
import { eventually } from '../client/eventually.ts';
import type { GatewayClient } from '../client/gateway-client.ts';

export const LONDON = 'LON';
export const MANCHESTER = 'MAN';
/** Nobody's WMS: what is released there is confirmed by tests alone. */
export const UNATTENDED = 'OLD';
export const ACME = '10001';
export const RIVAL = '10002';
/** May owe 20.00. */
export const POOR = '10003';

/** Price, and units of each warehouse that has the product. */
const PRODUCTS: Readonly<Record<string, { price: string; units: Readonly<Record<string, number>> }>> = {
  MUG: { price: '2.55', units: { [LONDON]: 100_000, [MANCHESTER]: 50_000 } },
  LAMP: { price: '12.75', units: { [MANCHESTER]: 50_000 } },
  RARE: { price: '10.00', units: { [LONDON]: 5 } },
  ANTIQUE: { price: '3.00', units: { [UNATTENDED]: 1_000 } },
};
const CREDIT_LIMITS = { [ACME]: '1000000.00', [RIVAL]: '1000000.00', [POOR]: '20.00' };

export const gbp = (amount: string) => ({ amount, currencyCode: 'GBP' });

/** Fills an empty platform. */
export async function fillWholesaler(erp: GatewayClient): Promise<void> {
  await Promise.all([
    done(erp, UPSERT_WAREHOUSES, {
      warehouses: [
        { id: LONDON, name: 'London', priority: 10 },
        { id: MANCHESTER, name: 'Manchester', priority: 20 },
        { id: UNATTENDED, name: 'Old store', priority: 90 },
      ],
    }),
    done(erp, UPSERT_PARTNERS, {
      partners: Object.keys(CREDIT_LIMITS).map((id) => ({
        ...{ id, name: `Canary of ${id}`, currencyCode: 'GBP' },
        shipTo: { country: 'United Kingdom', city: `Canary of ${id}` },
      })),
    }),
    done(erp, UPSERT_PRODUCTS, {
      products: Object.entries(PRODUCTS).map(([sku, { price }]) => ({
        ...{ sku, name: `A ${sku}`, listPrice: gbp(price) },
      })),
    }),
  ]);
  await Promise.all([
    done(erp, SET_CREDIT_LIMITS, {
      limits: Object.entries(CREDIT_LIMITS).map(([partnerId, limit]) => ({ partnerId, limit: gbp(limit) })),
    }),
    done(erp, RECEIVE_STOCK, {
      lines: Object.entries(PRODUCTS).flatMap(([sku, { units }]) =>
        Object.entries(units).map(([warehouseId, quantity]) => ({ sku, warehouseId, quantity })),
      ),
    }),
  ]);
}

type Bulk = Readonly<Record<string, { userErrors: unknown[]; results?: { userErrors: unknown[] }[] }>>;

/** Sends a mutation of the ERP until it is taken whole: what it refers to may be on its way from another subgraph. */
async function done(erp: GatewayClient, document: string, rows: object): Promise<void> {
  const refusals = async () => {
    const data = await erp.data<Bulk>(document, { input: { idempotencyKey: 'first filling', ...rows } });
    return Object.values(data).flatMap(({ userErrors, results = [] }) => [
      ...userErrors,
      ...results.flatMap((row) => row.userErrors),
    ]);
  };
  const left = await eventually(refusals, (refused) => refused.length === 0);
  if (left.length > 0) throw new Error(`The wholesaler cannot be set up: ${JSON.stringify(left)}`);
}

const bulk = (name: string, input: string) => `mutation ($input: ${input}!) {
  ${name}(input: $input) { results { userErrors { code message field } } userErrors { code message field } }
}`;
const UPSERT_WAREHOUSES = bulk('upsertWarehouses', 'UpsertWarehousesInput');
const UPSERT_PARTNERS = bulk('upsertPartners', 'UpsertPartnersInput');
const UPSERT_PRODUCTS = bulk('upsertProducts', 'UpsertProductsInput');
const SET_CREDIT_LIMITS = bulk('setCreditLimits', 'SetCreditLimitsInput');
const RECEIVE_STOCK = `mutation ($input: ReceiveStockInput!) {
  receiveStock(input: $input) { userErrors { code message field } }
}`;
