// Each layer against an oversell alone, with the others taken away: guarded deltas, the CHECK, and who may reserve at all. With all
// of them gone units are sold twice, and replaying the movements shows it: what the other tests rely on can fail.
import { acquireLease, constraintOf, faultKind, LEASE_LOST, type Sql } from '@crossdock/event-store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { order, placed, type TestOrder } from '../../test/orders.ts';
import { createStockConsumer } from '../consumers/stock-consumer.ts';
import { createShelves } from '../domain/shelves.ts';
import { loadTotals } from './figures.ts';
import { NOTHING, writeStock } from './stock-write.ts';

const UNITS = 30;
/** More than half, so that two orders of it are never both served. */
const FIRST_UNITS = 20;
const BUYERS = 60;
const PATIENCE = { timeout: 20_000, interval: 5 };
const NEVER_OVERSOLD = 'sku_totals_never_oversold';
/** Offsets that nobody moves: two reservers are fenced by nothing but the layers under test. */
const UNFENCED = { consumer: 'spec', epoch: 0, offsets: [], parked: [] };
/** Times that a buyer is decided again. */
const ROUNDS_MAX = 200;

let inventory: Inventory;
let sql: Sql;

beforeEach(async () => {
  inventory = await openInventory();
  sql = inventory.sql;
  await inventory.stockUp({ HOT: { N: UNITS } });
});

afterEach(() => inventory.close());

const dropCheck = () => sql`ALTER TABLE sku_totals DROP CONSTRAINT sku_totals_never_oversold`;

/** Leaves of `totals_move` the deltas, whatever they come to. */
async function dropGuards(): Promise<void> {
  const [found] = await sql`SELECT pg_get_functiondef('totals_move'::regproc) AS definition`;
  const definition: string = found?.definition;
  const unguarded = definition.replace(/WHERE t\.sku = u\.k AND[^;]*;/, 'WHERE t.sku = u.k;');
  expect(unguarded).not.toBe(definition);
  await sql.unsafe(unguarded);
}

/** Decides an order until it is written; answers what refused it meanwhile. */
async function persist(bought: TestOrder): Promise<string[]> {
  const refusals: string[] = [];
  for (;;) {
    try {
      await createStockConsumer(sql).apply([placed(bought)], UNFENCED);
      return refusals;
    } catch (error) {
      refusals.push(constraintOf(error) || faultKind(error));
      if (refusals.length === ROUNDS_MAX) throw error;
    }
  }
}

/** Locks the row of HOT, says so by a lock of its own, and lets go once two wait for it. */
const HOLD_UNTIL_TWO_WAIT = `DO $$ BEGIN
  PERFORM 1 FROM sku_totals WHERE sku = 'HOT' FOR UPDATE;
  PERFORM pg_advisory_xact_lock(1);
  FOR round IN 1..1000 LOOP
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01);
    IF 2 <= (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') THEN RETURN; END IF;
  END LOOP;
  RAISE EXCEPTION 'nobody came';
END $$`;

/**
 * Lets two reservers sell at the same time. Their first orders are both decided before either is written, for the row they move is
 * locked until both wait for it. Answers what refused them.
 */
async function sellAtOnce(): Promise<string[]> {
  // On a connection of its own: on another one the driver would send what shall wait for it behind it.
  const holder = await sql.reserve();
  const held = holder.unsafe(HOLD_UNTIL_TWO_WAIT).execute();
  await vi.waitFor(async () => {
    const [row] = await sql`
      SELECT count(*)::int AS held FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE d.datname = current_database() AND l.locktype = 'advisory'`;
    expect(row?.held).toBe(1);
  }, PATIENCE);
  const both = [persist(order({ HOT: FIRST_UNITS })), persist(order({ HOT: FIRST_UNITS }))];
  await held;
  holder.release();
  const refusals = await Promise.all(both);
  const buyers = Array.from({ length: BUYERS }, () => order({ HOT: 1 }));
  const reserver = async (mine: readonly TestOrder[]) => {
    for (const bought of mine) refusals.push(await persist(bought));
  };
  await Promise.all([reserver(buyers.slice(0, BUYERS / 2)), reserver(buyers.slice(BUYERS / 2))]);
  return refusals.flat();
}

async function expectSoldOnce(): Promise<void> {
  expect(await sql`SELECT sellable, reserved FROM sku_totals`).toEqual([
    { sellable: UNITS, reserved: UNITS },
  ]);
  const decided = await sql`SELECT status, count(*)::int FROM reservations GROUP BY 1 ORDER BY 1`;
  const reserved = 1 + UNITS - FIRST_UNITS;
  expect([...decided]).toEqual([
    { status: 'RESERVED', count: reserved },
    { status: 'SHORT', count: 2 + BUYERS - reserved },
  ]);
  expect(await disagreements(sql)).toEqual([]);
  expect(await oversold(sql)).toEqual([]);
}

it('without the CHECK, guarded deltas refuse what was decided on figures of the past', async () => {
  await dropCheck();
  const refusals = await sellAtOnce();
  expect(new Set(refusals)).toEqual(new Set(['guard-lost']));
  await expectSoldOnce();
});

it('without guards, the CHECK refuses it', async () => {
  await dropGuards();
  const refusals = await sellAtOnce();
  expect(new Set(refusals)).toEqual(new Set([NEVER_OVERSOLD]));
  await expectSoldOnce();
});

it('without both, units are sold twice by a zombie beside the elected reserver, and the ledger tells', async () => {
  await dropCheck();
  await dropGuards();
  expect(await sellAtOnce()).toEqual([]);
  const [total] = await sql`SELECT sellable, reserved FROM sku_totals`;
  expect(total?.reserved).toBeGreaterThan(UNITS);
  const [found] = await oversold(sql);
  expect(found).toMatchObject({ sku: 'HOT', free: BigInt(UNITS - total?.reserved) });
  expect(await disagreements(sql)).toEqual([]);
});

it('without both, a zombie whose lease is another’s sells nothing', async () => {
  await dropCheck();
  await dropGuards();
  const stale = await acquireLease(sql, 'worker', 'a zombie', 0);
  const sell = async (epoch: number | null, orderUnits: number) => {
    const { totals: figures } = await loadTotals(sql, ['HOT']);
    const shelves = createShelves({ totals: figures, stock: [], isOpen: () => true });
    const lines = [['HOT', orderUnits]] as const;
    shelves.bookHold({ type: 'HoldPlaced', data: { lines, expiresAt: '' } }, 'nobody', 'nothing');
    const { totals } = shelves.moves();
    const write = { ...NOTHING, moves: { stock: [], totals, movements: [] } };
    return writeStock(sql, { kind: 'worker', epoch: epoch ?? -1 }, write);
  };
  await sql`SELECT lease_release('worker', 'a zombie', ${stale})`;
  const elected = await acquireLease(sql, 'worker', 'the elected', 0);
  await sell(elected, UNITS);
  await expect(sell(stale, 1)).rejects.toMatchObject({ code: LEASE_LOST });
  expect(await sql`SELECT held FROM sku_totals`).toEqual([{ held: UNITS }]);
});
