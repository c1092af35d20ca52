import {
  CODE_LENGTH_MAX,
  isStorable,
  isText,
  isUuid,
  parseMoney,
  type Refusal,
  refusal,
} from '@crossdock/values';

/** Lines an order may have, and units a line may ask for. */
export const LINES_MAX = 1_000;
export const QUANTITY_MAX = 1_000_000;
export const PO_NUMBER_LENGTH_MAX = 64;
export const NOTE_LENGTH_MAX = 2_000;
export const WAIT_MS_MAX = 10_000;
/** What the contract of a card provider takes (docs/payment-provider.openapi.yaml). */
const CARD_TOKEN_LENGTH_MAX = 255;
const ADDRESS_LINES_MAX = 10;
const ADDRESS_TEXT_LENGTH_MAX = 200;
const COUNTRY_LENGTH_MAX = 64;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export type Address = Readonly<{
  name?: string | null | undefined;
  lines?: readonly string[] | null | undefined;
  city?: string | null | undefined;
  postalCode?: string | null | undefined;
  country: string;
}>;

/** What a client sent to place an order, the partner already known. */
export type OrderRequest = Readonly<{
  partnerId: string;
  poNumber: string | null;
  shipTo: Address | null;
  requestedShipDate: string | null;
  shortagePolicy: 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';
  paymentMethod: 'TERMS' | 'CARD' | null;
  cardToken: string | null;
  lines: readonly Readonly<{ sku: string; quantity: number }>[];
  holdId: string | null;
  expectedTotal: Readonly<{ amount: string; currencyCode: string }> | null;
  note: string | null;
  waitMs: number;
}>;

/** What is wrong with a request by itself, before anything is looked up; empty when nothing is. */
export function checkRequest(request: OrderRequest): Refusal[] {
  return [...checkTexts(request), ...checkPayment(request), ...checkLines(request.lines)];
}

function invalid(message: string, ...field: string[]): Refusal {
  return refusal('INVALID_INPUT', { message, field });
}

function checkTexts(request: OrderRequest): Refusal[] {
  const refusals: Refusal[] = [];
  if (request.poNumber !== null && !isText(request.poNumber, PO_NUMBER_LENGTH_MAX)) {
    refusals.push(invalid(`poNumber has 1 to ${PO_NUMBER_LENGTH_MAX} characters.`, 'poNumber'));
  }
  if (request.note !== null && !(isStorable(request.note) && request.note.length <= NOTE_LENGTH_MAX)) {
    refusals.push(invalid(`note has at most ${NOTE_LENGTH_MAX} characters, none of them NUL.`, 'note'));
  }
  if (request.shipTo !== null) refusals.push(...checkAddress(request.shipTo, 'shipTo'));
  if (request.requestedShipDate !== null && !isDay(request.requestedShipDate)) {
    refusals.push(invalid('requestedShipDate is a day such as 2026-03-01.', 'requestedShipDate'));
  }
  if (request.expectedTotal !== null) refusals.push(...checkTotal(request.expectedTotal));
  if (!Number.isInteger(request.waitMs) || request.waitMs < 0 || request.waitMs > WAIT_MS_MAX) {
    refusals.push(invalid(`waitMs is 0 to ${WAIT_MS_MAX}.`, 'waitMs'));
  }
  if (request.holdId !== null && !isUuid(request.holdId))
    refusals.push(invalid('holdId is the id of a hold.', 'holdId'));
  return refusals;
}

/** Its currency is compared with the partner's, once that is known. */
function checkTotal({ amount, currencyCode }: NonNullable<OrderRequest['expectedTotal']>): Refusal[] {
  if (parseMoney(amount, currencyCode) !== null) return [];
  const message = 'expectedTotal is a decimal string with the places of its currency.';
  return [invalid(message, 'expectedTotal', 'amount')];
}

/** True for a day that the calendar has. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** What is wrong with an address under the given field. */
export function checkAddress(address: Address, ...field: string[]): Refusal[] {
  const refusals: Refusal[] = [];
  if (!isText(address.country, COUNTRY_LENGTH_MAX)) {
    refusals.push(invalid(`country has 1 to ${COUNTRY_LENGTH_MAX} characters.`, ...field, 'country'));
  }
  for (const part of ['name', 'city', 'postalCode'] as const) {
    const text = address[part];
    if (text != null && !isText(text, ADDRESS_TEXT_LENGTH_MAX)) {
      refusals.push(invalid(`${part} has 1 to ${ADDRESS_TEXT_LENGTH_MAX} characters.`, ...field, part));
    }
  }
  const lines = address.lines ?? [];
  if (lines.length > ADDRESS_LINES_MAX || !lines.every((line) => isText(line, ADDRESS_TEXT_LENGTH_MAX))) {
    refusals.push(
      invalid(
        `lines are at most ${ADDRESS_LINES_MAX}, each of 1 to ${ADDRESS_TEXT_LENGTH_MAX} characters.`,
        ...field,
        'lines',
      ),
    );
  }
  return refusals;
}

function checkPayment({ paymentMethod, cardToken }: OrderRequest): Refusal[] {
  if (paymentMethod === 'CARD' && (cardToken === null || !isText(cardToken, CARD_TOKEN_LENGTH_MAX))) {
    return [
      refusal('PAYMENT_METHOD_NOT_AVAILABLE', {
        message: `CARD needs a cardToken of 1 to ${CARD_TOKEN_LENGTH_MAX} characters.`,
        field: ['payment', 'cardToken'],
      }),
    ];
  }
  if (paymentMethod !== 'CARD' && cardToken !== null) {
    return [invalid('cardToken goes with CARD only.', 'payment', 'cardToken')];
  }
  return [];
}

function checkLines(lines: OrderRequest['lines']): Refusal[] {
  if (lines.length === 0 || lines.length > LINES_MAX) return [refusal('LINE_COUNT', { field: ['lines'] })];
  const refusals: Refusal[] = [];
  const seen = new Set<string>();
  lines.forEach(({ sku, quantity }, index) => {
    if (!isText(sku, CODE_LENGTH_MAX))
      refusals.push(refusal('UNKNOWN_SKU', { field: ['lines', String(index), 'sku'] }));
    if (seen.has(sku)) refusals.push(refusal('DUPLICATE_SKU', { field: ['lines', String(index), 'sku'] }));
    seen.add(sku);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX) {
      refusals.push(refusal('QUANTITY_OUT_OF_RANGE', { field: ['lines', String(index), 'quantity'] }));
    }
  });
  return refusals;
}
