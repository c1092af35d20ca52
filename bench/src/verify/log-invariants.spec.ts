import { describe, expect, it } from 'vitest';
import { checkConsequence, checkOffsets } from './delivery.ts';
import { checkDenseLog } from './dense-log.ts';
import { STREAM_RULES } from './flow.ts';
import { checkLegalHistory } from './legal-history.ts';

const at = (position: number) => ({ source: 'orders', partition: 3, position, eventId: `e${position}` });
const rules = {
  'orders.order': {
    first: ['OrderPlaced'],
    after: { OrderPlaced: ['OrderConfirmed', 'OrderRejected'], OrderConfirmed: [] },
  },
};
const event = (streamId: string, version: number, type: string, category = 'order') => ({
  source: 'orders',
  category,
  streamId,
  version,
  type,
});

describe('a dense log (6)', () => {
  it('is 1..n', async () => {
    expect(await checkDenseLog([at(1), at(2)], [at(2)])).toEqual({
      summary: '1 partitions × 1 log, 2 events',
      breaches: [],
    });
  });

  it.each([
    ['a hole', [at(1), at(3)], at(3), 'position 3 stands where 2 belongs'],
    ['a duplicate', [at(1), at(1)], at(1), 'position 1 stands where 2 belongs'],
    ['a lost tail', [at(1)], at(2), 'ends at 2, its last event stands at 1'],
    ['another last event', [at(1)], { ...at(1), eventId: 'other' }, 'ends at 1'],
    ['a log that is gone', [], at(1), 'its last event stands at 0'],
  ])('has not %s', async (_what, events, end, breach) => {
    const { breaches } = await checkDenseLog(events, [end]);
    expect(breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('a legal history (5)', () => {
  it('follows the rules of its category', async () => {
    const events = [
      event('a', 1, 'OrderPlaced'),
      event('a', 2, 'OrderConfirmed'),
      event('b', 1, 'OrderPlaced'),
    ];
    expect((await checkLegalHistory(events, rules)).breaches).toEqual([]);
  });

  it.each([
    [
      'a missing version',
      [event('a', 1, 'OrderPlaced'), event('a', 3, 'OrderConfirmed')],
      'version 3 stands where 2 belongs',
    ],
    ['a missing beginning', [event('a', 2, 'OrderConfirmed')], 'version 2 stands where 1 belongs'],
    ['a wrong beginning', [event('a', 1, 'OrderConfirmed')], 'OrderConfirmed begins it'],
    [
      'an illegal step',
      [event('a', 1, 'OrderPlaced'), event('a', 2, 'OrderConfirmed'), event('a', 3, 'OrderRejected')],
      'OrderRejected follows OrderConfirmed',
    ],
    ['a category without rules', [event('a', 1, 'PartnerRegistered', 'partner')], 'no rule'],
  ])('has not %s', async (_what, events, breach) => {
    const { breaches } = await checkLegalHistory(events, rules);
    expect(breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('asides of a history (5)', () => {
  const held = {
    'orders.order': { ...rules['orders.order'], asides: { OrderHeld: ['OrderPlaced'] } },
  };
  const types = (...names: string[]) => names.map((type, index) => event('a', index + 1, type));

  it('change nothing of what may come next', async () => {
    const events = types('OrderPlaced', 'OrderHeld', 'OrderHeld', 'OrderConfirmed');
    expect((await checkLegalHistory(events, held)).breaches).toEqual([]);
  });

  it.each([
    ['begin a stream', types('OrderHeld'), 'OrderHeld begins it'],
    [
      'stand behind its end',
      types('OrderPlaced', 'OrderConfirmed', 'OrderHeld'),
      'OrderHeld follows OrderConfirmed',
    ],
    [
      'cover an illegal step',
      types('OrderPlaced', 'OrderHeld', 'OrderShipped'),
      'OrderShipped follows OrderPlaced',
    ],
  ])('do not %s', async (_what, events, breach) => {
    const { breaches } = await checkLegalHistory(events, held);
    expect(breaches).toEqual([expect.stringContaining(breach)]);
  });
});

describe('stages of a history (5)', () => {
  const told = (type: string, status: string | null = null) => ({ type, status });
  const streamOf = (...facts: ReturnType<typeof told>[]) =>
    facts.map(({ type, status }, index) => ({ ...event('a', index + 1, type), status }));
  const check = async (...facts: ReturnType<typeof told>[]) =>
    (await checkLegalHistory(streamOf(...facts), STREAM_RULES)).breaches;
  const [placed, backordered] = [told('OrderPlaced'), told('OrderBackordered')];
  const replenished = (status: string) => told('OrderReplenished', status);

  it('are where an event says that it leads to', async () => {
    const way = [placed, backordered, replenished('CONFIRMED'), told('OrderHeld'), told('OrderReleased')];
    expect(await check(...way, told('OrderShipped'))).toEqual([]);
    const broken = told('OrderLinesBroken', 'BACKORDERED');
    expect(await check(...way, broken, replenished('CONFIRMED'), told('OrderReleased'))).toEqual([]);
    expect(await check(placed, told('OrderLinesCancelled', 'PLACED'), told('OrderConfirmed'))).toEqual([]);
    const [left, again] = [told('OrderPartiallyShipped'), told('OrderHeld')];
    const missing = [placed, told('OrderConfirmed'), told('OrderReleased'), again, left, again];
    expect(await check(...missing, replenished('ON_HOLD'), left, again, replenished('SHIPPED'))).toEqual([]);
  });

  it.each([
    ['leads nowhere', [placed, backordered, replenished('BACKORDERED')], 'leads to BACKORDERED'],
    ['follows its end', [placed, told('OrderCancelled'), told('OrderConfirmed')], 'follows OrderCancelled'],
    [
      'comes too early',
      [placed, backordered, replenished('CONFIRMED'), told('OrderShipped')],
      'OrderShipped follows OrderReplenished',
    ],
    [
      'follows lines whose cancelling ended it',
      [placed, backordered, told('OrderLinesCancelled', 'CANCELLED'), replenished('CONFIRMED')],
      'OrderReplenished follows OrderLinesCancelled',
    ],
  ])('find what %s', async (_what, facts, breach) => {
    expect(await check(...facts)).toContainEqual(expect.stringContaining(breach));
  });
});

describe('delivery (7)', () => {
  const expected = { 'inventory-on-orders': ['orders'] };
  const offset = { consumer: 'inventory-on-orders', ...at(2) };

  it('has come to the head', () => {
    expect(checkOffsets([at(2)], [offset], expected).breaches).toEqual([]);
  });

  it.each([
    ['behind', [{ ...offset, position: 1, eventId: 'e1' }], 'stands at 1 of 2'],
    ['ahead', [{ ...offset, position: 3, eventId: 'e3' }], 'stands at 3 of 2'],
    ['on a fork', [{ ...offset, eventId: 'other' }], 'event other instead of e2'],
    ['absent', [], 'stands at 0 of 2'],
  ])('is not %s', (_what, offsets, breach) => {
    expect(checkOffsets([at(2)], offsets, expected).breaches).toEqual([expect.stringContaining(breach)]);
  });

  it('asks nothing of a queue of letters that stands beside the consumers', () => {
    const letters = { consumer: 'orders', source: 'orders', partition: 3, position: 0, eventId: null };
    const ends = [at(2), { ...at(2), source: 'inventory' }];
    const read = { ...offset, source: 'inventory', consumer: 'orders' };
    expect(checkOffsets(ends, [letters, read], { orders: ['inventory'] }).breaches).toEqual([]);
  });

  it('has each effect once, and none without its cause', () => {
    const names = { cause: 'OrderPlaced', effect: 'StockReserved or StockShort' };
    const nobody = () => false;
    expect(checkConsequence(names, ['a'], ['a'], nobody)).toEqual([]);
    expect(checkConsequence(names, ['a', 'b'], ['b'], (key) => key === 'a')).toEqual([]);
    expect(checkConsequence(names, ['a', 'a'], ['a', 'a'], nobody)).toEqual([]);
    expect(checkConsequence(names, ['a', 'a'], ['a'], nobody)).toEqual([
      'OrderPlaced of a: 1 × StockReserved or StockShort instead of one for each of 2',
    ]);
    expect(checkConsequence(names, ['a', 'b'], ['a', 'a', 'c'], nobody)).toEqual([
      expect.stringContaining('of a: 2 ×'),
      expect.stringContaining('of b: 0 ×'),
      expect.stringContaining('of c: stands without'),
    ]);
  });
});
