// Goods that lie far apart, so that whoever orders both is sent two shipments, and pays in two parts.
import { WAREHOUSES } from '@crossdock/tools/seed';
import type { DatasetOrder, DatasetOrderLine } from '../dataset/index.ts';
import type { RaceStage } from '../race/race.ts';
import { stockUp } from '../race/stock-up.ts';

const [HERE, THERE] = WAREHOUSES;

/** Makes two products of the run, each in one warehouse only, enough for one of each an order. */
export async function putGoodsApart(
  stage: Pick<RaceStage, 'cluster' | 'claimants'>,
  run: string,
  orders: number,
): Promise<readonly DatasetOrderLine[]> {
  const goods = [HERE, THERE].map(({ id }) => ({ warehouseId: id, sku: `${run}-only-in-${id}` }));
  await stockUp(
    stage,
    goods.map((each) => ({ ...each, quantity: orders })),
  );
  return goods.map(({ sku }) => ({ sku, quantity: 1 }));
}

/** The order with these goods behind its own. */
export function withGoods(order: DatasetOrder, goods: readonly DatasetOrderLine[]): DatasetOrder {
  return { ...order, lines: [...order.lines, ...goods] };
}
