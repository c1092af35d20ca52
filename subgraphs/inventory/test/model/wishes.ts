// Wishes drawn by chance, and what they come to where the model stands, so that a shrunk run still means something.
import fc from 'fast-check';
import type { Fact, PlannedParcel, Request } from './operations.ts';
import {
  assignable,
  type Model,
  type ModelOrder,
  openInWave,
  openUnits,
  ordersOf,
  type Units,
  warehousesOf,
} from './stock-model.ts';

const POLICIES = ['REJECT', 'SHIP_AVAILABLE', 'BACKORDER', 'BACKORDER'] as const;
const STATUSES = ['OPEN', 'OPEN', 'PAUSED', 'DOWN'] as const;
/** Units of one wish at most: few, so that claims and goods meet. */
const UNITS_MAX = 9;
const SAFETY_MAX = 5;
const PICKS = 6;

/** What kinds there are, each as often as it stands here. */
const FACTS = [
  ...['place', 'place', 'place', 'place', 'place', 'place early', 'reject early', 'reject', 'cancel'],
  ...['cancel lines', 'plan', 'plan', 'plan', 'plan blindly', 'ship', 'ship', 'ship', 'warehouse'],
] as const;
const REQUESTS = [
  ...['receive', 'receive', 'receive', 'adjust', 'adjust', 'adjust', 'count', 'safety', 'send', 'arrive'],
  ...['hold', 'hold', 'extend', 'let go', 'expire', 'release', 'release'],
] as const;

type Picks = readonly number[];
export type Wish<Kind> = Readonly<{ kind: Kind; picks: Picks }>;
export type FactWish = Wish<(typeof FACTS)[number]>;
export type RequestWish = Wish<(typeof REQUESTS)[number]>;
/** New ids in rising order: of those who have waited equally long, the lower id comes first. */
export type NextId = () => string;

const picks = fc.array(fc.nat({ max: 99 }), { minLength: PICKS, maxLength: PICKS });
export const someFactWish: fc.Arbitrary<FactWish> = fc.record({ kind: fc.constantFrom(...FACTS), picks });
export const someRequestWish: fc.Arbitrary<RequestWish> = fc.record({
  kind: fc.constantFrom(...REQUESTS),
  picks,
});

const of = <T>(from: readonly T[], picked = 0): T | undefined => from[picked % from.length];
const oneOf = <T>(from: readonly [T, ...T[]], picked = 0): T => of(from, picked) ?? from[0];
const partnerOf = ({ partners }: Model, picked = 0) => of(partners, picked) ?? '';
const warehouseOf = (model: Model, picked = 0) => of(warehousesOf(model), picked) ?? '';
const someUnits = (picked = 0) => 1 + (picked % UNITS_MAX);

/** Units of each SKU; of the first where none was drawn. */
function linesOf({ skus }: Model, drawn: Picks): Units {
  const lines: Units = {};
  for (const [index, sku] of skus.entries()) {
    const units = (drawn[index] ?? 0) % (UNITS_MAX + 1);
    if (units > 0) lines[sku] = units;
  }
  const [first] = skus;
  return Object.keys(lines).length > 0 || first === undefined ? lines : { [first]: 1 };
}

/** The units of an order's wave that no warehouse was assigned, spread over warehouses as a planner would who sees what lies there. */
function parcelsOf(model: Model, order: ModelOrder, wave: number, nextId: NextId): PlannedParcel[] {
  const left = new Map(Object.keys(order.claimed).map((sku) => [sku, openInWave(order, sku, wave)]));
  return warehousesOf(model).flatMap((warehouseId) => {
    const lines: Units = {};
    for (const [sku, wanted] of left) {
      const units = Math.min(wanted, Math.max(0, assignable(model, sku, warehouseId)));
      if (units > 0) lines[sku] = units;
      left.set(sku, wanted - units);
    }
    return Object.keys(lines).length === 0 ? [] : [{ shipmentId: nextId(), warehouseId, lines }];
  });
}

/** What the order has open in all its waves from one warehouse, whatever lies there. */
function blindParcel(order: ModelOrder, warehouseId: string, nextId: NextId): PlannedParcel[] {
  const skus = Object.keys(order.claimed).filter((sku) => openUnits(order, sku) > 0);
  const lines = Object.fromEntries(skus.map((sku) => [sku, openUnits(order, sku)]));
  return skus.length === 0 ? [] : [{ shipmentId: nextId(), warehouseId, lines }];
}

function placing(model: Model, [policy, partner, hold, ...drawn]: Picks, nextId: NextId): Fact {
  const partnerId = partnerOf(model, partner);
  const own = Object.values(model.holds).filter((each) => each.partnerId === partnerId);
  // A third of the orders with a hold at hand name one: also one that has ended.
  const label = (hold ?? 0) % 3 === 0 ? (of(own, hold)?.holdId ?? null) : null;
  const lines = linesOf(model, drawn);
  return { kind: 'place', orderId: nextId(), partnerId, policy: oneOf(POLICIES, policy), lines, hold: label };
}

/** An order that was ended before anybody heard of it. */
function placingLate(model: Model, drawn: Picks): Fact | null {
  const ended = of(
    ordersOf(model).filter((order) => order.isClosed && !order.isPlaced),
    drawn[0],
  );
  if (ended === undefined) return null;
  const { orderId, partnerId } = ended;
  const fact = placing(model, drawn, () => orderId);
  return { ...fact, partnerId } as Fact;
}

function planning(model: Model, { kind, picks: drawn }: FactWish, nextId: NextId): Fact | null {
  const placed = ordersOf(model).filter((order) =>
    Object.keys(order.claimed).some((sku) => openUnits(order, sku) > 0),
  );
  const order = of(placed, drawn[0]);
  if (order === undefined) return null;
  const isBlind = kind === 'plan blindly';
  const wave = 1 + ((drawn[2] ?? 0) % order.wave);
  const parcels = isBlind
    ? blindParcel(order, warehouseOf(model, drawn[1]), nextId)
    : parcelsOf(model, order, wave, nextId);
  const { orderId, partnerId } = order;
  return parcels.length === 0
    ? null
    : { kind: 'plan', orderId, partnerId, planId: nextId(), wave, parcels, greedy: false };
}

function shipping(model: Model, drawn: Picks): Fact | null {
  const out = ordersOf(model).flatMap(({ orderId, partnerId, shipments }) =>
    shipments
      .filter((each) => !each.left)
      .map(({ shipmentId, warehouseId, lines }) => ({
        orderId,
        partnerId,
        parcel: { shipmentId, warehouseId, lines },
      })),
  );
  const found = of(out, drawn[0]);
  return found === undefined ? null : { kind: 'ship', ...found };
}

/** What a wish of the others comes to; null where there is nothing of that kind to be said. */
export function factOf(model: Model, wish: FactWish, nextId: NextId): Fact | null {
  const { kind, picks: drawn } = wish;
  if (kind === 'place') return placing(model, drawn, nextId);
  if (kind === 'place early') return placingLate(model, drawn);
  if (kind === 'reject early')
    return { kind: 'reject', orderId: nextId(), partnerId: partnerOf(model, drawn[0]) };
  if (kind === 'plan' || kind === 'plan blindly') return planning(model, wish, nextId);
  if (kind === 'ship') return shipping(model, drawn);
  if (kind === 'warehouse') {
    return { kind, warehouseId: warehouseOf(model, drawn[0]), status: oneOf(STATUSES, drawn[1]) };
  }
  const order = of(
    ordersOf(model).filter((each) => each.isPlaced),
    drawn[0],
  );
  if (order === undefined) return null;
  const { orderId, partnerId } = order;
  if (kind !== 'cancel lines') return { kind, orderId, partnerId };
  const sku = of(Object.keys(order.placed), drawn[1]);
  return sku === undefined ? null : { kind, orderId, partnerId, lines: { [sku]: someUnits(drawn[2]) } };
}

type OfShelf = Readonly<{ sku: string; warehouseId: string }>;

function onShelf({ kind, picks: [, , amount = 0] }: RequestWish, place: OfShelf): Request | null {
  if (kind === 'receive') return { kind, ...place, quantity: someUnits(amount) };
  if (kind === 'count') return { kind, ...place, counted: amount % (UNITS_MAX + 1) };
  return { kind: 'safety', ...place, safety: amount % (SAFETY_MAX + 1) };
}

/** Differences of one SKU or of two; twice as often fewer than more. */
function adjusting(
  model: Model,
  { picks: [where, other, amount = 0, second = 0, sku = 0] }: RequestWish,
): Request {
  const skus = second % 2 === 0 ? [sku] : [sku, sku + 1];
  const lines = skus.map((picked, index) => ({
    sku: of(model.skus, picked) ?? '',
    warehouseId: warehouseOf(model, index === 0 ? where : other),
    delta: (amount + index) % 3 === 0 ? someUnits(amount) : -someUnits(amount),
  }));
  return { kind: 'adjust', lines };
}

function sending(model: Model, sku: string, [from, to, , amount]: Picks, nextId: NextId): Request | null {
  const [source, target] = [warehouseOf(model, from), warehouseOf(model, to)];
  if (source === target) return null;
  return { kind: 'send', label: nextId(), from: source, to: target, sku, quantity: someUnits(amount) };
}

/** What a wish of a client or of the clock comes to; null where there is nothing to ask. */
export function requestOf(model: Model, wish: RequestWish, nextId: NextId): Request | null {
  const { kind, picks: drawn } = wish;
  const sku = of(model.skus, drawn[4]);
  if (kind === 'release') return { kind };
  if (sku === undefined) return null;
  if (kind === 'adjust') return adjusting(model, wish);
  if (kind === 'send') return sending(model, sku, drawn, nextId);
  if (kind === 'arrive') {
    const label = of(Object.keys(model.transfers), drawn[0]);
    const quantity = (drawn[1] ?? 0) % (UNITS_MAX + 1);
    return label === undefined ? null : { kind, label, quantity, isLast: (drawn[2] ?? 0) % 2 === 0 };
  }
  if (kind === 'hold') {
    return {
      kind,
      label: nextId(),
      partnerId: partnerOf(model, drawn[0]),
      lines: linesOf(model, drawn.slice(1)),
    };
  }
  if (kind === 'extend' || kind === 'let go' || kind === 'expire') {
    const label = of(Object.keys(model.holds), drawn[0]);
    return label === undefined ? null : { kind, label };
  }
  return onShelf(wish, { sku, warehouseId: warehouseOf(model, drawn[0]) });
}
