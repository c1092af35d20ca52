/** What a refund takes back of a shipment; by card, of what was taken for it from one authorisation. `wave` is 1 on terms. */
export type RefundPart = Readonly<{ shipmentId: string; wave: number; amountMinor: number; done: boolean }>;

/** Money to be given back, or given back when all parts are done. Amounts are minor units. */
export type Refund = Readonly<{ refundId: string; reason: string; parts: readonly RefundPart[] }>;
