import { describe, expect, it } from 'vitest';
import { digestOfLines } from '../journal/client-journal.ts';
import { type Answer, readAnswer } from './answer.ts';
import { figuresOf, type SentOrder } from './figures.ts';
import { intendedStart, runLoad } from './load.ts';
import { replayOptions } from './options.ts';
import { pauseBefore, placed } from './placing.ts';
import { preparedOrder, prepareOrders } from './prepared-orders.ts';
import { bar } from './progress.ts';
import { hopTable } from './report.ts';
import { seededDraw } from './seeded-draw.ts';

const ORDER = { id: 'o1', number: 'SO-1', total: { amount: '12.50', currencyCode: 'GBP' } };
const reply = (order: unknown, userErrors: unknown[] = []) =>
  JSON.stringify({ data: { placeOrder: { order, replayed: false, userErrors } } });
const errors = (code: string, retryAfterMs?: number) =>
  JSON.stringify({
    data: { placeOrder: null },
    errors: [{ message: 'no', extensions: { code, retryAfterMs } }],
  });

describe('an answer', () => {
  it('with an order acknowledges it, in minor units', () => {
    expect(readAnswer(200, reply(ORDER))).toEqual({
      kind: 'acknowledged',
      orderId: 'o1',
      number: 'SO-1',
      totalMinor: 1250,
      replayed: false,
    });
  });

  it.each([
    [
      'a refusal of the domain',
      200,
      reply(null, [{ code: 'UNKNOWN_SKU' }]),
      { kind: 'refused', codes: ['UNKNOWN_SKU'] },
    ],
    [
      'a refusal at the door',
      401,
      errors('UNAUTHENTICATED'),
      { kind: 'refused', codes: ['UNAUTHENTICATED'] },
    ],
    [
      'a twin under way',
      200,
      reply(null, [{ code: 'REQUEST_IN_PROGRESS', retryAfterMs: 40 }]),
      { kind: 'retry', code: 'REQUEST_IN_PROGRESS', afterMs: 40 },
    ],
    ['shed load', 503, errors('OVERLOADED', 250), { kind: 'retry', code: 'OVERLOADED', afterMs: 250 }],
    [
      'a subgraph away',
      200,
      errors('SUBGRAPH_UNAVAILABLE'),
      { kind: 'retry', code: 'SUBGRAPH_UNAVAILABLE', afterMs: 0 },
    ],
    ['a page of a proxy', 502, '<html>', { kind: 'retry', code: 'HTTP_502', afterMs: 0 }],
    [
      'a broken machine',
      200,
      errors('INTERNAL_SERVER_ERROR'),
      { kind: 'unknown', codes: ['INTERNAL_SERVER_ERROR'] },
    ],
    ['nothing at all', 200, reply(null), { kind: 'unknown', codes: ['NO_ORDER_AND_NO_ERROR'] }],
  ])('tells %s apart', (_what, status, text, answer) => {
    expect(readAnswer(status, text)).toEqual(answer);
  });
});

describe('placing', () => {
  const scripted = (answers: Answer[]) => async () =>
    answers.shift() ?? { kind: 'retry' as const, code: 'END', afterMs: 0 };

  it('repeats what may be repeated and stops at a decision', async () => {
    const retry: Answer = { kind: 'retry', code: 'OVERLOADED', afterMs: 0 };
    const outcome = await placed(
      '{}',
      scripted([retry, retry, { kind: 'refused', codes: ['LINE_COUNT'] }]),
      () => 0,
    );
    expect(outcome).toEqual({ kind: 'refused', codes: ['LINE_COUNT'], attempts: 3 });
  });

  it('pauses longer from attempt to attempt, within limits, and as long as it was asked to', () => {
    expect([1, 2, 3, 20].map((attempt) => pauseBefore(attempt, 0, () => 0))).toEqual([25, 50, 100, 1_000]);
    expect(pauseBefore(1, 700, () => 0.5)).toBe(700);
  });
});

describe('prepared orders', () => {
  const order = {
    invoice: '536365',
    placedAt: '',
    partnerId: '17850',
    country: 'UK',
    lines: [{ sku: 'A', quantity: 2 }],
  };

  it('are whole requests under keys and PO numbers of their run', () => {
    const prepared = preparedOrder(order, { run: 'r', orders: 9, cardShare: 0, draw: () => 0 }, 4, 0);
    expect(prepared).toMatchObject({
      key: 'replay-r-4',
      poNumber: '536365-r',
      lineCount: 1,
      linesDigest: digestOfLines(order.lines),
    });
    expect(JSON.parse(prepared.body).variables).toEqual({
      input: { idempotencyKey: 'replay-r-4', partnerId: '17850', poNumber: '536365-r', lines: order.lines },
    });
  });

  it('pay by card where the draw falls below the share', () => {
    const draws = [0.1, 0.9];
    const preparation = { run: 'r', orders: 2, cardShare: 0.5, draw: () => draws.shift() ?? 1 };
    const payments = [0, 1].map(
      (index) => JSON.parse(preparedOrder(order, preparation, index, 0).body).variables.input.payment,
    );
    expect(payments).toEqual([{ method: 'CARD', cardToken: 'tok_replay' }, undefined]);
  });

  it('begin again with other PO numbers when more are asked for than the data set has', async () => {
    const two = [order, { ...order, invoice: '536366' }];
    const all = await prepareOrders(two, { run: 'r', orders: 3, cardShare: 0, draw: () => 1 });
    expect(all.map(({ poNumber }) => poNumber)).toEqual(['536365-r', '536366-r', '536365-r-1']);
  });
});

describe('load', () => {
  const load = { now: () => performance.now(), signal: new AbortController().signal, inFlight: 3 };

  it('of a rate starts by its schedule, whatever the answers take', async () => {
    const starts: number[] = [];
    const slow = async (_index: number, start: number) => {
      starts.push(start);
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await runLoad({ ...load, count: 20, rate: 1_000, send: slow });
    const [first = 0] = starts;
    expect(starts).toEqual(starts.map((_, index) => intendedStart(first, index, 1_000)));
  });

  it('at most keeps no more under way than asked for, and sends each order once', async () => {
    const sent: number[] = [];
    let underWay = 0;
    let most = 0;
    const send = async (index: number) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      sent.push(index);
    };
    await runLoad({ ...load, count: 10, rate: 'max', send });
    expect({ most, sent: sent.sort((a, b) => a - b) }).toEqual({
      most: 3,
      sent: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    });
  });
});

describe('figures', () => {
  const sentOrder = (index: number, outcome: SentOrder['outcome']): SentOrder => ({
    key: `k${index}`,
    lineCount: 10,
    intendedStart: 1_000 + index * 100,
    answeredAt: 1_010 + index * 100,
    outcome,
  });
  const accepted = (orderId: string) =>
    ({ kind: 'acknowledged', orderId, number: 'n', totalMinor: 1, replayed: false, attempts: 2 }) as const;
  const state = (id: string, status: string, confirmedAt: number | null) => ({
    id,
    status,
    statusReason: status === 'REJECTED' ? 'STOCK_SHORT' : null,
    placedAt: 0,
    confirmedAt,
    shippedAt: null,
  });

  it('count what came how far, and time it from the intended start', () => {
    const sent = [
      sentOrder(0, accepted('a')),
      sentOrder(1, accepted('b')),
      sentOrder(2, { kind: 'refused', codes: ['NO_PRICE'], attempts: 1 }),
    ];
    const figures = figuresOf(sent, [state('a', 'SHIPPED', 1_500), state('b', 'REJECTED', null)]);
    expect(figures).toMatchObject({
      sent: 3,
      accepted: 2,
      retries: 2,
      refused: { NO_PRICE: 1 },
      ended: { SHIPPED: 1, 'REJECTED STOCK_SHORT': 1 },
      final: 2,
      confirmed: { orders: 1, ordersPerSecond: 2, linesPerSecond: 20 },
      shipped: { orders: 0, latencyMs: null },
      lastAt: 1_500,
    });
    expect(figures.confirmed.latencyMs?.p50).toBeCloseTo(500, 0);
    expect(figures.placed.latencyMs?.max).toBeCloseTo(10, 1);
  });
});

describe('the command line', () => {
  it('has defaults and limits', () => {
    expect(replayOptions(['--rate', '300'])).toMatchObject({
      orders: 2000,
      rate: 300,
      inFlight: 64,
      wait: true,
    });
    for (const words of [
      ['--orders', '0'],
      ['--orders', '1.5'],
      ['--rate', 'fast'],
      ['--label', '../x'],
      ['--nonsense'],
    ]) {
      expect(() => replayOptions(words)).toThrow('Usage');
    }
  });
});

describe('the report', () => {
  it('has a row for each hop and their sum', () => {
    expect(
      hopTable({
        hops: [
          { hop: 'gateway', cpuMsPerOrder: 1, memoryMib: 100 },
          { hop: 'orders', cpuMsPerOrder: 3, memoryMib: 50 },
        ],
      }),
    ).toEqual([
      '| hop | CPU ms an order | share | memory MiB |',
      '|---|---:|---:|---:|',
      '| gateway | 1.00 | 25 % | 100 |',
      '| orders | 3.00 | 75 % | 50 |',
      '| **all** | 4.00 | 100 % | 150 |',
    ]);
  });

  it('shows a bar that fills', () => {
    expect(bar({ done: 5, total: 10, words: 'final' })).toBe(
      `[${'#'.repeat(15)}${'.'.repeat(15)}] 5 of 10 final`,
    );
  });
});

describe('seeded draws', () => {
  it('repeat and lie in [0, 1)', () => {
    const [one, two] = [seededDraw(7), seededDraw(7)];
    const numbers = Array.from({ length: 1_000 }, () => one());
    expect(numbers).toEqual(Array.from({ length: 1_000 }, () => two()));
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.reduce((sum, number) => sum + number, 0) / 1_000).toBeCloseTo(0.5, 1);
  });
});
