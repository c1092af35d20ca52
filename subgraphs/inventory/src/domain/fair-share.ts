/** Units of one SKU that an order waits for; `since` is an instant as a number, of any unit: less is longer ago. */
export type Demand = Readonly<{ orderId: string; partnerId: string; quantity: number; since: number }>;

/** Units of the SKU that an order gets, from 1. */
export type Share = Readonly<{ orderId: string; quantity: number }>;

type Partner = { wanted: number; readonly demands: Demand[] };

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Who has waited longer comes first; of the same instant, the lower id. */
const bySeniority = (left: Demand, right: Demand): number =>
  left.since - right.since || compareTexts(left.orderId, right.orderId);

/** Partners with their demands, each beginning with its oldest; the partner whose oldest is oldest comes first. */
function partnersOf(demands: readonly Demand[]): Partner[] {
  const partners = new Map<string, Partner>();
  for (const demand of [...demands].sort(bySeniority)) {
    const partner = partners.get(demand.partnerId) ?? { wanted: 0, demands: [] };
    partner.wanted += demand.quantity;
    partner.demands.push(demand);
    partners.set(demand.partnerId, partner);
  }
  return [...partners.values()];
}

/**
 * Max-min fairness in whole units: every partner gets the same, but for those who want less; what cannot be divided goes to the
 * most senior of those who want more. Answers the units of each partner, in the order given.
 */
function waterFill(free: number, partners: readonly Partner[]): number[] {
  const given = partners.map(() => 0);
  const modestFirst = partners
    .map(({ wanted }, seniority) => ({ wanted, seniority }))
    .sort((left, right) => left.wanted - right.wanted || left.seniority - right.seniority);
  let left = free;
  for (const [index, { wanted, seniority }] of modestFirst.entries()) {
    const others = modestFirst.length - index;
    const level = Math.floor(left / others);
    if (wanted > level) {
      const remainder = left - level * others;
      const wanting = modestFirst.slice(index).sort((one, other) => one.seniority - other.seniority);
      for (const [turn, each] of wanting.entries())
        given[each.seniority] = level + (turn < remainder ? 1 : 0);
      break;
    }
    given[seniority] = wanted;
    left -= wanted;
  }
  return given;
}

/**
 * Shares the free units of a SKU out: fairly between partners (Bertsekas and Gallager, Data Networks, §6.5.2: no partner gets
 * more at the cost of one who has less), and within a partner the order that has waited longest first. The order of the demands
 * does not matter; an order stands among them once.
 */
export function shareOut(free: number, demands: readonly Demand[]): Share[] {
  const partners = partnersOf(demands);
  const given = waterFill(Math.max(0, free), partners);
  return partners.flatMap((partner, index) => {
    let left = given[index] ?? 0;
    return partner.demands.flatMap(({ orderId, quantity }) => {
      const share = Math.min(left, quantity);
      left -= share;
      return share > 0 ? [{ orderId, quantity: share }] : [];
    });
  });
}

/** A SKU with free units, and those who wait for them. */
export type Wanted = Readonly<{ sku: string; free: number; demands: readonly Demand[] }>;

/** What each order gets of all the SKUs: one wave for each order, in the order of the SKUs given. */
export function wavesOf(
  wanted: readonly Wanted[],
): Map<string, (readonly [sku: string, quantity: number])[]> {
  const waves = new Map<string, (readonly [sku: string, quantity: number])[]>();
  for (const { sku, free, demands } of wanted) {
    for (const { orderId, quantity } of shareOut(free, demands)) {
      const lines = waves.get(orderId) ?? [];
      lines.push([sku, quantity]);
      waves.set(orderId, lines);
    }
  }
  return waves;
}
