import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockDataFolder } from './data-lock.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('refuses a folder that a live process holds, and takes it when that process freed it', () => {
  const unlock = lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(/is in use by a run that is still going/);
  unlock();
  expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  lockDataFolder(folder)();
});

it.each([
  ['whose process is gone', JSON.stringify({ pid: 2 ** 22 + 1, born: '1' })],
  ['whose process id belongs to another process now', JSON.stringify({ pid: process.pid, born: 'earlier' })],
  ['that was cut short', '{"pid":'],
])('takes over a lock %s', (_case, text) => {
  writeFileSync(join(folder, 'run.lock'), text);
  lockDataFolder(folder)();
});
