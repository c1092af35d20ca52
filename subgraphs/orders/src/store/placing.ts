// What placing an order reads and writes.
import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';

export type PartnerRow = Readonly<{
  partnerId: string;
  partition: number;
  currencyCode: string;
  paymentMethods: string[];
}>;
export type PriceRow = Readonly<{ sku: string; minor: bigint; currencyCode: string }>;

/** The partners and prices a batch is decided on, read fresh. */
export async function loadReferences(
  sql: Sql,
  partnerIds: readonly string[],
  skus: readonly string[],
): Promise<{ partners: Map<string, PartnerRow>; prices: Map<string, PriceRow> }> {
  const [partners, prices] = await Promise.all([
    sql<PartnerRow[]>`
      SELECT partner_id AS "partnerId", partition, currency_code AS "currencyCode", payment_methods AS "paymentMethods"
      FROM partners WHERE partner_id = ANY (${[...partnerIds]}::text[])`,
    sql<PriceRow[]>`
      SELECT sku, list_price_minor AS minor, currency_code AS "currencyCode" FROM products WHERE sku = ANY (${[...skus]}::text[])`,
  ]);
  return {
    partners: new Map(partners.map((row) => [row.partnerId, row])),
    prices: new Map(prices.map((row) => [row.sku, row])),
  };
}

/** An order ready to be written. */
export type NewOrder = Readonly<{
  orderId: string;
  partition: number;
  partnerId: string;
  number: string;
  poNumber: string | null;
  shortagePolicy: string;
  currencyCode: string;
  totalMinor: bigint;
  units: number;
  placedBy: string;
  key: string;
  fingerprint: string;
  placed: NewEvent;
}>;

export type PlaceVerdict = 'PLACED' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT' | 'DUPLICATE_PO_NUMBER';
/** `placedAt` is the instant of this call: the order's own where the verdict is PLACED. */
export type PlacedRow = Readonly<{ verdict: PlaceVerdict; orderId: string; placedAt: Date }>;

/** Writes a batch in one call; one verdict for each order, in order. The key's scope is the partner. */
export async function placeOrders(sql: Sql, orders: readonly NewOrder[]): Promise<readonly PlacedRow[]> {
  const events = appendArrays(orders.map((each) => each.placed));
  return sql<PlacedRow[]>`
    SELECT verdict, order_id AS "orderId", placed_at AS "placedAt" FROM orders_place(
      ${orders.map((each) => each.orderId)}::uuid[], ${orders.map((each) => each.partition)}::int[],
      ${orders.map((each) => each.partnerId)}::text[], ${orders.map((each) => each.number)}::text[],
      ${orders.map((each) => each.poNumber)}::text[], ${orders.map((each) => each.shortagePolicy)}::text[],
      ${orders.map((each) => each.currencyCode)}::text[], ${orders.map((each) => String(each.totalMinor))}::bigint[],
      ${orders.map((each) => each.units)}::bigint[], ${orders.map((each) => each.placedBy)}::text[],
      ${orders.map((each) => each.partnerId)}::text[], ${orders.map((each) => each.key)}::text[],
      ${orders.map((each) => each.fingerprint)}::text[], ${events.id}::uuid[], ${events.data}::text[], ${events.metadata}::text[])
    ORDER BY ordinal`;
}

export type KeyRow = Readonly<{ verdict: string; result: string | null }>;

/** What stands under a key; the call's own commit proves it. */
export async function findKey(
  sql: Sql,
  scope: string,
  operation: string,
  key: string,
  print: string,
): Promise<KeyRow> {
  const [row] = await sql<
    KeyRow[]
  >`SELECT verdict, result FROM orders_find_key(${scope}, ${operation}, ${key}, ${print})`;
  return row ?? { verdict: 'NEW', result: null };
}

export const NUMBER_BLOCK = 100;
export const FIRST_NUMBER = 100_000;

/** Order numbers from blocks of a sequence: unique, growing, with holes after a restart or a fault. */
export type NumberSource = Readonly<{
  take: (count: number) => Promise<string[]>;
  /** Gives the block up: the sequence it came from may be another since (a restored database). */
  forget: () => void;
}>;

export function createNumberSource(sql: Sql): NumberSource {
  let next = 0;
  let end = 0;
  const take = async (count: number) => {
    const numbers: string[] = [];
    while (numbers.length < count) {
      if (next >= end) {
        const [row] = await sql<{ block: string }[]>`SELECT nextval('order_number_blocks')::text AS block`;
        next = FIRST_NUMBER + Number(row?.block ?? 1) * NUMBER_BLOCK;
        end = next + NUMBER_BLOCK;
      }
      numbers.push(`SO-${next}`);
      next += 1;
    }
    return numbers;
  };
  return {
    take,
    forget: () => {
      end = next;
    },
  };
}
