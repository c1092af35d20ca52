import { expect, it } from 'vitest';
import { createPlaces } from './places.ts';

const staying = new AbortController().signal;

it('gives places in the order they are asked for, and turns away whoever would wait behind too many', async () => {
  const places = createPlaces(1, 2);
  const entered: string[] = [];
  expect(await places.enter(staying)).toBe(true);
  const waiting = ['first', 'second'].map((name) => places.enter(staying).then(() => entered.push(name)));
  expect(await places.enter(staying)).toBe(false);
  places.leave();
  await waiting[0];
  expect(entered).toEqual(['first']);
  places.leave();
  await waiting[1];
  places.leave();
  expect(await places.enter(staying)).toBe(true);
});

it('keeps nothing of whoever goes away while waiting', async () => {
  const places = createPlaces(1, 1);
  await places.enter(staying);
  for (let visit = 0; visit < 100; visit += 1) {
    const visitor = new AbortController();
    const entered = places.enter(visitor.signal);
    visitor.abort(new Error('gone'));
    await expect(entered).rejects.toThrow('gone');
  }
  const next = places.enter(staying);
  places.leave();
  expect(await next).toBe(true);
  await expect(places.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});
