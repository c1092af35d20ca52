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
export function createStockroom(placed: SkuQuantities, policy: Policy, random: Random) {
  const claimed: Units = new Map();
  const waiting: Units = new Map();
  const short: Units = new Map();
  const said: OrderCommand[] = [];
  const asked: Payment[] = [];
  let [wave, isClosed] = [0, false];

  function reserve(taken: Units, isPart: boolean, declineChance: number): void {
    wave += 1;
    for (const [sku, quantity] of taken) add(claimed, sku, quantity);
    const backordered = linesOf(waiting);
    said.push({
      type: 'NoteStockReserved',
      data: {
        wave,
        lines: isPart ? linesOf(taken) : null,
        backordered: backordered.length > 0 ? backordered : null,
      },
    });
    asked.push({ wave, isDeclined: random.chance(declineChance) });
  }

  function reserveFirst(): void {
    const wanted = new Map(placed.map(({ sku, quantity }) => [sku, quantity]));
    const there = policy === 'REJECT' || random.chance(0.4) ? wanted : some(wanted, random);
    const rest = policy === 'BACKORDER' ? waiting : short;
    for (const [sku, quantity] of wanted) add(rest, sku, quantity - of(there, sku));
    if (linesOf(there).length > 0) reserve(there, linesOf(rest).length > 0, 0.1);
    else if (policy === 'BACKORDER') said.push({ type: 'NoteStockBackordered', data: {} });
    else {
      isClosed = true;
      said.push({ type: 'NoteStockShort', data: { detail: '' } });
    }
  }

  function cancelUnits(lines: SkuQuantities): void {
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

  return {
    claimed,
    waiting,
    said,
    asked,
    isClosed: () => isClosed,
    /** Hears a fact of orders. */
    hear: (fact: OrderFact): void => {
      if (fact.type === 'OrderPlaced') reserveFirst();
      if (isClosed) return;
      if (fact.type === 'OrderLinesCancelled') cancelUnits(fact.data.lines);
      if (fact.type !== 'OrderRejected' && fact.type !== 'OrderCancelled') return;
      isClosed = true;
      for (const pile of [claimed, waiting, short]) pile.clear();
    },
    /** Goods arrive: some of what waits is claimed. */
    receive: (): void => {
      const taken = some(waiting, random);
      if (isClosed || linesOf(taken).length === 0) return;
      for (const [sku, quantity] of taken) add(waiting, sku, -quantity);
      reserve(taken, true, 0.2);
    },
    /** Goods are found missing. */
    lose: (): void => {
      const lost = some(claimed, random);
      const lines = linesOf(lost);
      if (isClosed || lines.length === 0) return;
      for (const { sku, quantity } of lines) {
        add(claimed, sku, -quantity);
        add(policy === 'SHIP_AVAILABLE' ? short : waiting, sku, quantity);
      }
      const rest = { REJECT: 'HELD', SHIP_AVAILABLE: 'CANCELLED', BACKORDER: 'BACKORDERED' } as const;
      said.push({ type: 'NoteClaimsBroken', data: { lines, rest: rest[policy], cause: 'COUNT' } });
    },
  };
}

export type Stockroom = ReturnType<typeof createStockroom>;

/** What payments answers to a reservation. */
export function answerOf({ wave, isDeclined }: Payment): OrderCommand {
  return isDeclined
    ? { type: 'NotePaymentDeclined', data: { wave, detail: 'CREDIT_LIMIT' } }
    : { type: 'NotePaymentAuthorised', data: { wave } };
}
