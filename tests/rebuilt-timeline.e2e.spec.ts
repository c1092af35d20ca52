import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { enterPlatform, type World } from './platform/callers.ts';
import { accepted, readOrder, settled } from './platform/orders.ts';

const COMMAND = fileURLToPath(new URL('../tools/rebuild/main.ts', import.meta.url));

let world: World;

beforeAll(async () => {
  world = await enterPlatform();
});

/** Calls the command as `npm run rebuild` does. */
function rebuild(...args: readonly string[]): Promise<Readonly<{ code: number | null; said: string }>> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--data-dir', world.dataFolder]);
  let said = '';
  const keep = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

const ship = async () =>
  settled(world.buyer, await accepted(world.buyer, { lines: [{ sku: 'MUG', quantity: 1 }] }));

it('is the same as before, and the running platform writes on into it', async () => {
  const before = await ship();
  const { code, said } = await rebuild('orders.timeline');
  expect(said).toContain('the same, row by row');
  expect(said).toContain('the table just folded is live; the old one is timeline_entries_previous');
  expect(code).toBe(0);
  expect((await readOrder(world.buyer, before.id))?.timeline).toEqual(before.timeline);

  const after = await ship();
  expect(after.timeline.map(({ type }) => type).sort()).toEqual(
    before.timeline.map(({ type }) => type).sort(),
  );
  expect(await rebuild('orders.timeline', '--compare-only')).toMatchObject({ code: 0 });
});

it.each([
  ...['orders.products', 'inventory.warehouses', 'payments.partners'],
  ...['orders.statuses', 'orders.partners', 'inventory.stock', 'inventory.totals', 'inventory.products'],
  ...['fulfillment.warehouses', 'fulfillment.plans'],
])('%s follows from the log too', async (name) => {
  const { code, said } = await rebuild(name, '--compare-only');
  expect(said).toContain('the same, row by row');
  expect(code).toBe(0);
});
