import { randomUUID } from 'node:crypto';
import { eventually } from '../client/eventually.ts';
import type { GatewayClient } from '../client/gateway-client.ts';

export type UserError = Readonly<{
  code: string;
  message: string;
  field: readonly string[] | null;
  existingOrderId: string | null;
}>;
export type Placed = Readonly<{
  order: Readonly<{ id: string; number: string; status: string; version: number }> | null;
  replayed: boolean;
  userErrors: readonly UserError[];
}>;

type Amount = Readonly<{ amount: string; currencyCode: string }>;
export type TimelineEntry = Readonly<{ type: string; source: string; version: number; occurredAt: string }>;
export type FullOrder = Readonly<{
  id: string;
  number: string;
  version: number;
  status: string;
  statusReason: string | null;
  poNumber: string | null;
  placedBy: string;
  partner: Readonly<{
    id: string;
    name: string;
    credit: Readonly<{ exposure: Amount; available: Amount }> | null;
  }>;
  shipTo: Readonly<{ city: string | null; country: string }> | null;
  lines: readonly Readonly<Record<string, unknown>>[];
  total: Amount;
  reservation: Readonly<{ status: string }> | null;
  payment: Readonly<{
    status: string;
    method: string;
    authorised: Amount;
    captured: Amount;
    attempts: readonly Readonly<{ operation: string; outcome: string; reason: string | null }>[];
  }> | null;
  shipments:
    | readonly Readonly<{
        id: string;
        status: string;
        releaseEpoch: number;
        trackingNumber: string | null;
        warehouse: Readonly<{ id: string }>;
        lines: readonly Readonly<{ sku: string; quantity: number }>[];
      }>[]
    | null;
  timeline: readonly TimelineEntry[];
}>;

export const PLACE_ORDER = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id number status version } replayed userErrors { code message field existingOrderId }
  }
}`;
const ORDER = `query ($id: ID!) {
  order(id: $id) {
    id number version status statusReason poNumber placedBy
    partner { id name credit { exposure { amount currencyCode } available { amount currencyCode } } }
    shipTo { city country }
    lines {
      sku name quantity unitPrice { amount } lineTotal { amount } reserved backordered shipped cancelled product { name }
    }
    total { amount currencyCode }
    reservation { status }
    payment {
      status method authorised { amount } captured { amount } attempts { operation outcome reason }
    }
    shipments { id status releaseEpoch trackingNumber warehouse { id } lines { sku quantity } }
    timeline { type source version occurredAt }
  }
}`;

const CANCEL_ORDER = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    order { id number status statusReason version lines { sku reserved backordered shipped cancelled } }
    replayed userErrors { code message field existingOrderId }
  }
}`;

/** Statuses after which an order of these tests moves no more. */
const FINAL = new Set(['SHIPPED', 'REJECTED', 'CANCELLED']);

/** Places an order with a fresh key unless the input has one. */
export async function place(client: GatewayClient, input: object): Promise<Placed> {
  const { placeOrder } = await client.data<{ placeOrder: Placed }>(PLACE_ORDER, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  return placeOrder;
}

/** Places an order that must be accepted; answers its id. */
export async function accepted(client: GatewayClient, input: object): Promise<string> {
  const { order, userErrors } = await place(client, input);
  if (order === null) throw new Error(`The order was refused: ${JSON.stringify(userErrors)}`);
  return order.id;
}

export type Cancelled = Readonly<{
  order: Pick<FullOrder, 'id' | 'number' | 'status' | 'statusReason' | 'version' | 'lines'> | null;
  replayed: boolean;
  userErrors: readonly UserError[];
}>;

/** Cancels an order, or lines of it, with a fresh key unless the input has one. */
export async function cancel(client: GatewayClient, orderId: string, input: object = {}): Promise<Cancelled> {
  const { cancelOrder } = await client.data<{ cancelOrder: Cancelled }>(CANCEL_ORDER, {
    input: { idempotencyKey: randomUUID(), orderId, ...input },
  });
  return cancelOrder;
}

export async function readOrder(client: GatewayClient, id: string): Promise<FullOrder | null> {
  return (await client.data<{ order: FullOrder | null }>(ORDER, { id })).order;
}

/** The order once every subgraph has said its last word on it, or as it stands when that takes too long. */
export async function settled(client: GatewayClient, id: string): Promise<FullOrder> {
  const seen = await eventually(
    () => readOrder(client, id),
    (order) => order !== null && FINAL.has(order.status) && hasLastWords(order),
  );
  if (seen === null) throw new Error(`There is no order ${id}.`);
  return seen;
}

/** What happens beside or after an order's own last fact. */
const LAST_WORDS: Readonly<Record<string, readonly string[]>> = {
  STOCK_SHORT: ['StockShort'],
  PAYMENT_DECLINED: ['PaymentDeclined', 'ReservationReleased'],
};

function hasLastWords({ statusReason, shipments, timeline }: FullOrder): boolean {
  const told = (type: string) => timeline.filter((entry) => entry.type === type).length;
  if (statusReason !== null) return (LAST_WORDS[statusReason] ?? []).every((type) => told(type) > 0);
  // A plan made before a receipt was heard is refused and made again: its shipments never leave.
  const left = shipments?.filter(({ status }) => status === 'SHIPPED').length ?? 0;
  return told('StockShipped') >= left && told('PaymentCaptured') >= left;
}

type Availability = Readonly<{ onHand: number; reserved: number; available: number }>;

export async function availabilityOf(client: GatewayClient, sku: string): Promise<Availability> {
  const { product } = await client.data<{ product: { availability: Availability } }>(
    'query ($sku: String!) { product(sku: $sku) { availability { onHand reserved available } } }',
    { sku },
  );
  return product.availability;
}

/** What the partner owes and has reserved, as a decimal string. */
export async function exposureOf(client: GatewayClient, partnerId: string): Promise<string> {
  const { partner } = await client.data<{ partner: { credit: { exposure: Amount } } }>(
    'query ($id: ID!) { partner(id: $id) { credit { exposure { amount } } } }',
    { id: partnerId },
  );
  return partner.credit.exposure.amount;
}
