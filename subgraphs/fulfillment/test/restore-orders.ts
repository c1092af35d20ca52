// Orders of one partner for one SKU, told apart by how many units they want.
import { partitionOf } from '@crossdock/contracts';
import { newId } from '@crossdock/event-store';

const partnerId = 'p1';

export type Order = Readonly<{ orderId: string; partnerId: string; partition: number; quantity: number }>;
export const orderOf = (quantity: number): Order => ({
  ...{ orderId: newId(), partnerId, partition: partitionOf(partnerId), quantity },
});

export const a = (quantity: number) => [{ sku: 'a', quantity }];
