import type { FoldedReadModel } from '@crossdock/messaging';
import { warehousesOf } from './steps.ts';

const WAREHOUSE_FACTS: readonly string[] = ['WarehouseRegistered', 'WarehouseRevised'];

/** Tables that are nothing but what the others said. */
export const FOLDED_TABLES: readonly FoldedReadModel[] = [
  {
    kind: 'folded',
    name: 'inventory.warehouses',
    about: "fulfillment's warehouses, and whether their goods may be sold",
    table: 'warehouses',
    consumer: 'inventory',
    sources: ['fulfillment'],
    wants: (_source, type) => WAREHOUSE_FACTS.includes(type),
    fold: (events) => [...warehousesOf(events)].map(([warehouse_id, status]) => ({ warehouse_id, status })),
  },
];
