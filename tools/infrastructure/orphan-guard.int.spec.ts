import { spawn, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const GUARDED = `
  import { spawn } from 'node:child_process';
  import { orphanGuard } from ${JSON.stringify(new URL('./orphan-guard.ts', import.meta.url).href)};
  const sleeper = () => spawn('sleep', ['300'], { stdio: 'ignore', detached: true });
  const guard = orphanGuard();
  const [watched, forgotten] = [sleeper(), sleeper()];
  for (const { pid } of [watched, forgotten]) guard.watch(pid);
  guard.forget(forgotten.pid);
  process.stdout.write(JSON.stringify([watched.pid, forgotten.pid]) + '\\n');
  setInterval(() => undefined, 1000);
`;

function isAlive(pid: number): boolean {
  return spawnSync('kill', ['-0', String(pid)]).status === 0;
}

it('ends what it watches when its owner is killed, and only that', async () => {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', GUARDED], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    owner.stdout.once('data', (chunk) => resolve(String(chunk))),
  );
  const [watched, forgotten]: [number, number] = JSON.parse(line);
  expect([watched, forgotten].map(isAlive)).toEqual([true, true]);
  owner.kill('SIGKILL');
  await expect.poll(() => isAlive(watched), { timeout: 10_000 }).toBe(false);
  expect(isAlive(forgotten)).toBe(true);
  process.kill(forgotten);
});
