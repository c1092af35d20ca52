import { expect, it } from 'vitest';
import { screenOf } from './summary.ts';

const SCREEN_LINES = 40;
const SCREEN_COLUMNS = 100;

const order = (status: string, statusReason: string | null, shipped_ms: number) => ({
  number: 'SO-1',
  status,
  statusReason,
  placedAt: '2026-03-01T09:30:00.000Z',
  total: { amount: '1234.50' },
  lines: [{ quantity: 6 }, { quantity: 2 }],
  timeline: [
    { type: 'OrderConfirmed', occurredAt: '2026-03-01T09:30:00.040Z' },
    { type: 'OrderShipped', occurredAt: new Date(Date.UTC(2026, 2, 1, 9, 30, 0, shipped_ms)).toISOString() },
  ],
});

const screen = {
  gatewayUrl: 'http://127.0.0.1:4000',
  orders: [order('SHIPPED', null, 100), order('SHIPPED', null, 300), order('REJECTED', 'CARD_DECLINED', 0)],
  partnerId: '17850',
  buyerToken: 'x'.repeat(350),
  dataDirFlag: '',
  logFolder: '.local/default/logs',
  started_s: 12,
};

it('fits on a screen, the token alone being wider', () => {
  const lines = screenOf(screen).split('\n');
  const wrapped = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / SCREEN_COLUMNS)), 0);
  expect(wrapped).toBeLessThanOrEqual(SCREEN_LINES);
  const wide = lines.filter((line) => line.length > SCREEN_COLUMNS);
  expect(wide.filter((line) => !line.startsWith('TOKEN='))).toEqual([]);
});

it('says what happened to the orders', () => {
  expect(screenOf(screen)).toContain(
    '3 real orders (6 lines, £3,703.50) were placed: 2 SHIPPED, 1 REJECTED (CARD_DECLINED).',
  );
  expect(screenOf(screen)).toContain('Median time from placed: 40 ms to CONFIRMED, 300 ms to SHIPPED.');
});

it('carries bodies that are JSON', () => {
  const text = screenOf(screen);
  const bodies = [...text.matchAll(/-d '(\{[\s\S]*?\})'/g)].map((match) => JSON.parse(match[1] ?? ''));
  expect(bodies.map((body) => Object.keys(body))).toEqual([['query', 'variables'], ['query']]);
});
