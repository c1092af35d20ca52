// What commands are decided on follows from the ledger, the log and the reservations, whatever happened to stock.
import { compareReadModel, openOwnConnection } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { cancelled, confirmed, order, placed, planned, shipment } from '../../test/orders.ts';
import { COMPARED_TABLES } from './compared-tables.ts';

let inventory: Inventory;

beforeAll(async () => {
  inventory = await openInventory();
  await inventory.stockUp({ A: { N: 9, S: 9 }, B: { N: 4 }, NONE: {} });
  const [leaves, stays, waits, ends] = [
    order({ A: 4 }),
    order({ A: 3, B: 1 }),
    order({ B: 9 }),
    order({ A: 2 }),
  ];
  const [gone, assigned] = [shipment('S', { A: 4 }), shipment('S', { A: 3 })];
  await inventory.hear([placed(leaves), placed(stays), placed(waits, 'BACKORDER'), placed(ends)]);
  await inventory.hear([planned(leaves, [gone]), planned(stays, [assigned]), cancelled(ends)]);
  await inventory.hear([confirmed(leaves, gone), warehouse('N', 'DOWN'), warehouse('S', 'PAUSED')]);
  await inventory.hear([warehouse('N', 'OPEN')]);
});

afterAll(() => inventory.close());

async function compared(name: string) {
  const model = COMPARED_TABLES.find((each) => each.name === name);
  if (model === undefined) throw new Error(name);
  const connection = openOwnConnection(inventory.url, 'compare');
  try {
    return await compareReadModel(connection.sql, model);
  } finally {
    await connection.close();
  }
}

it.each(COMPARED_TABLES.map(({ name }) => name))('follow from what happened: %s', async (name) => {
  const found = await compared(name);
  expect(found.live).toBeGreaterThan(0);
  expect(found).toMatchObject({ missing: 0, extra: 0, different: 0, folded: found.live });
});

it('are told of where they do not', async () => {
  await inventory.sql`UPDATE sku_totals SET withdrawing = withdrawing + 1 WHERE sku = 'A'`;
  const { different, examples } = await compared('inventory.totals');
  expect(different).toBe(1);
  expect(examples).toMatchObject([{ live: { withdrawing: 4 }, folded: { withdrawing: 3 } }]);
});
