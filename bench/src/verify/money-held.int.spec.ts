// What is still held of an order whose authorisations were renewed: each promise counts once, wherever it is.
import { fileURLToPath } from 'node:url';
import { migrate, newId } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  readCaptured,
  readGivenUp,
  readHeldCalls,
  readMoneyHeld,
  readRefunded,
  readTakings,
} from './money-rows.ts';

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

async function stored(
  waves: readonly object[],
  shipments: readonly (object & Readonly<{ valueMinor: number }>)[],
  refunds: readonly object[],
  held: readonly object[] = [],
): Promise<string> {
  const orderId = newId();
  const captured = shipments.reduce((sum, { valueMinor }) => sum + valueMinor, 0);
  const inDepth = JSON.stringify({ waves, refunds, held });
  await sql`
    INSERT INTO payments ${sql({
      ...{ order_id: orderId, partner_id: 'p', partition: 0, version: 1, stream_version: 0, method: 'CARD' },
      ...{ closed: false, outcome_unknown: false, refunded_minor: 0, captured_minor: captured },
      ...{ stage: 'AUTHORISED', status: 'AUTHORISED', authorised_minor: 100, reserved_minor: 100 },
      ...{ currency_code: 'GBP', shipments: sql.json(JSON.parse(JSON.stringify(shipments))) },
      in_depth: sql.json(JSON.parse(inDepth)),
    })}`;
  return orderId;
}

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
  const orderId = await stored(waves, shipments, []);
  const found = (await readMoneyHeld(sql)).find((each) => each.orderId === orderId);
  expect(found?.amountMinor).toBe(held);
});

it('knows parts that are done before their whole is told, and what was given up', async () => {
  const [half, over, refundId] = [newId(), newId(), newId()];
  const part = (number: number, amountMinor: number, captured: boolean) => ({
    ...{ wave: number, amountMinor, captured },
  });
  const shipments = [
    { shipmentId: half, valueMinor: 100, state: 'REQUESTED', parts: [part(1, 60, true), part(2, 40, false)] },
    {
      ...{ shipmentId: over, valueMinor: 90, state: 'CAPTURED', parts: [part(1, 50, true)] },
      givenUp: [{ wave: 2, amountMinor: 40 }],
    },
    { shipmentId: newId(), valueMinor: 30, state: 'GIVEN_UP', givenUp: [{ wave: null, amountMinor: 30 }] },
  ];
  const back = (shipmentId: string, wave: number, amountMinor: number, more: object) => ({
    ...{ shipmentId, wave, amountMinor, done: false, ...more },
  });
  const refunds = [
    { refundId, parts: [back(half, 1, 20, { done: true }), back(half, 2, 5, {})] },
    { refundId: newId(), parts: [back(over, 1, 10, { done: true }), back(over, 2, 5, { givenUp: true })] },
  ];
  const orderId = await stored([wave(1, 'AUTHORISED', {})], shipments, refunds);
  const of = <Row extends { orderId: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.orderId === orderId);
  expect(of(await readCaptured(sql))).toEqual([{ orderId, amountMinor: 60 }]);
  expect(of(await readRefunded(sql))).toEqual([{ orderId, amountMinor: 20 }]);
  const taking = { orderId, partnerId: 'p', shipmentId: half, method: 'CARD', currencyCode: 'GBP' };
  expect(of(await readTakings(sql))).toEqual([
    { ...taking, refundId: null, amountMinor: 60 },
    { ...taking, refundId, amountMinor: 20 },
  ]);
  expect(of(await readGivenUp(sql)).map(({ amountMinor, isWhole }) => [amountMinor, isWhole])).toEqual([
    [40, false],
    [30, true],
  ]);
});

const waits = (operation: string, instance: string) => ({
  operation,
  instance,
  reason: 'no',
  owner: 'finance',
});

async function called(orderId: string, operation: string, instance: string, state: string): Promise<void> {
  await sql`
    INSERT INTO payment_calls (order_id, operation, instance, state, provider_key)
    VALUES (${orderId}, ${operation}, ${instance}, ${state}, ${newId()})`;
}

it('knows a call that waits for a person by its row or by its payment, and each once', async () => {
  const [shipmentId, waves] = [newId(), [wave(1, 'AUTHORISED', {})]];
  const renewed = await stored(waves, [], [], [waits('authorise', '1000001')]);
  await called(renewed, 'authorise', '1000001', 'done');
  const refused = await stored(waves, [], [], [waits('capture', shipmentId)]);
  await called(refused, 'capture', shipmentId, 'held');
  const untold = await stored(waves, [], []);
  await called(untold, 'capture', shipmentId, 'held');
  const tried = await stored(waves, [], [], [{ ...waits('authorise', '1'), again: true }]);
  await called(tried, 'authorise', '1', 'unknown');
  const calm = await stored(waves, [], []);
  await called(calm, 'capture', shipmentId, 'done');
  const found = (await readHeldCalls(sql)).map(({ orderId, operation, instance }) => [
    orderId,
    `${operation} ${instance}`,
  ]);
  expect(found.toSorted()).toEqual(
    [
      [renewed, 'authorise 1000001'],
      [refused, `capture ${shipmentId}`],
      [untold, `capture ${shipmentId}`],
    ].toSorted(),
  );
});
