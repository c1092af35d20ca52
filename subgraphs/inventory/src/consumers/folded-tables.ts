import type { FoldedReadModel } from '@crossdock/messaging';
import { readSteps, warehousesOf } from './steps.ts';

const WAREHOUSE_FACTS: readonly string[] = ['WarehouseRegistered', 'WarehouseRevised'];

const PARTNER_FACTS: readonly string[] = ['PartnerRegistered', 'PartnerRevised'];

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
  {
    kind: 'folded',
    name: 'inventory.partners',
    about: 'the partners that orders tells of, each with the partition it lives in',
    table: 'partners',
    consumer: 'inventory',
    sources: ['orders'],
    wants: (_source, type) => PARTNER_FACTS.includes(type),
    fold: (events) =>
      [...readSteps(events).partners].map(([partner_id, partition]) => ({ partner_id, partition })),
  },
];
