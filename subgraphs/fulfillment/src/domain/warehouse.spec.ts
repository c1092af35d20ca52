import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { warehouseRules } from './warehouse.ts';

const given = specification(warehouseRules);
const data = { warehouseId: 'NORTH', name: 'North', country: 'GB', priority: 10 };
const describeIt = { type: 'DescribeWarehouse', data } as const;
const registered = { type: 'WarehouseRegistered', data: { ...data, status: 'OPEN' } } as const;

describe('the ERP describes a warehouse', () => {
  it('registers a new one, open', () => given().when(describeIt).then(registered));
  it('says nothing when nothing changed', () => given(registered).when(describeIt).then());
  it.each([{ name: 'North West' }, { country: null }, { priority: 9 }])('revises it with %j', (change) =>
    given(registered)
      .when({ ...describeIt, data: { ...data, ...change } })
      .then({ type: 'WarehouseRevised', data: { ...data, ...change, status: 'OPEN' } }),
  );
  it('leaves its status alone', () => {
    const paused = { type: 'WarehouseRevised', data: { ...data, status: 'PAUSED' } } as const;
    given(registered, paused)
      .when({ ...describeIt, data: { ...data, priority: 1 } })
      .then({ type: 'WarehouseRevised', data: { ...data, priority: 1, status: 'PAUSED' } });
  });
});
