// What clients ask of goods, holds and warehouses, and what is lost when goods are not there.

import type { Request } from './operations.ts';
import { closeIfEmpty, wait } from './order-rules.ts';
import {
  add,
  allocated,
  free,
  freeForNew,
  isOpen,
  type Model,
  openUnits,
  ordersOf,
  type Status,
  shelf,
  totalsOf,
  unitsOf,
} from './stock-model.ts';

type RequestOf<K extends Request['kind']> = Extract<Request, { kind: K }>;

/** Takes units of a SKU from claims that have no goods behind them: the newest orders first, then holds, then what is kept back. */
export function breakClaims(model: Model, sku: string, touched: readonly string[]): void {
  const beyond = () => {
    const { sellable, reserved, held } = totalsOf(model, sku);
    return Math.max(0, reserved + held - sellable);
  };
  const newestFirst = ordersOf(model)
    .filter((order) => openUnits(order, sku) > 0)
    .sort((one, other) => unitsOf(other.claimedAt, sku) - unitsOf(one.claimedAt, sku));
  for (const order of newestFirst) {
    const units = Math.min(beyond(), openUnits(order, sku));
    add(order.claimed, sku, -units);
    if (order.policy === 'SHIP_AVAILABLE') add(order.short, sku, units);
    else wait(model, order, sku, units);
    if (units > 0) closeIfEmpty(order);
  }
  const holds = Object.values(model.holds)
    .filter((hold) => hold.status === 'ACTIVE')
    .sort((one, other) => other.placedAt - one.placedAt);
  for (const hold of holds) add(hold.lines, sku, -Math.min(beyond(), unitsOf(hold.lines, sku)));
  const shelves = model.shelves.filter((each) => each.sku === sku && isOpen(model, each.warehouseId));
  const isTouched = (warehouseId: string) => touched.includes(warehouseId);
  for (const each of [
    ...shelves.filter(({ warehouseId }) => isTouched(warehouseId)),
    ...shelves.filter(({ warehouseId }) => !isTouched(warehouseId)),
  ]) {
    each.safety -= Math.min(beyond(), each.safety);
  }
}

/** Assigned units that are no longer there: the newest shipments of the shelf lose them. */
function loseAssigned(model: Model, sku: string, warehouseId: string): void {
  const { onHand } = shelf(model, sku, warehouseId);
  const shipments = ordersOf(model)
    .flatMap((order) => order.shipments)
    .filter((each) => !each.left && each.warehouseId === warehouseId)
    .reverse();
  for (const { lines, missing } of shipments) {
    const lost = allocated(model, sku, warehouseId) - onHand;
    const units = Math.min(Math.max(0, lost), unitsOf(lines, sku) - unitsOf(missing, sku));
    add(missing, sku, units);
  }
}

export function receive(model: Model, { sku, warehouseId, quantity }: RequestOf<'receive'>): void {
  shelf(model, sku, warehouseId).onHand += quantity;
}

/** Refused only where fewer than none would lie there. */
export function adjust(model: Model, { sku, warehouseId, delta }: Omit<RequestOf<'adjust'>, 'kind'>): void {
  const found = shelf(model, sku, warehouseId);
  if (found.onHand + delta < 0) return;
  found.onHand += delta;
  loseAssigned(model, sku, warehouseId);
  breakClaims(model, sku, [warehouseId]);
}

export function count(model: Model, { sku, warehouseId, counted }: RequestOf<'count'>): void {
  adjust(model, { sku, warehouseId, delta: counted - shelf(model, sku, warehouseId).onHand });
}

/** Keeping back is a choice: it takes nothing that is claimed. */
export function keepBack(model: Model, { sku, warehouseId, safety }: RequestOf<'safety'>): void {
  const found = shelf(model, sku, warehouseId);
  const more = safety - found.safety;
  const room = isOpen(model, warehouseId)
    ? free(model, sku)
    : found.onHand - allocated(model, sku, warehouseId) - found.safety;
  if (more <= 0 || more <= room) found.safety = safety;
}

export function send(model: Model, { label, from, to, sku, quantity }: RequestOf<'send'>): void {
  const { onHand, safety } = shelf(model, sku, from);
  const isFree = !isOpen(model, from) || quantity <= free(model, sku);
  if (!isFree || onHand - quantity < allocated(model, sku, from) + safety) return;
  shelf(model, sku, from).onHand -= quantity;
  model.transfers[label] = { from, to, sku, onItsWay: quantity };
}

export function arrive(model: Model, { label, quantity, isLast }: RequestOf<'arrive'>): void {
  const transfer = model.transfers[label];
  if (transfer === undefined || quantity > transfer.onItsWay) return;
  shelf(model, transfer.sku, transfer.to).onHand += quantity;
  transfer.onItsWay -= quantity;
  if (isLast || transfer.onItsWay === 0) delete model.transfers[label];
}

/** All units or none. */
export function hold(model: Model, { label, partnerId, lines }: RequestOf<'hold'>): void {
  if (Object.entries(lines).some(([sku, units]) => units > freeForNew(model, sku))) return;
  const placedAt = model.moment;
  model.holds[label] = {
    holdId: label,
    partnerId,
    status: 'ACTIVE',
    lines: { ...lines },
    orderId: null,
    placedAt,
  };
}

export function endHold(model: Model, label: string, status: 'RELEASED' | 'EXPIRED'): void {
  const found = model.holds[label];
  if (found?.status === 'ACTIVE') found.status = status;
}

/** Units assigned in a warehouse that shuts are no longer counted on, and its goods are not for sale. */
export function setStatuses(model: Model, statuses: ReadonlyMap<string, Status>): void {
  for (const [warehouseId, status] of statuses) model.warehouses[warehouseId] = status;
  for (const sku of model.skus) breakClaims(model, sku, [...statuses.keys()]);
}
