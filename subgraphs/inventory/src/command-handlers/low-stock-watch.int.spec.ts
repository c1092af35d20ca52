// The word on what runs low: once each time, in pages, and only by whoever holds the worker's lease.
import { randomUUID } from 'node:crypto';
import { acquireLease, faultKind } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { order, placed, rejected } from '../../test/orders.ts';
import { lookForLowStock } from './low-stock-watch.ts';
import { createUpsertProducts } from './upsert-products.ts';

let inventory: Inventory;
let epoch: number;

beforeAll(async () => {
  inventory = await openInventory();
  epoch = (await acquireLease(inventory.sql, 'worker', 'spec', 0)) ?? 0;
});

afterAll(() => inventory.close());

/** Gives a product its threshold. */
async function watch(sku: string, lowStockThreshold: number): Promise<void> {
  const price = { listPrice: { amount: '1.00', currencyCode: 'GBP' }, casePack: 1, minOrderQuantity: 1 };
  const products = [{ sku, name: sku, ...price, weightGrams: 0, lowStockThreshold }];
  const upsert = createUpsertProducts({ sql: inventory.sql, poke: () => undefined });
  await upsert({
    input: { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL', products },
    metadata: {},
  });
}

const look = () => lookForLowStock(inventory.sql, epoch, '');
const said = async (sku: string) =>
  (await inventory.said(sku))
    .filter(({ type }) => type === 'StockLow')
    .map(({ data, version }) => [version, data.available, data.threshold]);

describe('a product with a threshold', () => {
  it('is said to run low once, and again only when it did not meanwhile', async () => {
    await inventory.stockUp({ LA: { LN: 10 } });
    await watch('LA', 5);
    const bought = [order({ LA: 4 }), order({ LA: 2 }), order({ LA: 1 })] as const;
    await inventory.hear([placed(bought[0])]);
    expect((await look()).said).toBe(0);
    await inventory.hear([placed(bought[1])]);
    expect((await look()).said).toBe(1);
    await inventory.hear([placed(bought[2])]);
    expect((await look()).said).toBe(0);
    expect(await said('LA')).toEqual([[1, 4, 5]]);
    await inventory.hear([rejected(bought[1])]);
    await look();
    await inventory.hear([placed(order({ LA: 5 }))]);
    await look();
    expect(await said('LA')).toEqual([
      [1, 4, 5],
      [2, 0, 5],
    ]);
  });

  it('is forgotten with its threshold, and remembered with a new one', async () => {
    await inventory.stockUp({ LB: { LN: 3 } });
    await watch('LB', 5);
    await look();
    await watch('LB', 0);
    await look();
    expect(await inventory.sql`SELECT is_low FROM sku_totals WHERE sku = 'LB'`).toEqual([{ is_low: false }]);
    await watch('LB', 4);
    await look();
    expect(await said('LB')).toEqual([
      [1, 3, 5],
      [2, 3, 4],
    ]);
  });

  it('is not looked at by a process whose lease is another one’s', async () => {
    await inventory.stockUp({ LC: { LN: 1 } });
    await watch('LC', 5);
    const fault = await lookForLowStock(inventory.sql, epoch - 1, '').then(
      () => null,
      (error: unknown) => error,
    );
    expect(faultKind(fault)).toBe('lease-lost');
    expect(await said('LC')).toEqual([]);
    const both = await Promise.allSettled([look(), look(), look()]);
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await said('LC')).toEqual([[1, 1, 5]]);
  });
});
