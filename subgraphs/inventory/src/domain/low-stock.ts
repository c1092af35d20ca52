/** A product that wants to be heard of when few units are free. `alerts` counts how often that was said. */
export type WatchedSku = Readonly<{
  sku: string;
  available: number;
  threshold: number;
  isLow: boolean;
  alerts: number;
}>;

/** What a look at a product came to; `alert` where it must be said now. */
export type LowStockLook = Readonly<{ watched: WatchedSku; isLow: boolean; alert: boolean }>;

/** Products whose state changed: said once when fewer units are free than the threshold, armed again when no longer. */
export function lookAtStock(page: readonly WatchedSku[]): LowStockLook[] {
  return page.flatMap((watched) => {
    const isLow = watched.available < watched.threshold;
    return isLow === watched.isLow ? [] : [{ watched, isLow, alert: isLow }];
  });
}
