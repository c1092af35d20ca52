// Where stock stands, told alike by the model and by the tables, so that one can be held against the other.
import type { Sql } from '@crossdock/event-store';
import {
  allocated,
  type Model,
  type ModelOrder,
  type Totals,
  totalsOf,
  type Units,
  unitsOf,
} from './stock-model.ts';

type Shelf = Readonly<{ onHand: number; allocated: number; safety: number }>;
type Parcel = Readonly<{
  warehouseId: string;
  lines: Units;
  missing: Units;
  left: boolean;
  wave: number;
}>;
type Claims = Readonly<{
  isClosed: boolean;
  claimed: Units;
  /** The claimed units by the reservation that claimed them. */
  waves: Readonly<Record<string, Units>>;
  waiting: Units;
  shipments: Readonly<Record<string, Parcel>>;
}>;

export type Standing = Readonly<{
  /** Shelves where anything ever lay. */
  shelves: Readonly<Record<string, Shelf>>;
  totals: Readonly<Record<string, Totals>>;
  orders: Readonly<Record<string, Claims>>;
  holds: Readonly<Record<string, Readonly<{ status: string; lines: Units }>>>;
}>;

const isAnything = ({ onHand, safety }: Readonly<{ onHand: number; safety: number }>) =>
  onHand > 0 || safety > 0;

function claimsOf(order: ModelOrder): Claims {
  return {
    isClosed: order.isClosed,
    claimed: order.claimed,
    waves: order.waves,
    waiting: Object.fromEntries(Object.entries(order.waiting).map(([sku, { units }]) => [sku, units])),
    shipments: Object.fromEntries(
      order.shipments.map(({ shipmentId, ...shipment }) => [shipmentId, shipment]),
    ),
  };
}

export function standingOfModel(model: Model): Standing {
  return {
    shelves: Object.fromEntries(
      model.shelves
        .filter(isAnything)
        .map(({ sku, warehouseId, ...shelf }) => [
          `${sku} in ${warehouseId}`,
          { ...shelf, allocated: allocated(model, sku, warehouseId) },
        ]),
    ),
    totals: Object.fromEntries(model.skus.map((sku) => [sku, totalsOf(model, sku)])),
    orders: Object.fromEntries(Object.values(model.orders).map((order) => [order.orderId, claimsOf(order)])),
    holds: Object.fromEntries(
      Object.entries(model.holds).map(([label, { status, lines }]) => [label, { status, lines }]),
    ),
  };
}

/** Rows as [sku, units, …], added up. */
function unitsOfLines(lines: readonly (readonly [string, number, ...unknown[]])[] | undefined): Units {
  const units: Units = {};
  for (const [sku, quantity] of lines ?? []) units[sku] = unitsOf(units, sku) + quantity;
  return units;
}

/** The wave stands last, and the first one nowhere. */
function wavesOfLines(lines: Claimed): Record<string, Units> {
  const waves: Record<string, Units> = {};
  for (const [sku, quantity, , wave = 1] of lines) {
    const units = waves[wave] ?? {};
    waves[wave] = { ...units, [sku]: unitsOf(units, sku) + quantity };
  }
  return waves;
}

type Claimed = readonly (readonly [string, number, unknown?, number?])[];
type Lines = readonly (readonly [string, number, ...unknown[]])[];
type ShipmentRow = Readonly<{
  shipmentId: string;
  warehouseId: string;
  lines: Lines;
  missing?: Lines;
  left: boolean;
  wave?: number;
}>;
type OrderRow = Readonly<{
  order_id: string;
  closed: boolean;
  lines: Claimed;
  waiting: Lines;
  shipments: readonly ShipmentRow[];
}>;
type HoldRow = Readonly<{ hold_id: string; status: string; lines: Lines }>;

const claimsOfRow = ({ closed, lines, waiting, shipments }: OrderRow): Claims => ({
  isClosed: closed,
  claimed: unitsOfLines(lines),
  waves: wavesOfLines(lines),
  waiting: unitsOfLines(waiting),
  shipments: Object.fromEntries(
    shipments.map(({ shipmentId, warehouseId, left, wave = 1, ...shipment }) => [
      shipmentId,
      {
        ...{ warehouseId, left, wave },
        lines: unitsOfLines(shipment.lines),
        missing: unitsOfLines(shipment.missing),
      },
    ]),
  ),
});

/** What the tables say of the SKUs, orders and holds (by label) of one run. */
export async function standingOfTables(
  sql: Sql,
  about: Readonly<{
    skus: readonly string[];
    orderIds: readonly string[];
    holds: ReadonlyMap<string, string>;
  }>,
): Promise<Standing> {
  const labels = new Map([...about.holds].map(([label, holdId]) => [holdId, label]));
  const [shelves, totals, orders, holds] = await Promise.all([
    sql<(Shelf & { sku: string; warehouseId: string })[]>`
      SELECT sku, warehouse_id AS "warehouseId", on_hand AS "onHand", allocated, safety FROM stock
      WHERE sku = ANY (${[...about.skus]}::text[])`,
    sql<(Totals & { sku: string })[]>`
      SELECT t.sku, t.sellable, t.reserved, t.held, t.withdrawing, coalesce(b.units, 0) AS waiting
      FROM sku_totals t LEFT JOIN backorder_totals b USING (sku) WHERE t.sku = ANY (${[...about.skus]}::text[])`,
    sql<OrderRow[]>`
      SELECT order_id, closed, lines, waiting, shipments FROM reservations
      WHERE order_id = ANY (${[...about.orderIds]}::uuid[])`,
    sql<HoldRow[]>`
      SELECT hold_id, status, lines FROM holds WHERE hold_id = ANY (${[...labels.keys()]}::uuid[])`,
  ]);
  return {
    shelves: Object.fromEntries(
      shelves.filter(isAnything).map(({ sku, warehouseId, ...shelf }) => [`${sku} in ${warehouseId}`, shelf]),
    ),
    totals: Object.fromEntries(totals.map(({ sku, ...figures }) => [sku, figures])),
    orders: Object.fromEntries(orders.map((row) => [row.order_id, claimsOfRow(row)])),
    holds: Object.fromEntries(
      holds.map(({ hold_id: id, status, lines }) => [
        labels.get(id) ?? id,
        { status, lines: unitsOfLines(lines) },
      ]),
    ),
  };
}

/** Units of an order that nobody accounts for: placed, and neither claimed, waiting nor cancelled. */
export function unaccounted({ placed, claimed, waiting, short, cancelled }: ModelOrder): Units {
  const skus = Object.keys(placed);
  return Object.fromEntries(
    skus
      .map((sku) => {
        const known =
          unitsOf(claimed, sku) + (waiting[sku]?.units ?? 0) + unitsOf(short, sku) + unitsOf(cancelled, sku);
        return [sku, unitsOf(placed, sku) - known] as const;
      })
      .filter(([, units]) => units !== 0),
  );
}
