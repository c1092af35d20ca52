import { describe, expect, it } from 'vitest';
import { checkConservation, type StockWitnesses } from './conservation.ts';
import { checkNoOversell } from './no-oversell.ts';

let calls = 0;
const moved = (kind: string, quantity: number, call = String(++calls)) => ({
  call,
  sku: 'A',
  warehouseId: ['reserve', 'release'].includes(kind) ? null : 'W1',
  kind,
  quantity,
});
const total = { sku: 'A', sellable: 7, reserved: 2, held: 0 };
const history = [
  moved('receipt', 10),
  moved('reserve', 3),
  moved('allocate', 3),
  moved('ship', 3),
  moved('reserve', 4),
  moved('release', 2),
];

describe('no oversell (10)', () => {
  it('accepts claims that always fitted', async () => {
    expect(await checkNoOversell(history, [total])).toEqual({
      summary: '6 movements of 1 SKU',
      breaches: [],
    });
  });

  it('looks after whole calls only: within one, units may be claimed before others are given back', async () => {
    const call = [moved('reserve', 10, 'c'), moved('release', 10, 'c')];
    expect(
      (await checkNoOversell([moved('receipt', 10), moved('reserve', 10), ...call], [])).breaches,
    ).toEqual([]);
  });

  it.each([
    [
      'more claimed than there was, though it was given back',
      [moved('receipt', 3), moved('reserve', 4), moved('release', 4)],
      [],
      '4 reserved of 3',
    ],
    ['more claimed than there is', [moved('receipt', 3), moved('reserve', 4)], [], '4 reserved of 3'],
    [
      'a claim given back twice',
      [moved('receipt', 3), moved('reserve', 1), moved('release', 2)],
      [],
      '-1 reserved',
    ],
    ['more allocated than lies there', [moved('receipt', 2), moved('allocate', 3)], [], '3 allocated of 2'],
    ['more claimed than is sellable', [], [{ ...total, held: 6 }], '2 reserved and 6 held of 7'],
    ['a movement it does not know', [moved('vanish', 1)], [], 'vanish'],
  ])('finds %s', async (_what, movements, totals, breach) => {
    expect((await checkNoOversell(movements, totals)).breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('conservation (9)', () => {
  const shelf = { sku: 'A', warehouseId: 'W1', onHand: 7, allocated: 0, safety: 0, open: true };
  const clean: StockWitnesses = {
    movements: history,
    shelves: [shelf],
    totals: [total],
    claims: [{ sku: 'A', quantity: 2 }],
    received: [{ sku: 'A', warehouseId: 'W1', quantity: 10 }],
    shipped: [{ sku: 'A', warehouseId: 'W1', quantity: 3 }],
  };

  it('accepts tables, movements and logs that agree', async () => {
    expect((await checkConservation(clean)).breaches).toEqual([]);
    const shut = { ...shelf, warehouseId: 'W2', onHand: 0, safety: 5, open: false };
    expect((await checkConservation({ ...clean, shelves: [shelf, shut] })).breaches).toEqual([]);
  });

  it.each<[string, Partial<StockWitnesses>, string]>([
    [
      'goods without a movement',
      { shelves: [{ ...shelf, onHand: 8 }], totals: [{ ...total, sellable: 8 }] },
      '8 on hand, 7 by its movements',
    ],
    ['an allocation without a movement', { shelves: [{ ...shelf, allocated: 1 }] }, '1 allocated, 0'],
    ['a receipt that was booked and not said', { received: [] }, '10 received, 0 by the log'],
    [
      'goods that left and were not booked',
      { shipped: [...clean.shipped, ...clean.shipped] },
      '3 shipped, 6 by the log',
    ],
    [
      'a claim that the movements do not know',
      { totals: [{ ...total, reserved: 1 }], claims: [{ sku: 'A', quantity: 1 }] },
      '1 reserved, 2 by its movements',
    ],
    ['a claim without a reservation', { claims: [] }, '2 reserved, 0 by its open reservations'],
    [
      'a reservation without a claim',
      { claims: [...clean.claims, { sku: 'A', quantity: 5 }] },
      '2 reserved, 7 by its open',
    ],
    ['safety that may be sold', { shelves: [{ ...shelf, safety: 1 }] }, '7 sellable, 6 by its shelves'],
  ])('finds %s', async (_what, change, breach) => {
    expect((await checkConservation({ ...clean, ...change })).breaches).toEqual([
      expect.stringContaining(breach),
    ]);
  });
});
