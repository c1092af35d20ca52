// All that can happen to stock, on a running platform: the checker must understand it and accuse nobody.
import { randomUUID } from 'node:crypto';
import { runStatements, type StartedPlatform, startPlatform } from '@crossdock/testing/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayClient, gatewayClient } from '../../../tests/client/gateway-client.ts';
import {
  ACME,
  fillWholesaler,
  LONDON,
  MANCHESTER,
  RIVAL,
  UNATTENDED,
} from '../../../tests/platform/wholesaler.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { checkEvidence } from './verify.ts';

const TEST_MS = 120_000;
const PATIENCE = { finalWithinSeconds: 0, rest_ms: 60_000, standstill_ms: 15_000, lookEvery_ms: 200 };

let platform: StartedPlatform;
let erp: GatewayClient;
let evidence: Evidence;

beforeAll(async () => {
  platform = await startPlatform([LONDON, MANCHESTER]);
  erp = gatewayClient(platform.gatewayUrl, await platform.token({ sub: 'erp', role: 'erp' }));
  await fillWholesaler(erp);
  // Client and feed kept no journals: what is checked is the platform.
  evidence = openEvidence('nowhere', platform.run());
}, TEST_MS);
afterAll(async () => {
  await evidence?.close();
  await platform?.stop();
}, TEST_MS);

type Made = Readonly<{ id: string }>;
type Payload = Readonly<{ userErrors: readonly unknown[] }> & Readonly<Record<string, Made | undefined>>;

/** Sends a mutation that must be done, and asks for what it `made`; answers its id. */
async function done(name: string, input: object, made?: 'order' | 'hold' | 'transfer'): Promise<string> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const fields = made === undefined ? '__typename' : `${made} { id }`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code message field } } }`;
  const variables = { input: { idempotencyKey: randomUUID(), ...input } };
  const payload = (await erp.data<Record<string, Payload>>(document, variables))[name];
  expect(payload?.userErrors).toEqual([]);
  return (made && payload?.[made]?.id) ?? 'nothing made';
}

const lines = (units: Readonly<Record<string, number>>) =>
  Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));

const place = (units: Readonly<Record<string, number>>, more: object = {}) =>
  done('placeOrder', { partnerId: ACME, lines: lines(units), ...more }, 'order');
const hold = (units: Readonly<Record<string, number>>, more: object = {}) =>
  done('holdStock', { partnerId: ACME, lines: lines(units), ...more }, 'hold');

const receive = (sku: string, warehouseId: string, quantity: number) =>
  done('receiveStock', { lines: [{ sku, warehouseId, quantity }] });
const adjust = (sku: string, warehouseId: string, delta: number, reason = 'DAMAGE') =>
  done('adjustStock', { lines: [{ sku, warehouseId, delta, reason }] });
/** Fulfillment's word on a warehouse, which no client can make it say yet. */
async function setStatus(warehouseId: string, status: string): Promise<void> {
  const read = async () => {
    const rows = await evidence.databases
      .inventory`select status from warehouses where warehouse_id = ${warehouseId}`;
    return rows[0]?.status;
  };
  await runStatements(
    platform.run().databaseUrls.fulfillment,
    `select log_append(array[e.partition], array[e.category], array[e.stream_id], array[e.version + 1], array[gen_random_uuid()],
       array['WarehouseRevised'], array[1], array[(e.data || '{"status": "${status}"}')::text], array['{}'])
     from (select * from events where category = 'warehouse' and stream_id = '${warehouseId}' order by version desc limit 1) e`,
  );
  await expect.poll(read, { timeout: 20_000, interval: 100 }).toBe(status);
}

async function statusIs(orderId: string, ...statuses: readonly string[]): Promise<void> {
  const query = 'query ($id: ID!) { order(id: $id) { status } }';
  const read = async () =>
    (await erp.data<{ order: { status: string } }>(query, { id: orderId })).order.status;
  await expect.poll(read, { timeout: 30_000, interval: 100 }).toBeOneOf([...statuses]);
}

const BACKORDER = { shortagePolicy: 'BACKORDER' };

it('is held, claimed, given back, and free when time runs out', { timeout: TEST_MS }, async () => {
  // There are 5 of RARE.
  const claimed = await hold({ RARE: 3 });
  await statusIs(await place({ RARE: 2 }, { holdId: claimed }), 'SHIPPED');
  const over = await hold({ RARE: 2 }, { ttlSeconds: 10 });
  await done('extendHold', { holdId: over, ttlSeconds: 11 });
  await done('releaseHold', { holdId: await hold({ RARE: 1 }) });
});

it('is waited for, comes in waves, and is cancelled', { timeout: TEST_MS }, async () => {
  const partly = await place({ RARE: 6, MUG: 1 }, { ...BACKORDER, partnerId: RIVAL });
  const nothing = await place({ RARE: 4 }, BACKORDER);
  const card = await place(
    { RARE: 3, LAMP: 1 },
    { ...BACKORDER, payment: { method: 'CARD', cardToken: 'tok_visa' } },
  );
  const given = await place({ RARE: 9 }, BACKORDER);
  await statusIs(partly, 'PARTIALLY_SHIPPED');
  for (const each of [nothing, given]) await statusIs(each, 'BACKORDERED');
  await done('cancelOrder', { orderId: nothing, lines: lines({ RARE: 1 }), reason: 'less' });
  await done('cancelOrder', { orderId: given });
  await receive('RARE', LONDON, 4);
  await receive('RARE', MANCHESTER, 9);
  for (const each of [partly, nothing, card]) await statusIs(each, 'SHIPPED');
  await place({ RARE: 100 }, { ...BACKORDER, partnerId: RIVAL });
});

it('is moved, kept back and counted', { timeout: TEST_MS }, async () => {
  const way = { fromWarehouseId: MANCHESTER, toWarehouseId: LONDON };
  const transferId = await done('transferStock', { ...way, lines: lines({ LAMP: 10 }) }, 'transfer');
  await done('receiveTransfer', { transferId, lines: lines({ LAMP: 4 }) });
  await done('receiveTransfer', { transferId, lines: lines({ LAMP: 5 }), isLast: true });
  await done('setSafetyStock', { lines: [{ sku: 'LAMP', warehouseId: LONDON, safety: 2 }] });
  await adjust('LAMP', MANCHESTER, -3);
  await adjust('LAMP', MANCHESTER, 2, 'RETURN');
});

it('is lost while it is claimed, held, and on its way out', { timeout: TEST_MS }, async () => {
  const policies = ['BACKORDER', 'SHIP_AVAILABLE', 'REJECT'];
  await receive('RARE', LONDON, 112);
  const racing = Array.from({ length: 12 }, (_, index) =>
    place({ RARE: 1, MUG: 1 }, { shortagePolicy: policies[index % policies.length] }),
  );
  await Promise.all([...racing, adjust('RARE', LONDON, -8, 'COUNT'), adjust('MUG', LONDON, -1)]);

  // Nobody ships what OLD has: of 1,000 units 10 are assigned and 50 held, and 5 are left.
  const stuck = await place({ ANTIQUE: 10 });
  await statusIs(stuck, 'RELEASED');
  await hold({ ANTIQUE: 50 });
  await adjust('ANTIQUE', UNATTENDED, -995);
  await statusIs(stuck, 'ON_HOLD');
  for (const status of ['DOWN', 'OPEN', 'PAUSED']) await setStatus(UNATTENDED, status);
  await receive('ANTIQUE', LONDON, 30);
  await statusIs(await place({ ANTIQUE: 20 }), 'SHIPPED');
});

it('makes the checker accuse nobody', { timeout: TEST_MS }, async () => {
  const { inventory } = evidence.databases;
  const ends = async () => {
    const rows = await inventory`select status from holds order by status`;
    return rows.map(({ status }) => status);
  };
  await expect.poll(ends, { timeout: 20_000 }).toEqual(['ACTIVE', 'CLAIMED', 'EXPIRED', 'RELEASED']);
  const verdicts = await checkEvidence(evidence, { say: () => undefined, patience: PATIENCE });
  const told = verdicts.flatMap(({ number, breaches }) => breaches.map((breach) => `${number}: ${breach}`));
  expect(told).toEqual([]);
  const summaries = new Map(verdicts.map(({ number, summary }) => [number, summary]));
  expect(summaries.get(10)).toMatch(/10 units withdrawing: ANTIQUE 10, \d+ units broken/);
  expect(summaries.get(11)).toContain('4 holds');
});
