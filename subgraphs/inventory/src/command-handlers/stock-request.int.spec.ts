// What moves between the figures a request read and its write: it is decided again on what stands then.
import { randomUUID } from 'node:crypto';
import type { Sql } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { createAdjustStock } from './adjust-stock.ts';
import { createSetSafetyStock } from './set-safety-stock.ts';
import { createTransferStock } from './transfer-stock.ts';

let inventory: Inventory;
let sql: Sql;

beforeAll(async () => {
  inventory = await openInventory();
  sql = inventory.sql;
});

afterAll(() => inventory.close());

const WAITING = { timeout: 20_000, interval: 10 };
const commands = () => ({ sql, poke: () => undefined });
const keyed = <Input>(input: Input) => ({
  ...{ metadata: {}, own: null },
  input: { idempotencyKey: randomUUID(), errorPolicy: 'REJECT_ALL' as const, ...input },
});

/** Lets somebody else write but not commit; starts the request, which reads what was before and waits for the row; then commits. */
async function overtaken<Answer>(
  write: (other: Sql) => Promise<unknown>,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const other = await sql.reserve();
  await other`BEGIN`;
  await write(other);
  const answer = request();
  await vi.waitFor(async () => {
    const waiting = await sql`
      SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    expect(waiting).toHaveLength(1);
  }, WAITING);
  await other`COMMIT`;
  other.release();
  return answer;
}

it('refuses a count of a shelf that moved under its write', async () => {
  await inventory.stockUp({ OA: { N: 5 } });
  const line = { sku: 'OA', warehouseId: 'N', counted: 4, expectedVersion: 1, reason: 'COUNT' as const };
  const { results } = await overtaken(
    (other) => other`UPDATE stock SET on_hand = on_hand + 1, version = version + 1 WHERE sku = 'OA'`,
    () => createAdjustStock(commands())(keyed({ lines: [line] })),
  );
  expect(results).toMatchObject([{ refusals: [{ code: 'CONFLICT', currentVersion: 2 }] }]);
  expect(await sql`SELECT on_hand FROM stock WHERE sku = 'OA'`).toEqual([{ on_hand: 6 }]);
});

const send = (sku: string, quantity: number) =>
  createTransferStock(commands())(
    keyed({ fromWarehouseId: 'N', toWarehouseId: 'S', lines: [{ sku, quantity }] }),
  );

it('sends nothing that was claimed, held, assigned or kept back under its write', async () => {
  const writes: Readonly<Record<string, (sku: string) => (other: Sql) => Promise<unknown>>> = {
    claimed: (sku) => (other) => other`UPDATE sku_totals SET reserved = 9 WHERE sku = ${sku}`,
    withdrawn: (sku) => (other) => other`UPDATE sku_totals SET withdrawing = 9 WHERE sku = ${sku}`,
    assigned: (sku) => (other) =>
      other`UPDATE stock SET allocated = 3 WHERE sku = ${sku} AND warehouse_id = 'N'`,
    kept: (sku) => (other) => other`UPDATE stock SET safety = 3 WHERE sku = ${sku} AND warehouse_id = 'N'`,
  };
  for (const [name, write] of Object.entries(writes)) {
    const sku = `OB ${name}`;
    await inventory.stockUp({ [sku]: { N: 5, S: 5 } });
    const { transferId, refusals } = await overtaken(write(sku), () => send(sku, 3));
    expect([name, transferId, refusals.map(({ code }) => code)]).toEqual([
      name,
      null,
      ['INSUFFICIENT_STOCK'],
    ]);
    await sql`UPDATE sku_totals SET reserved = 0, withdrawing = 0 WHERE sku = ${sku}`;
    await sql`UPDATE stock SET allocated = 0, safety = 0 WHERE sku = ${sku}`;
  }
});

it('keeps nothing back that was claimed or assigned under its write', async () => {
  const keepBack = (sku: string) =>
    createSetSafetyStock(commands())(keyed({ lines: [{ sku, warehouseId: 'N', safety: 3 }] }));
  await inventory.stockUp({ OC: { N: 5 }, OD: { N: 5, S: 5 } });
  const claimed = await overtaken(
    (other) => other`UPDATE sku_totals SET reserved = 3 WHERE sku = 'OC'`,
    () => keepBack('OC'),
  );
  const assigned = await overtaken(
    (other) => other`UPDATE stock SET allocated = 3 WHERE sku = 'OD' AND warehouse_id = 'N'`,
    () => keepBack('OD'),
  );
  for (const { results } of [claimed, assigned]) {
    expect(results).toMatchObject([{ refusals: [{ code: 'INSUFFICIENT_STOCK' }] }]);
  }
});

it('asks the client to come back when every round was overtaken', async () => {
  await inventory.stockUp({ OE: { N: 50, S: 1 } });
  await sql.unsafe(`
    CREATE FUNCTION always_overtaken() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'overtaken' USING ERRCODE = 'CD002'; END $$;
    CREATE TRIGGER always_overtaken BEFORE INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION always_overtaken();`);
  await expect(send('OE', 1)).rejects.toMatchObject({ name: 'IntakeFull' });
  await sql`DROP TRIGGER always_overtaken ON transfers`;
  expect((await send('OE', 1)).refusals).toEqual([]);
});
