import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type StartedPlatform, startPlatform } from '@crossdock/testing/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';

let platform: StartedPlatform;
let hasStopped = false;

beforeAll(async () => {
  platform = await startPlatform(['LON']);
});
afterAll(async () => {
  if (!hasStopped) await platform.stop();
});

async function role(): Promise<unknown> {
  const reply = await fetch(`${platform.gatewayUrl}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await platform.token({ sub: 'test', role: 'erp' })}`,
    },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  return reply.json();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const ANSWER = { data: { viewer: { role: 'ERP' } } };

it('runs ten processes and answers through the gateway', async () => {
  expect(Object.keys(platform.run().pids)).toHaveLength(10);
  expect(await role()).toEqual(ANSWER);
});

it('starts a killed subgraph again, at the same address', async () => {
  const before = platform.run().pids.orders ?? 0;
  process.kill(before, 'SIGKILL');
  await expect.poll(() => platform.run().pids.orders ?? before, { timeout: 30_000 }).not.toBe(before);
  await expect.poll(role, { timeout: 30_000 }).toEqual(ANSWER);
});

it('leaves neither process nor data behind', async () => {
  const { pids, journals } = platform.run();
  await platform.stop();
  hasStopped = true;
  expect(Object.values(pids).filter(isAlive)).toEqual([]);
  expect(existsSync(dirname(journals.wms))).toBe(false);
});
