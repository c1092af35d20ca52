// Field shapes that several facts share. Amounts are integers in minor units of the fact's currency.
import { z } from 'zod';

export const id = z.string().min(1).max(64);
export const uuid = z.string().length(36);
export const quantity = z.int().min(1).max(1_000_000_000);
export const amountMinor = z.int();
export const currencyCode = z.string().length(3);

export const skuQuantity = z.object({ sku: id, quantity });
export type SkuQuantity = z.infer<typeof skuQuantity>;

export const pricedLine = z.object({ sku: id, quantity, unitPriceMinor: amountMinor });
export type PricedLine = z.infer<typeof pricedLine>;

export const address = z.object({
  name: z.string().nullish(),
  lines: z.array(z.string()).nullish(),
  city: z.string().nullish(),
  postalCode: z.string().nullish(),
  country: z.string(),
});
export type Address = z.infer<typeof address>;
