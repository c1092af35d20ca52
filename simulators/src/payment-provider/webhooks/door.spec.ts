import { expect, it } from 'vitest';
import { KNOCK_EVERY_MS, REFUSALS_CLOSE_DOOR } from './delivery-limits.ts';
import { Door } from './door.ts';

const refused = (door: Door, times: number) => {
  for (let each = 0; each < times; each += 1) door.answered(false);
};

it('stays open while something is accepted between refusals', () => {
  const door = new Door();
  refused(door, REFUSALS_CLOSE_DOOR - 1);
  door.answered(true);
  refused(door, REFUSALS_CLOSE_DOOR - 1);
  expect([door.isClosed, door.pauseMs(0)]).toEqual([false, 0]);
});

it('is knocked at once a while when it is closed, and opens with one acceptance', () => {
  const door = new Door();
  refused(door, REFUSALS_CLOSE_DOOR);
  expect([door.isClosed, door.pauseMs(5)]).toEqual([true, 0]);
  door.knocked(5);
  expect([door.pauseMs(5), door.pauseMs(5 + KNOCK_EVERY_MS)]).toEqual([KNOCK_EVERY_MS, 0]);
  door.answered(true);
  expect([door.isClosed, door.pauseMs(6)]).toEqual([false, 0]);
});
