// What is still held of an order whose authorisations were renewed: each promise counts once, wherever it is.
import { fileURLToPath } from 'node:url';
import { migrate, newId } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readMoneyHeld } from './money-rows.ts';

const MIGRATIONS = fileURLToPath(
  new URL('../../../subgraphs/payments/src/store/migrations', import.meta.url),
);

let clone: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  sql = postgres(clone.url, { onnotice: () => undefined });
});

afterAll(async () => {
  await sql.end();
  await clone.drop();
});

const wave = (number: number, stage: string, amounts: Readonly<Record<string, number>>, renews?: number) => ({
  ...{ wave: number, stage, reservedMinor: 100, authorisedMinor: 100, reducedMinor: 0, ...amounts },
  renews: renews ?? null,
});

const taken = (amountMinor: number, of: number) => ({
  ...{ shipmentId: newId(), valueMinor: amountMinor, state: 'CAPTURED' },
  ...(of === 1 ? {} : { parts: [{ wave: of, amountMinor, captured: true }] }),
});

it.each([
  [
    'is asked for',
    [wave(1, 'AUTHORISED', {}), wave(1_000_001, 'REQUESTED', { authorisedMinor: 0 }, 1)],
    [],
    100,
  ],
  [
    'took the place of a part',
    [wave(1, 'VOIDED', { reducedMinor: 60 }), wave(1_000_001, 'AUTHORISED', { authorisedMinor: 60 }, 1)],
    [taken(40, 1)],
    60,
  ],
  [
    'was taken whole',
    [wave(1, 'VOIDED', { reducedMinor: 60 }), wave(1_000_001, 'AUTHORISED', { authorisedMinor: 60 }, 1)],
    [taken(40, 1), taken(60, 1_000_001)],
    0,
  ],
])('counts once where a renewal %s', async (_what, waves, shipments, held) => {
  const orderId = newId();
  await sql`
    INSERT INTO payments ${sql({
      ...{ order_id: orderId, partner_id: 'p', partition: 0, version: 1, stream_version: 0, method: 'CARD' },
      ...{ closed: false, outcome_unknown: false, refunded_minor: 0 },
      ...{ stage: 'AUTHORISED', status: 'AUTHORISED', authorised_minor: 100, reserved_minor: 100 },
      captured_minor: shipments.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
      shipments: sql.json(shipments),
      in_depth: sql.json({ waves }),
    })}`;
  const found = (await readMoneyHeld(sql)).find((each) => each.orderId === orderId);
  expect(found?.amountMinor).toBe(held);
});
