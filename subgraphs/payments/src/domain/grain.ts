/**
 * Currencies whose smallest unit some provider does not take: of an order in one of them it must be known that whatever is shipped
 * of it can be taken, before anything leaves.
 */
const COUNTED_COARSELY = new Set([...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'], 'MGA']);

function commonDivisor(one: number, other: number): number {
  let [large, small] = [one, other];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}

/**
 * The largest number of minor units of which every price is a multiple, and so whatever part of the order is taken or given back by
 * units; null where the currency is taken to its smallest unit by everybody.
 */
export function grainOf(currencyCode: string, unitPricesMinor: readonly number[]): number | null {
  if (!COUNTED_COARSELY.has(currencyCode)) return null;
  const grain = unitPricesMinor.reduce(commonDivisor, 0);
  return grain === 0 ? null : grain;
}
