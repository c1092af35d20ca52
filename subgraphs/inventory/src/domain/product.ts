import type { Decider, Message } from '@crossdock/event-sourcing';
import { accept } from '@crossdock/event-sourcing';

/** What the ERP says of a product; the price is in minor units of its currency. */
export type ProductDetails = Readonly<{
  sku: string;
  name: string;
  listPriceMinor: number;
  currencyCode: string;
  casePack: number;
  minOrderQuantity: number;
  weightGrams: number;
  /** StockLow is said when fewer units than these are free; 0 for never. */
  lowStockThreshold: number;
}>;

export type UpsertProduct = Message<'UpsertProduct', ProductDetails>;
export type ProductEvent =
  | Message<'ProductRegistered', ProductDetails>
  | Message<'ProductRevised', ProductDetails>;
export type ProductState = Readonly<{ details: ProductDetails | null; version: number }>;

function same(left: ProductDetails, right: ProductDetails): boolean {
  return (
    left.name === right.name &&
    left.listPriceMinor === right.listPriceMinor &&
    left.currencyCode === right.currencyCode &&
    left.casePack === right.casePack &&
    left.minOrderQuantity === right.minOrderQuantity &&
    left.weightGrams === right.weightGrams &&
    left.lowStockThreshold === right.lowStockThreshold
  );
}

/** The rule book of a product: the first word registers it, a later one revises it only where something differs. */
export const productDecider: Decider<UpsertProduct, ProductEvent, ProductState, never> = {
  initialState: { details: null, version: 0 },
  decide: ({ data }, { details }) => {
    if (details === null) return accept({ type: 'ProductRegistered', data });
    return same(details, data) ? accept() : accept({ type: 'ProductRevised', data });
  },
  evolve: ({ version }, event) => ({ details: event.data, version: version + 1 }),
};
