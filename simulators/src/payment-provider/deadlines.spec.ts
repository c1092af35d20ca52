import { expect, it } from 'vitest';
import type { Authorization } from './authorization.ts';
import { Deadlines } from './deadlines.ts';

const at = (ms: number) => new Date(ms).toISOString();
const standing = (id: string, expiresMs: number): Authorization => ({
  ...{ id, status: 'authorised', amountMinor: 1, currencyCode: 'GBP', card: 'approves', declineCode: null },
  ...{ reference: { orderId: 'o', purpose: 'p' }, expiresAt: at(expiresMs), captures: [] },
});

it('tells each once, when its time has come, in whatever order they were followed', () => {
  const deadlines = new Deadlines();
  deadlines.follow(standing('late', 30));
  deadlines.follow(standing('early', 10));
  deadlines.follow(standing('between', 20));
  const told = [9, 10, 11, 25, 25, 30, 99].map((nowMs) => deadlines.takePassed(nowMs));
  expect(told).toEqual([[], ['early'], [], ['between'], [], ['late'], []]);
});

it('forgets what ended otherwise', () => {
  const deadlines = new Deadlines();
  deadlines.follow(standing('captured', 10));
  deadlines.follow({ ...standing('captured', 10), status: 'captured' });
  deadlines.follow({ ...standing('unconfirmed', 10), status: 'requires_confirmation', expiresAt: null });
  expect(deadlines.takePassed(11)).toEqual([]);
});
