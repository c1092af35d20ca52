import { createTally } from './expectation.ts';
import type { Race } from './race.ts';

/** Where the units lie, so that no warehouse alone has them all. */
const WAREHOUSES = ['LON', 'BHX'] as const;

/** Many buyers, all at once, for the few units of one SKU; whoever comes too late is refused. */
export const lastUnit: Race = {
  name: 'last-unit',
  title: 'last unit',
  acts: [],
  play: async ({ run, partners, buyers, claimants, size }, disturb) => {
    const sku = `LAST-${run}`;
    const supply = createTally();
    const demand = createTally();
    await claimants.upsertProducts([sku]);
    const first = Math.ceil(size.stock / WAREHOUSES.length);
    const lines = [
      { sku, warehouseId: WAREHOUSES[0], quantity: first },
      { sku, warehouseId: WAREHOUSES[1], quantity: size.stock - first },
    ].filter(({ quantity }) => quantity > 0);
    const received = await claimants.receive(lines);
    if (received.kind !== 'done') throw new Error(`The stock was refused: ${received.codes.join(', ')}`);
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
