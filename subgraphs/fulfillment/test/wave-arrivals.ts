// What the others say of an order's waves and of units that are not there, as it arrives.
import type { FactData } from '@crossdock/contracts';
import type { createArrivals } from './arrivals.ts';

type Arrivals = ReturnType<typeof createArrivals>;

function linesOf(units: Record<string, number>) {
  return Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
}

export function waveArrivals({ from }: Arrivals) {
  return {
    replenished: (orderId: string, wave: number, units: Record<string, number>) =>
      from('orders', 'OrderReplenished', {
        ...{ orderId, partnerId: 'P1', number: 'N', status: 'RELEASED', wave, lines: linesOf(units) },
      }),
    allocationBroken: (
      orderId: string,
      warehouseId: string,
      shipments: FactData<'inventory', 'AllocationBroken'>['shipments'],
    ) =>
      from('inventory', 'AllocationBroken', {
        ...{ orderId, partnerId: 'P1', warehouseId, cause: 'COUNT', shipments },
      }),
  };
}
