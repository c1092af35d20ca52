/** Why a mutation was refused, in the words of the API's `ErrorCode`; the text is the default message. */
export const ERROR_CODES = {
  INVALID_INPUT: 'A field is missing, malformed or outside its limits.',
  NOT_ALLOWED: 'Your role may not do this with this object.',
  UNKNOWN_ORDER: 'There is no such order.',
  UNKNOWN_PARTNER: 'There is no such partner.',
  UNKNOWN_SKU: 'There is no such product.',
  UNKNOWN_WAREHOUSE: 'There is no such warehouse.',
  UNKNOWN_SHIPMENT: 'There is no such shipment.',
  UNKNOWN_HOLD: 'There is no such hold of stock.',
  HOLD_ENDED: 'The hold has ended.',
  UNKNOWN_TRANSFER: 'There is no such transfer of stock.',
  DUPLICATE_SKU: 'The SKU stands on two lines; add the quantities up.',
  LINE_COUNT: 'An order has 1 to 1,000 lines.',
  QUANTITY_OUT_OF_RANGE: 'A quantity is a whole number from 1 to 1,000,000.',
  NO_PRICE: "The product has no price in the partner's currency.",
  PRICE_CHANGED: 'The total differs from the expected total; preview the order again.',
  CURRENCY_MISMATCH: "The currency is not the partner's.",
  DUPLICATE_PO_NUMBER: 'A live order has this PO number.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key came before with other input; use a new key.',
  REQUEST_IN_PROGRESS: 'The same request is still running; ask again with the same key.',
  CONFLICT: 'The object changed meanwhile; read it again.',
  PAYMENT_METHOD_NOT_AVAILABLE: 'The payment method is not open to this partner, or its data are missing.',
  SHIPMENT_WITHDRAWN: 'The shipment was withdrawn from this warehouse: do not ship it.',
  SHIPMENT_STATE: "The shipment's state does not allow this.",
  SHIPMENT_LINES_DIFFER: 'The lines differ from those of the shipment.',
  ORDER_STATE: 'The state of the order does not allow this.',
  INSUFFICIENT_STOCK: 'The stock does not allow this.',
  PAYMENT_STATE: 'The state of the payment does not allow this.',
  AMOUNT_EXCEEDS_CAPTURED: 'The amount exceeds what was taken and not given back.',
  UNKNOWN_INVOICE: 'There is no such invoice.',
  UNKNOWN_BREAK: 'There is no such difference.',
  UNKNOWN_DEAD_LETTER: 'There is no such dead letter.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A business refusal as it reaches `userErrors`: typed data, never an exception. */
export type Refusal = Readonly<{
  code: ErrorCode;
  message: string;
  field?: readonly string[];
  currentVersion?: number;
  existingOrderId?: string;
  retryAfterMs?: number;
}>;

/** A refusal with the code's own message unless a better one is given. */
export function refusal(code: ErrorCode, more: Partial<Omit<Refusal, 'code'>> = {}): Refusal {
  return { code, message: ERROR_CODES[code], ...more };
}
