// The operations that races send.

export const UPSERT_PRODUCTS = `mutation RaceProducts($input: UpsertProductsInput!) {
  upsertProducts(input: $input) { results { userErrors { code } } userErrors { code } }
}`;

export const RECEIVE_STOCK = `mutation RaceReceipt($input: ReceiveStockInput!) {
  receiveStock(input: $input) { userErrors { code } }
}`;

export const CANCEL_ORDER = `mutation RaceCancel($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { status } userErrors { code } }
}`;

export const REFUND_PAYMENT = `mutation RaceRefund($input: RefundPaymentInput!) {
  refundPayment(input: $input) { refund { id status } userErrors { code } }
}`;

export const ADJUST_STOCK = `mutation RaceAdjustment($input: AdjustStockInput!) {
  adjustStock(input: $input) { results { stock { onHand } userErrors { code } } userErrors { code } }
}`;

export const HOLD_STOCK = `mutation RaceHold($input: HoldStockInput!) {
  holdStock(input: $input) { hold { id } userErrors { code } }
}`;

export const RELEASE_HOLD = `mutation RaceHoldRelease($input: ReleaseHoldInput!) {
  releaseHold(input: $input) { hold { status } userErrors { code } }
}`;

export const SHELVES = `query RaceShelves($sku: String!) {
  product(sku: $sku) { stock { warehouseId onHand version } }
}`;

export const AVAILABILITY = `query RaceAvailability($sku: String!) {
  product(sku: $sku) { availability { available held withdrawing } }
}`;

export const ORDERS_OF_SKU = `query RaceOrders($sku: String!, $first: Int!, $after: String) {
  orders(filter: { sku: $sku }, first: $first, after: $after) {
    nodes { lines { sku reserved shipped } }
    pageInfo { hasNextPage endCursor }
  }
}`;
