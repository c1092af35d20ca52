import { type DatasetOrder, readOrders, readProducts } from '../dataset/index.ts';
import { digestOfLines } from '../journal/client-journal.ts';

const DOCUMENT = `mutation ReplayOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id number total { amount currencyCode } }
    replayed
    userErrors { code retryAfterMs }
  }
}`;
const HEAD = `{"operationName":"ReplayOrder","query":${JSON.stringify(DOCUMENT)},"variables":{"input":`;

/** A card that the simulated provider approves at once. */
const CARD_PAYMENT = ',"payment":{"method":"CARD","cardToken":"tok_replay"}';

/** An order ready to send: its whole request body is text, so that the generator costs the machine little. */
export interface PreparedOrder {
  readonly key: string;
  readonly partnerId: string;
  readonly poNumber: string;
  readonly linesDigest: string;
  readonly lineCount: number;
  readonly body: string;
}

/** What is asked for: a real order, or one that a bench made up. */
export interface AskedOrder extends Pick<DatasetOrder, 'invoice' | 'partnerId' | 'lines'> {
  /** The API's default where absent. */
  readonly shortagePolicy?: 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';
  readonly holdId?: string;
}

export interface Preparation {
  /** Names the run; makes keys and PO numbers its own. */
  readonly run: string;
  readonly orders: number;
  /** Share of orders paid by card, 0 to 1. */
  readonly cardShare: number;
  /** Numbers in [0, 1) that choose who pays by card. */
  readonly draw: () => number;
}

/** All orders of the data set that the seeded products can serve, oldest first. */
export async function* realOrders(): AsyncGenerator<DatasetOrder> {
  const skus = new Set<string>();
  for await (const { sku } of readProducts()) skus.add(sku);
  yield* readOrders(skus);
}

/** The first of the given orders; when more are asked for than there are it begins again, under other PO numbers. */
export async function prepareOrders(
  orders: AsyncIterable<DatasetOrder> | Iterable<DatasetOrder>,
  preparation: Preparation,
): Promise<readonly PreparedOrder[]> {
  const real: DatasetOrder[] = [];
  for await (const order of orders) {
    real.push(order);
    if (real.length === preparation.orders) break;
  }
  return Array.from({ length: preparation.orders }, (_, index) => {
    const order = real[index % real.length];
    if (order === undefined) throw new Error('the data set holds no order');
    return preparedOrder(order, preparation, index, Math.floor(index / real.length));
  });
}

/** What every key of a run begins with, and no other key. */
export const keyPrefixOf = (run: string) => `replay-${run}-`;

export function preparedOrder(
  order: AskedOrder,
  { run, cardShare, draw }: Preparation,
  index: number,
  lap: number,
): PreparedOrder {
  const key = `${keyPrefixOf(run)}${index}`;
  const poNumber = lap === 0 ? `${order.invoice}-${run}` : `${order.invoice}-${run}-${lap}`;
  const { partnerId, lines, shortagePolicy, holdId } = order;
  const wishes = [
    shortagePolicy === undefined ? '' : `,"shortagePolicy":"${shortagePolicy}"`,
    holdId === undefined ? '' : `,"holdId":${JSON.stringify(holdId)}`,
  ].join('');
  const payment = draw() < cardShare ? CARD_PAYMENT : '';
  const input =
    `{"idempotencyKey":${JSON.stringify(key)},"partnerId":${JSON.stringify(partnerId)},` +
    `"poNumber":${JSON.stringify(poNumber)},"lines":${JSON.stringify(lines)}${payment}${wishes}}`;
  const body = `${HEAD}${input}}}`;
  return { key, partnerId, poNumber, linesDigest: digestOfLines(lines), lineCount: lines.length, body };
}
