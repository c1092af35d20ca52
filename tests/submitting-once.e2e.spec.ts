import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, PLACE_ORDER, type Placed, place, settled } from './platform/orders.ts';
import { ACME, gbp, POOR } from './platform/wholesaler.ts';

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

const lines = [{ sku: 'MUG', quantity: 1 }];
const codes = ({ userErrors }: Placed) => userErrors.map(({ code }) => code);

async function ordersWith(poNumber: string): Promise<string[]> {
  const { orders } = await world.erp.data<{ orders: { nodes: { id: string }[] } }>(
    'query ($poNumber: String) { orders(filter: { poNumber: $poNumber }) { nodes { id } } }',
    { poNumber },
  );
  return orders.nodes.map(({ id }) => id);
}

describe('a key', () => {
  it('answers the same order again, in its present state', async () => {
    const input = { idempotencyKey: randomUUID(), lines, note: 'once' };
    const first = await place(world.buyer, input);
    await settled(world.buyer, first.order?.id ?? '');
    const again = await place(world.buyer, { ...input, waitFor: 'CONFIRMED', waitMs: 5_000 });
    expect([first.replayed, again.replayed, again.userErrors]).toEqual([false, true, []]);
    expect(again.order).toMatchObject({
      id: first.order?.id,
      number: first.order?.number,
      status: 'SHIPPED',
    });
  });

  it('is the partner’s, whoever acts for it', async () => {
    const input = { idempotencyKey: randomUUID(), partnerId: ACME, lines };
    const [first, byRep, byErp] = [
      await place(world.buyer, input),
      await place(world.rep, input),
      await place(world.erp, input),
    ];
    expect([byRep.order?.id, byErp.order?.id]).toEqual([first.order?.id, first.order?.id]);
    const another = await place(world.rep, { ...input, partnerId: POOR });
    expect(another).toMatchObject({ replayed: false, userErrors: [] });
    expect(another.order?.id).not.toBe(first.order?.id);
  });

  it('with other input is refused, and nothing is done', async () => {
    const poNumber = `PO ${randomUUID()}`;
    const idempotencyKey = randomUUID();
    await accepted(world.buyer, { idempotencyKey, lines });
    const other = await place(world.buyer, { idempotencyKey, poNumber, lines });
    expect(codes(other)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect([other.order, other.replayed]).toEqual([null, false]);
    expect(await ordersWith(poNumber)).toEqual([]);
  });

  it('makes one order of twenty twins at once', async () => {
    const input = { idempotencyKey: randomUUID(), poNumber: `PO ${randomUUID()}`, lines };
    const answers = await Promise.all(Array.from({ length: 20 }, () => place(world.buyer, input)));
    expect(answers.flatMap(codes)).toEqual([]);
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed).length).toBe(1);
    expect(await ordersWith(input.poNumber)).toEqual([answers[0]?.order?.id]);
  });

  it('of a refused validation is free for the corrected input', async () => {
    const idempotencyKey = randomUUID();
    const refused = await place(world.buyer, { idempotencyKey, lines: [{ sku: 'MUG', quantity: 0 }] });
    expect(codes(refused)).toEqual(['QUANTITY_OUT_OF_RANGE']);
    expect(await place(world.buyer, { idempotencyKey, lines })).toMatchObject({
      replayed: false,
      userErrors: [],
    });
  });
});

describe('a PO number', () => {
  it('belongs to one live order of the partner', async () => {
    const poNumber = `PO ${randomUUID()}`;
    const existingOrderId = await accepted(world.buyer, { poNumber, lines });
    const second = await place(world.buyer, { poNumber, lines });
    expect(second).toMatchObject({
      order: null,
      userErrors: [{ code: 'DUPLICATE_PO_NUMBER', field: ['poNumber'], existingOrderId }],
    });
    const rivals = await place(world.rival, { poNumber, lines });
    expect(rivals.userErrors).toEqual([]);
  });

  it('goes to one of twenty orders at once', async () => {
    const poNumber = `PO ${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => place(world.buyer, { poNumber, lines })),
    );
    const winners = answers.filter(({ order }) => order !== null);
    expect(winners.length).toBe(1);
    const losers = answers.flatMap(({ userErrors }) => userErrors);
    expect(losers.map(({ code }) => code)).toEqual(Array.from({ length: 19 }, () => 'DUPLICATE_PO_NUMBER'));
    expect(new Set(losers.map(({ existingOrderId }) => existingOrderId))).toEqual(
      new Set([winners[0]?.order?.id]),
    );
    expect(await ordersWith(poNumber)).toEqual([winners[0]?.order?.id]);
  });
});

describe('the expected total', () => {
  it('that is right is taken', async () => {
    expect(codes(await place(world.buyer, { lines, expectedTotal: gbp('2.55') }))).toEqual([]);
  });

  it.each([
    ['too low', gbp('2.54'), ['PRICE_CHANGED']],
    ['too high', gbp('1000000.00'), ['PRICE_CHANGED']],
    ['in another currency', { amount: '2.55', currencyCode: 'EUR' }, ['CURRENCY_MISMATCH']],
    ['finer than the currency', gbp('2.555'), ['INVALID_INPUT']],
  ])('that is %s refuses the order', async (_, expectedTotal, expected) => {
    const poNumber = `PO ${randomUUID()}`;
    const { data } = await world.buyer.ask<{ placeOrder: Placed }>(PLACE_ORDER, {
      input: { idempotencyKey: randomUUID(), poNumber, lines, expectedTotal },
    });
    expect(data?.placeOrder.userErrors.map(({ code }) => code)).toEqual(expected);
    expect(await ordersWith(poNumber)).toEqual([]);
  });
});
