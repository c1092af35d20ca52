import { afterAll, beforeAll, expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, openInventory, warehouse } from '../../test/inventory.ts';
import { confirmed, order, placed, planned, rejected, reminded, shipment } from '../../test/orders.ts';

let inventory: Inventory;

beforeAll(async () => {
  inventory = await openInventory();
});

afterAll(async () => {
  expect(await disagreements(inventory.sql)).toEqual([]);
  expect(await oversold(inventory.sql)).toEqual([]);
  await inventory.close();
});

const typesOf = async (orderId: string) => (await inventory.said(orderId)).map((fact) => fact.type);

async function totals(sku: string) {
  const [row] = await inventory.sql`SELECT sellable, reserved, held FROM sku_totals WHERE sku = ${sku}`;
  return row;
}

it('takes an order from placing to its goods leaving', async () => {
  await inventory.stockUp({ A1: { N: 10, S: 5 }, A2: { S: 4 } });
  const bought = order({ A1: 12, A2: 4 });
  await inventory.hear([placed(bought)]);
  expect(await totals('A1')).toEqual({ sellable: 15, reserved: 12, held: 0 });

  const north = shipment('N', { A1: 10 });
  const south = shipment('S', { A1: 2, A2: 4 });
  await inventory.hear([planned(bought, [north, south])]);
  expect(
    await inventory.sql`SELECT warehouse_id, on_hand, allocated FROM stock WHERE sku = 'A1' ORDER BY 1`,
  ).toEqual([
    { warehouse_id: 'N', on_hand: 10, allocated: 10 },
    { warehouse_id: 'S', on_hand: 5, allocated: 2 },
  ]);

  await inventory.hear([confirmed(bought, north), confirmed(bought, south)]);
  expect(await totals('A1')).toEqual({ sellable: 3, reserved: 0, held: 0 });
  const facts = await inventory.said(bought.orderId);
  expect(facts.map((fact) => [fact.version, fact.type])).toEqual([
    [1, 'StockReserved'],
    [2, 'StockAllocated'],
    [3, 'StockShipped'],
    [4, 'StockShipped'],
  ]);
  const ids = { orderId: bought.orderId, partnerId: bought.partnerId };
  expect(facts[0]?.data).toEqual({ ...ids, reservedValueMinor: 16 * 250, currencyCode: 'GBP' });
});

it('takes a whole order in one batch', async () => {
  await inventory.stockUp({ W1: { N: 10 } });
  const bought = order({ W1: 10 });
  const only = shipment('N', { W1: 10 });
  await inventory.hear([placed(bought), planned(bought, [only]), confirmed(bought, only)]);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved', 'StockAllocated', 'StockShipped']);
  expect(await totals('W1')).toEqual({ sellable: 0, reserved: 0, held: 0 });
});

it('reserves nothing of a short order that must come whole, and says what is short', async () => {
  await inventory.stockUp({ B1: { N: 10 }, B2: { N: 3 } });
  const short = order({ B1: 1, B2: 4 });
  await inventory.hear([placed(short)]);
  const [fact] = await inventory.said(short.orderId);
  expect(fact?.data.short).toEqual([{ sku: 'B2', requested: 4, available: 3 }]);
  expect(await totals('B1')).toEqual({ sellable: 10, reserved: 0, held: 0 });
});

it('reserves what there is of an order that may come in part', async () => {
  await inventory.stockUp({ C1: { N: 10 }, C2: { N: 3 }, C3: {} });
  const part = order({ C1: 1, C2: 4, C3: 9 });
  const [none, later] = [order({ C2: 1, C3: 1 }), order({ C2: 2, C3: 1 })];
  await inventory.hear([
    placed(part, 'SHIP_AVAILABLE'),
    placed(none, 'SHIP_AVAILABLE'),
    placed(later, 'BACKORDER'),
  ]);
  const [fact] = await inventory.said(part.orderId);
  expect(fact?.data).toMatchObject({
    reservedValueMinor: 4 * 250,
    lines: [
      { sku: 'C1', quantity: 1 },
      { sku: 'C2', quantity: 3 },
    ],
  });
  expect(await typesOf(none.orderId)).toEqual(['StockShort']);
  expect((await inventory.said(later.orderId)).map(({ type, data }) => [type, data.lines])).toEqual([
    [
      'StockBackordered',
      [
        { sku: 'C2', quantity: 2 },
        { sku: 'C3', quantity: 1 },
      ],
    ],
  ]);
  expect(
    await inventory.sql`SELECT sku, quantity FROM backorders WHERE order_id = ${later.orderId} ORDER BY sku`,
  ).toEqual([
    { sku: 'C2', quantity: 2 },
    { sku: 'C3', quantity: 1 },
  ]);
});

it('sells the last units of a hot SKU once, in the order of arrival', async () => {
  await inventory.stockUp({ HOT: { N: 20 } });
  const buyers = Array.from({ length: 95 }, () => order({ HOT: 1 }));
  await inventory.hear(buyers.map((each) => placed(each)));
  const types = await Promise.all(buyers.map((each) => typesOf(each.orderId)));
  expect(types.flat()).toEqual([...Array(20).fill('StockReserved'), ...Array(75).fill('StockShort')]);
});

it('decides nothing on a reminder, before and after it was decided', async () => {
  await inventory.stockUp({ R1: { N: 5 } });
  const bought = order({ R1: 5 });
  await inventory.hear([reminded(bought)]);
  await inventory.hear([placed(bought), reminded(bought)]);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved']);
});

it('gives back what a rejected order had', async () => {
  await inventory.stockUp({ D1: { N: 5 } });
  const declined = order({ D1: 5 });
  await inventory.hear([placed(declined)]);
  const next = order({ D1: 5 });
  await inventory.hear([rejected(declined), placed(next)]);
  expect(await typesOf(declined.orderId)).toEqual(['StockReserved', 'ReservationReleased']);
  expect(await typesOf(next.orderId)).toEqual(['StockReserved']);
});

it('reserves nothing for an order whose rejection came first, in one batch or two', async () => {
  await inventory.stockUp({ E1: { N: 5 } });
  const [first, second] = [order({ E1: 1 }), order({ E1: 1 })];
  await inventory.hear([rejected(first), placed(first), rejected(second)]);
  await inventory.hear([placed(second)]);
  expect(await typesOf(first.orderId)).toEqual([]);
  expect(await typesOf(second.orderId)).toEqual([]);
  expect(await totals('E1')).toEqual({ sellable: 5, reserved: 0, held: 0 });
});

it('refuses a plan beyond a shelf, with the figures, and takes the next', async () => {
  await inventory.stockUp({ F1: { N: 5, S: 5 } });
  const bought = order({ F1: 6 });
  await inventory.hear([placed(bought), planned(bought, [shipment('N', { F1: 6 })])]);
  const [, refused] = await inventory.said(bought.orderId);
  expect(refused?.data.available).toEqual([{ sku: 'F1', warehouseId: 'N', available: 5 }]);
  await inventory.hear([planned(bought, [shipment('N', { F1: 5 }), shipment('S', { F1: 1 })])]);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved', 'AllocationRefused', 'StockAllocated']);
});

it('refuses a plan beyond what the order reserved', async () => {
  await inventory.stockUp({ G1: { N: 50 } });
  const bought = order({ G1: 6 });
  await inventory.hear([placed(bought), planned(bought, [shipment('N', { G1: 7 })])]);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved', 'AllocationRefused']);
});

it('counts the goods of a warehouse only while it is open', async () => {
  await inventory.stockUp({ H1: { 'H-N': 5, 'H-S': 7 } });
  await inventory.hear([warehouse('H-S', 'DOWN')]);
  expect(await totals('H1')).toEqual({ sellable: 5, reserved: 0, held: 0 });
  const short = order({ H1: 6 });
  const bought = order({ H1: 5 });
  await inventory.hear([placed(short), placed(bought), planned(bought, [shipment('H-S', { H1: 5 })])]);
  expect(await typesOf(short.orderId)).toEqual(['StockShort']);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved', 'AllocationRefused']);
  await inventory.receiveStock([{ sku: 'H1', warehouseId: 'H-S', quantity: 1 }]);
  expect(await totals('H1')).toEqual({ sellable: 5, reserved: 5, held: 0 });
  await inventory.hear([warehouse('H-S', 'PAUSED')]);
  await inventory.hear([warehouse('H-S', 'OPEN')]);
  expect(await totals('H1')).toEqual({ sellable: 13, reserved: 5, held: 0 });
});

it('lets goods leave a warehouse that went down after they were assigned', async () => {
  await inventory.stockUp({ I1: { 'I-N': 5, 'I-S': 7 } });
  const bought = order({ I1: 5 });
  const south = shipment('I-S', { I1: 5 });
  await inventory.hear([placed(bought), planned(bought, [south])]);
  await inventory.hear([warehouse('I-S', 'DOWN'), confirmed(bought, south)]);
  expect(await typesOf(bought.orderId)).toEqual(['StockReserved', 'StockAllocated', 'StockShipped']);
  expect(await totals('I1')).toEqual({ sellable: 5, reserved: 0, held: 0 });
});

const deadLetters = () =>
  inventory.sql`SELECT key, event ->> 'type' AS type, error FROM dead_letters ORDER BY parked_at`;

it('gives a history that cannot have been to a person, and lets the others of its batch flow', async () => {
  await inventory.stockUp({ J1: { 'J-N': 5 } });
  const [before, odd, after] = [order({ J1: 1 }), order({ J1: 1 }), order({ J1: 1 })];
  const unplanned = confirmed(odd, shipment('J-N', { J1: 1 }));
  await inventory.hear([placed(before), unplanned, placed(after)]);
  expect(await typesOf(before.orderId)).toEqual(['StockReserved']);
  expect(await typesOf(after.orderId)).toEqual(['StockReserved']);
  expect(await totals('J1')).toEqual({ sellable: 5, reserved: 2, held: 0 });
  expect(await deadLetters()).toMatchObject([
    { key: odd.orderId, type: 'ShipmentConfirmed', error: expect.stringContaining('ShipmentUnknown') },
  ]);
});
