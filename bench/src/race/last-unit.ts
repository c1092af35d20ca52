import { createTally } from './expectation.ts';
import type { Race } from './race.ts';
import { stockUp } from './stock-up.ts';

/** Where the units lie, so that no warehouse alone has them all. */
const WAREHOUSES = ['LON', 'BHX'] as const;

/** Many buyers, all at once, for the few units of one SKU; whoever comes too late is refused. */
export const lastUnit: Race = {
  name: 'last-unit',
  title: 'last unit',
  acts: [],
  play: async (stage, disturb) => {
    const { run, partners, buyers, size } = stage;
    const sku = `LAST-${run}`;
    const supply = createTally();
    const demand = createTally();
    const first = Math.ceil(size.stock / WAREHOUSES.length);
    const lines = [
      { sku, warehouseId: WAREHOUSES[0], quantity: first },
      { sku, warehouseId: WAREHOUSES[1], quantity: size.stock - first },
    ].filter(({ quantity }) => quantity > 0);
    await stockUp(stage, lines);
    supply.add(lines);
    const rush = Array.from({ length: size.buyers }, async (_, index) => {
      const wanted = [{ sku, quantity: 1 }];
      const outcome = await buyers.buy({ partnerId: partners[index % partners.length] ?? '', lines: wanted });
      if (outcome.kind === 'acknowledged') demand.add(wanted);
    });
    await Promise.all([disturb(), ...rush]);
    return [{ sku, supply: supply.of(sku), demand: demand.of(sku) }];
  },
};
