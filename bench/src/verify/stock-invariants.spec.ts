import { describe, expect, it } from 'vitest';
import { checkBackorders } from './backorders.ts';
import { checkBrokenClaims } from './broken-claims.ts';
import { checkConservation, type StockWitnesses } from './conservation.ts';
import { checkNoOversell } from './no-oversell.ts';
import type { StockMovement } from './stock-ledger.ts';
import { checkTransfers } from './transfers.ts';

let calls = 0;
const NETWORK_WIDE = new Set([
  'reserve',
  'release',
  'break',
  'hold',
  'unhold',
  'expire',
  'claim',
  'break_hold',
]);
const SELLS: Readonly<Record<string, 1 | -1>> = {
  receipt: 1,
  adjust: 1,
  ship: -1,
  safety: -1,
  open: 1,
  shut: -1,
};
const moved = (kind: string, quantity: number, more: Partial<StockMovement> = {}): StockMovement => ({
  ...{ call: String(++calls), sku: 'A', kind, quantity },
  warehouseId: NETWORK_WIDE.has(kind) ? null : 'W1',
  sellableDelta: (SELLS[kind] ?? 0) * quantity,
  ...more,
});
const inCall = (call: string, ...movements: readonly StockMovement[]) =>
  movements.map((movement) => ({ ...movement, call }));
const total = { sku: 'A', sellable: 7, reserved: 2, held: 0, withdrawing: 0 };
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
    const call = inCall('c', moved('reserve', 10), moved('release', 10));
    expect(
      (await checkNoOversell([moved('receipt', 10), moved('reserve', 10), ...call], [])).breaches,
    ).toEqual([]);
  });

  it('ends no call where another writes of a shelf in between', async () => {
    const [fewer, broken] = inCall('count', moved('adjust', -4), moved('break', 4));
    const movements = [moved('receipt', 10), moved('reserve', 10), fewer, moved('allocate', 1), broken];
    expect(
      (
        await checkNoOversell(
          movements.filter((each) => each !== undefined),
          [],
        )
      ).breaches,
    ).toEqual([]);
  });

  it('lets goods that are not there stand outside, and names them', async () => {
    const missing = inCall('damage', moved('adjust', -4), moved('withdraw', 4));
    const movements = [moved('receipt', 4), moved('reserve', 4), moved('allocate', 4), ...missing];
    expect(
      await checkNoOversell(movements, [{ ...total, sellable: 0, reserved: 0, withdrawing: 4 }]),
    ).toEqual({
      summary: '5 movements of 1 SKU, 4 units withdrawing: A 4',
      breaches: [],
    });
    const shut = inCall('shut', moved('shut', 4), moved('suspend', 4));
    const open = inCall('open', moved('open', 4), moved('resume', 4));
    const whole = [moved('receipt', 4), moved('reserve', 4), moved('allocate', 4), ...shut, ...open];
    expect((await checkNoOversell([...whole, moved('ship', 4)], [])).breaches).toEqual([]);
  });

  const [few, claimed] = [moved('receipt', 3), moved('reserve', 4)];
  it.each([
    [
      'more claimed than there was, though it was given back',
      [few, claimed, moved('release', 4)],
      [],
      '4 reserved',
    ],
    ['more claimed than there is', [few, claimed], [], '4 reserved, 0 held and 0 withdrawing of 3'],
    ['more held than claims leave', [few, moved('reserve', 2), moved('hold', 2)], [], '2 reserved, 2 held'],
    ['a claim given back twice', [few, moved('reserve', 1), moved('release', 2)], [], '-1 reserved'],
    [
      'a hold given back twice',
      [few, moved('hold', 1), moved('unhold', 1), moved('expire', 1)],
      [],
      '-1 held',
    ],
    ['a loss that breaks nothing', [few, moved('reserve', 3), moved('adjust', -1)], [], '3 reserved'],
    [
      'a shut warehouse whose goods are claimed on',
      [few, moved('reserve', 3), moved('shut', 3)],
      [],
      '3 reserved',
    ],
    ['more allocated than lies there', [moved('receipt', 2), moved('allocate', 3)], [], '3 allocated of 2'],
    ['more claimed than is sellable', [], [{ ...total, held: 6 }], '2 reserved and 6 held of 7'],
    ['a movement it does not know', [moved('vanish', 1)], [], 'vanish'],
    [
      'goods for sale that never came',
      [moved('receipt', 3, { sellableDelta: 4 })],
      [],
      'receipt of 3 moved 4',
    ],
  ])('finds %s', async (_what, movements, totals, breach) => {
    expect((await checkNoOversell(movements, totals)).breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('what was broken (10)', () => {
  const units = { thing: 'claim', id: 'o1', sku: 'A', moved: 2, told: 2 } as const;

  it('stands in movements and facts, and orders heard of it', () => {
    expect(checkBrokenClaims([units], [{ orderId: 'o1', isAnswered: true }])).toEqual({
      summary: '2 units broken',
      breaches: [],
    });
  });

  it('finds a break that forgot its movement, one that nobody told, and an order that does not know', () => {
    const faults = [{ ...units, moved: 0 }, { ...units, thing: 'hold', told: 0 } as const];
    expect(checkBrokenClaims(faults, [{ orderId: 'o1', isAnswered: false }]).breaches).toEqual([
      'claim of o1, A: 0 units broken by its movements, 2 by its facts',
      'hold of o1, A: 2 units broken by its movements, 0 by its facts',
      expect.stringContaining('order o1: its claim was broken'),
    ]);
  });
});

describe('conservation (9)', () => {
  const shelf = { sku: 'A', warehouseId: 'W1', onHand: 7, allocated: 0, safety: 0, open: true };
  const at = { sku: 'A', warehouseId: 'W1' };
  const clean: StockWitnesses = {
    movements: history,
    shelves: [shelf],
    totals: [total],
    claims: [{ sku: 'A', reserved: 2, withdrawing: 0 }],
    holds: [],
    logged: [
      { ...at, flow: 'received', quantity: 10 },
      { ...at, flow: 'shipped', quantity: 3 },
    ],
    safeties: [],
  };

  it('accepts tables, movements and logs that agree', async () => {
    expect((await checkConservation(clean)).breaches).toEqual([]);
  });

  it('accepts every road that goods can go', async () => {
    const movements = [
      ...history,
      moved('adjust', -1),
      moved('return', 2, { sellableDelta: 2 }),
      moved('transfer_out', 4, { sellableDelta: -4 }),
      moved('transfer_in', 3, { warehouseId: 'W2' }),
      moved('safety', 1),
      moved('hold', 1),
    ];
    const away = { sku: 'A', warehouseId: 'W2' };
    const roads: StockWitnesses = {
      movements,
      shelves: [
        { ...shelf, onHand: 4, safety: 1 },
        { ...shelf, ...away, onHand: 3, open: false },
      ],
      totals: [{ ...total, sellable: 3, held: 1 }],
      claims: clean.claims,
      holds: [{ sku: 'A', quantity: 1 }],
      logged: [
        ...clean.logged,
        { ...at, flow: 'adjusted', quantity: 1 },
        { ...at, flow: 'sent', quantity: 4 },
        { ...away, flow: 'arrived', quantity: 3 },
      ],
      safeties: [{ ...at, safety: 1 }],
    };
    expect((await checkConservation(roads)).breaches).toEqual([]);
  });

  it.each<[string, Partial<StockWitnesses>, string]>([
    ['goods without a movement', { shelves: [{ ...shelf, onHand: 8 }] }, '8 on hand, 7 by its movements'],
    ['an allocation without a movement', { shelves: [{ ...shelf, allocated: 1 }] }, '1 allocated, 0'],
    [
      'a receipt that was booked and not said',
      { logged: clean.logged.slice(1) },
      '10 received, 0 by the log',
    ],
    [
      'goods that left unbooked',
      { logged: [...clean.logged, ...clean.logged.slice(1)] },
      '3 shipped, 6 by the log',
    ],
    [
      'a transfer that nobody booked',
      { logged: [...clean.logged, { ...at, flow: 'sent', quantity: 1 }] },
      '0 sent, 1',
    ],
    [
      'a claim that the movements do not know',
      { totals: [{ ...total, reserved: 1 }] },
      '1 reserved, 2 by its movements',
    ],
    ['a claim without a reservation', { claims: [] }, '2 reserved, 0 by its open reservations'],
    [
      'units that are said to be withdrawing',
      { totals: [{ ...total, withdrawing: 1 }] },
      '1 withdrawing, 0 by its movements',
    ],
    ['a hold that nobody counts', { holds: [{ sku: 'A', quantity: 1 }] }, '0 held, 1 by its live holds'],
    ['safety that may be sold', { shelves: [{ ...shelf, safety: 1 }] }, '7 sellable, 6 by its shelves'],
    ['safety that nobody set', { shelves: [{ ...shelf, safety: 1 }] }, '1 kept back, 0 by the log of safety'],
    [
      'goods of which a sale forgot',
      { totals: [{ ...total, sellable: 6 }] },
      '6 sellable, 7 by its movements',
    ],
  ])('finds %s', async (_what, change, breach) => {
    expect((await checkConservation({ ...clean, ...change })).breaches).toContainEqual(
      expect.stringContaining(breach),
    );
  });

  it('finds backorders and waiting reservations that differ', () => {
    const waits = { orderId: 'o1', sku: 'A', quantity: 3 };
    expect(checkBackorders([waits], [waits]).breaches).toEqual([]);
    expect(checkBackorders([waits], []).breaches).toEqual([
      'order o1, A: 3 backordered, 0 waiting by its reservation',
    ]);
    expect(checkBackorders([], [waits]).breaches).toHaveLength(1);
  });

  it('finds a transfer of which more arrives than left, or that ends twice', () => {
    const sent = { transferId: 't', sku: 'A', status: 'IN_TRANSIT', sent: 5, received: 3, ends: 0 };
    const transfer = { ...sent, sentByLog: 5, receivedByLog: 3 };
    expect(checkTransfers([transfer]).breaches).toEqual([]);
    const faults: [object, string][] = [
      [{ received: 6, receivedByLog: 6 }, '6 received of 5 sent'],
      [{ received: 6 }, '6 received, 3 by the log'],
      [{ sent: 4 }, '4 sent, 5 by the log'],
      [{ ends: 2 }, 'ended 2 times'],
      [{ ends: 1 }, 'ended and still IN_TRANSIT'],
    ];
    for (const [change, breach] of faults) {
      expect(checkTransfers([{ ...transfer, ...change }]).breaches).toContainEqual(
        expect.stringContaining(breach),
      );
    }
  });
});
