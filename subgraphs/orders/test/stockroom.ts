// Inventory and payments as far as one order meets them, told in their own order and answering late: what is claimed, waits, or
// is given up there is what orders has to come to as well.
import type { Random } from '@crossdock/testing';
import type { SkuQuantities } from '../src/domain/order-book.ts';
import type { OrderCommand, OrderFact } from '../src/domain/order-state.ts';

export type Policy = 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';
type Units = Map<string, number>;
type Payment = Readonly<{ wave: number; isDeclined: boolean }>;

const of = (units: Units, sku: string) => units.get(sku) ?? 0;
const add = (units: Units, sku: string, more: number) => units.set(sku, of(units, sku) + more);
const linesOf = (units: Units): SkuQuantities =>
  [...units].flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []));

function some(units: Units, random: Random): Units {
  return new Map([...units].map(([sku, quantity]) => [sku, random.below(quantity + 1)]));
}

/** One order's claim. `said` is what orders is going to hear, `asked` what payments is. */
export type Stockroom = Readonly<{
  placed: SkuQuantities;
  policy: Policy;
  random: Random;
  claimed: Units;
  waiting: Units;
  short: Units;
  said: OrderCommand[];
  asked: Payment[];
}> & { wave: number; isClosed: boolean };

export function createStockroom(placed: SkuQuantities, policy: Policy, random: Random): Stockroom {
  const piles = { claimed: new Map(), waiting: new Map(), short: new Map() };
  return { placed, policy, random, ...piles, said: [], asked: [], wave: 0, isClosed: false };
}

function reserve(room: Stockroom, taken: Units, isPart: boolean, declineChance: number): void {
  room.wave += 1;
  for (const [sku, quantity] of taken) add(room.claimed, sku, quantity);
  const rest = linesOf(room.waiting);
  const told = { lines: isPart ? linesOf(taken) : null, backordered: rest.length > 0 ? rest : null };
  room.said.push({ type: 'NoteStockReserved', data: { wave: room.wave, ...told } });
  room.asked.push({ wave: room.wave, isDeclined: room.random.chance(declineChance) });
}

function reserveFirst(room: Stockroom): void {
  const { placed, policy, random } = room;
  const wanted = new Map(placed.map(({ sku, quantity }) => [sku, quantity]));
  const there = policy === 'REJECT' || random.chance(0.4) ? wanted : some(wanted, random);
  const rest = policy === 'BACKORDER' ? room.waiting : room.short;
  for (const [sku, quantity] of wanted) add(rest, sku, quantity - of(there, sku));
  if (linesOf(there).length > 0) return reserve(room, there, linesOf(rest).length > 0, 0.1);
  room.isClosed = policy !== 'BACKORDER';
  room.said.push(
    room.isClosed
      ? { type: 'NoteStockShort', data: { detail: '' } }
      : { type: 'NoteStockBackordered', data: {} },
  );
}

function cancelUnits({ waiting, short, claimed, said }: Stockroom, lines: SkuQuantities): void {
  const given: Units = new Map();
  for (const { sku, quantity } of lines) {
    let left = quantity;
    for (const pile of [waiting, short, claimed]) {
      const part = Math.min(left, of(pile, sku));
      add(pile, sku, -part);
      left -= part;
      if (pile === claimed) add(given, sku, part);
    }
  }
  said.push({ type: 'NoteClaimsReduced', data: { lines: linesOf(given) } });
}

/** Hears a fact of orders. */
export function hearOfOrder(room: Stockroom, fact: OrderFact): void {
  if (fact.type === 'OrderPlaced') reserveFirst(room);
  if (room.isClosed) return;
  if (fact.type === 'OrderLinesCancelled') cancelUnits(room, fact.data.lines);
  if (fact.type !== 'OrderRejected' && fact.type !== 'OrderCancelled') return;
  room.isClosed = true;
  for (const pile of [room.claimed, room.waiting, room.short]) pile.clear();
}

/** Goods arrive: some of what waits is claimed. */
export function receive(room: Stockroom): void {
  const taken = some(room.waiting, room.random);
  if (room.isClosed || linesOf(taken).length === 0) return;
  for (const [sku, quantity] of taken) add(room.waiting, sku, -quantity);
  reserve(room, taken, true, 0.2);
}

const RESTS = { REJECT: 'HELD', SHIP_AVAILABLE: 'CANCELLED', BACKORDER: 'BACKORDERED' } as const;

/** Goods are found missing. */
export function lose(room: Stockroom): void {
  const lines = linesOf(some(room.claimed, room.random));
  if (room.isClosed || lines.length === 0) return;
  for (const { sku, quantity } of lines) {
    add(room.claimed, sku, -quantity);
    add(room.policy === 'SHIP_AVAILABLE' ? room.short : room.waiting, sku, quantity);
  }
  room.said.push({ type: 'NoteClaimsBroken', data: { lines, rest: RESTS[room.policy], cause: 'COUNT' } });
}

/** What payments answers to a reservation. */
export function answerOf({ wave, isDeclined }: Payment): OrderCommand {
  return isDeclined
    ? { type: 'NotePaymentDeclined', data: { wave, detail: 'CREDIT_LIMIT' } }
    : { type: 'NotePaymentAuthorised', data: { wave } };
}
