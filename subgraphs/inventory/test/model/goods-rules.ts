// What clients ask of goods, holds and warehouses, and what is lost when goods are not there.

import type { Request } from './operations.ts';
import { closeIfEmpty, wait } from './order-rules.ts';
import {
  add,
  allocated,
  free,
  freeForNew,
  giveUp,
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

/** Takes units of a SKU from claims that have no goods behind them: the newest orders first, then holds. */
export function breakClaims(model: Model, sku: string): void {
  const beyond = () => {
    const { sellable, reserved, held } = totalsOf(model, sku);
    return Math.max(0, reserved + held - sellable);
  };
  const newestFirst = ordersOf(model)
    .filter((order) => openUnits(order, sku) > 0)
    .sort((one, other) => unitsOf(other.claimedAt, sku) - unitsOf(one.claimedAt, sku));
  for (const order of newestFirst) {
    const units = Math.min(beyond(), openUnits(order, sku));
    giveUp(order, sku, units);
    if (order.policy === 'SHIP_AVAILABLE') add(order.short, sku, units);
    else wait(model, order, sku, units);
    if (units > 0) closeIfEmpty(order);
  }
  const holds = Object.values(model.holds)
    .filter((hold) => hold.status === 'ACTIVE')
    .sort((one, other) => other.placedAt - one.placedAt);
  for (const hold of holds) add(hold.lines, sku, -Math.min(beyond(), unitsOf(hold.lines, sku)));
}

/** Assigned units that are no longer there: the orders that the shelf served last lose them. */
function loseAssigned(model: Model, sku: string, warehouseId: string): void {
  const { onHand } = shelf(model, sku, warehouseId);
  const place = `${sku} in ${warehouseId}`;
  const newestFirst = ordersOf(model)
    .filter((order) => order.assignedAt[place] !== undefined)
    .sort((one, other) => unitsOf(other.assignedAt, place) - unitsOf(one.assignedAt, place))
    .flatMap((order) => order.shipments.toReversed());
  for (const { left, lines, missing, warehouseId: from } of newestFirst) {
    if (left || from !== warehouseId) continue;
    const lost = Math.max(0, allocated(model, sku, warehouseId) - onHand);
    add(missing, sku, Math.min(lost, unitsOf(lines, sku) - unitsOf(missing, sku)));
  }
}

export function receive(model: Model, { sku, warehouseId, quantity }: RequestOf<'receive'>): void {
  shelf(model, sku, warehouseId).onHand += quantity;
}

/** A line is refused only where fewer than none would lie there; what is lost is taken from claims when all lines are booked. */
export function adjust(model: Model, lines: RequestOf<'adjust'>['lines']): void {
  const booked = lines.filter(
    ({ sku, warehouseId, delta }) => shelf(model, sku, warehouseId).onHand + delta >= 0,
  );
  for (const { sku, warehouseId, delta } of booked) {
    const found = shelf(model, sku, warehouseId);
    found.onHand += delta;
    loseAssigned(model, sku, warehouseId);
    // What is kept back lies there too.
    found.safety = Math.min(found.safety, found.onHand - allocated(model, sku, warehouseId));
  }
  for (const { sku } of booked) breakClaims(model, sku);
}

export function count(model: Model, { sku, warehouseId, counted }: RequestOf<'count'>): void {
  adjust(model, [{ sku, warehouseId, delta: counted - shelf(model, sku, warehouseId).onHand }]);
}

/** Keeping back is a choice: it takes nothing that is claimed. */
export function keepBack(model: Model, { sku, warehouseId, safety }: RequestOf<'safety'>): void {
  const found = shelf(model, sku, warehouseId);
  const more = safety - found.safety;
  const isThere = safety <= found.onHand - allocated(model, sku, warehouseId);
  const isFree = !isOpen(model, warehouseId) || more <= free(model, sku);
  if (more <= 0 || (isThere && isFree)) found.safety = safety;
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
  for (const sku of model.skus) breakClaims(model, sku);
}
