import {
  CODE_LENGTH_MAX,
  isCurrencyCode,
  isText,
  parseMoney,
  type Refusal,
  refusal,
} from '@crossdock/values';
import type { ProductDetails } from '../domain/product.ts';

export type ProductRowInput = Readonly<{
  sku: string;
  name: string;
  listPrice: Readonly<{ amount: string; currencyCode: string }>;
  casePack: number;
  minOrderQuantity: number;
  weightGrams: number;
  lowStockThreshold: number;
}>;

const NAME_LENGTH_MAX = 200;

/** What is wrong with one row; fields are named from the row on. */
function faultsOf(row: ProductRowInput): [field: string, message: string][] {
  const faults: [string, string][] = [];
  const price = parseMoney(row.listPrice.amount, row.listPrice.currencyCode);
  if (!isText(row.sku, CODE_LENGTH_MAX)) faults.push(['sku', 'A SKU has 1 to 64 characters.']);
  if (!isText(row.name, NAME_LENGTH_MAX)) faults.push(['name', 'A name has 1 to 200 characters.']);
  if (!isCurrencyCode(row.listPrice.currencyCode)) {
    faults.push(['listPrice', 'The currency is a code of ISO 4217, such as GBP.']);
  } else if (price === null || price.minor < 0n) {
    faults.push(['listPrice', "A price is a decimal number from 0 with the currency's places."]);
  }
  if (row.casePack < 1) faults.push(['casePack', 'A case holds at least 1 unit.']);
  if (row.minOrderQuantity < 1) faults.push(['minOrderQuantity', 'The least order is at least 1 unit.']);
  if (row.weightGrams < 0) faults.push(['weightGrams', 'A weight is not negative.']);
  if (row.lowStockThreshold < 0) faults.push(['lowStockThreshold', 'A threshold is not negative.']);
  return faults;
}

/** Why a row cannot be stored, with the path of each field; empty for a good row. `earlier` holds the SKUs before it. */
export function refuseProductRow(
  row: ProductRowInput,
  index: number,
  earlier: ReadonlySet<string>,
): Refusal[] {
  const at = (field: string) => ['products', String(index), field];
  if (earlier.has(row.sku)) {
    return [refusal('DUPLICATE_SKU', { message: 'The SKU stands on an earlier row.', field: at('sku') })];
  }
  return faultsOf(row).map(([field, message]) => refusal('INVALID_INPUT', { message, field: at(field) }));
}

/** A good row in the words of the domain. */
export function productDetails(row: ProductRowInput): ProductDetails {
  const { sku, name, casePack, minOrderQuantity, weightGrams, lowStockThreshold, listPrice } = row;
  const price = parseMoney(listPrice.amount, listPrice.currencyCode);
  return {
    sku,
    name,
    listPriceMinor: Number(price?.minor ?? 0n),
    currencyCode: listPrice.currencyCode,
    casePack,
    minOrderQuantity,
    weightGrams,
    lowStockThreshold,
  };
}
