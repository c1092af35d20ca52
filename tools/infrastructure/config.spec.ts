import { expect, it } from 'vitest';
import { existingServers } from './config.ts';

const URLS = {
  DATABASE_URL_ORDERS: 'postgres://a@h/orders',
  DATABASE_URL_INVENTORY: 'postgres://a@h/inventory',
  DATABASE_URL_PAYMENTS: 'postgres://a@h/payments',
  DATABASE_URL_FULFILLMENT: 'postgresql://a@h/fulfillment',
};

it('points at nothing when the environment says nothing', () => {
  expect(existingServers({ NATS_URL: '' })).toEqual({
    databaseUrls: undefined,
    natsUrl: undefined,
    redisUrl: undefined,
  });
});

it('points at the servers that are named', () => {
  const found = existingServers({ ...URLS, NATS_URL: 'nats://h:4222', REDIS_URL: 'redis://h' });
  expect(found.databaseUrls?.fulfillment).toBe('postgresql://a@h/fulfillment');
  expect([found.natsUrl, found.redisUrl]).toEqual(['nats://h:4222', 'redis://h']);
});

it.each([
  [{ ...URLS, DATABASE_URL_PAYMENTS: '' }, /^Set DATABASE_URL_PAYMENTS too, or unset/],
  [
    { ...URLS, DATABASE_URL_ORDERS: 'mysql://h/x' },
    /^DATABASE_URL_ORDERS is not a usable address: write it like postgres:/,
  ],
  [{ NATS_URL: 'localhost:4222' }, /^NATS_URL is not a usable address: write it like nats:/],
  [{ REDIS_URL: '::' }, /^REDIS_URL is not a usable address: write it like redis:/],
])('refuses %j with one sentence', (environment, sentence) => {
  expect(() => existingServers(environment)).toThrow(sentence);
});
