import { describe, expect, it } from 'vitest';
import { callerOf } from '../auth/caller.ts';
import { type FeedArguments, feedFilterOf } from './feed-filter.ts';
import type { FeedItem } from './feed-item.ts';

const item = (partnerId: string, orderId = 'a'): FeedItem => ({
  orderId,
  orderNumber: 'SO-1',
  partnerId,
  type: 'ORDER_PLACED',
  status: 'PLACED',
  version: 1,
  occurredAt: '2026-03-01T09:30:00.000Z',
});
function filterOf(claims: object, asked: FeedArguments = {}) {
  const caller = callerOf({ sub: 'somebody', exp: 1, ...claims });
  if (caller === null) throw new Error('The claims name nobody.');
  return feedFilterOf(caller, asked);
}
const buyer = { role: 'buyer', partner: '1' };
const rep = { role: 'rep', partners: ['1', '2'] };

describe('what a subscriber sees', () => {
  it.each([
    ['a buyer', buyer, {}, ['1']],
    ['a rep', rep, {}, ['1', '2']],
    ['a rep who asks for fewer', rep, { partnerIds: ['2', '3'] }, ['2']],
    ['the ERP', { role: 'erp' }, {}, ['1', '2', '3']],
    ['an operator who asks for one', { role: 'operator' }, { partnerIds: ['3'] }, ['3']],
    ['a WMS', { role: 'wms', warehouse: 'W' }, {}, []],
  ])('%s: the partners in reach', (_, claims, asked, partners) => {
    const filter = filterOf(claims, asked);
    expect(['1', '2', '3'].filter((partner) => filter.matches(item(partner)))).toEqual(partners);
    expect(filter.isEmpty).toBe(partners.length === 0);
    expect(filter.partnerIds ?? ['1', '2', '3']).toEqual(partners);
  });

  it('only the orders and types asked for', () => {
    expect(filterOf(buyer, { orderIds: ['b'] }).matches(item('1'))).toBe(false);
    expect(filterOf(buyer, { orderIds: ['a'], types: ['ORDER_PLACED'] }).matches(item('1'))).toBe(true);
    expect(filterOf(buyer, { types: [] }).isEmpty).toBe(true);
  });
});
