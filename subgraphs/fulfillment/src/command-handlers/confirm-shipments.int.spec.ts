import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import type { Shipment } from '../domain/shipment.ts';
import { type ConfirmCommand, type ConfirmShipments, createConfirmShipments } from './confirm-shipments.ts';

let db: FulfillmentDatabase;
let confirm: ConfirmShipments;
let pokes = 0;
const arrivals = createArrivals();

beforeAll(async () => {
  db = await fulfillmentDatabase();
  await db.warehouses({ id: 'NORTH', priority: 1 }, { id: 'SOUTH', priority: 2 });
  await db.apply([arrivals.received('NORTH', { A: 1_000 }), arrivals.received('SOUTH', { C: 1_000 })]);
  confirm = createConfirmShipments({ sql: db.sql, operation: 'confirmShipments', poke: () => (pokes += 1) });
});
afterAll(() => db.close());

async function released(quantity = 2): Promise<Shipment> {
  const [shipment] = await db.released(arrivals, { A: [quantity, 150] });
  if (shipment === undefined) throw new Error('nothing was released');
  return shipment;
}

const rowOf = ({ shipmentId, releaseEpoch, lines }: Shipment) => ({
  ...{ shipmentId, releaseEpoch, lines, carrier: 'DPD', trackingNumber: 'T1' },
});
const command = (idempotencyKey: string, ...rows: ConfirmCommand['rows']): ConfirmCommand => ({
  ...{ warehouseId: 'NORTH', actor: 'wms', traceparent: null, idempotencyKey, rows },
});
async function confirmationsOf(shipmentId: string) {
  return (await db.events('ShipmentConfirmed')).filter(({ stream_id }) => stream_id === shipmentId);
}

describe('a shipment that leaves', () => {
  it('is shipped, valued and said once, however often it is asked under its key', async () => {
    const shipment = await released(3);
    const before = pokes;
    const first = await confirm(command('once', rowOf(shipment)));
    expect(first).toMatchObject({
      verdict: 'NEW',
      rows: [{ refusal: null, shipment: { status: 'SHIPPED', version: 2 } }],
    });
    const again = await confirm(command('once', rowOf(shipment)));
    expect(again).toMatchObject({
      verdict: 'REPLAYED',
      rows: [{ refusal: null, shipment: { status: 'SHIPPED', carrier: 'DPD' } }],
    });
    expect(await confirmationsOf(shipment.shipmentId)).toMatchObject([
      {
        version: 2,
        partition: 3,
        data: {
          ...{ valueMinor: 450, currencyCode: 'GBP', releaseEpoch: 1, carrier: 'DPD' },
          lines: [{ sku: 'A', quantity: 3, unitPriceMinor: 150 }],
        },
      },
    ]);
    expect(pokes).toBe(before + 1);
    expect(
      await db.sql`SELECT 1 FROM outgoing_releases WHERE shipment_id = ${shipment.shipmentId}`,
    ).toHaveLength(0);
  });

  it('is told as it is, with SHIPMENT_STATE, under another key', async () => {
    const shipment = await released();
    await confirm(command('first key', rowOf(shipment)));
    const second = await confirm(command('second key', rowOf(shipment)));
    expect(second.rows).toMatchObject([
      { shipment: { status: 'SHIPPED' }, refusal: { code: 'SHIPMENT_STATE' } },
    ]);
    expect(await confirmationsOf(shipment.shipmentId)).toHaveLength(1);
  });

  it('has its own verdict in a batch; refused rows do not hold up the others', async () => {
    const [good, stale, differs] = [await released(), await released(), await released()];
    const [foreign] = await db.released(arrivals, { C: [1, 1] });
    if (foreign === undefined) throw new Error('nothing was released');
    const { rows } = await confirm(
      command(
        'mixed',
        ...[rowOf(good), { ...rowOf(stale), releaseEpoch: 0 }, { ...rowOf(differs), lines: [] }],
        ...[
          rowOf(foreign),
          { ...rowOf(good), shipmentId: newId() },
          { ...rowOf(good), shipmentId: 'no uuid' },
        ],
        ...[
          { ...rowOf(stale), carrier: 'x'.repeat(65) },
          { ...rowOf(stale), trackingNumber: '\u0000' },
          rowOf(good),
        ],
      ),
    );
    expect(rows.map(({ refusal }) => refusal?.code ?? null)).toEqual([
      ...[
        null,
        'SHIPMENT_WITHDRAWN',
        'SHIPMENT_LINES_DIFFER',
        'UNKNOWN_SHIPMENT',
        'UNKNOWN_SHIPMENT',
        'UNKNOWN_SHIPMENT',
      ],
      ...['INVALID_INPUT', 'INVALID_INPUT', 'SHIPMENT_STATE'],
    ]);
    expect(rows[3]?.shipment).toBeNull();
    const again = await confirm(command('mixed', rowOf(good)));
    expect(again.verdict).toBe('KEY_REUSED');
  });

  it('stores nothing under a key of which every row was refused', async () => {
    const shipment = await released();
    const refused = await confirm(command('later', { ...rowOf(shipment), lines: [] }));
    expect(refused.rows[0]?.refusal?.code).toBe('SHIPMENT_LINES_DIFFER');
    expect((await confirm(command('later', rowOf(shipment)))).rows[0]?.refusal).toBeNull();
  });

  it('leaves once although many ask at once, in two processes, in other letters', async () => {
    const shipments = [await released(), await released(), await released()];
    const other = createConfirmShipments({
      sql: db.sql,
      operation: 'confirmShipments',
      poke: () => undefined,
    });
    const asked = shipments.flatMap((shipment, index) =>
      [confirm, other, confirm, other].map((ask, time) => {
        const row = rowOf(shipment);
        const spelled = time % 2 === 0 ? row : { ...row, shipmentId: row.shipmentId.toUpperCase() };
        return ask(command(`race ${index} ${time < 2 ? 'same' : time}`, spelled));
      }),
    );
    const outcomes = await Promise.all(asked);
    const done = outcomes.filter(({ verdict, rows }) => verdict === 'NEW' && rows[0]?.refusal === null);
    expect(done).toHaveLength(shipments.length);
    for (const { shipmentId } of shipments) expect(await confirmationsOf(shipmentId)).toHaveLength(1);
  });

  it('keeps the log dense and every stream in order', async () => {
    const gaps = await db.sql`
      SELECT partition FROM events GROUP BY partition HAVING count(*) <> max(position) OR min(position) <> 1`;
    expect(gaps).toHaveLength(0);
    const streams = await db.sql`
      SELECT stream_id FROM events GROUP BY category, stream_id HAVING count(*) <> max(version) OR min(version) <> 1`;
    expect(streams).toHaveLength(0);
  });
});
