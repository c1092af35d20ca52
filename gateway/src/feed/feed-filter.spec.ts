import { describe, expect, it } from 'vitest';
import type { Caller } from '../auth/caller.ts';
import { feedFilterOf } from './feed-filter.ts';

const caller = (said: Partial<Caller> & Pick<Caller, 'role'>): Caller => ({
  ...{ subject: 'somebody', expiresAt: 0, identity: 'somebody' },
  ...said,
});
const rep = caller({ role: 'rep', partners: ['1', '2'] });
const erp = caller({ role: 'erp' });

describe('the filter of a feed', () => {
  it.each([
    ['what the token allows', rep, {}, ['1', '2']],
    ['what is asked for of that', rep, { partnerIds: ['2', '3'] }, ['2']],
    ['everybody for the ERP', erp, {}, null],
    ['those the ERP names', erp, { partnerIds: ['3'] }, ['3']],
    ['nobody under a code that no database holds', erp, { partnerIds: ['a\u0000b', '\ud800', '3'] }, ['3']],
  ])('reads the log for %s', (_, who, asked, partnerIds) => {
    expect(feedFilterOf(who, asked)).toMatchObject({ partnerIds, isEmpty: false });
  });

  it.each([
    ['only partners of others', rep, { partnerIds: ['3'] }],
    ['only codes that no database holds', erp, { partnerIds: ['\u0000'] }],
    ['no order', erp, { orderIds: [] }],
    ['no type', erp, { types: [] }],
  ])('is empty for %s', (_, who, asked) => {
    expect(feedFilterOf(who, asked).isEmpty).toBe(true);
  });
});
