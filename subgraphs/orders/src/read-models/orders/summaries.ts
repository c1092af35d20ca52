/** Every fact in a sentence, for people who read a timeline. */
const SENTENCES: Readonly<Record<string, string>> = {
  OrderPlaced: 'The order was accepted.',
  OrderConfirmed: 'Stock and payment are secured: the order is confirmed.',
  OrderBackordered: 'Nothing could be reserved yet: the order waits for receipts.',
  OrderReplenished: 'Units that waited are reserved and paid for.',
  OrderLinesCancelled: 'Some units will not come.',
  OrderCancelled: 'The order was cancelled.',
  OrderLinesBroken: 'Units that were promised are not there.',
  OrderRejected: 'The order was refused.',
  OrderReleased: 'A warehouse has the order.',
  OrderPartiallyShipped: 'A part of the order has left.',
  OrderShipped: 'All of the order has left.',
  OrderHeld: 'The order goes no further by itself: a person must act.',
  OrderResumed: 'What held the order holds it no more.',
  StockReserved: 'Stock was reserved.',
  StockBackordered: 'Nothing could be reserved yet.',
  StockShort: 'Stock was short.',
  ReservationReduced: 'Some of the reserved stock was given back.',
  ReservationBroken: 'Reserved units are not there.',
  AllocationBroken: 'Units assigned to a warehouse are not there.',
  ReservationReleased: 'The reserved stock was given back.',
  StockAllocated: 'Stock was assigned to warehouses.',
  AllocationRefused: 'The warehouses chosen lack stock; they are chosen again.',
  StockShipped: 'The goods left the books.',
  PaymentAuthorised: 'The payment was secured.',
  PaymentReduced: 'Less than was secured will be taken.',
  PaymentDeclined: 'The payment was declined.',
  PaymentVoided: 'The secured payment was given up.',
  PaymentCaptured: 'The payment was taken.',
  PaymentRefunded: 'Some of the payment was given back.',
  PaymentHeld: 'The payment goes no further by itself: a person must act.',
  PaymentResumed: 'The payment is no longer held.',
  ShipmentsPlanned: 'Warehouses were chosen.',
  FulfillmentHeld: 'No warehouse could be chosen.',
  ShipmentReleased: 'A warehouse was told to pick.',
  ShipmentConfirmed: 'A shipment left.',
};

/** The sentence of a fact, with what is special about this one. */
export function summaryOf(type: string, detail: string | null): string {
  const sentence = SENTENCES[type] ?? `${type}.`;
  return detail === null || detail === '' ? sentence : `${sentence} (${detail})`;
}
