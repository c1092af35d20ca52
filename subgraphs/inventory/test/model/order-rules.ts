// What the facts of orders and fulfillment do to the model.
import type { Fact } from './operations.ts';
import {
  add,
  assignable,
  free,
  freeForNew,
  giveUp,
  type Model,
  type ModelOrder,
  openInWave,
  openUnits,
  orderOf,
  shelf,
  unitsOf,
  unitsWaiting,
} from './stock-model.ts';

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** Claims units for an order in its newest wave; the moment is that of its newest claim of the SKU. */
export function claim(model: Model, order: ModelOrder, sku: string, units: number): void {
  if (units === 0) return;
  add(order.claimed, sku, units);
  const inWave = order.waves[order.wave] ?? {};
  add(inWave, sku, units);
  order.waves[order.wave] = inWave;
  order.claimedAt[sku] = model.moment;
}

export function wait(model: Model, order: ModelOrder, sku: string, units: number): void {
  const before = order.waiting[sku];
  const total = (before?.units ?? 0) + units;
  if (total === 0) delete order.waiting[sku];
  else order.waiting[sku] = { units: total, since: before?.since ?? model.call };
}

/** An order takes its own hold over: as far as it asks for the units, and the rest is free. */
function takeHold(model: Model, { hold: label, orderId, partnerId }: FactOf<'place'>): void {
  const hold = label === null ? undefined : model.holds[label];
  if (hold === undefined || hold.status !== 'ACTIVE' || hold.partnerId !== partnerId) return;
  hold.status = 'CLAIMED';
  hold.orderId = orderId;
}

export function place(model: Model, fact: FactOf<'place'>): void {
  const order = orderOf(model, fact.orderId, fact.partnerId);
  order.placed = { ...fact.lines };
  order.policy = fact.policy;
  order.isPlaced = true;
  if (order.isClosed) {
    order.cancelled = { ...fact.lines };
    return;
  }
  const own = model.holds[fact.hold ?? ''];
  const isOwn = own?.status === 'ACTIVE' && own.partnerId === fact.partnerId;
  const can = Object.entries(fact.lines).map(([sku, wanted]) => {
    const kept = isOwn ? Math.min(wanted, unitsOf(own.lines, sku)) : 0;
    return { sku, wanted, units: Math.min(wanted, kept + freeForNew(model, sku)) };
  });
  const isWhole = can.every((each) => each.units === each.wanted);
  const isNothing = can.every((each) => each.units === 0);
  const isRefused = !isWhole && (fact.policy === 'REJECT' || (isNothing && fact.policy === 'SHIP_AVAILABLE'));
  if (isRefused) {
    order.isShort = true;
    order.cancelled = { ...fact.lines };
    return;
  }
  if (!isNothing) {
    takeHold(model, fact);
    order.wave = 1;
  }
  for (const { sku, wanted, units } of can) {
    claim(model, order, sku, units);
    if (fact.policy === 'BACKORDER') wait(model, order, sku, wanted - units);
    else add(order.short, sku, wanted - units);
  }
}

/** Where nothing is claimed, waiting or assigned any more, nothing can come. */
export function closeIfEmpty(order: ModelOrder): void {
  const isWaiting = Object.keys(order.waiting).length > 0;
  const isOpen = Object.keys(order.claimed).some((sku) => openUnits(order, sku) > 0);
  if (!isWaiting && !isOpen && order.shipments.length === 0) order.isClosed = true;
}

/** What was assigned to a warehouse stays: only fulfillment knows what becomes of it. */
export function close(model: Model, { orderId, partnerId }: FactOf<'reject' | 'cancel'>): void {
  const order = orderOf(model, orderId, partnerId);
  if (order.isClosed || order.isShort) return;
  order.isClosed = true;
  for (const sku of Object.keys(order.placed)) {
    const gone = {
      open: openUnits(order, sku),
      waiting: unitsWaiting(order, sku),
      short: unitsOf(order.short, sku),
    };
    giveUp(order, sku, gone.open);
    wait(model, order, sku, -gone.waiting);
    add(order.short, sku, -gone.short);
    add(order.cancelled, sku, gone.open + gone.waiting + gone.short);
  }
}

/** Of each SKU what waits goes first, then what is not to come anyway, then what no warehouse was assigned. */
export function cancelLines(model: Model, { orderId, lines }: FactOf<'cancel lines'>): void {
  const order = model.orders[orderId];
  if (order === undefined || order.isClosed || order.isShort) return;
  let isAnything = false;
  for (const [sku, wanted] of Object.entries(lines)) {
    const waiting = Math.min(wanted, unitsWaiting(order, sku));
    const short = Math.min(wanted - waiting, unitsOf(order.short, sku));
    const open = Math.min(wanted - waiting - short, openUnits(order, sku));
    wait(model, order, sku, -waiting);
    add(order.short, sku, -short);
    giveUp(order, sku, open);
    add(order.cancelled, sku, waiting + short + open);
    isAnything ||= waiting + short + open > 0;
  }
  if (isAnything) closeIfEmpty(order);
}

/** A plan is taken whole, of what its wave has open, or not at all. */
export function plan(model: Model, { orderId, wave, parcels }: FactOf<'plan'>): void {
  const order = model.orders[orderId];
  if (order === undefined || order.isClosed || order.isShort) return;
  const open: Record<string, number> = {};
  const there: Record<string, number> = {};
  for (const { warehouseId, lines } of parcels) {
    for (const [sku, units] of Object.entries(lines)) {
      open[sku] = (open[sku] ?? openInWave(order, sku, wave)) - units;
      const place = `${sku} in ${warehouseId}`;
      there[place] = (there[place] ?? assignable(model, sku, warehouseId)) - units;
    }
  }
  const fits = [...Object.values(open), ...Object.values(there)].every((left) => left >= 0);
  if (!fits) return;
  for (const { shipmentId, warehouseId, lines } of parcels) {
    order.shipments.push({ shipmentId, warehouseId, lines: { ...lines }, missing: {}, left: false, wave });
    for (const sku of Object.keys(lines)) order.assignedAt[`${sku} in ${warehouseId}`] = model.moment;
  }
}

/** Goods leave the shelf; those that were not there by the books leave the claim alone. */
export function ship(model: Model, { orderId, parcel }: FactOf<'ship'>): void {
  const shipment = model.orders[orderId]?.shipments.find((each) => each.shipmentId === parcel.shipmentId);
  if (shipment === undefined || shipment.left) return;
  for (const [sku, units] of Object.entries(shipment.lines))
    shelf(model, sku, shipment.warehouseId).onHand -= units - unitsOf(shipment.missing, sku);
  shipment.left = true;
}

/** Whoever waits gets what is free: a unit to each partner who still wants one, the longest waiting first, round after round. */
export function release(model: Model): void {
  const waves = new Map<ModelOrder, [sku: string, units: number][]>();
  for (const sku of [...model.skus].sort()) {
    for (const [order, units] of dealt(model, sku)) {
      waves.set(order, [...(waves.get(order) ?? []), [sku, units]]);
    }
  }
  for (const [order, lines] of waves) {
    model.moment += 1;
    order.wave += 1;
    for (const [sku, units] of lines) {
      wait(model, order, sku, -units);
      claim(model, order, sku, units);
    }
  }
}

/** Orders that get units of a SKU, in the order of their partners' patience. */
function dealt(model: Model, sku: string): Map<ModelOrder, number> {
  const queue = Object.values(model.orders)
    .flatMap((order) => {
      const demand = order.waiting[sku];
      return demand === undefined ? [] : [{ order, left: demand.units, since: demand.since }];
    })
    .sort((one, other) => one.since - other.since || (one.order.orderId < other.order.orderId ? -1 : 1));
  const partners = [...new Set(queue.map(({ order }) => order.partnerId))];
  const got = new Map<string, number>();
  let units = free(model, sku);
  while (units > 0 && queue.some(({ left }) => left > 0)) {
    for (const partnerId of partners) {
      const next = queue.find((each) => each.order.partnerId === partnerId && each.left > 0);
      if (next === undefined || units === 0) continue;
      next.left -= 1;
      units -= 1;
      got.set(next.order.orderId, (got.get(next.order.orderId) ?? 0) + 1);
    }
  }
  const byPartner = partners.flatMap((id) => queue.filter(({ order }) => order.partnerId === id));
  return new Map(
    byPartner.flatMap(({ order }) => {
      const share = got.get(order.orderId);
      return share === undefined ? [] : [[order, share] as const];
    }),
  );
}
