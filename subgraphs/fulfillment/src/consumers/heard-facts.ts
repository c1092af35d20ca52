import { type Fact, readFact, type Source } from '@crossdock/contracts';
import type { ArrivedEvent } from '@crossdock/messaging';

/** What fulfillment acts on, by who says it. What inventory ships was planned here and left the view then. */
export const HEARD = {
  orders: [
    'OrderPlaced',
    'OrderConfirmed',
    'OrderReplenished',
    'OrderRejected',
    'OrderCancelled',
    'OrderReminded',
  ],
  inventory: [
    'StockReceived',
    'StockAdjusted',
    'TransferSent',
    'TransferReceived',
    'StockAllocated',
    'AllocationRefused',
    'AllocationBroken',
  ],
} as const satisfies Partial<Record<Source, readonly string[]>>;

export const HEARD_SOURCES = ['orders', 'inventory'] as const;

export type HeardFact = Extract<
  Fact<'orders'> | Fact<'inventory'>,
  { type: (typeof HEARD)[keyof typeof HEARD][number] }
>;
/** Facts of units that came to shelves or left them otherwise than by a shipment. */
export const STOCK_MOVES = ['StockReceived', 'StockAdjusted', 'TransferSent', 'TransferReceived'] as const;
export type StockMove = Extract<HeardFact, { type: (typeof STOCK_MOVES)[number] }>;

export function isStockMove(fact: HeardFact): fact is StockMove {
  const types: readonly string[] = STOCK_MOVES;
  return types.includes(fact.type);
}

export type Heard = Readonly<{ fact: HeardFact; arrived: ArrivedEvent }>;

export function wants(source: Source, type: string): boolean {
  const types: readonly string[] = source === 'orders' || source === 'inventory' ? HEARD[source] : [];
  return types.includes(type);
}

/** Reads what arrived by the contract; throws on what breaks it. */
export function readHeard(events: readonly ArrivedEvent[]): Heard[] {
  return events.flatMap((arrived) => {
    const { source, event } = arrived;
    if ((source !== 'orders' && source !== 'inventory') || !wants(source, event.type)) return [];
    const fact = source === 'orders' ? readFact('orders', event) : readFact('inventory', event);
    // `wants` let only the types of HeardFact through.
    return fact === null ? [] : [{ fact: fact as HeardFact, arrived }];
  });
}
