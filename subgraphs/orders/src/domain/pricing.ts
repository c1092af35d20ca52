import {
  AMOUNT_MINOR_MAX,
  formatMoney,
  parseMoney,
  type Refusal,
  refusal,
  refuseCurrency,
} from '@crossdock/values';
import type { OrderRequest } from './request.ts';

export type PricedPartner = Readonly<{ currencyCode: string; paymentMethods: readonly string[] }>;
export type ListPrice = Readonly<{ minor: bigint; currencyCode: string }>;
export type PricedLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>;
export type PricedOrder = Readonly<{
  currencyCode: string;
  totalMinor: bigint;
  units: number;
  paymentMethod: 'TERMS' | 'CARD';
  lines: readonly PricedLine[];
}>;

export type Pricing = Readonly<{ priced: PricedOrder }> | Readonly<{ refusals: readonly Refusal[] }>;

/** Prices a checked request at the list prices read for it, or tells why it cannot be accepted. */
export function price(
  request: OrderRequest,
  partner: PricedPartner,
  prices: ReadonlyMap<string, ListPrice>,
): Pricing {
  const refusals: Refusal[] = [];
  const paymentMethod = request.paymentMethod ?? 'TERMS';
  if (!partner.paymentMethods.includes(paymentMethod)) {
    refusals.push(refusal('PAYMENT_METHOD_NOT_AVAILABLE', { field: ['payment', 'method'] }));
  }
  let totalMinor = 0n;
  let units = 0;
  const lines: PricedLine[] = [];
  request.lines.forEach(({ sku, quantity }, index) => {
    const listed = prices.get(sku);
    if (listed === undefined)
      refusals.push(refusal('UNKNOWN_SKU', { field: ['lines', String(index), 'sku'] }));
    else if (listed.currencyCode !== partner.currencyCode) {
      refusals.push(refusal('NO_PRICE', { field: ['lines', String(index), 'sku'] }));
    } else {
      totalMinor += listed.minor * BigInt(quantity);
      units += quantity;
      lines.push({ sku, quantity, unitPriceMinor: Number(listed.minor) });
    }
  });
  if (totalMinor > AMOUNT_MINOR_MAX) {
    refusals.push(
      refusal('INVALID_INPUT', { message: 'The total is larger than an order may be.', field: ['lines'] }),
    );
  }
  if (refusals.length === 0) refusals.push(...compareTotal(request, totalMinor, partner.currencyCode));
  if (refusals.length > 0) return { refusals };
  return { priced: { currencyCode: partner.currencyCode, totalMinor, units, paymentMethod, lines } };
}

function compareTotal({ expectedTotal }: OrderRequest, minor: bigint, currencyCode: string): Refusal[] {
  if (expectedTotal === null) return [];
  const badCurrency = refuseCurrency(expectedTotal.currencyCode, ['expectedTotal'], currencyCode);
  if (badCurrency !== null) return [badCurrency];
  if (expectedTotal.currencyCode !== currencyCode) {
    return [refusal('CURRENCY_MISMATCH', { field: ['expectedTotal', 'currencyCode'] })];
  }
  if (parseMoney(expectedTotal.amount, currencyCode)?.minor === minor) return [];
  const message = `The total is ${formatMoney({ minor, currencyCode })} ${currencyCode}, not ${expectedTotal.amount}.`;
  return [refusal('PRICE_CHANGED', { message, field: ['expectedTotal', 'amount'] })];
}
