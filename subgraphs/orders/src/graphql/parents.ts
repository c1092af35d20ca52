// What the resolvers of a type get as their parent, where it is not the API's own shape.

import type { OrderLine } from '../domain/order-lines.ts';
import type { Change } from '../read-models/changes/queries.ts';
import type { OrderRecord } from '../read-models/orders/queries.ts';
import type { PartnerRecord } from '../read-models/partners/queries.ts';

export type OrderParent = OrderRecord;
export type OrderLineParent = OrderLine & Readonly<{ orderId: string; currencyCode: string }>;
export type PartnerParent = PartnerRecord;
export type ProductParent = Readonly<{ sku: string }>;
export type OrderChangeParent = Change;
